"""Times of the sample mail are relative to now."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailtui.demo.when import moment, with_dates

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)


def test_minutes_hours_and_days() -> None:
    assert moment("12m", NOW) == NOW - timedelta(minutes=12)
    assert moment("3h", NOW) == NOW - timedelta(hours=3)
    assert moment("2h40m", NOW) == NOW - timedelta(hours=2, minutes=40)
    assert moment("6d 09:12", NOW) == datetime(2026, 11, 18, 9, 12, 17, tzinfo=UTC)


@pytest.mark.parametrize("words", ["", "soon", "6d", "09:12", "12"])
def test_anything_else_is_an_error(words: str) -> None:
    with pytest.raises(ValueError, match="not a time"):
        moment(words, NOW)


@given(st.integers(0, 60), st.integers(0, 23), st.integers(0, 59), st.datetimes(timezones=st.just(UTC)))
def test_no_time_is_in_the_future(days: int, hour: int, minute: int, now: datetime) -> None:
    now = now.replace(year=2026)
    assert moment(f"{days}d {hour:02}:{minute:02}", now) < now


def test_dates_in_texts_are_relative_too() -> None:
    assert with_dates("on {day+3}, not {day-1}", NOW) == "on Friday 27 November, not Monday 23 November"
