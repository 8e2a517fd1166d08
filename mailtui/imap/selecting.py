"""SELECT, EXAMINE and UNSELECT."""

from mailtui.imap import names, reply
from mailtui.imap.arguments import astring
from mailtui.imap.authentication import identify, wants_id
from mailtui.imap.connection import Connection
from mailtui.imap.dialogue import Exchange
from mailtui.imap.states import State
from mailtui.imap.trouble import CommandRefused
from mailtui.imap.types import NUMBER_LIMIT, UID_LIMIT, Selected


def select(conn: Connection, raw: bytes, *, readonly: bool = False) -> Selected:
    """Select a folder. Pushes about the one before are forgotten: take them first.

    Raises CommandRefused; then no folder is selected (RFC 9051 §6.3.2).
    """
    try:
        return _select(conn, raw, readonly=readonly)
    except CommandRefused as refused:
        if not wants_id(refused):
            raise
    identify(conn.dialogue, insist=True)
    return _select(conn, raw, readonly=readonly)


def _select(conn: Connection, raw: bytes, *, readonly: bool) -> Selected:
    verb = b"EXAMINE" if readonly else b"SELECT"
    path = names.decode(raw)
    wants = [b"EXISTS", b"FLAGS", b"RECENT"]
    exchange = conn.post(verb, astring(raw), doing=f"open the folder {path}", wants=wants)
    exists = 0
    for response in conn.collect(exchange):
        number, name = reply.head(response)
        if name == b"EXISTS":
            exists = min(max(0, number), UID_LIMIT)
    conn.dialogue.pushes.leave_folder()
    conn.enter(State.AUTHENTICATED, None)
    status = conn.dialogue.finish(exchange)
    permanent = (exchange.code("PERMANENTFLAGS") or b"").strip(b"()").decode("utf-8", "replace").split()
    selected = Selected(
        raw=raw,
        exists=exists,
        uidvalidity=_number(exchange, "UIDVALIDITY", UID_LIMIT),
        uidnext=_number(exchange, "UIDNEXT", UID_LIMIT),
        highestmodseq=_number(exchange, "HIGHESTMODSEQ", NUMBER_LIMIT),
        keywords=frozenset(word for word in permanent if not word.startswith("\\")),
        any_keyword="\\*" in permanent,
        readonly=readonly or status.code == "READ-ONLY",
    )
    conn.enter(State.SELECTED, selected)
    return selected


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


def _number(exchange: Exchange, code: str, limit: int) -> int:
    value = exchange.code(code) or b""
    number = int(value) if value.isdigit() and len(value) < 20 else 0
    return number if number <= limit else 0
