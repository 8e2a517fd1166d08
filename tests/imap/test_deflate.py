"""Inflating gives the same octets however they come, in steps, and knows honest data from a bomb."""

import random
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as some

from mailtui.imap.deflate import STEP, Deflate


def deflated(*pieces: bytes) -> bytes:
    other = Deflate()
    return b"".join(other.squeezed(piece) for piece in pieces)


def drained(deflate: Deflate) -> bytes:
    found = b""
    while deflate.more:
        piece = deflate.take()
        assert len(piece) <= STEP
        found += piece
    return found


@given(some.lists(some.binary(max_size=200), max_size=20), some.integers(1, 50))
def test_what_was_squeezed_comes_out_the_same(pieces: list[bytes], size: int) -> None:
    wire, there, found = deflated(*pieces), Deflate(), b""
    for start in range(0, len(wire), size):
        there.feed(wire[start : start + size])
        found += drained(there)
    assert found == b"".join(pieces)


@pytest.mark.parametrize("length", [STEP - 1, STEP, STEP + 1, 2 * STEP, 3 * STEP + 257])
def test_nothing_is_left_inside_at_the_end_of_a_step(length: int) -> None:
    there = Deflate()
    there.feed(deflated(b"a" * length))
    assert drained(there) == b"a" * length


def test_a_flush_lets_the_other_side_read_all_that_was_said() -> None:
    here, there = Deflate(), Deflate()
    for line in (b"M1 NOOP\r\n", b"M2 NOOP\r\n"):
        there.feed(here.squeezed(line))
        assert drained(there) == line


@pytest.mark.parametrize("wire", [b"* OK in clear\r\n", b"\xff" * 20, zlib.compress(b"with a header")])
def test_what_is_no_deflate_stream_is_told(wire: bytes) -> None:
    there = Deflate()
    there.feed(wire)
    with pytest.raises(ValueError, match="e"):
        drained(there)


def test_octets_behind_the_end_of_the_stream_are_told() -> None:
    ended = zlib.compressobj(wbits=-15)
    wire = ended.compress(b"* BYE\r\n") + ended.flush()
    there = Deflate()
    there.feed(wire)
    assert drained(there) == b"* BYE\r\n"
    there.feed(b"* more")
    with pytest.raises(ValueError, match="ended"):
        drained(there)


def test_honest_data_is_not_swollen_and_a_bomb_is() -> None:
    dice = random.Random(3)
    honest = b"".join(b"* %d FETCH (UID %d FLAGS (\\Seen))\r\n" % (n, n) for n in range(500_000))
    for data, swollen in ((honest, False), (dice.randbytes(10**6), False), (bytes(30 * 2**20), True)):
        there = Deflate()
        there.feed(deflated(data))
        while there.more:
            there.take()
        assert there.swollen is swollen
        there.measure()
        assert not there.swollen
