"""A time to come is read as people write it; what can't be read, or has passed, is said so."""

from contextlib import suppress
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailtui.model.trouble import Refused
from mailtui.text.moments import moment

NOW = datetime(2026, 11, 25, 10, 30)  # a Wednesday


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("tomorrow 8:00", "2026-11-26 08:00"),
        ("Tomorrow", "2026-11-26 08:00"),
        ("tomorrow at 5pm", "2026-11-26 17:00"),
        ("tomorrow evening", "2026-11-26 19:00"),
        ("8 tomorrow", "2026-11-26 08:00"),
        ("tonight", "2026-11-25 20:00"),
        ("today 18:15", "2026-11-25 18:15"),
        ("in 2h", "2026-11-25 12:30"),
        ("in 2 hours", "2026-11-25 12:30"),
        ("in an hour", "2026-11-25 11:30"),
        ("1h 30min", "2026-11-25 12:00"),
        ("in 45 minutes", "2026-11-25 11:15"),
        ("in 45m", "2026-11-25 11:15"),
        ("in 3 days", "2026-11-28 10:30"),
        ("in a week", "2026-12-02 10:30"),
        ("Monday", "2026-11-30 08:00"),
        ("next mon 9:00", "2026-11-30 09:00"),
        ("fri noon", "2026-11-27 12:00"),
        ("Wednesday", "2026-12-02 08:00"),
        ("2026-12-01 09:30", "2026-12-01 09:30"),
        ("2026-12-01", "2026-12-01 08:00"),
        ("2026-12-01T09:30", "2026-12-01 09:30"),
        ("1.12. 9:30", "2026-12-01 09:30"),
        ("24.1.", "2027-01-24 08:00"),
        ("1 Dec", "2026-12-01 08:00"),
        ("Dec 1st, 9am", "2026-12-01 09:00"),
        ("1 January 2028 0:05", "2028-01-01 00:05"),
        ("17:45", "2026-11-25 17:45"),
        ("9:00", "2026-11-26 09:00"),
        ("12am", "2026-11-26 00:00"),
        ("12 pm", "2026-11-25 12:00"),
        ("midnight", "2026-11-26 00:00"),
        ("18h", "2026-11-26 04:30"),
    ],
)
def test_it_is_read_as_it_is_meant(typed: str, meant: str) -> None:
    assert moment(typed, NOW) == datetime.fromisoformat(meant)


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("", "can be read"),
        ("soon", "can be read"),
        ("tomorrow soon", "can be read"),
        ("yesterday", "can be read"),
        ("today 9:00", "passed"),
        ("2020-01-01", "passed"),
        ("2026-02-30", "no such day"),
        ("31 Feb", "no such day"),
        ("tomorrow 25:00", "no such time"),
        ("13pm", "no such time"),
        ("2099-01-01", "five years"),
        ("in 9999 weeks", "five years"),
    ],
)
def test_what_can_not_be_meant_is_refused_with_examples(typed: str, word: str) -> None:
    with pytest.raises(Refused, match=word) as refusal:
        moment(typed, NOW)
    assert "tomorrow 8:00" in refusal.value.advice


WORDS = st.sampled_from(
    (
        *("in", "at", "tomorrow", "monday", "8:00", "8", "pm", "am", "2h", "30", "min", "dec", "1", "a"),
        *("week", "2026-13-99", "99.99.", "next", "noon", "9999", "½", "٣"),
    )
)


@given(st.one_of(st.text(max_size=30), st.lists(WORDS, max_size=6).map(" ".join)))
def test_whatever_is_typed_is_a_time_to_come_or_refused(typed: str) -> None:
    with suppress(Refused):
        assert moment(typed, NOW) > NOW
