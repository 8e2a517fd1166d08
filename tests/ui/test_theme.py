import pytest
from textual.theme import BUILTIN_THEMES

from mailtui.ui.theme import borders, chosen, few_colours

RICH = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}


def test_the_theme_of_the_settings_is_used() -> None:
    assert chosen("nord", BUILTIN_THEMES, RICH) == "nord"


def test_one_that_is_not_known_gives_the_default() -> None:
    assert chosen("no-such", BUILTIN_THEMES, RICH) == "textual-dark"
    assert chosen(None, BUILTIN_THEMES, RICH) == "textual-dark"


@pytest.mark.parametrize(
    "environment", [{**RICH, "NO_COLOR": "1"}, {"TERM": "linux"}, {"TERM": "xterm-16color"}]
)
def test_without_colours_the_terminal_s_own_are_used(environment: dict[str, str]) -> None:
    assert chosen("nord", BUILTIN_THEMES, environment) == "ansi-dark"
    assert chosen("ansi-light", BUILTIN_THEMES, environment) == "ansi-light"


def test_256_colours_are_enough() -> None:
    assert not few_colours({"TERM": "screen-256color"})


@pytest.mark.parametrize("name", sorted(BUILTIN_THEMES))
def test_every_theme_has_a_bright_and_a_quiet_border(name: str) -> None:
    theme = BUILTIN_THEMES[name]
    found = borders(theme.to_color_system().generate(), theme.ansi)
    assert found["border-focus"] != found["border-rest"]
