"""Which theme, and the few colours that Textual's themes don't have."""

from collections.abc import Collection, Mapping
from typing import Final

from textual.color import Color

DEFAULT: Final = "textual-dark"
PLAIN: Final = "ansi-dark"  # the terminal's own 16 colours


def chosen(wanted: str | None, available: Collection[str], environment: Mapping[str, str]) -> str:
    """The theme to begin with. The terminal's own colours where colour is unwanted or there are 16."""
    if environment.get("NO_COLOR") or few_colours(environment):
        return "ansi-light" if wanted == "ansi-light" else PLAIN
    return wanted if wanted and wanted in available else DEFAULT


def few_colours(environment: Mapping[str, str]) -> bool:
    """Whether the terminal says that it has no more than 16 colours."""
    if environment.get("COLORTERM", "").lower() in ("truecolor", "24bit"):
        return False
    term = environment.get("TERM", "")
    return term in ("linux", "xterm", "screen", "tmux", "vt100", "vt220", "ansi", "") or term.endswith(
        "-16color"
    )


def borders(variables: Mapping[str, str], ansi: bool) -> dict[str, str]:
    """`$border-focus`: the one bright frame; `$border-rest`: all others, just visible."""
    if ansi:
        return {"border-focus": variables["primary"], "border-rest": "ansi_bright_black"}
    background, foreground = Color.parse(variables["background"]), Color.parse(variables["foreground"])
    return {
        "border-focus": variables["border"],
        "border-rest": background.blend(foreground, 0.22).hex6,
    }
