"""The header index: flags, size, date, structure and the fields a list needs, by UID, in windows."""

from collections import deque
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from mailtui.imap import rows, states, uids
from mailtui.imap.connection import Connection
from mailtui.imap.dialogue import Exchange
from mailtui.imap.transport import Allowance
from mailtui.imap.types import FetchedFlags, FetchedHeader
from mailtui.model.message import Flag
from mailtui.model.trouble import Refused, ServerBusy, Trouble

_FIELDS: Final = (
    b"FROM TO CC REPLY-TO SUBJECT DATE MESSAGE-ID IN-REPLY-TO REFERENCES LIST-ID LIST-POST LIST-UNSUBSCRIBE"
)
_HEADER: Final = b" BODY.PEEK[HEADER.FIELDS (" + _FIELDS + b")]"
_PER_MESSAGE: Final = 65_536  # octets that a message of an index may take on average
_SILENCE: Final = 60.0  # seconds; a server that has not cached the headers reads the messages first
_SINGLES: Final = 64  # commands spent on finding the message that a server can't read
_DOING: Final = "list messages"
_TWO: Final = "The server uses the number of this message for two of them."


@dataclass(slots=True)
class _Window:
    wanted: frozenset[int]
    exchanges: deque[Exchange]
    rows: dict[int, FetchedHeader] = field(default_factory=dict)
    refused: Trouble | None = None


def newest(conn: Connection, count: int) -> list[FetchedHeader]:
    """The last `count` messages of the selected folder, newest first, in one round trip."""
    exists = conn.selected.exists if conn.selected else 0
    if not exists:
        return []
    first = max(1, exists - count + 1)
    return _loose(conn, b"FETCH", b"%d:* %s" % (first, _items(conn)), 0, count)


def since(conn: Connection, uid: int, *, expected: int = 500) -> list[FetchedHeader]:
    """Messages with this UID or a higher one, newest first, in one round trip: the new mail that an
    EXISTS told of. For more than `expected` (about), use windows."""
    return _loose(conn, b"UID FETCH", b"%d:* %s" % (uid, _items(conn)), uid, expected)


def fetch_alone(conn: Connection, uid: int) -> FetchedHeader | None:
    """One message without its structure, for one that the server can't describe; None if gone."""
    items = b"(UID FLAGS RFC822.SIZE INTERNALDATE" + _HEADER + b")"
    found = _loose(conn, b"UID FETCH", b"%d %s" % (uid, items), uid, 1)
    return next((row for row in found if row.uid == uid), None)


def fetch_index(
    conn: Connection, windows: Iterable[Sequence[int]], *, in_flight: int = 2
) -> Generator[list[FetchedHeader]]:
    """One list per window of UIDs, in the windows' order, newest first. UIDs that are gone are left
    out; a message that the server can't read comes with `trouble`. `windows` is asked for the next
    one only when it is to be sent; `in_flight` of them are, because servers may answer the next before
    the last is done. Until the iterator has ended or was closed, no other verb may be used.
    """
    source = iter(windows)
    waiting: deque[_Window] = deque()
    conn.occupied = "reading the index"
    try:
        while True:
            while len(waiting) < in_flight and (window := next(source, None)) is not None:
                waiting.append(_begin(conn, window))
            if not waiting:
                return
            done = _complete(conn, waiting)
            yield sorted(done.rows.values(), key=_newest_first)
    finally:
        conn.occupied = ""
        _drain(conn, waiting)


def _begin(conn: Connection, wanted: Sequence[int]) -> _Window:
    states.check(conn.state, b"UID FETCH")
    exchanges = deque(_ask(conn, piece) for piece in uids.chunks(wanted, conn.set_length))
    return _Window(frozenset(wanted), exchanges)


def _ask(conn: Connection, piece: Sequence[int]) -> Exchange:
    words = f"{uids.uid_set(piece)} ".encode() + _items(conn)
    allowance = _allowance(conn, len(piece))
    return conn.dialogue.post(b"UID FETCH", words, doing=_DOING, wants=[b"FETCH"], allowance=allowance)


