"""No mail, whatever is in it, gets to speak to the terminal (rule G)."""

import pytest

from tests.end_to_end.hostile import PAYLOADS, messages, told
from tests.end_to_end.world import World

_VIEWS = {"h": "─ Headers of", "e": "─ Source of", "v": "─ Parts", "\x0c": "─ Links"}


def test_the_grep_itself_finds_every_kind() -> None:
    for payload in PAYLOADS[:12]:
        if not payload.startswith("\x1b[2J"):  # painting is what the program does itself
            assert told(b"\x1b[1;2Htext" + payload.encode()), payload
    assert told("text, 会議, 👩‍🚀, e\u0301".encode()) == []
    assert told(b"\x1b]8;id=1;https://x.example/%1B\x1b\\x\x1b]8;;\x1b\\\x1b[38;2;1;2;3m\x1b[?25l") == []


@pytest.mark.slow
def test_hostile_mail_is_read_answered_and_searched_without_a_word_to_the_terminal(world: World) -> None:
    world.seed(messages())
    terminal = world.open(columns=160, lines=50)
    terminal.wait_for("Hostile 12")
    terminal.wait_for("online")
    start = terminal.raw.find(b"Hostile")  # before it, the program asks what the terminal can do
    for number in reversed(range(len(PAYLOADS))):
        terminal.press("enter")
        terminal.wait_for(rf"Text {number}:")
        for key, title in _VIEWS.items():
            terminal.press(key)
            terminal.wait_for(f"{title}|This message has no links")
            if terminal.shows(title):
                terminal.press("q")
                terminal.wait_until_gone(title)
        terminal.press("2", "j")
    terminal.press("g", "g", "r")
    terminal.wait_for("> Text")
    terminal.press("esc")
    terminal.wait_for("X discard")
    terminal.press("X")  # nothing was written, so nothing is asked
    terminal.wait_until_gone("X discard")
    terminal.press("/")
    terminal.type("hostile")
    terminal.wait_for(f"{len(PAYLOADS)} here")
    terminal.settle(0.5)
    assert told(terminal.raw[start:]) == []
