"""A long text to look at, painted line by line: headers, raw source."""

from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from mailtui.text.wrap import wrap
from mailtui.ui.context import Context
from mailtui.ui.plain import cell

_LONG = 5000  # characters of a line that is folded at words
_HANGING = "  "


class Pager(ScrollView, can_focus=True, inherit_bindings=False):
    """Long lines are folded at words; header names stand out."""

    context = Context.PAGER
    COMPONENT_CLASSES: ClassVar[set[str]] = {"pager--name"}
    DEFAULT_CSS = """
    Pager {
        scrollbar-size-vertical: 1;
        overflow-x: hidden;
        & > .pager--name { color: $text-primary; text-style: bold; }
    }
    """

    def __init__(self, *, names: bool = False) -> None:
        super().__init__()
        self._names = names
        self._text: list[str] = []
        self._lines: list[str] = []
        self._width = 0

    def show(self, lines: list[str]) -> None:
        """`lines` are sanitised already."""
        self._text, self._width = lines, 0
        self._fold()

    def _fold(self) -> None:
        width = max(self.scrollable_content_region.width, 20)
        if width != self._width:
            self._width = width
            self._lines = [row for line in self._text for row in self._folded(line, width)]
        self.virtual_size = Size(1, len(self._lines))
        self.refresh()

    def _folded(self, line: str, width: int) -> list[str]:
        """At words, what goes on of a header a little further in; a line beyond all measure just cut."""
        if len(line) > _LONG:
            return [line[at : at + width] for at in range(0, len(line), width)]
        if not self._names:
            return wrap(line, width, cell_len)
        first, *more = wrap(line, width - len(_HANGING), cell_len)
        return [first, *(_HANGING + row.lstrip() for row in more)]

    def on_resize(self) -> None:
        self._fold()

    def render_line(self, y: int) -> Strip:
        index, width = self.scroll_offset.y + y, self.scrollable_content_region.width
        if index >= len(self._lines):
            return Strip.blank(width, self.rich_style)
        line = self._lines[index]
        name, colon, rest = line.partition(":")
        if self._names and colon and name and " " not in name:
            style = self.get_visual_style("pager--name").rich_style
            head = Segment(name + colon, style)
            return Strip([head, Segment(cell(rest, width - len(name) - 1), self.rich_style)], width)
        return Strip([Segment(cell(line, width), self.rich_style)], width)

    def _by(self, lines: int) -> None:
        self.scroll_to(y=self.scroll_offset.y + lines, animate=False, force=True)

    def do_down(self) -> None:
        self._by(1)

    def do_up(self) -> None:
        self._by(-1)

    def do_page_down(self) -> None:
        self._by(max(self.size.height - 2, 1))

    def do_page_up(self) -> None:
        self._by(-max(self.size.height - 2, 1))

    def do_half_page_down(self) -> None:
        self._by(max(self.size.height // 2, 1))

    def do_half_page_up(self) -> None:
        self._by(-max(self.size.height // 2, 1))

    def do_first(self) -> None:
        self.scroll_to(y=0, animate=False, force=True)

    def do_last(self) -> None:
        self.scroll_to(y=len(self._lines), animate=False, force=True)
