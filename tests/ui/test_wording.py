from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailtui.ui.wording import bounded, count, moment, size, when

NOW = datetime(2026, 11, 24, 10, 2, tzinfo=UTC).timestamp()


def ago(**parts: int) -> float:
    return datetime(**{"year": 2026, "month": 11, "day": 24, "hour": 9, **parts, "tzinfo": UTC}).timestamp()  # type: ignore[arg-type] # plain numbers


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 messages"), (1, "1 message"), (12345, "12,345 messages")]
)
def test_things_are_counted(number: int, words: str) -> None:
    assert count(number, "message") == words


@pytest.mark.parametrize(
    ("octets", "words"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (4242, "4.2 kB"),
        (31_000_000, "31 MB"),
        (999_900, "1.0 MB"),
    ],
)
def test_sizes_have_two_digits(octets: int, words: str) -> None:
    assert size(octets) == words


def test_a_row_says_the_time_today_the_day_this_week_else_the_date() -> None:
    assert when(ago(), NOW, UTC) == "09:00"
    assert when(ago(day=23), NOW, UTC) == "Mon"
    assert when(ago(day=18), NOW, UTC) == "Wed"
    assert when(ago(day=17), NOW, UTC) == "17 Nov"
    assert when(ago(year=2019, month=3), NOW, UTC) == "Mar 2019"
    assert when(ago(year=2027), NOW, UTC) == "Nov 2027"


def test_a_message_says_day_date_and_time() -> None:
    assert moment(ago(), NOW, UTC) == "Tue 24 Nov, 09:00"
    assert moment(ago(year=2019), NOW, UTC) == "Sun 24 Nov 2019, 09:00"


@given(st.integers(-(2**63), 2**63))
def test_no_date_is_too_wild_to_be_shown(seconds: int) -> None:
    assert 0 < len(when(seconds, NOW, UTC)) <= 8
    assert moment(seconds, NOW, UTC)


@pytest.mark.parametrize(("number", "words"), [(7, "7"), (999, "999"), (12_345, "12k"), (3_000_000, "3M")])
def test_counters_stay_narrow(number: int, words: str) -> None:
    assert bounded(number) == words
