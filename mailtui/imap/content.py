"""Bodies and parts: small ones into memory, several in one round trip; large ones streamed to a sink,
with progress, and given up when the user says so."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from mailtui.imap import scanner
from mailtui.imap.connection import Connection
from mailtui.imap.dialogue import Exchange
from mailtui.imap.trouble import Cancelled, CommandRefused, Gone, garbled
from mailtui.imap.types import Fetched

Sink = Callable[[bytes], object]
Progress = Callable[[int, int], None]
Cancel = Callable[[], bool]

SECTION: Final = re.compile(r"(?:\d{1,5}(?:\.\d{1,5}){0,49}(?:\.(?:MIME|HEADER|TEXT))?|HEADER|TEXT)?")
_SLICE: Final = 65_536
_DRAINED: Final = 262_144  # octets rather read past than hung up on
_LARGEST: Final = 2**30  # octets of one part


def fetch_part(
    conn: Connection,
    uid: int,
    section: str,
    sink: Sink,
    *,
    offset: int = 0,
    length: int | None = None,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Fetched:
    """Stream a part, in its transfer encoding, to `sink` without holding it.

    `section` is a part number ("1.2"), "" for the whole message, "HEADER", "TEXT" or "1.2.MIME";
    of it the sink gets at most `length` octets from `offset` on, whatever the server sends.
    `progress` is called with octets done and in all; `cancel` is asked between slices and when the
    connection is woken. What the sink got is void unless this returns.

    Raises Gone, CommandRefused, Cancelled, Unreachable, Garbled; what `sink` raises closes the connection.
    """
    wanted = _Piece(section, offset, _LARGEST if length is None else length)
    written = f"<{offset}.{wanted.length}>" if offset or length is not None else ""
    exchange = _ask(conn, uid, [section], written, 0)  # the rest is granted when the part is announced
    stream = _Stream(conn, uid, wanted, sink, progress, cancel)
    conn.transport.attention = stream.ask
    try:
        while exchange.status is None:
            stream.read(exchange)
    except BaseException:
        conn.close()
        raise
    finally:
        conn.transport.attention = None
    if stream.cancelled:
        raise Cancelled("The download was stopped.")
    conn.dialogue.finish(exchange)
    if stream.withheld:
        raise CommandRefused("The server did not send this part.", "Try the raw message instead.")
    if stream.octets is None:
        raise Gone("The message is not in this folder any more.")
    return Fetched(stream.octets)


def fetch_parts(
    conn: Connection, uid: int, sections: Sequence[str], *, limit: int = 262_144
) -> dict[str, bytes]:
    """Several small parts in one round trip, each cut at `limit` octets. A section that the server
    leaves out or answers with NIL is missing. Raises Gone, CommandRefused."""
    exchange = _ask(conn, uid, sections, f"<0.{limit}>", len(sections) * (limit + 1024))
    found: dict[str, bytes] = {}
    seen = False
    for response in conn.collect(exchange):
        items, _ = scanner.items(response)
        if items.get(b"UID") != b"%d" % uid:
            conn.dialogue.pushes.hear(response)
            continue
        seen = seen or any(key.startswith(b"BODY[") for key in items)
        for section in sections:
            value = items.get(key_of(section))
            if value is not None:
                found[section] = value[:limit]
    conn.dialogue.finish(exchange)
    if not seen:
        raise Gone("The message is not in this folder any more.")
    return found


def fetch_structure(conn: Connection, uid: int) -> bytes:
    """The raw BODYSTRUCTURE of one message. Raises Gone."""
    responses, _ = conn.run(
        b"UID FETCH",
        b"%d (UID BODYSTRUCTURE)" % uid,
        doing="describe a message",
        wants=[b"FETCH"],
        allowance=conn.dialogue.large(conn.dialogue.budgets.octets),
    )
    for response in responses:
        items, _ = scanner.items(response)
        if items.get(b"UID") == b"%d" % uid and b"BODYSTRUCTURE" in items:
            return items[b"BODYSTRUCTURE"] or b""
        conn.dialogue.pushes.hear(response)
    raise Gone("The message is not in this folder any more.")


def _ask(conn: Connection, uid: int, sections: Sequence[str], piece: str, octets: int) -> Exchange:
    if not all(SECTION.fullmatch(section) for section in sections):
        raise CommandRefused("The message has no such part.", code="BAD")
    wanted = " ".join(f"BODY.PEEK[{section}]{piece}" for section in sections)
    return conn.post(
        b"UID FETCH",
        f"{uid} (UID {wanted})".encode(),
        doing="send a part of a message",
        wants=[b"FETCH"],
        allowance=conn.dialogue.large(octets + conn.dialogue.budgets.octets),
    )


def key_of(section: str) -> bytes:
    """What the scanner calls it."""
    return b"BODY[" + section.encode()


@dataclass(frozen=True, slots=True)
class _Piece:
    section: str
    offset: int
    length: int


class _Stream:
    """Reads responses until the one with the part comes, and hands that on as it comes."""

    def __init__(
        self,
        conn: Connection,
        uid: int,
        piece: _Piece,
        sink: Sink,
        progress: Progress | None,
        cancel: Cancel | None,
    ) -> None:
        self.octets: int | None = None  # of the part, once it has come
        self.cancelled = False
        self.withheld = False  # NIL, or no value at all
        self._conn, self._uid, self._sink = conn, uid, sink
        self._progress, self._cancel = progress, cancel
        self._piece = piece
        self._key = key_of(piece.section)
        self._announced = re.compile(
            rb"\* \d+ FETCH \((?:.*\s)?BODY\["
            + re.escape(piece.section.encode())
            + rb"\](?:<(\d{1,20})>)? ~?\{(\d{1,20})\}$",
            re.IGNORECASE,
        )

    def ask(self) -> None:
        """Whether to stop; the connection is closed unless it ends by itself soon."""
        if self._cancel is not None and not self.cancelled:
            self.cancelled = self._cancel()
        if self.cancelled and self._left > _DRAINED:
            raise Cancelled("The download was stopped.")

    _left = _DRAINED + 1  # octets of the part still to come; before it is announced, unknown

    def read(self, exchange: Exchange) -> None:
        """One response."""
        conn = self._conn
        line = conn.transport.line()
        announced = self._announced.match(line)
        if announced is None or self.octets is not None:
            response = conn.transport.response(line)
            conn.dialogue.note_response(response)
            if conn.dialogue.dispatch(response, exchange):
                self._small(response)
            return
        conn.dialogue.note_response(line)
        if announced[1] and int(announced[1]) != self._piece.offset:
            conn.close()
            raise garbled(conn.server.host, "another piece of a part than was asked for")
        self._left = size = int(announced[2])
        self.ask()
        conn.transport.grant(min(size, self._piece.length))
        conn.transport.read_to(size, self._take(size), _SLICE)
        end = announced.start(2) - 1
        rest = line[:end].removesuffix(b"~") + b'""' + conn.transport.line()
        items, sound = scanner.items(conn.transport.response(rest))
        if not sound or items.get(b"UID") != b"%d" % self._uid:
            conn.close()
            raise garbled(conn.server.host, "a part of another message, or of none")
        self.octets = min(size, self._piece.length)

    def _take(self, size: int) -> Sink:
        surplus = max(0, size - self._piece.length)

        def take(piece: bytes) -> None:
            self._left -= len(piece)
            self.ask()
            if not self.cancelled:
                self._sink(piece[: max(0, len(piece) + self._left - surplus)])
                if self._progress is not None:
                    self._progress(size - self._left, size)

        return take

    def _small(self, response: bytes) -> None:
        """A part that came as a quoted string, or a FETCH about something else."""
        items, _ = scanner.items(response)
        if items.get(b"UID") != b"%d" % self._uid or self._key not in items:
            self._conn.dialogue.pushes.hear(response)
            return
        value = items[self._key]
        if value is None:
            self.withheld = True
        elif self.octets is None:
            value = value[: self._piece.length]
            self._sink(value)
            self.octets = len(value)
