"""Hearing what changes in the selected folder: IDLE (RFC 2177) and NOOP."""

from collections.abc import Generator
from typing import Final

from mailtui.imap.connection import Connection
from mailtui.imap.dialogue import Exchange
from mailtui.imap.states import State
from mailtui.imap.transport import Allowance, Ready
from mailtui.imap.types import Dirty, Push
from mailtui.imap.uids import uid_set

_FLOOD: Final = 4 * 2**20  # octets of pushes in one IDLE
_BATCH: Final = 1000  # responses handed on at once


def noop(conn: Connection) -> list[Push]:
    """What has changed since the last command."""
    conn.run(b"NOOP", doing="tell what is new")
    _look_up(conn)
    return conn.take_pushes()


def idle(conn: Connection, seconds: float = 540, silence: float = 300) -> Generator[list[Push]]:
    """Batches of pushes as they come, first those that were waiting. Ends when `conn.wake()` is called
    (also before), which costs no round trip: the server's word for the end comes before its next answer.
    Ends after `seconds`, or after `silence` seconds without a word, and then the server has confirmed the
    end, so the connection is alive.

    Raises NotOffered without IDLE, Unreachable when the connection is lost.
    """
    conn.require("IDLE", "tell at once what is new")
    end = conn.transport.clock() + seconds
    on = True
    while on:
        _look_up(conn)
        if waiting := conn.take_pushes():
            yield waiting
        on = yield from _idle(conn, end, silence)
    _look_up(conn)
    if rest := conn.take_pushes():
        yield rest


def _idle(conn: Connection, end: float, silence: float) -> Generator[list[Push], None, bool]:
    """One IDLE. True: it was only interrupted to look something up."""
    allowance = conn.dialogue.small(conn.dialogue.budgets.done)
    exchange = conn.post(b"IDLE", doing="tell at once what is new", allowance=allowance)
    if conn.dialogue.invitation(exchange) is None:
        conn.dialogue.finish(exchange)
        return False
    clock = conn.transport.clock
    conn.transport.allow(_patience(conn, end - clock()))
    conn.occupied = "IDLE"
    ready = Ready.DATA
    try:
        while exchange.status is None:
            left = min(silence, end - clock())
            ready = conn.transport.await_line(left) if left > 0 else Ready.QUIET
            if ready is not Ready.DATA:
                return False
            _listen(conn, exchange)
            if conn.dialogue.pushes.loose:
                return True
            if batch := conn.take_pushes():
                yield batch
    finally:
        conn.occupied = ""
        if not conn.closed:
            _done(conn, exchange, allowance, confirmed=ready is not Ready.WOKEN)
    return False


def _look_up(conn: Connection) -> None:
    """Ask which messages they were whose flags were pushed by sequence number. Numbers hold still while
    the answer comes: no EXPUNGE may be sent during FETCH (RFC 9051 §7.5.1)."""
    loose = conn.dialogue.pushes.loose
    if not loose or conn.state is not State.SELECTED:
        return
    numbers = uid_set(loose).encode()
    loose.clear()
    exchange = conn.post(b"FETCH", numbers, b"(UID FLAGS)", doing="tell flags", wants=[b"FETCH"])
    for response in conn.collect(exchange):
        conn.dialogue.pushes.hear(response)
    if exchange.status is not None and exchange.status.kind != "OK":
        conn.dialogue.pushes.add(Dirty())


def _listen(conn: Connection, exchange: Exchange) -> None:
    """Read what is here, without waiting for more."""
    for _ in range(_BATCH):
        conn.dialogue.hear(exchange)
        if exchange.status is not None or not conn.transport.has_line:
            return


def _done(conn: Connection, exchange: Exchange, allowance: Allowance, *, confirmed: bool) -> None:
    if exchange.status is None:
        conn.transport.allow(allowance)
        conn.dialogue.send_line(b"DONE")
        if not confirmed:
            return
        for _ in conn.collect(exchange):
            pass
    conn.dialogue.finish(exchange)


def _patience(conn: Connection, seconds: float) -> Allowance:
    limits = conn.dialogue.budgets
    return Allowance(
        seconds=seconds + limits.silence,
        silence=limits.silence,
        octets=_FLOOD,
        responses=_FLOOD // 32,
        line=limits.octets,
        literal=limits.literal,
    )