def _complete(conn: Connection, waiting: deque[_Window]) -> _Window:
    """Read until the first window has all its answers. They may be mixed with those of the others."""
    window = waiting[0]
    while window.exchanges:
        exchange = window.exchanges[0]
        for response in conn.dialogue.collect(exchange):
            _sort_in(conn, response, waiting)
        window.exchanges.popleft()
        try:
            conn.dialogue.finish(exchange)
        except (Refused, ServerBusy) as refused:
            window.refused = refused
    waiting.popleft()
    if window.refused is not None:
        _look_closer(conn, window, waiting, window.refused)
    return window


def _sort_in(conn: Connection, response: bytes, windows: Iterable[_Window]) -> None:
    """Give a FETCH response to the window that asked for its UID; else it is a push."""
    row = rows.read(response)
    window = next((one for one in windows if row is not None and row.uid in one.wanted), None)
    if row is None or window is None:
        conn.dialogue.pushes.hear(response)
        return
    known = window.rows.get(row.uid)
    if isinstance(row, FetchedFlags):
        # before the row: older than it. After: newer
        if known is not None:
            window.rows[row.uid] = replace(known, flags=row.flags, keywords=row.keywords, modseq=row.modseq)
    elif known is None:
        window.rows[row.uid] = row
    elif known.header != row.header or known.size != row.size:
        window.rows[row.uid] = replace(known, trouble=_TWO)


def _look_closer(conn: Connection, window: _Window, others: Iterable[_Window], refused: Trouble) -> None:
    """The server said NO to the window: ask for what is missing in halves, so that only the messages it
    really can't read are left without a header. Raises the refusal when that takes too long."""
    pieces = deque([sorted(window.wanted - window.rows.keys())])
    for _ in range(_SINGLES):
        piece = pieces.popleft() if pieces else []
        if not piece:
            return
        exchange = _ask(conn, piece)
        for response in conn.dialogue.collect(exchange):
            _sort_in(conn, response, [window, *others])
        missing = [uid for uid in piece if uid not in window.rows]
        if exchange.status is not None and exchange.status.kind == "OK":
            continue
        if len(missing) > 1:
            middle = len(missing) // 2
            pieces.extend((missing[:middle], missing[middle:]))
        elif missing:
            window.rows[missing[0]] = _unreadable(missing[0], refused)
    raise refused


def _unreadable(uid: int, refused: Trouble) -> FetchedHeader:
    trouble = f"The server can't read this message. {refused.what}"
    return FetchedHeader(uid, Flag.NONE, (), 0, 0, 0, b"", b"", attachments=False, trouble=trouble)


def _drain(conn: Connection, waiting: Iterable[_Window]) -> None:
    """Read past what is still to come, so that the next command gets its own answer."""
    for window in waiting:
        for exchange in window.exchanges:
            if conn.closed:
                return
            try:
                for response in conn.dialogue.collect(exchange):
                    _sort_in(conn, response, [window])
            except Trouble as trouble:
                conn.dialogue.note(f"index given up: {trouble.what}")


def _loose(conn: Connection, verb: bytes, words: bytes, first: int, expected: int) -> list[FetchedHeader]:
    """Rows of an open range: whatever comes with a UID from `first` on is wanted."""
    allowance = _allowance(conn, 2 * expected)
    responses, _ = conn.run(verb, words, doing=_DOING, wants=[b"FETCH"], allowance=allowance)
    found: dict[int, FetchedHeader] = {}
    for response in responses:
        row = rows.read(response)
        if isinstance(row, FetchedHeader) and row.uid >= first:
            known = found.setdefault(row.uid, row)
            if known.header != row.header or known.size != row.size:
                found[row.uid] = replace(known, trouble=_TWO)
        elif row is None or isinstance(row, FetchedFlags):
            conn.dialogue.pushes.hear(response)
    return sorted(found.values(), key=_newest_first)


def _items(conn: Connection) -> bytes:
    modseq = b" MODSEQ" if conn.selected and conn.selected.highestmodseq and conn.condstore else b""
    return b"(UID FLAGS RFC822.SIZE INTERNALDATE" + modseq + b" BODYSTRUCTURE" + _HEADER + b")"


def _allowance(conn: Connection, messages: int) -> Allowance:
    octets = conn.dialogue.budgets.octets + messages * _PER_MESSAGE
    return conn.dialogue.large(octets, silence=_SILENCE)


def _newest_first(row: FetchedHeader) -> int:
    return -row.uid
