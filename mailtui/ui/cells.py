"""Text measured and cut in cells of the terminal. Needs nothing of Textual, so that rows can be
painted before it is loaded."""

import re

from rich.cells import cell_len, set_cell_size

from mailtui.text import sanitize

# Terminals disagree on how wide these make their neighbours, so columns do without them.
# Of emoji that are joined into one picture only the first stays.
_UNSTEADY = re.compile(
    "(?:\u200d[\u2190-\u2bff\U0001f000-\U0001faff])|[\u200c\u200d\ufe0e\ufe0f]|[\U0001f3fb-\U0001f3ff]"
)


def steady(text: str) -> str:
    """One sanitised line without the characters whose width terminals disagree on."""
    text = sanitize.line(text)
    return text if text.isascii() else _UNSTEADY.sub("", text)


def width(text: str) -> int:
    """Cells that `steady(text)` takes."""
    return cell_len(steady(text))


def cell(text: str, cells: int, align: str = "left") -> str:
    """The text in exactly `cells` cells: cut with an ellipsis or padded, wide characters minded."""
    text = steady(text)
    if cells <= 0:
        return ""
    wide = cell_len(text)
    if wide > cells:
        return set_cell_size(set_cell_size(text, cells - 1).rstrip() + "…", cells)
    if align == "right":
        return " " * (cells - wide) + text
    return text + " " * (cells - wide)
