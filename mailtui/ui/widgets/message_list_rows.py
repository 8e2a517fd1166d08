"""Rows of messages with a cursor: paints only those that show, and a cursor move only two of them."""

from collections.abc import Iterable
from typing import ClassVar

from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from mailtui.model.folder import Folder, Role
from mailtui.model.message import Summary
from mailtui.ui.listing import Listing
from mailtui.ui.rows import Marks, Now
from mailtui.ui.shell import shell
from mailtui.ui.widgets.border_words import say_below
from mailtui.ui.widgets.message_list_paint import COMPONENTS, Painter
from mailtui.ui.widgets.message_list_selection import Selection
from mailtui.ui.widgets.message_list_source import Source

MANY = 2000  # rows around the cursor where selected messages are looked for first
TO_US = frozenset({Role.SENT, Role.DRAFTS})  # folders whose rows say whom a message is to


class MessageRows(ScrollView, can_focus=True, inherit_bindings=False):
    """What is painted and where the cursor is; its children say what the rows are and what keys do."""

    ALLOW_SELECT = False
    ALLOW_MAXIMIZE = False
    COMPONENT_CLASSES: ClassVar[set[str]] = COMPONENTS

    class CursorMoved(Message, namespace="message_list"):
        """Another message is under the cursor, or none."""

        def __init__(self, message: int | None) -> None:
            super().__init__()
            self.message = message

    class Counted(Message, namespace="message_list"):
        """Where the cursor is (from 1; 0: nowhere) among how many, and how many of a folder are unread."""

        def __init__(self, position: int, total: int, unread: int) -> None:
            super().__init__()
            self.position = position
            self.total = total
            self.unread = unread

    class Emptied(Message, namespace="message_list"):
        """The last row went."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self._listing: Listing | None = None
        self._chosen = Selection()
        self._selected: tuple[int, ...] | None = None  # in list order; None: to be made
        self._painter = Painter(self)
        self._wanted: int | None = None  # a message to go to once the ids are there
        self._counted = (-1, -1, -1)
        self._unread = 0

    # what is shown

    @property
    def source(self) -> Source | None:
        return self._listing.source if self._listing else None

    @property
    def cursor(self) -> int | None:
        """The message under the cursor, None on an empty list or where it is not known yet."""
        if self._listing is None:
            return None
        message = self._listing.id_at(self._listing.cursor)
        return message if message is not None and message > 0 else None

    @property
    def summary(self) -> Summary | None:
        """The row under the cursor as it is shown."""
        return self._listing.summary_at(self._listing.cursor) if self._listing else None

    def summaries(self, messages: Iterable[int]) -> list[Summary]:
        """These as they are shown; only the first 1000 are looked at."""
        return self._listing.summaries(list(messages)[:1000]) if self._listing else []

    @property
    def selection(self) -> tuple[int, ...]:
        """The selected messages in list order."""
        if self._selected is None:
            self._selected = self._in_order()
        return self._selected

    @property
    def selected(self) -> int:
        """How many messages are selected: cheaper than to list them."""
        listing = self._listing
        return self._chosen.count(listing.total - listing.rules(listing.total)) if listing else 0

    def targets(self) -> tuple[int, ...]:
        """What an action applies to: the selection, else the message under the cursor."""
        cursor = self.cursor
        return self.selection or (() if cursor is None else (cursor,))

    def _in_order(self) -> tuple[int, ...]:
        listing = self._listing
        if listing is None or not self._chosen:
            return ()
        if self._chosen.count(listing.total) < MANY:
            near = self._chosen.ordered(listing.ids(max(0, listing.cursor - MANY), listing.cursor + MANY))
            if len(near) == self._chosen.count(listing.total):
                return near
        return self._chosen.ordered(listing.ids())

    # moving

    def go(self, message: int) -> bool:
        """Put the cursor on a message; False if it is not (known to be) in the list."""
        index = self._listing.index(message) if self._listing else None
        if index is None:
            return False
        self._put(index)
        return True

    def step(self, by: int) -> bool:
        """The cursor up or down by so many rows; False where the list ends."""
        return self._listing is not None and self._put(self._listing.cursor + by)

    def _put(self, index: int, *, top: int | None = None) -> bool:
        """The cursor to a row, or near if it may not be there. Whether it moved. `top` is the row to
        be shown first, else the list scrolls by half a page when the cursor leaves it."""
        listing = self._listing
        if listing is None or not listing.total:
            return False
        before = listing.cursor
        listing.cursor = self._off_rules(max(0, min(index, listing.total - 1)), 1 if index >= before else -1)
        if top is not None:
            self._scroll(top)
        self._reveal(listing.cursor)
        if listing.cursor == before:
            return False
        self._moved(before)
        self._refresh_row(before)
        self._refresh_row(listing.cursor)
        self._after(None, moved=True)
        return True

    def _moved(self, before: int) -> None:
        """The cursor left a row by the user's will (not because rows came or went)."""
        self._wanted = None

    def _off_rules(self, index: int, step: int) -> int:
        """The nearest row that is a message, in the direction of `step`, else in the other; where there
        are only rules, the row itself."""
        listing = self._listing
        assert listing is not None
        for direction in (step, -step):
            at = index
            while (message := listing.id_at(at)) is not None and message < 0:
                at += direction
            if 0 <= at < listing.total:
                return at
        return index

    def _reveal(self, index: int) -> None:
        first, height = self.scroll_offset.y, max(1, self.size.height)
        if not first <= index < first + height:
            self._scroll(index - height // 2)

    def _scroll(self, top: int) -> None:
        self.scroll_to(y=max(0, top), animate=False, force=True)

    def _refresh_row(self, index: int) -> None:
        """Repaint one row, but not the scroll bar beside it, as `refresh_line` would."""
        y = index - self.scroll_offset.y
        if 0 <= y < self.size.height:
            self.refresh(Region(0, y, self._cells, 1))

    @property
    def _cells(self) -> int:
        """The width of a row."""
        return self.scrollable_content_region.width

    # painting

    def render_line(self, y: int) -> Strip:
        listing, cells = self._listing, self._cells
        index = self.scroll_offset.y + y
        if listing is None or index >= listing.total:
            return self._beyond(y, cells)
        message = listing.id_at(index)
        if message is not None and message < 0:
            return self._painter.rule(listing.source.words(message), cells)
        layout = self._painter.layout(cells, places=listing.source.folder is None)
        summary = listing.summary_at(index)
        cursor = index == listing.cursor
        if summary is None:
            return self._painter.waiting(layout, cursor=cursor)
        folder = shell(self).folders.get(summary.folder)
        marks = Marks(
            cursor=cursor,
            selected=summary.id in self._chosen,
            recipients=folder is not None and folder.role in TO_US,
            place=self._place(folder) if listing.source.folder is None else "",
        )
        return self._painter.message(summary, layout, Now(shell(self).clock()), marks)

    def _place(self, folder: Folder | None) -> str:
        """Where a row is from, among rows from everywhere: a folder of the first account by its name."""
        if folder is None:
            return ""
        first = next(iter(shell(self).accounts), folder.account)
        return folder.name if folder.account == first else f"{folder.account}/{folder.name}"

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lower border, painted at every move, in as few pieces as it has styles."""
        strips = super().render_lines(crop)
        if strips and crop.bottom == self.outer_size.height and self.styles.gutter.bottom:
            strips[-1] = strips[-1].simplify()
        return strips

    def empty_words(self) -> tuple[str, ...]:
        """What to say where there are no rows."""
        source, listing = self.source, self._listing
        if source is None or listing is None:
            return ()
        if not listing.complete and source.total_unknown:
            return ("Looking …",)
        folder = shell(self).folders.get(source.folder)
        if folder is not None and not folder.complete and folder.server_total:
            return ("The first mail is being fetched.",)
        return source.nothing

    def _beyond(self, y: int, cells: int) -> Strip:
        if self._listing is None or self._listing.total == 0:
            words = self.empty_words()
            first = max(0, self.size.height // 3 - len(words) // 2)
            if first <= y < first + len(words):
                return self._painter.words(words[y - first], cells)
        return self._painter.blank(cells)

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._painter.forget()

    def on_resize(self, _event: events.Resize) -> None:
        if self._listing is not None:
            self._reveal(self._listing.cursor)

    # what others are told

    def _after(self, before: int | None, *, moved: bool = False) -> None:
        """Tell what differs after rows or the cursor did; `before` was under the cursor."""
        cursor = self.cursor
        if moved or cursor != before:
            self.post_message(self.CursorMoved(cursor))
        self._tell()

    def _tell(self) -> None:
        listing = self._listing
        if listing is None:
            return
        total = listing.total - listing.rules(listing.total)
        position = listing.cursor + 1 - listing.rules(listing.cursor) if total else 0
        counted = (position, total, self._unread)
        if counted == self._counted:
            return
        if not total and self._counted[1] > 0:
            self.post_message(self.Emptied())
        self._counted = counted
        self.post_message(self.Counted(*counted))
        self._paint_position()

    def position_words(self) -> str:
        """What stands in the lower border."""
        position, total, _unread = self._counted
        chosen = self.selected
        words = f"{position:,}/{total:,}" if total > 0 else ""
        return f"{chosen:,} selected · {words}" if chosen else words

    def _paint_position(self) -> None:
        """In the lower border, where there is one."""
        if self.is_mounted and self.styles.gutter.bottom:
            say_below(self, self.position_words())
