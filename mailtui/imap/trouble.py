"""The room's own troubles beside those of model/trouble.py, and how a server's NO becomes one."""

import re
from typing import Final

from mailtui.model.trouble import Garbled, Insecure, Refused, ServerBusy, SignInRefused, Trouble, Unreachable

TEXT_LIMIT: Final = 300  # characters of a server's text that are kept
PERMANENT: Final = frozenset(
    {"TRYCREATE", "NONEXISTENT", "OVERQUOTA", "NOPERM", "CANNOT", "ALREADYEXISTS", "READ-ONLY", "TOOBIG"}
    | {"HASCHILDREN", "UNKNOWN-CTE", "AUTHORIZATIONFAILED", "PRIVACYREQUIRED"}
)
# RFC 5530; Google says THROTTLED, and SYS/TEMP (RFC 3206) is seen beyond POP3
BUSY: Final = frozenset(
    {"UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "EXPUNGEISSUED", "THROTTLED", "SYS/TEMP"}
)
_SOUNDS_BUSY: Final = re.compile(
    r"too many|temporar|try (?:again|later)|throttl|rate limit|unavailable", re.I
)


class CommandRefused(Refused):
    """NO or BAD to one command. `code` is the response code ("TRYCREATE", "BAD", "" if none)."""

    def __init__(self, what: str, advice: str = "", *, code: str = "") -> None:
        super().__init__(what, advice)
        self.code = code

    @property
    def permanent(self) -> bool:
        """Whether the same command would be refused again."""
        return self.code in PERMANENT or self.code == "BAD"


class NotOffered(Refused):
    """The server does not advertise what the verb needs; nothing was sent."""


class Gone(Refused):
    """The message is not in the folder any more."""


class Cancelled(Trouble):
    """The caller's cancel() said so. The connection may have been closed for it."""


class WrongState(RuntimeError):
    """A verb was used in a state that does not allow it: a fault of the caller, not of the server."""


def clipped(text: bytes) -> str:
    """A server's text as str, at most TEXT_LIMIT characters. Not yet safe to show."""
    shown = text[: TEXT_LIMIT * 4].decode("utf-8", "replace").strip()
    return shown if len(shown) <= TEXT_LIMIT else shown[: TEXT_LIMIT - 1] + "…"


def refusal(doing: str, kind: str, code: str, text: bytes) -> Trouble:
    """The trouble for `NO [code] text` (or BAD) to a command that was `doing` something."""
    said = clipped(text)
    what = f"The server refused to {doing}" + (f": {said}" if said else ".")
    if kind == "BAD":
        return CommandRefused(what, "The server did not understand the command.", code="BAD")
    if code in BUSY:
        return ServerBusy(what, _ADVICE.get(code, _LATER))
    return CommandRefused(what, _ADVICE.get(code, ""), code=code)


_LATER: Final = "It will be tried again."
_ADVICE: Final = {
    "OVERQUOTA": "The mailbox is full: delete something there and empty the trash.",
    "NOPERM": "You may not do that in this folder.",
    "NONEXISTENT": "The folder is not there any more.",
    "TRYCREATE": "The folder is not there yet.",
    "ALREADYEXISTS": "A folder of that name is there already.",
    "READ-ONLY": "The folder can only be read.",
    "TOOBIG": "The message is larger than the server takes.",
    "CANNOT": "The server never allows that; another name may do.",
    "HASCHILDREN": "There are folders below it: delete those first.",
    "UNKNOWN-CTE": "The server can't decode this message.",
    "BADCHARSET": "The server does not know these letters.",
    "CORRUPTION": "The server's own data is damaged: tell whoever runs it.",
    "CONTACTADMIN": "Only whoever runs the server can help.",
    "AUTHORIZATIONFAILED": "This user name may not do that.",
    "PRIVACYREQUIRED": 'The server wants encryption for that: set security = "tls".',
    "INUSE": "Somebody else is using the folder at the moment. It will be tried again.",
    "LIMIT": "That is more than the server takes at once. It will be tried again.",
    "EXPUNGEISSUED": "Somebody else has just removed messages. It will be tried again.",
}


def sign_in_refusal(user: str, host: str, kind: str, code: str, text: bytes) -> Trouble:
    """The trouble for a refused LOGIN or AUTHENTICATE (RFC 5530 codes). Only what a new password may
    cure is SignInRefused, so that nobody is asked for one when the server is merely busy."""
    said = clipped(text)
    tail = f": {said}" if said else "."
    if code == "PRIVACYREQUIRED":
        return Insecure(
            f"{host} wants an encrypted connection{tail}", 'Set security = "tls" for this server.'
        )
    if code in BUSY or (code in ("", "ALERT") and _SOUNDS_BUSY.search(said)):
        return ServerBusy(f"{host} can't sign anyone in now{tail}", _LATER)
    if code == "EXPIRED":
        return SignInRefused(f"The password of {user} on {host} has expired{tail}", "Set a new one there.")
    if code in _BEYOND_PASSWORDS:
        return CommandRefused(f"{host} does not sign {user} in{tail}", _BEYOND_PASSWORDS[code], code=code)
    if kind == "BAD" and code != "AUTHENTICATIONFAILED":
        return CommandRefused(f"{host} did not understand the sign-in{tail}", code="BAD")
    return SignInRefused(
        f"{host} refused the user name or password of {user}{tail}",
        "Give the password again; some providers want an app password.",
    )


# reasons that no password cures
_BEYOND_PASSWORDS: Final = {
    "CONTACTADMIN": "Only whoever runs the server can help.",
    "NOPERM": "IMAP may be switched off for this account: look in its settings at the provider.",
    "AUTHORIZATIONFAILED": "The password is right, but this user name may not be used with it.",
    "WEBALERT": "Sign in once with a web browser, by an address that you know, and follow what it says.",
    "REFERRAL": "The mailbox has moved: ask the provider for the name of its server.",
    "CORRUPTION": "The server's own data is damaged: tell whoever runs it.",
    "CLIENTBUG": "",
    "SYS/PERM": "Only whoever runs the server can help.",
}


def farewell(host: str, code: str, text: bytes, *, greeting: bool = False) -> ServerBusy | Unreachable:
    """What a BYE nobody asked for stands for. As a `greeting` its words count too: hardly any server has
    a code for too many connections."""
    said = clipped(text)
    what = f"{host} ended the connection" + (f": {said}" if said else ".")
    if code in BUSY or (greeting and _SOUNDS_BUSY.search(said)):
        return ServerBusy(what, _LATER)
    return Unreachable(what, _ADVICE.get(code, ""))


def garbled(host: str, how: str) -> Garbled:
    """The trouble for a server that broke the protocol or a budget."""
    return Garbled(f"{host} sent something that is not IMAP: {how}.", "The connection was closed.")
