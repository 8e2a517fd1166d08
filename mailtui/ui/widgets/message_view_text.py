"""Card and text of a message on the screen: only rows that show are painted, and a long text is laid
out a portion at a time."""

from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.geometry import Size
from textual.message import Message as Posted
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip
from textual.timer import Timer

from mailtui.ui.rows import Now
from mailtui.ui.shell import shell
from mailtui.ui.widgets.border_words import say_below
from mailtui.ui.widgets.message_view_paint import COMPONENTS, GUTTER, Painter
from mailtui.ui.widgets.message_view_tones import CardRow

if TYPE_CHECKING:  # loaded when the first message is opened
    from mailtui.ui.widgets.message_view_card import Opened
    from mailtui.ui.widgets.message_view_document import Document

READABLE = 100  # cells a line of text may have: longer ones are hard on the eye
SLICE = 0.02  # seconds between two portions of a long text
OVERLAP = 2  # rows of a page that stay when it is turned


class MessageText(ScrollView, can_focus=True, inherit_bindings=False):
    """Shows what it is given; MessageView knows where that comes from."""

    ALLOW_MAXIMIZE = False
    COMPONENT_CLASSES: ClassVar[set[str]] = COMPONENTS

    class Scrolled(Posted, namespace="message_view"):
        """How much of the message has been scrolled past, in per cent."""

        def __init__(self, percent: int) -> None:
            super().__init__()
            self.percent = percent

    class LinkChosen(Posted, namespace="message_view"):
        """A link was clicked: percent-encoded ASCII, http, https or mailto."""

        def __init__(self, url: str) -> None:
            super().__init__()
            self.url = url

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self._opened: Opened | None = None
        self._document: Document | None = None
        self._card: list[CardRow] = []
        self._words = ""  # said in the place of a text
        self._painter = Painter(self)
        self._growing: Timer | None = None
        self._width = 0

    @property
    def allow_select(self) -> bool:
        return True

    # laying out

    def lay_out(self, opened: "Opened | None", *, words: str = "", keep: bool = False) -> None:
        """Show a message, with `words` in the place of a text that isn't here. `keep` stays where the
        reader is."""
        top, line = self.scroll_offset.y, self._top_line()
        former = self._opened.body if self._opened else None
        self._opened, self._words = opened, words
        body = opened.body if opened else None
        if body is None or not body.text:
            self._document = None
        elif body is not former or self._document is None:
            from mailtui.ui.widgets.message_view_document import Document

            self._document = Document(body, self._text_width)
            self._painter.of(body.links, html=body.from_html)
        self._measure()
        self._return(top, line) if keep else self._scroll(0)
        self.refresh()

    @property
    def _cells(self) -> int:
        return self.scrollable_content_region.width

    @property
    def _text_width(self) -> int:
        return max(1, min(self._cells - len(GUTTER) - 1, READABLE))  # one blank before the scroll bar

    def _measure(self) -> None:
        self._card = self._made_card()
        self._painter.forget()
        self._resize()
        self._grow()

    def _made_card(self) -> list[CardRow]:
        if self._opened is None:
            return []
        from mailtui.ui.widgets.message_view_card import card

        return card(self._opened, self._cells - 1, self._now())

    def _now(self) -> Now:
        return Now(shell(self).clock())

    def _resize(self) -> None:
        rows = self._document.likely_height if self._document else 1
        size = Size(1, len(self._card) + rows + 1 if self._opened else 0)
        if size != self.virtual_size:
            self.virtual_size = size

    def _grow(self) -> None:
        """Lay out what comes next of a long text, in between other things."""
        if self._growing is None and self._document is not None and not self._document.complete:
            self._growing = self.set_timer(SLICE, self._grown)

    def _grown(self) -> None:
        """Another portion. Only in the end is it said how long the text is: that repaints the view."""
        self._growing = None
        if self._document is None:
            return
        self._document.more()
        if self._document.complete:
            self._resize()
            self._tell()
        self._grow()

    def on_resize(self, _event: events.Resize) -> None:
        if self._cells == self._width:
            return
        top, line = self.scroll_offset.y, self._top_line()
        self._width = self._cells
        if self._document is not None:
            self._document.resize(self._text_width)
        self._measure()
        self._return(top, line)
        self.refresh()

    def _top_line(self) -> int | None:
        """The line of the text that is at the top, None if that is the card."""
        index = self.scroll_offset.y - len(self._card)
        return self._document.line_of(index) if self._document is not None and index > 0 else None

    def _return(self, top: int, line: int | None) -> None:
        self._scroll(top if line is None else self._top_of_line(line))

    def _top_of_line(self, line: int) -> int:
        """Where a line of the text begins in the view."""
        row = self._document.row_of(line) if self._document is not None else 0
        self._resize()
        return len(self._card) + row

    # painting

    def render_line(self, y: int) -> Strip:
        cells, at = self._cells, self.scroll_offset.y + y
        if self._opened is None:
            return self._painter.blank(cells)
        if at < len(self._card):
            return self._painter.card(self._card[at], cells)
        index = at - len(self._card)
        if self._document is None:
            return self._painter.words(self._words, cells) if index == 0 else self._painter.blank(cells)
        if not self._document.reach(index):
            return self._painter.blank(cells)
        row = self._document.row(index)
        if row.fold >= 0:
            return self._painter.fold(self._fold_words(row.fold), cells)
        selection = self.text_selection
        selected = selection.get_span(at) if selection is not None else None
        return self._painter.body(self._document, index, at, cells, selected)

    def _fold_words(self, number: int) -> str:
        assert self._document is not None
        fold = self._document.folds[number]
        key = shell(self).key_of("toggle-quotes")
        return f"… {fold.count:,} more quoted lines" + (f", {key}" if key else "")

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._painter.forget()

    # folding

    def unfold(self, number: int) -> None:
        """Show one folded quote."""
        if self._document is not None:
            top = self.scroll_offset.y
            self._document.unfold(number)
            self._measure()
            self._scroll(top)
            self.refresh()

    def toggle_folds(self) -> bool | None:
        """Unfold all quotes or fold them again: whether they are shown in full; None: there are none."""
        if self._document is None or not self._document.folds:
            return None
        top, line = self.scroll_offset.y, self._top_line()
        full = self._document.toggle_folds()
        self._measure()
        self._return(top, line)
        self.refresh()
        return full

    # selecting with the mouse

    def selection_updated(self, selection: Selection | None) -> None:
        self._painter.forget()
        self.refresh()

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The selected text, wrapped lines whole again, without the gutter."""
        if self._document is None:
            return None
        above, last = len(self._card), self._document.height
        start = (selection.start.y - above, selection.start.x) if selection.start else (0, 0)
        end = (selection.end.y - above, selection.end.x) if selection.end else (last, 0)
        return self._document.extract(start, end), "\n"

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None or self._document is None or self.text_selection is not None:
            return
        index = self.scroll_offset.y + offset.y - len(self._card)
        if event.style.link:
            event.stop()
            self.post_message(self.LinkChosen(event.style.link))
        elif 0 <= index < self._document.height and (fold := self._document.row(index).fold) >= 0:
            event.stop()
            self.unfold(fold)

    # scrolling

    def _scroll(self, top: int) -> None:
        self.scroll_to(y=max(0, top), animate=False, force=True)
        self._tell()

    def _by(self, rows: int) -> None:
        self._scroll(self.scroll_offset.y + rows)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        self._subtitle()
        super().watch_scroll_y(old_value, new_value)

    def _subtitle(self) -> None:
        """Scrolling paints what is inside the border anew, but not the border."""
        say_below(self, f"{self.percent} %" if self.max_scroll_y > 0 else "")

    @property
    def percent(self) -> int:
        """How much of the message has been scrolled past."""
        return round(100 * self.scroll_offset.y / self.max_scroll_y) if self.max_scroll_y else 100

    def _tell(self) -> None:
        self._subtitle()
        self.post_message(self.Scrolled(self.percent))

    @property
    def at_end(self) -> bool:
        whole = self._document is None or self._document.complete
        return whole and self.scroll_offset.y >= self.max_scroll_y

    def do_down(self) -> None:
        self._by(1)

    def do_up(self) -> None:
        self._by(-1)

    def do_page_down(self) -> None:
        self._by(max(self.size.height - OVERLAP, 1))

    def do_page_up(self) -> None:
        self._by(-max(self.size.height - OVERLAP, 1))

    def do_half_page_down(self) -> None:
        self._by(max(self.size.height // 2, 1))

    def do_half_page_up(self) -> None:
        self._by(-max(self.size.height // 2, 1))

    def do_first(self) -> None:
        self._scroll(0)

    def do_last(self) -> None:
        if self._document is not None and not self._document.complete:
            self._document.more(len(self._document))
            self._resize()
        self._scroll(self.virtual_size.height)
