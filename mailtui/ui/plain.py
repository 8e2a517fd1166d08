"""The screen's side of the boundary: every text that reaches a widget goes through here.

Textual reads a `str` as markup and lets control characters through, so widgets get `Content` made
of sanitised text, and Line-API widgets get cells of an exact width.
"""

from textual.content import Content
from textual.style import Style
from textual.widget import Widget

from mailtui.text import sanitize
from mailtui.ui.cells import cell, steady, width

__all__ = ["cell", "lines", "plain", "set_title", "steady", "width"]


def plain(text: str, style: str | Style = "") -> Content:
    """One line of text from anywhere, as it is to be read."""
    return Content.styled(sanitize.line(text), style)


def lines(text: str, style: str | Style = "") -> Content:
    """The same for text of several lines."""
    return Content.styled(sanitize.block(text), style)


def set_title(widget: Widget, title: Content, subtitle: Content | None = None) -> None:
    """What stands in the upper border of a pane, and in the lower one unless that is None."""
    widget.border_title = title
    if subtitle is not None:
        widget.border_subtitle = subtitle
