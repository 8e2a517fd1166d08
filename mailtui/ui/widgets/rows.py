"""A scrolling column of rows with one cursor, painted line by line: no widget per row."""

from itertools import chain
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from mailtui.ui import glyphs
from mailtui.ui.plain import cell, width

Piece = tuple[str, str]  # text of an exact width, and the component class that colours it ("" for none)


class Rows(ScrollView, can_focus=True, inherit_bindings=False):
    """Base of the folder tree and of the lists in dialogues. A subclass says how many rows there are
    and what is in one; rows it calls `silent` are headings that the cursor steps over."""

    ALLOW_MAXIMIZE = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "rows--cursor",
        "rows--blurred",
        "rows--mark",
        "rows--dim",
        "rows--strong",
        "rows--accent",
        "rows--found",
        "rows--heading",
        "rows--trouble",
    }
    DEFAULT_CSS = """
    Rows {
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        & > .rows--cursor { background: $primary 38%; }
        & > .rows--blurred { background: $primary 15%; }
        & > .rows--mark { color: $text-accent; text-style: bold; }
        & > .rows--dim { color: $foreground-muted; }
        & > .rows--strong { text-style: bold; }
        & > .rows--accent { color: $text-accent; text-style: bold; }
        & > .rows--found { color: $text-accent; text-style: bold; }
        & > .rows--heading { color: $text-primary; text-style: bold; }
        & > .rows--trouble { color: $text-error; }
        &:ansi > .rows--cursor {
            background: $block-cursor-background;
            color: $block-cursor-foreground;
        }
        &:ansi > .rows--blurred { background: ansi_default; text-style: underline; }
        &:ansi > .rows--dim { color: ansi_default; text-style: dim; }
    }
    """

    class Marked(Message):
        """The cursor went to another row."""

        def __init__(self, rows: "Rows", index: int) -> None:
            super().__init__()
            self.rows = rows
            self.index = index

        @property
        def control(self) -> "Rows":
            return self.rows

    class Chosen(Marked):
        """A row was clicked twice, or clicked while the cursor was on it, or entered."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self._cursor = 0

    # what a subclass says

    def count(self) -> int:
        raise NotImplementedError

    def pieces(self, index: int, cells: int) -> list[Piece]:
        """The row in exactly `cells` cells, without the marker at its left."""
        raise NotImplementedError

    def label(self, index: int) -> str:
        """What stands dim before the marker."""
        return ""

    def silent(self, index: int) -> bool:
        return False

    # the cursor

    @property
    def cursor(self) -> int:
        return self._cursor

    def place(self, index: int) -> None:
        """Put the cursor on a row (the nearest one it may be on) and make that visible."""
        index = max(0, min(index, self.count() - 1))
        down, up = range(index, self.count()), range(index, -1, -1)
        ways = chain(down, up) if index >= self._cursor else chain(up, down)
        found = next((one for one in ways if one < self.count() and not self.silent(one)), None)
        if found is None:
            return
        index = found
        before, self._cursor = self._cursor, index
        if before != index:
            self.refresh_line(before)
            self.refresh_line(index)
            self.post_message(self.Marked(self, index))
        self._reveal(index)

    def _reveal(self, index: int) -> None:
        top, height = self.scroll_offset.y, self.size.height
        first = index - 1 if index and self.silent(index - 1) else index  # a heading belongs to its first row
        if first < top:
            self.scroll_to(y=first, animate=False, force=True)
        elif height and index >= top + height:
            self.scroll_to(y=index - height + 1, animate=False, force=True)

    def changed(self) -> None:
        """The rows are others than before: measure and paint anew."""
        self.virtual_size = Size(1, self.count())
        self.refresh()

    def on_resize(self) -> None:
        self.changed()
        self._reveal(self._cursor)

    # painting

    def render_line(self, y: int) -> Strip:
        index = self.scroll_offset.y + y
        cells = self.scrollable_content_region.width
        if index >= self.count():
            return Strip.blank(cells, self._style("", ""))
        marked = index == self._cursor and not self.silent(index)
        row = ("rows--cursor" if self._lit() else "rows--blurred") if marked else ""
        marker = glyphs.CURSOR if marked else " "
        label = self.label(index)
        segments = [Segment(label, self._style("", "rows--dim"))] if label else []
        segments.append(Segment(marker, self._style(row, "rows--mark")))
        room = cells - len(label) - 1
        segments += [Segment(text, self._style(row, name)) for text, name in self.pieces(index, room)]
        return Strip(segments).adjust_cell_length(cells, self._style(row, ""))

    def _lit(self) -> bool:
        return self.has_focus

    def _style(self, row: str, name: str) -> Style:
        """Of a piece in a row, both by component class. The terminal's own colours can't be mixed, so
        there the cursor has but its own."""
        if row == "rows--cursor" and self.app.native_ansi_color:
            name = ""
        return self.get_visual_style(*(one for one in (row, name) if one)).rich_style

    # the mouse

    def on_click(self, event: events.Click) -> None:
        index = self.scroll_offset.y + event.get_content_offset_capture(self).y
        if not 0 <= index < self.count() or self.silent(index):
            return
        again = index == self._cursor
        self.place(index)
        if again or event.chain > 1:
            self.post_message(self.Chosen(self, index))

    # actions

    def do_down(self) -> None:
        self.place(self._cursor + 1)

    def do_up(self) -> None:
        self.place(self._cursor - 1)

    def do_page_down(self) -> None:
        self.place(self._cursor + max(self.size.height - 1, 1))

    def do_page_up(self) -> None:
        self.place(self._cursor - max(self.size.height - 1, 1))

    def do_half_page_down(self) -> None:
        self.place(self._cursor + max(self.size.height // 2, 1))

    def do_half_page_up(self) -> None:
        self.place(self._cursor - max(self.size.height // 2, 1))

    def do_first(self) -> None:
        self._cursor = min(self._cursor, self.count() - 1)
        self.place(0)

    def do_last(self) -> None:
        self.place(self.count() - 1)


def columns(left: list[Piece], right: list[Piece], cells: int) -> list[Piece]:
    """Pieces at the left and pieces at the right of a row; the left ones give way."""
    room = cells - sum(width(text) for text, _ in right)
    row: list[Piece] = []
    for text, name in left:
        taken = min(width(text), room)
        if taken > 0:
            row.append((cell(text, taken), name))
            room -= taken
    if room > 0:
        row.append((" " * room, ""))
    return row + right
