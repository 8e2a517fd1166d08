"""Words in the lower border of a pane that differ with every move in it."""

from textual.geometry import Region
from textual.widget import Widget

from mailtui.ui.plain import plain, width


def say_below(widget: Widget, words: str) -> None:
    """Put words at the left of the lower border and repaint only those cells of it: Textual's own setter
    repaints the whole pane, and what it paints of a line begins at the left."""
    before, gutter = widget._border_subtitle, widget.styles.gutter
    widget._border_subtitle = plain(words) if words else None
    if not widget.is_mounted or not gutter.bottom or words == (before.plain if before else ""):
        return
    cells = max(width(words), before.cell_length if before else 0) + 4  # the corner and its blanks
    below = widget.outer_size.height - gutter.top - 1
    widget.refresh(Region(-gutter.left, below, min(cells, widget.outer_size.width), 1))
