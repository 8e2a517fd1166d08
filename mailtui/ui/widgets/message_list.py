"""The message list: rows that follow the store, and what keys and the mouse do with them."""

from collections.abc import Awaitable, Callable

from textual import events
from textual.message import Message

from mailtui.model.query import Field, Query, Term
from mailtui.store.reading import Reader
from mailtui.ui.context import Context
from mailtui.ui.saying import Say
from mailtui.ui.shell import shell
from mailtui.ui.widgets.message_list_following import FollowingRows
from mailtui.ui.widgets.message_list_paint import LOOKS
from mailtui.ui.widgets.message_list_selection import Selection
from mailtui.ui.wording import count

LOOK = 500  # rows in either direction that are looked through for an unread message without a thread
UNREAD = Query(Term(Field.IS, "unread"))


class MessageList(FollowingRows):
    """Posts what the user did; what becomes of it is the screen's business."""

    DEFAULT_CSS = LOOKS
    context: Context = Context.LIST

    class Opened(Message):
        """The message under the cursor is wanted in full."""

        def __init__(self, message: int) -> None:
            super().__init__()
            self.message = message

    class SelectionChanged(Message):
        """So many messages are selected now."""

        def __init__(self, count: int) -> None:
            super().__init__()
            self.count = count

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self._range: tuple[int, Selection] | None = None  # where a range begins, what was selected before

    # moving

    def do_down(self) -> None:
        self.step(1)

    def do_up(self) -> None:
        self.step(-1)

    def do_page_down(self) -> None:
        self._page(self.size.height - 1)

    def do_page_up(self) -> None:
        self._page(1 - self.size.height)

    def do_half_page_down(self) -> None:
        self._page(self.size.height // 2)

    def do_half_page_up(self) -> None:
        self._page(-(self.size.height // 2))

    def do_first(self) -> None:
        self._put(0, top=0)

    def do_last(self) -> None:
        if self._listing is not None:
            self._put(self._listing.total - 1, top=self._listing.total)

    def _page(self, by: int) -> None:
        if self._listing is not None:
            self._put(self._listing.cursor + by, top=self.scroll_offset.y + by)

    def do_open(self) -> None:
        cursor = self.cursor
        if cursor is not None:
            self.post_message(self.Opened(cursor))

    def do_next_unread(self) -> Awaitable[None] | None:
        return self._to_unread(1)

    def do_previous_unread(self) -> Awaitable[None] | None:
        return self._to_unread(-1)

    def _to_unread(self, step: int) -> Awaitable[None] | None:
        """Look at the rows nearby; if there is none, in all of the folder, and once around."""
        listing = self._listing
        if listing is None or not listing.total:
            return None
        for away in range(1, min(LOOK, listing.total)):
            index = listing.cursor + step * away
            if not 0 <= index < listing.total:
                break
            summary = listing.summary_at(index)
            if summary is not None and summary.unread:
                self._put(index)
                return None
        return self._to_far_unread(step)

    async def _to_far_unread(self, step: int) -> None:
        listing = self._listing
        if listing is None:
            return
        folder = listing.source.folder
        if folder is None:
            rows = listing.summaries(message for message in listing.ids() if message > 0)
            unread = {row.id for row in rows if row.unread}
        else:
            unread = set(await shell(self).readers.run(lambda reader: reader.matching(folder, UNREAD)))
        ids = listing.ids()
        start = listing.cursor
        around = [(start + step * away) % len(ids) for away in range(1, len(ids))] if unread and ids else []
        found = next((index for index in around if ids[index] in unread), None)
        if found is None:
            shell(self).say("There is no other unread message here.", Say.HINT)
        elif listing is self._listing:
            self._put(found)

    # selecting

    def do_select(self) -> None:
        cursor = self.cursor
        if cursor is None:
            return
        self._range = None
        self._chosen.toggle(cursor)
        self._reselect(everything=False)
        if not self.step(1) and self._listing is not None:
            self._refresh_row(self._listing.cursor)

    def do_select_range(self) -> None:
        """Begin a range at the cursor; it follows the cursor until the same key ends it."""
        cursor = self.cursor
        if self._range is not None or cursor is None:
            self._range = None
            return
        self._range = (cursor, self._chosen.copy())
        self._chosen.add((cursor,))
        self._reselect(everything=True)
        shell(self).say("Move to where the selection ends.", Say.HINT)

    def do_select_all(self) -> None:
        if self._listing is None:
            return
        self._range = None
        self._chosen.everything()
        self._reselect(everything=True)

    def do_select_pattern(self, argument: str = "") -> Awaitable[None]:
        return self._select_matching(argument)

    def do_clear_selection(self) -> None:
        self._range = None
        if self._chosen:
            self._chosen.clear()
            self._reselect(everything=True)

    clear_selection = do_clear_selection

    async def _select_matching(self, text: str) -> None:
        from mailtui.text.search import parse

        listing = self._listing
        if not text:
            text = (
                await shell(self).ask("Select messages that match", hint="from:ana is:unread older words")
                or ""
            )
        if not text.strip() or listing is None or listing is not self._listing:
            return
        query = parse(text, shell(self).today())
        found = await shell(self).readers.run(self._matching(query))
        if listing is not self._listing:
            return
        there = set(found).intersection(listing.ids())
        self._chosen.add(there)
        self._reselect(everything=True)
        shell(self).say(" ".join((f"Selected {count(len(there), 'message')}.", *query.troubles)), Say.HINT)

    def _matching(self, query: Query) -> Callable[[Reader], list[int]]:
        folder = self.source.folder if self.source else None
        if folder is None:
            return lambda reader: reader.search(query, limit=100_000)
        return lambda reader: list(reader.matching(folder, query))

    def _moved(self, before: int) -> None:
        super()._moved(before)
        listing = self._listing
        if self._range is None or listing is None:
            return
        anchor, selected = self._range
        start = listing.index(anchor)
        if start is None:
            self._range = None
            return
        low, high = sorted((start, listing.cursor))
        self._chosen = selected.copy()
        self._chosen.add(message for message in listing.ids(low, high + 1) if message > 0)
        self._reselect(everything=True)

    def _reselect(self, *, everything: bool) -> None:
        """The selection differs: repaint all rows or leave that to the cursor's move."""
        self._selected = None
        if everything:
            self.refresh()
        self._paint_position()
        self.post_message(self.SelectionChanged(self.selected))

    # the mouse

    def on_click(self, event: events.Click) -> None:
        listing = self._listing
        offset = event.get_content_offset(self)
        if listing is None or offset is None:
            return
        index = self.scroll_offset.y + offset.y
        message = listing.id_at(index)
        if message is None or message < 0:
            return
        event.stop()
        if event.ctrl:
            self._put(index)
            self._chosen.toggle(message)
            self._reselect(everything=True)
        elif event.shift and self.cursor is not None:
            self._range = (self.cursor, self._chosen.copy())
            self._put(index)
            self._range = None
        elif not self._put(index) or event.chain > 1:
            self.do_open()
