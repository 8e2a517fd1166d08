"""The reader keeps to its budgets of octets, lines and time, and tells loss from silence."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from mailtui.imap.transport import DROPPED, Allowance, Ready, Transport
from mailtui.model.trouble import Garbled, Unreachable

ENOUGH = Allowance(seconds=5, silence=0.4, octets=10_000_000, responses=1000, line=100_000, literal=1000)


@pytest.fixture
def ends() -> Iterator[tuple[Transport, socket.socket]]:
    """A transport and the far end of its socket."""
    near, far = socket.socketpair()
    near.setblocking(False)
    transport = Transport(near, "mail.example.test", ENOUGH, time.monotonic)
    yield transport, far
    transport.close()
    far.close()


def test_lines_end_with_or_without_a_carriage_return(ends: tuple[Transport, socket.socket]) -> None:
    transport, far = ends
    far.sendall(b"* one\r\n* two\n\r\n")
    assert [transport.line() for _ in range(3)] == [b"* one", b"* two", b""]


def test_literals_stay_in_their_place(ends: tuple[Transport, socket.socket]) -> None:
    transport, far = ends
    far.sendall(b"* 1 FETCH (A {3}\r\n\r\n{ B ~{0}\r\n C {2+}\r\n{}D)\r\n* next\r\n")
    assert transport.response() == b"* 1 FETCH (A {3}\r\n\r\n{ B ~{0}\r\n C {2+}\r\n{}D)"
    assert transport.response() == b"* next"


@pytest.mark.parametrize("line", [b"* OK see {5}", b"* BYE {5}", b"M1 OK {5}", b"+ {5}", b"* NO [X] {99999}"])
def test_text_for_people_announces_no_literal(ends: tuple[Transport, socket.socket], line: bytes) -> None:
    transport, far = ends
    far.sendall(line + b"\r\n* next\r\n")
    assert transport.response() == line
    assert transport.response() == b"* next"


def test_a_literal_too_large_to_hold_is_read_past(ends: tuple[Transport, socket.socket]) -> None:
    transport, far = ends
    far.sendall(b"* 1 FETCH (A {2000}\r\n" + b"x" * 2000 + b" B {1}\r\ny)\r\n* next\r\n")
    assert transport.response() == b"* 1 FETCH (A " + DROPPED + b" B {1}\r\ny)"
    assert transport.response() == b"* next"


@pytest.mark.parametrize("size", [b"4294967295", b"99999999999999999999", b"10000001"])
def test_a_literal_beyond_the_budget_ends_it_at_once(
    ends: tuple[Transport, socket.socket], size: bytes
) -> None:
    transport, far = ends
    far.sendall(b"* 1 FETCH (A {" + size + b"}\r\n")
    with pytest.raises(Garbled):
        transport.response()
    assert transport.closed


def test_a_literal_is_handed_on_in_slices(ends: tuple[Transport, socket.socket]) -> None:
    transport, far = ends
    threading.Thread(target=lambda: far.sendall(b"x" * 300_000 + b"rest\r\n")).start()
    pieces: list[bytes] = []
    transport.read_to(300_000, pieces.append, step=65_536)
    assert b"".join(pieces) == b"x" * 300_000
    assert max(map(len, pieces)) <= 65_536
    assert transport.line() == b"rest"


@pytest.mark.parametrize("flood", [b"* OK again\r\n", b"x", b"* 1 FETCH ({0}\r\n", b"* 1 EXISTS\r\n"])
def test_floods_are_cut_off(ends: tuple[Transport, socket.socket], flood: bytes) -> None:
    transport, far = ends
    stop = threading.Event()

    def pour() -> None:
        far.settimeout(0.2)
        while not stop.is_set():
            try:
                far.sendall(flood * 1000)
            except OSError:
                return

    thread = threading.Thread(target=pour)
    thread.start()
    with pytest.raises(Garbled):
        list(iter(transport.response, None))
    stop.set()
    thread.join()


def test_a_zero_literal_after_the_other_is_cut_off(ends: tuple[Transport, socket.socket]) -> None:
    transport, far = ends
    threading.Thread(target=lambda: far.sendall(b"* 1 FETCH (" + b"{0}\r\n " * 20_000), daemon=True).start()
    with pytest.raises(Garbled):
        transport.response()


def test_a_drip_is_cut_off_by_the_whole_time(ends: tuple[Transport, socket.socket]) -> None:
    transport, far = ends
    transport.allow(
        Allowance(seconds=0.5, silence=0.4, octets=10**6, responses=10, line=10**6, literal=10, pace=1000)
    )
    stop = threading.Event()

    def drip() -> None:
        with contextlib.suppress(OSError):
            while not stop.wait(0.05):
                far.send(b"x")

    thread = threading.Thread(target=drip)
    thread.start()
    with pytest.raises(Unreachable, match="slowly"):
        transport.line()
    stop.set()
    thread.join()


def test_a_slow_line_that_moves_buys_time(ends: tuple[Transport, socket.socket]) -> None:
    transport, far = ends
    transport.allow(
        Allowance(seconds=0.3, silence=0.25, octets=10**6, responses=10, line=10**6, literal=10, pace=1000)
    )

    def trickle() -> None:
        for _ in range(10):
            far.sendall(b"x" * 100)  # 100 octets buy 0.1 s
            time.sleep(0.08)
        far.sendall(b"\r\n")

    thread = threading.Thread(target=trickle)
    thread.start()
    assert transport.line() == b"x" * 1000
    thread.join()


def test_silence_and_hanging_up_are_told_apart(ends: tuple[Transport, socket.socket]) -> None:
    transport, far = ends
    with pytest.raises(Unreachable, match="does not answer"):
        transport.line()
    near, far = socket.socketpair()
    near.setblocking(False)
    other = Transport(near, "mail.example.test", ENOUGH, time.monotonic)
    far.sendall(b"* half a li")
    far.close()
    with pytest.raises(Unreachable, match="closed"):
        other.line()
    assert other.closed


def test_waiting_for_a_line_survives_a_line_in_two_pieces(ends: tuple[Transport, socket.socket]) -> None:
    transport, far = ends
    far.sendall(b"* 5 EXI")
    assert transport.await_line(0.05) is Ready.QUIET
    far.sendall(b"STS\r\n* 6 ")
    assert transport.await_line(5) is Ready.DATA
    assert transport.has_line
    assert transport.line() == b"* 5 EXISTS"
    assert not transport.has_line


def test_waiting_ends_when_woken_before_or_meanwhile(ends: tuple[Transport, socket.socket]) -> None:
    transport, far = ends
    far.sendall(b"* half")
    transport.wake()
    transport.wake()
    assert transport.await_line(5) is Ready.WOKEN
    threading.Timer(0.05, transport.wake).start()
    assert transport.await_line(5) is Ready.WOKEN
    assert transport.await_line(0.01) is Ready.QUIET


def test_it_can_be_cut_while_somebody_reads(ends: tuple[Transport, socket.socket]) -> None:
    transport, _ = ends
    threading.Timer(0.05, transport.abort).start()
    with pytest.raises(Unreachable, match="closed"):
        transport.line()
    transport.abort()
    transport.wake()


def test_all_is_sent_although_the_other_side_is_slow(ends: tuple[Transport, socket.socket]) -> None:
    transport, far = ends
    received = bytearray()

    def read() -> None:
        while len(received) < 3_000_000:
            received.extend(far.recv(65_536))

    thread = threading.Thread(target=read)
    thread.start()
    transport.send(b"ab" * 1_500_000)
    thread.join()
    assert received == b"ab" * 1_500_000


def test_sending_to_somebody_who_does_not_read_is_given_up(ends: tuple[Transport, socket.socket]) -> None:
    transport, _ = ends
    with pytest.raises(Unreachable):
        transport.send(b"x" * 50_000_000)
