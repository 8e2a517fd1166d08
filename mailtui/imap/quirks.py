"""What is peculiar about servers, as data: one table, and how a server is recognised in it."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_MODERN: Final = 8000  # octets of a command line that servers with CONDSTORE take (RFC 7162 §4)
_OLD: Final = 1000  # RFC 2683 §3.2.1.5; what older ones may insist on
_WORDS: Final = 300  # octets of a command beside its set of UIDs; the index asks for most


@dataclass(frozen=True, slots=True)
class Quirks:
    """How a server differs from what it advertises, or from what RFCs say."""

    name: str = ""
    line: int = 0  # octets of a command line; 0: by its capabilities
    statuses: int = 50  # STATUS commands in flight
    broken: frozenset[str] = frozenset()  # capabilities that it advertises and fails at
    files_sent: bool = False  # puts a copy of what is sent into the Sent folder itself
    insists_on_id: bool = False  # opens no folder before ID, though it may not advertise it

    def set_length(self, capabilities: frozenset[str]) -> int:
        """How many characters of UIDs one command may carry."""
        return (self.line or (_MODERN if "CONDSTORE" in capabilities else _OLD)) - _WORDS


@dataclass(frozen=True, slots=True)
class _Signs:
    """Any one is enough. `hosts` are whole names or what follows a dot; `name` is that of its ID."""

    hosts: tuple[str, ...] = ()
    greeting: str = ""
    name: str = ""
    capability: str = ""


USUAL: Final = Quirks()
_OUTLOOK: Final = ("office365.com", "outlook.com", "hotmail.com", "live.com")
_YAHOO: Final = ("mail.yahoo.com", "mail.yahoo.co.jp", "aol.com", "att.net", "rogers.com")
_NETEASE: Final = ("163.com", "126.com", "yeah.net", "188.com", "vip.163.com", "vip.126.com")

# In this order; the first that fits counts.
_TABLE: Final[tuple[tuple[_Signs, Quirks], ...]] = (
    (
        _Signs(hosts=("gmail.com", "googlemail.com"), greeting=r"^Gimap ready", capability="X-GM-EXT-1"),
        # 16 k: MailKit, ImapEngine. That it files sent mail: Google's help for IMAP clients.
        Quirks("Gmail", line=16_000, files_sent=True),
    ),
    (
        _Signs(hosts=_OUTLOOK, greeting=r"^The Microsoft Exchange IMAP4 service"),
        # About 50 pipelined STATUS break its parser: Geary. Office 365 files sent mail; an Exchange that
        # does not is found out, because the copy is looked for before one is made.
        Quirks("Exchange", statuses=25, files_sent=True),
    ),
    (
        _Signs(hosts=("mail.me.com", "icloud.com"), capability="XAPPLEPUSHSERVICE"),
        # Does not answer ENABLE (MailKit #1871) and sends malformed VANISHED (Mailspring).
        Quirks("iCloud", broken=frozenset({"QRESYNC"})),
    ),
    (
        _Signs(hosts=_YAHOO, capability="XYMHIGHESTMODSEQ"),
        # 1000 octets whatever it advertises: MailKit, ImapEngine.
        Quirks("Yahoo", line=_OLD),
    ),
    (
        _Signs(hosts=("zoho.com", "zoho.eu", "zoho.in", "zohomail.com"), greeting=r"\bZoho\b"),
        # MODSEQ is -1, so that nothing can be compared with it: MailKit.
        Quirks("Zoho", broken=frozenset({"CONDSTORE", "QRESYNC"})),
    ),
    (
        _Signs(hosts=_NETEASE, greeting=r"\bCoremail\b", name="Coremail Imap"),
        # "NO SELECT Unsafe Login" before ID: himalaya #651, imapclient #544, offlineimap3 #71.
        Quirks("Coremail", insists_on_id=True),
    ),
    (
        _Signs(capability="XSTOP"),
        # BAD to SPECIAL-USE in LIST: MailKit #674. Its SMTP side files sent mail: Proton's help.
        Quirks("Proton Bridge", broken=frozenset({"LIST-EXTENDED", "SPECIAL-USE"}), files_sent=True),
    ),
    (
        _Signs(hosts=("imap.strato.de", "imap.strato.com")),
        # LIST with RETURN brings nothing: MailKit #1957.
        Quirks("Strato", broken=frozenset({"LIST-EXTENDED", "LIST-STATUS", "SPECIAL-USE"})),
    ),
    (
        _Signs(greeting=r"^IMAP4rev1$", name="GNU Mailutils"),
        # IDLE that is advertised and never tells anything: measured with imap4d 3.15.
        Quirks("imap4d", broken=frozenset({"IDLE"})),
    ),
    (
        _Signs(greeting=r"\bDovecot\b", name="Dovecot"),
        # imap_max_line_length is 64 kB, measured with 2.3.19; beyond a quarter of that nothing is won, and
        # moving what is named in one line takes longer.
        Quirks("Dovecot", line=16_000, statuses=100),
    ),
)


@lru_cache(maxsize=64)
def recognise(
    host: str, greeting: str = "", name: str = "", capabilities: frozenset[str] = frozenset()
) -> Quirks:
    """The quirks of a server by what is known of it so far; `name` is what it answered to ID."""
    place = host.lower().rstrip(".")
    for signs, quirks in _TABLE:
        if (
            any(place == known or place.endswith("." + known) for known in signs.hosts)
            or (signs.greeting and re.search(signs.greeting, greeting))
            or (signs.name and signs.name.lower() == name.lower())
            or (signs.capability and signs.capability in capabilities)
        ):
            return quirks
    return USUAL
