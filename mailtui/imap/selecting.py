"""SELECT, EXAMINE and UNSELECT; with QRESYNC a SELECT also tells what happened since the last time."""

from dataclasses import dataclass
from typing import Final

from mailtui.imap import names, reply
from mailtui.imap.arguments import Argument, astring
from mailtui.imap.authentication import identify, wants_id
from mailtui.imap.changes import Gathered, allowance
from mailtui.imap.connection import Connection
from mailtui.imap.dialogue import Exchange
from mailtui.imap.states import State
from mailtui.imap.trouble import CommandRefused
from mailtui.imap.types import NUMBER_LIMIT, UID_LIMIT, Resumed, Selected, Since

_USUAL: Final = (b"EXISTS", b"FLAGS", b"RECENT")
_DIFFERENCE: Final = (b"FETCH", b"VANISHED")


@dataclass(frozen=True, slots=True)
class Asked:
    """A SELECT under way. `inside`: another folder was selected when it was sent."""

    raw: bytes
    exchange: Exchange
    readonly: bool
    since: Since | None
    inside: bool


def select(conn: Connection, raw: bytes, *, readonly: bool = False) -> Selected:
    """Select a folder. Pushes about the one before are forgotten: take them first.

    Raises CommandRefused; then no folder is selected (RFC 9051 §6.3.2).
    """
    try:
        return told(conn, ask(conn, raw, readonly=readonly)).selected
    except CommandRefused as refused:
        if not wants_id(refused):
            raise
    identify(conn.dialogue, insist=True)
    return told(conn, ask(conn, raw, readonly=readonly)).selected


def resume(conn: Connection, raw: bytes, since: Since | None) -> Resumed:
    """Select a folder and be told what happened `since` then, where the server can (`conn.qresync`).
    A server that stumbles over the question is asked without it."""
    return concluded(conn, ask(conn, raw, since=since))


def ask(conn: Connection, raw: bytes, *, readonly: bool = False, since: Since | None = None) -> Asked:
    """Send the SELECT without waiting for its answer, which `told` or `concluded` waits for."""
    if not conn.qresync:
        since = None
    words: list[Argument] = [astring(raw)]
    if since is not None:
        known = (since.uidvalidity, since.modseq, since.first, since.last)
        words.append(b"(QRESYNC (%d %d %d:%d))" % known)
    elif conn.condstore and not conn.qresync:
        words.append(b"(CONDSTORE)")
    exchange = conn.post(
        b"EXAMINE" if readonly else b"SELECT",
        *words,
        doing=f"open the folder {names.decode(raw)}",
        wants=_USUAL + (_DIFFERENCE if since is not None else ()),
        allowance=allowance(conn, since.last - since.first + 1) if since is not None else None,
    )
    return Asked(raw, exchange, readonly, since, conn.state is State.SELECTED)


def concluded(conn: Connection, asked: Asked) -> Resumed:
    """The answer; if the server refused the question for a difference, that to a plain SELECT."""
    try:
        return told(conn, asked)
    except CommandRefused as refused:
        if (asked.since is None and not wants_id(refused)) or conn.closed:
            raise
        conn.dialogue.note(f"SELECT … QRESYNC: {refused.what}")
        selected = select(conn, asked.raw, readonly=asked.readonly)
        gathered = Gathered()
        gathered.doubt("it refused to be asked")
        return Resumed(selected, gathered.difference())


def told(conn: Connection, asked: Asked) -> Resumed:
    """The answer. Raises CommandRefused."""
    exchange = asked.exchange
    exists = 0
    gathered = Gathered()
    apart = not asked.inside  # whether what comes can be about no other folder
    for response in conn.collect(exchange):
        if not apart and exchange.code("CLOSED") is not None:
            apart, gathered = True, Gathered()
        number, name = reply.head(response)
        if name == b"EXISTS":
            exists = min(max(0, number), UID_LIMIT)
        elif name in _DIFFERENCE and not gathered.hear(response):
            gathered.doubt("flags without a UID")
    conn.dialogue.pushes.leave_folder()
    conn.enter(State.AUTHENTICATED, None)
    conn.dialogue.finish(exchange)
    selected = _selected(asked, exists)
    conn.enter(State.SELECTED, selected)
    if asked.since is None or asked.since.uidvalidity != selected.uidvalidity:
        return Resumed(selected)
    if "QRESYNC" not in conn.dialogue.enabled:
        gathered.doubt("it did not answer ENABLE")
    elif not apart and exchange.code("CLOSED") is None:
        gathered.doubt("it did not say where the last folder ended")
    return Resumed(selected, gathered.difference())


def unselect(conn: Connection) -> bool:
    """Leave the folder without touching its messages; False when the server has no way to (CLOSE would
    destroy what is marked \\Deleted)."""
    if conn.state is not State.SELECTED:
        return True
    if not conn.offers("UNSELECT"):
        return False
    conn.run(b"UNSELECT", doing="leave the folder")
    conn.dialogue.pushes.leave_folder()
    conn.enter(State.AUTHENTICATED, None)
    return True


def _selected(asked: Asked, exists: int) -> Selected:
    exchange = asked.exchange
    permanent = (exchange.code("PERMANENTFLAGS") or b"").strip(b"()").decode("utf-8", "replace").split()
    read_only = exchange.status is not None and exchange.status.code == "READ-ONLY"
    return Selected(
        raw=asked.raw,
        exists=exists,
        uidvalidity=_number(exchange, "UIDVALIDITY", UID_LIMIT),
        uidnext=_number(exchange, "UIDNEXT", UID_LIMIT),
        highestmodseq=_number(exchange, "HIGHESTMODSEQ", NUMBER_LIMIT),
        keywords=frozenset(word for word in permanent if not word.startswith("\\")),
        any_keyword="\\*" in permanent,
        readonly=asked.readonly or read_only,
    )


def _number(exchange: Exchange, code: str, limit: int) -> int:
    value = exchange.code(code) or b""
    number = int(value) if value.isdigit() and len(value) < 20 else 0
    return number if number <= limit else 0
