from hypothesis import given
from hypothesis import strategies as st

from mailtui.ui.chords import Chords, Pending, Run, Unknown

TABLE = {("a",): "archive", ("g", "i"): "inbox", ("g", "g"): "first", ("z", "c", "o"): "deep"}


def test_a_key_runs_its_action() -> None:
    assert Chords().press("a", TABLE) == Run("archive")


def test_a_prefix_waits_and_says_what_may_follow() -> None:
    assert Chords().press("g", TABLE) == Pending(("g",), {"i": "inbox", "g": "first"})


def test_a_sequence_runs_its_action() -> None:
    chords = Chords()
    chords.press("g", TABLE)
    assert chords.press("i", TABLE) == Run("inbox")
    assert chords.press("a", TABLE) == Run("archive")


def test_more_keys_may_follow_a_prefix() -> None:
    chords = Chords()
    assert chords.press("z", TABLE) == Pending(("z",), {"c": ""})
    assert chords.press("c", TABLE) == Pending(("z", "c"), {"o": "deep"})
    assert chords.press("o", TABLE) == Run("deep")


def test_a_wrong_key_after_a_prefix_does_nothing_and_forgets_it() -> None:
    chords = Chords()
    chords.press("g", TABLE)
    assert chords.press("a", TABLE) == Unknown(("g",))
    assert chords.press("a", TABLE) == Run("archive")


def test_escape_ends_a_prefix() -> None:
    chords = Chords()
    chords.press("g", TABLE)
    assert chords.press("escape", {**TABLE, ("escape",): "back"}) == Unknown(("g",))
    assert chords.press("escape", {**TABLE, ("escape",): "back"}) == Run("back")


def test_a_prefix_that_the_new_pane_does_not_know_is_forgotten() -> None:
    chords = Chords()
    chords.press("g", TABLE)
    assert chords.press("x", {("x",): "select"}) == Unknown(("g",))


@given(st.lists(st.sampled_from(["a", "g", "i", "z", "c", "o", "escape", "q"])))
def test_any_keys_leave_it_ready_for_the_next(keys: list[str]) -> None:
    chords = Chords()
    for key in keys:
        chords.press(key, TABLE)
    chords.press("escape", TABLE)
    assert chords.press("a", TABLE) == Run("archive")
