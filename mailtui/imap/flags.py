"""Reading and changing flags: as sets of UIDs, as changes that may be repeated without harm."""

from array import array
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final

from mailtui.imap import rows, searching, uids
from mailtui.imap.arguments import flag_list
from mailtui.imap.connection import Connection
from mailtui.imap.dialogue import Exchange
from mailtui.imap.transport import Allowance
from mailtui.imap.trouble import CommandRefused
from mailtui.imap.types import FetchedFlags
from mailtui.model.message import Flag

_PER_MESSAGE: Final = 1024  # octets of a message's flags, on average
_WINDOW: Final = 5000  # messages
_IN_FLIGHT: Final = 8  # commands
_KEYS: Final = {
    Flag.SEEN: b"SEEN",
    Flag.ANSWERED: b"ANSWERED",
    Flag.FLAGGED: b"FLAGGED",
    Flag.DELETED: b"DELETED",
    Flag.DRAFT: b"DRAFT",
}


def fetch_flags(conn: Connection, wanted: Collection[int] | None) -> list[FetchedFlags]:
    """The flags of these UIDs (None: of all in the folder), ascending; what is gone is left out."""
    found: dict[int, FetchedFlags] = {}
    if wanted is None:
        exists = conn.selected.exists if conn.selected else 0
        if exists:
            _gather(conn, _ask(conn, b"UID FETCH", b"1:*", exists), None, found)
        return _ascending(found)
    chosen = frozenset(wanted)
    sent: deque[Exchange] = deque()
    for piece in uids.chunks(wanted, conn.set_length):
        sent.append(_ask(conn, b"UID FETCH", uids.uid_set(piece).encode(), len(piece)))
        if len(sent) >= _IN_FLIGHT:
            _gather(conn, sent.popleft(), chosen, found)
    for exchange in sent:
        _gather(conn, exchange, chosen, found)
    return _ascending(found)


def flag_windows(conn: Connection) -> Iterator[list[FetchedFlags]]:
    """The flags of everything in the selected folder, window by window as the server numbers its
    messages: what there is if neither what it finds by SEARCH nor its count can be believed."""
    exists = conn.selected.exists if conn.selected else 0
    for first in range(1, max(exists, 1) + 1, _WINDOW):
        last = b"%d" % (first + _WINDOW - 1) if first + _WINDOW <= exists else b"*"
        found: dict[int, FetchedFlags] = {}
        try:
            _gather(conn, _ask(conn, b"FETCH", b"%d:%s" % (first, last), _WINDOW), None, found)
        except CommandRefused:
            if conn.closed or (exists and first == 1):
                raise
        if not found:
            return  # there are no more, whatever was counted
        yield _ascending(found)


def flag_sets(conn: Connection) -> dict[Flag, "array[int]"]:
    """For each system flag the UIDs that have it, ascending: all flags of a folder for a few octets a
    message where the server has ESEARCH."""
    found = searching.run(conn, [[key] for key in _KEYS.values()])
    return dict(zip(_KEYS, found, strict=True))


def store_flags(
    conn: Connection,
    wanted: Iterable[int],
    *,
    add: Flag = Flag.NONE,
    remove: Flag = Flag.NONE,
    add_keywords: Sequence[str] = (),
    remove_keywords: Sequence[str] = (),
) -> None:
    """Set and clear flags on any number of messages. UIDs that are gone are no error; repeating does
    nothing. Raises CommandRefused (a keyword the folder does not take, a folder that is read-only)."""
    pieces = [uids.uid_set(piece).encode() for piece in uids.chunks(wanted, conn.set_length)]
    for sign, bits, keywords in ((b"+", add, add_keywords), (b"-", remove, remove_keywords)):
        if not bits and not keywords:
            continue
        change = sign + b"FLAGS.SILENT " + flag_list(bits, keywords)
        for piece in pieces:
            conn.run(b"UID STORE", piece, change, doing="change flags", allowance=_patient(conn))


def _ask(conn: Connection, verb: bytes, written: bytes, messages: int) -> Exchange:
    allowance = conn.dialogue.large(conn.dialogue.budgets.octets + messages * _PER_MESSAGE)
    return conn.post(verb, written, b"(UID FLAGS)", doing="tell flags", wants=[b"FETCH"], allowance=allowance)


def _gather(
    conn: Connection, exchange: Exchange, wanted: frozenset[int] | None, found: dict[int, FetchedFlags]
) -> None:
    """Add what one command tells; servers mix the answers to those in flight together."""
    for response in conn.collect(exchange):
        row = rows.read(response)
        if isinstance(row, FetchedFlags) and (wanted is None or row.uid in wanted):
            found[row.uid] = row  # the last word counts
        else:
            conn.dialogue.pushes.hear(response)
    conn.dialogue.finish(exchange)


def _ascending(found: dict[int, FetchedFlags]) -> list[FetchedFlags]:
    return sorted(found.values(), key=lambda row: row.uid)


def _patient(conn: Connection) -> Allowance:
    return conn.dialogue.small(conn.dialogue.budgets.long)
