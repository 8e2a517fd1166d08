"""What may come next in a search, and where it goes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailtui.model.address import Address
from mailtui.ui.screens.search_words import FIELDS, candidates, completed, hints, typed

FOLDERS = ("Inbox", "Archive", "Lists/python-dev", "Größere Projekte")
ANA = Address("Ana Müller", "ana@example.com")


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("", "", ""),
        ("fr", "", "fr"),
        ("from:an", "from", "an"),
        ("budget -FROM:an", "from", "an"),
        ('in:"Größere Pro', "in", "Größere Pro"),
        ("(is:un", "is", "un"),
        ("done ", "", ""),
    ],
)
def test_the_word_before_the_cursor_is_what_is_typed(text: str, field: str, value: str) -> None:
    word = typed(text, len(text))
    assert (word.field, word.value) == (field, value)


def offered(text: str) -> list[str]:
    return candidates(typed(text, len(text)), FOLDERS, [ANA])


def test_fields_and_their_values_are_offered() -> None:
    assert offered("su") == ["subject:"]
    assert offered("is:") == ["unread", "read", "flagged", "answered", "forwarded"]
    assert offered("is:un") == ["unread"]
    assert offered("is:unread") == []
    assert offered("from:a") == ["ana@example.com"]
    assert offered("in:a")[:2] == ["all", "Archive"]
    assert offered("") == []
    assert offered("subject:x") == []


def test_a_choice_takes_the_place_of_what_was_typed_and_blanks_are_quoted() -> None:
    assert taken("fr", "from:") == "from:"
    assert taken("budget is:un", "unread") == "budget is:unread "
    assert taken("in:gr", "Größere Projekte") == 'in:"Größere Projekte" '
    assert taken('in:"Größere Pr', "Größere Projekte") == 'in:"Größere Projekte" '


def taken(text: str, choice: str) -> str:
    line, cursor = completed(text, len(text), typed(text, len(text)), choice)
    assert cursor == len(line)
    return line


def test_what_stands_behind_the_cursor_stays() -> None:
    text = "is:un budget"
    assert completed(text, 5, typed(text, 5), "unread") == ("is:unread budget", 9)


@given(st.text(max_size=40), st.integers(0, 40))
def test_any_text_can_be_typed(text: str, cursor: int) -> None:
    cursor = min(cursor, len(text))
    word = typed(text, cursor)
    for choice in candidates(word, FOLDERS, [ANA])[:3]:
        line, at = completed(text, cursor, word, choice)
        assert 0 <= at <= len(line)
        assert line.endswith(text[cursor:])


def test_as_many_fields_are_named_as_there_is_room_for() -> None:
    assert hints(lambda text: len(text) <= 12) == "from:  to:"
    assert all(name in hints(lambda _text: True) for name in FIELDS)
