"""Signing in: SASL PLAIN in one round trip where the server offers it, else LOGIN (RFC 9051 §6.2)."""

from base64 import b64encode

from mailtui import __version__
from mailtui.imap.arguments import astring, string
from mailtui.imap.dialogue import Dialogue, Exchange
from mailtui.imap.trouble import CommandRefused, sign_in_refusal
from mailtui.model.secret import Secret
from mailtui.model.trouble import Insecure, SignInRefused


def sign_in(dialogue: Dialogue, user: str, secret: Secret) -> None:
    """Sign in with a password; one attempt, because a second one may lock the account.

    Raises SignInRefused only when the server refused the password, ServerBusy when it said to come
    back later, Insecure when it wants (more) encryption.
    """
    password = secret.reveal()
    if "\0" in user or "\0" in password:
        raise SignInRefused("The user name or password has a NUL in it.", "Give the password again.")
    offered = dialogue.capabilities
    plain = "AUTH=PLAIN" in offered
    heard = dialogue.offers
    if plain and ("SASL-IR" in offered or "LOGINDISABLED" in offered):
        exchange = _authenticate(dialogue, user, password, at_once="SASL-IR" in offered)
    elif "LOGINDISABLED" in offered:
        raise Insecure(
            f"{dialogue.transport.host} offers no way to sign in with a password here.",
            "It may want an encrypted connection, or a kind of sign-in that is not known here.",
        )
    else:
        exchange = _login(dialogue, user, password)
    for _ in dialogue.collect(exchange):
        pass
    status = exchange.status
    assert status is not None
    if status.kind != "OK":
        host = dialogue.transport.host
        raise sign_in_refusal(user, host, status.kind, status.code, status.text)
    if dialogue.offers == heard:  # they differ after sign-in; some servers tell them unasked
        ask_capabilities(dialogue)


def identify(dialogue: Dialogue, *, insist: bool = False) -> None:
    """Say who we are (RFC 2971), which some servers insist on before they open a folder, even some that
    do not offer it. The answer is not waited for: it comes before the next one."""
    if insist or "ID" in dialogue.capabilities:
        vendor = ' "vendor" "mailtui"' if insist else ""
        words = f'("name" "mailtui" "version" "{__version__}"{vendor})'.encode()
        dialogue.post(b"ID", words, doing="be told who we are")


def wants_id(refused: CommandRefused) -> bool:
    """Whether a folder is refused because we did not say who we are: 163.com and its like."""
    return "unsafe login" in refused.what.lower()


def enable(dialogue: Dialogue) -> Exchange:
    """Have changes told by UID and with MODSEQ (RFC 7162 §3.2.3). The answer is not waited for either."""
    return dialogue.post(b"ENABLE", b"QRESYNC", doing="tell what changed")


def _authenticate(dialogue: Dialogue, user: str, password: str, *, at_once: bool) -> Exchange:
    answer = b64encode(f"\0{user}\0{password}".encode())
    words = (b"PLAIN", answer) if at_once else (b"PLAIN",)
    allowance = dialogue.small(dialogue.budgets.login)
    exchange = dialogue.post(b"AUTHENTICATE", *words, doing="sign in", allowance=allowance, secret=True)
    if not at_once and dialogue.invitation(exchange) is not None:
        dialogue.send_line(answer)
    return exchange


def _login(dialogue: Dialogue, user: str, password: str) -> Exchange:
    """LOGIN; what is not plain ASCII goes as a literal."""
    allowance = dialogue.small(dialogue.budgets.login)
    words = (astring(user), string(password))
    return dialogue.post(b"LOGIN", *words, doing="sign in", allowance=allowance, secret=True)


def ask_capabilities(dialogue: Dialogue) -> None:
    """CAPABILITY, when the server did not say it by itself."""
    exchange = dialogue.post(b"CAPABILITY", doing="say what it can do")
    for _ in dialogue.collect(exchange):
        pass
    dialogue.finish(exchange)
