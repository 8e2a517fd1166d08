"""The screen's side of the boundary: every text that reaches a widget goes through here.

Textual reads a `str` as markup and lets control characters through, so widgets get `Content` made
of sanitised text, and Line-API widgets get cells of an exact width.
"""

import re

from rich.cells import cell_len, set_cell_size
from textual.content import Content
from textual.style import Style
from textual.widget import Widget

from mailtui.text import sanitize

# Terminals disagree on how wide these make their neighbours, so columns do without them.
# Of emoji that are joined into one picture only the first stays.
_UNSTEADY = re.compile(
    "(?:\u200d[\u2190-\u2bff\U0001f000-\U0001faff])|[\u200c\u200d\ufe0e\ufe0f]|[\U0001f3fb-\U0001f3ff]"
)


def plain(text: str, style: str | Style = "") -> Content:
    """One line of text from anywhere, as it is to be read."""
    return Content.styled(sanitize.line(text), style)


def lines(text: str, style: str | Style = "") -> Content:
    """The same for text of several lines."""
    return Content.styled(sanitize.block(text), style)


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


def set_title(widget: Widget, title: Content, subtitle: Content | None = None) -> None:
    """What stands in the upper border of a pane, and in the lower one unless that is None."""
    widget.border_title = title
    if subtitle is not None:
        widget.border_subtitle = subtitle
