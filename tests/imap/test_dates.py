"""INTERNALDATE both ways."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailtui.imap import dates


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        (b"05-Oct-2026 10:00:00 +0200", 1_791_187_200),
        (b" 5-Oct-2026 10:00:00 +0200", 1_791_187_200),
        (b"05-OCT-2026 06:00:00 -0200", 1_791_187_200),
        (b"01-Jan-1970 00:00:00 +0000", 0),
        (b"31-Dec-1969 00:00:00 +0000", 0),
        (b"05-Foo-2026 10:00:00 +0200", 0),
        (b"99-Oct-2026 10:00:00 +0200", 0),
        (b"05-Oct-99999999999 10:00:00", 0),
        (b"", 0),
    ],
)
def test_it_reads(written: bytes, seconds: int) -> None:
    assert dates.parse(written) == seconds


@given(st.integers(0, 4_000_000_000))
def test_what_is_written_is_read_back(seconds: int) -> None:
    assert dates.parse(dates.date_time(seconds).strip(b'"')) == seconds


@given(st.binary(max_size=40))
def test_reading_never_raises(junk: bytes) -> None:
    assert dates.parse(junk) >= 0


def test_a_day_for_search() -> None:
    assert dates.date(1_791_187_200) == b"5-Oct-2026"
