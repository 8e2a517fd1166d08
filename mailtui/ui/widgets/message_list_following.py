"""A list of messages that follows the store: what comes, goes and changes shows without anything
shifting under the cursor (law 10)."""

from array import array
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from time import monotonic

from textual.geometry import Size
from textual.timer import Timer

from mailtui.model.event import Event, FolderChanged
from mailtui.model.folder import Folder
from mailtui.model.message import Flag
from mailtui.model.trouble import Trouble
from mailtui.ui.latest import run_latest
from mailtui.ui.listing import Listing, Update
from mailtui.ui.shell import shell
from mailtui.ui.widgets.message_list_rows import MessageRows
from mailtui.ui.widgets.message_list_source import FolderSource, Source

LARGE = 20_000  # messages from which on reading all ids is worth putting off
PATIENCE = 0.25  # seconds: somebody who walks through large folders should not feel them being read
SETTLING = 0.5  # seconds between two readings of all ids, at least
SHARE = 8  # and this many times as long as the last one took: an index that grows is read rarely


class FollowingRows(MessageRows):
    """Shows a source and keeps up with it; MessageList adds what keys do."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self._places: dict[FolderSource, int] = {}  # where the cursor was when a folder was left
        self._reading: Timer | None = None
        self._next_reading = 0.0
        self._midnight: Timer | None = None

    def on_mount(self) -> None:
        shell(self).happened.subscribe(self, self.heard)
        self._await_midnight()

    # what is shown

    def show(self, source: Source, *, at: int | None = None) -> None:
        """Show these rows, the cursor on the message `at`, else where it was, else on the newest."""
        if at is None:
            at = self._remember(source)
        self._listing = Listing(source, shell(self).readers.here)
        self._chosen.clear()
        self._selected = None
        self._wanted = at
        self.virtual_size = Size(1, self._listing.total)
        self._scroll(0)
        self._go_to_wanted()
        self._count_unread()
        self.refresh()
        self._after(None)
        if self._reading is not None:
            self._reading.stop()
            self._reading = None
        self._next_reading = 0.0
        if not self._listing.complete:
            self._read_ids(PATIENCE if self._listing.total > LARGE else 0)

    def extend(self, source: Source) -> None:
        """Show more of the same (a search that goes on); cursor and selection stay."""
        listing = self._listing
        if listing is None:
            self.show(source)
            return
        listing.source = source
        self._change(lambda rows: rows.load(array("q", source.known or ())))

    # changes: of the user's making, and heard of

    def hide(self, messages: Iterable[int]) -> None:
        """Take rows away before the service has answered."""
        gone = tuple(messages)
        self._chosen.discard(gone)
        self._change(lambda rows: rows.hide(gone))

    def amend(self, messages: Iterable[int], add: Flag = Flag.NONE, remove: Flag = Flag.NONE) -> None:
        """Show other flags before the service has answered."""
        self._change(lambda rows: rows.amend(messages, add, remove))

    def restore(self, messages: Iterable[int]) -> None:
        """An intent was refused: forget what `hide` and `amend` did and read the store again."""
        self._change(lambda rows: rows.restore(messages))

    def heard(self, event: Event) -> None:
        listing = self._listing
        if not isinstance(event, FolderChanged) or listing is None:
            return
        if event.removed:
            self._chosen.discard(event.removed)
        if event.added:
            self._chosen.discard(event.added)
        self._change(lambda rows: rows.hear(event))
        if event.folder == listing.source.folder:
            self._count_unread()
            self._tell()

    def _change(self, make: Callable[[Listing], Update]) -> None:
        """Change rows so that the one under the cursor keeps its place on the screen. At the very top
        of the list what is new is let in above it instead, as long as the cursor stays in sight."""
        listing = self._listing
        if listing is None:
            return
        top, height, before = self.scroll_offset.y, max(1, self.size.height), self.cursor
        row = listing.cursor - top
        listing.top, listing.height = top, height
        update = make(listing)
        self._selected = None
        # Looking for the row under the cursor may have read rows that had just come.
        moved = update.moved or listing.total != self.virtual_size.height
        if listing.complete and self._chosen.doubtful(moved=moved):
            self._chosen.retain(listing.ids())
        if moved:
            listing.cursor = self._off_rules(listing.cursor, 1) if listing.total else 0
            self.virtual_size = Size(1, listing.total)
            if top == 0 and listing.cursor < height:
                wanted = 0
            else:
                wanted = listing.cursor - row if 0 <= row < height else listing.top
            self._scroll(wanted)
            self._go_to_wanted()
        if moved or update.changed is None:
            self.refresh()
        elif update.changed:
            self._refresh_messages(update.changed)
        self._after(before)
        if update.reload:
            self._read_ids(self._next_reading - monotonic())

    def _refresh_messages(self, messages: frozenset[int]) -> None:
        assert self._listing is not None
        top = self.scroll_offset.y
        for y, message in enumerate(self._listing.ids(top, top + self.size.height)):
            if message in messages:
                self._refresh_row(top + y)

    # all ids, in the reading thread

    def _read_ids(self, delay: float) -> None:
        if self._reading is None:
            self._reading = self.set_timer(max(delay, 0.001), self._start_reading)

    def _start_reading(self) -> None:
        self._reading = None
        run_latest(self, "message ids", self._load_ids)

    async def _load_ids(self) -> None:
        listing = self._listing
        if listing is None:
            return
        listing.reading()
        began = monotonic()
        self._next_reading = began + SETTLING
        try:
            ids = await shell(self).readers.run(listing.source.ids)
        except Trouble as trouble:
            shell(self).trouble(trouble.what, trouble.advice)
            return
        self._next_reading = monotonic() + max(SETTLING, SHARE * (monotonic() - began))
        if listing is self._listing and self.is_attached:
            self._change(lambda rows: rows.load(ids))
            self._chosen.retain(listing.ids())

    def _remember(self, source: Source) -> int | None:
        """Where the cursor should be: where it is if the folder stays the same, else where it was."""
        here, cursor = self.source, self.cursor
        if here is not None and cursor is not None and here.folder is not None:
            if self._listing is not None and isinstance(here, FolderSource):
                self._places[here] = cursor if self._listing.cursor else 0
            if here.folder == source.folder:
                return cursor
        return self._places.get(source) if isinstance(source, FolderSource) else None

    def _go_to_wanted(self) -> None:
        listing, wanted = self._listing, self._wanted
        if listing is None or not wanted:
            return
        index = listing.index(wanted)
        if index is not None:
            listing.cursor = index
            self._reveal(index)
        if index is not None or listing.complete:
            self._wanted = None

    # the clock and the counters

    def _await_midnight(self) -> None:
        now = datetime.fromtimestamp(shell(self).clock(), UTC).astimezone()
        next_day = (now + timedelta(days=1)).replace(hour=0, minute=0, second=1)
        self._midnight = self.set_timer((next_day - now).total_seconds(), self._new_day)

    def _new_day(self) -> None:
        self.refresh()
        self._await_midnight()

    def _count_unread(self) -> None:
        source = self.source
        reader = shell(self).readers.here
        folder: Folder | None = None
        if isinstance(source, FolderSource) and reader is not None:
            folder = reader.folder(source.folder)
        self._unread = folder.unread if folder else 0
