import pytest

from mailtui.ui.keys import sequence, shown, spelled


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("?", "question_mark"),
        ("G", "G"),
        ("Ctrl-K", "ctrl+k"),
        ("ctrl+k", "ctrl+k"),
        ("C-d", "ctrl+d"),
        ("M-x", "alt+x"),
        ("-", "minus"),
        ("Enter", "enter"),
        ("F5", "f5"),
        ("shift+Tab", "shift+tab"),
    ],
)
def test_keys_are_spelled_as_events_name_them(typed: str, key: str) -> None:
    assert spelled(typed) == key


def test_a_sequence_is_pressed_one_after_the_other() -> None:
    assert sequence("g i") == ("g", "i")


@pytest.mark.parametrize(
    ("keys", "sign"),
    [
        ("ctrl+k", "^K"),
        ("enter", "⏎"),
        ("g i", "g i"),
        ("question_mark", "?"),
        ("f5", "F5"),
        ("alt+x", "M-x"),
    ],
)
def test_keys_are_shown_short(keys: str, sign: str) -> None:
    assert shown(keys) == sign
