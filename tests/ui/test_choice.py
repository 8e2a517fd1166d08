import time

from hypothesis import given
from hypothesis import strategies as st

from mailtui.ui.choice import Choice, found

FOLDERS = [Choice(name) for name in ("Inbox", "Drafts", "Lists/python-dev", "Lists/textual", "Projects")]


def names(typed: str) -> list[str]:
    return [match.choice.text for match in found(typed, FOLDERS)]


def test_with_nothing_typed_all_are_there_as_they_come() -> None:
    assert names("") == [choice.text for choice in FOLDERS]


def test_letters_in_order_are_found_the_best_first() -> None:
    assert names("lip")[0] == "Lists/python-dev"
    assert names("draft") == ["Drafts"]
    assert names("zzz") == []


def test_the_letters_that_found_it_are_known() -> None:
    (match,) = found("dr", [Choice("Drafts")])
    assert match.letters == (0, 1)


def test_case_does_not_matter() -> None:
    assert names("INBOX") == ["Inbox"]


def test_accents_do_not_matter() -> None:
    (match,) = found("ubung", [Choice("Übung & Tests")])
    assert match.letters == (0, 1, 2, 3, 4)
    assert found("Œuvre", [Choice("œuvre")])
    assert found("日", [Choice("日本語")])


def test_what_can_not_be_chosen_comes_last() -> None:
    choices = [Choice("Undo", reason="There is nothing to undo."), Choice("Undo send")]
    assert [match.choice.text for match in found("undo", choices)] == ["Undo send", "Undo"]


def test_the_typed_words_come_before_scattered_letters_also_when_they_can_not_be_chosen() -> None:
    choices = [Choice("Previous unread message"), Choice("Rename folder", reason="Not the inbox.")]
    assert [match.choice.text for match in found("rename", choices)] == [
        "Rename folder",
        "Previous unread message",
    ]


def test_other_words_for_it_find_it_too() -> None:
    choices = [Choice("Complete trees"), Choice("New folder", also="create make")]
    assert next(iter(found("create", choices))).choice.text == "New folder"
    assert [match.choice.text for match in found("reate", choices)] == []


def test_a_name_made_to_be_slow_is_not() -> None:
    hostile = [Choice("ab" * 40), Choice("a" * 4000 + "b"), Choice("İ" * 80)]
    start = time.process_time()
    found("abababababababab" + "c", hostile)
    found("aaaaaaaaaaaaaaaaab", hostile)
    assert time.process_time() - start < 5  # without the limit it is years


@given(st.text(max_size=8), st.lists(st.text(max_size=30), max_size=5))
def test_every_found_letter_is_in_the_text(typed: str, texts: list[str]) -> None:
    for match in found(typed, [Choice(text) for text in texts]):
        assert all(0 <= letter < len(match.choice.text) for letter in match.letters)
