import pytest

from mailtui.ui.actions import ACTIONS, BY_ID
from mailtui.ui.context import Context
from mailtui.ui.keymap import PRESETS, conflicts, keymap, preset


@pytest.mark.parametrize("name", PRESETS)
def test_no_key_has_two_meanings_in_one_place(name: str) -> None:
    assert conflicts(keymap(name)) == []


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_names_only_what_there_is(name: str) -> None:
    assert set(preset(name)) <= set(BY_ID)


@pytest.mark.parametrize("name", PRESETS)
def test_with_every_preset_help_and_palette_and_quit_can_be_reached(name: str) -> None:
    for action in ("help", "palette", "quit", "back", "open", "undo"):
        assert keymap(name).keys[action]


def test_ids_are_unique() -> None:
    assert len(BY_ID) == len(ACTIONS)


def test_the_default_keys_are_those_of_the_design() -> None:
    table = keymap().table(Context.LIST)
    for keys, action in {
        "j": "down",
        "enter": "open",
        "q": "back",
        "Q": "quit",
        "m": "compose",
        "r": "reply",
        "R": "reply-all",
        "f": "forward",
        "a": "archive",
        "d": "trash",
        "u": "undo",
        "s": "move",
        "c": "go",
        "space": "select",
        "slash": "search",
        "question_mark": "help",
        "ctrl+k": "palette",
    }.items():
        assert table[(keys,)] == action


def test_own_keys_come_on_top_and_are_taken_from_what_had_them() -> None:
    own = keymap("default", {"archive": "e", "trash": "D, delete"})
    assert own.table(Context.LIST)["e",] == "archive"
    assert own.table(Context.LIST)["D",] == "trash"
    assert ("d",) not in own.table(Context.LIST)
    assert own.keys["source"] == ()
    assert conflicts(own) == []
    assert own.problems == ()


def test_own_keys_may_be_sequences_and_spelled_as_people_do() -> None:
    table = keymap("default", {"archive": "Ctrl-E", "go-sent": "g x", "search": "?"}).table(Context.LIST)
    assert table["ctrl+e",] == "archive"
    assert table["g", "x"] == "go-sent"
    assert table["question_mark",] == "search"


def test_what_is_not_known_is_said_and_left_out() -> None:
    own = keymap("vim", {"fly": "x"})
    assert own.keys["archive"] == ("a",)
    assert own.problems == (
        "There are no keys called vim; there are default, mutt, aerc, gmail, arrows.",
        "[keys] names fly, which mailtui does not know.",
    )


def test_a_conflict_is_found() -> None:
    broken = keymap()
    clash = type(broken)({**broken.keys, "archive": ("d",), "trash": ("d", "g"), "first": ("g g",)})
    assert "LIST: d is archive and trash" in conflicts(clash)
    assert "LIST: g is trash and begins g g" in conflicts(clash)


def test_while_text_is_typed_only_what_says_so_has_keys() -> None:
    assert keymap().table(Context.LIST, typing=True) == {}
    typed = keymap().table(Context.COMPOSE, typing=True)
    assert "attach" in typed.values()
    assert all(len(keys[0]) > 1 for keys in typed)
