"""Whatever a message holds, its slices put together are the message: CR LF line ends, stuffed dots."""

import re

from hypothesis import given
from hypothesis import strategies as st

from mailtui.smtp.upload import wire_size, wire_slices

lines = st.lists(st.sampled_from([b".", b"..", b"a", b"\r", b"\n", b"\r\n", b"\n.", b"bc", b""])).map(
    b"".join
)


def received(wire: bytes) -> bytes:
    """What a server makes of it (RFC 5321 §4.5.2)."""
    return re.sub(rb"(?m)^\.\.", b".", wire)


@given(lines, st.integers(1, 9))
def test_slices_are_the_message_with_whole_line_ends(source: bytes, size: int) -> None:
    wire = b"".join(wire_slices(source, size))
    expected = re.sub(rb"\r\n|\r|\n", b"\r\n", source)
    if not expected.endswith(b"\r\n") and expected:
        expected += b"\r\n"
    assert received(wire) == expected


@given(lines, st.integers(1, 9))
def test_no_slice_can_end_the_message_early(source: bytes, size: int) -> None:
    wire = b"\r\n" + b"".join(wire_slices(source, size))
    assert b"\r\n.\r\n" not in wire
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n", wire)


@given(lines, st.integers(1, 9))
def test_the_announced_size_is_what_the_server_gets(source: bytes, size: int) -> None:
    assert wire_size(source) == len(received(b"".join(wire_slices(source, size))))
