"""The rows of one list and where the cursor is among them: a window on the store that is cheap at a
million messages, and that events change without moving anything under the cursor (law 10)."""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mailtui.model.event import FolderChanged
from mailtui.model.message import Flag, Summary
from mailtui.store.reading import Reader
from mailtui.ui.widgets.message_list_cache import Cache
from mailtui.ui.widgets.message_list_source import Source

PAGE = 64  # rows read at once
WAIT = 256  # rows read by windows in one go before the ids are there
NEAR = 256  # rows on either side of the cursor where a message is looked for first
PROBES = 16  # messages put in their place one by one; for more of them the ids are read anew
MANY = 1024  # messages beyond which that is done without looking at them

Key = tuple[int, int]  # (received, id): lists are in falling order of it


@dataclass(frozen=True, slots=True)
class Update:
    """What a change did: whether rows came or went, whose looks differ (None: everybody's), whether
    the ids must be read anew."""

    moved: bool = False
    changed: frozenset[int] | None = frozenset()
    reload: bool = False

    def __or__(self, other: "Update") -> "Update":
        both = None if self.changed is None or other.changed is None else self.changed | other.changed
        return Update(self.moved or other.moved, both, self.reload or other.reload)


class Listing:
    """Rows 0 … `total` - 1, newest first. `cursor` and `top` are row numbers that stay with their
    messages when others come and go; when the message itself goes, they are on the next older one.

    Until `complete`, only the beginning of the list is known; the rest comes with `load`.
    """

    def __init__(self, source: Source, reader: Reader | None) -> None:
        self.source = source
        self.cursor = 0
        self.top = 0
        self.height = PAGE  # rows that show from `top` on
        self.complete = False
        self._reader = reader
        self._cache = Cache(reader)
        self._ids: array[int] = array("q")
        self._total = 0
        self._hidden: dict[int, int] = {}  # id → the folder it was hidden from
        self._awaited: set[int] = set()  # came while a sticky list was shown: taken if they match
        self._missed: list[FolderChanged] = []  # happened while the ids were being read
        self._reading = False
        self._open()

    def _open(self) -> None:
        if self.source.known is not None:
            self._ids, self.complete = self._of_known(), True
        elif self._reader is not None:
            self._total = self.source.total(self._reader)
            self._extend(0)

    # what is where

    @property
    def total(self) -> int:
        return len(self._ids) if self.complete else max(self._total - len(self._hidden), len(self._ids))

    def id_at(self, index: int) -> int | None:
        """The message of a row (negative: a rule); None beyond the list or not known yet."""
        if index >= len(self._ids) and not self.complete:
            self._extend(index)
        return self._ids[index] if 0 <= index < len(self._ids) else None

    def summary_at(self, index: int) -> Summary | None:
        """What to show in a row; None for a rule and for what is not known (yet)."""
        message = self.id_at(index)
        if message is None or message < 0:
            return None
        if message not in self._cache:
            start = index - index % PAGE
            self._cache.read(self._ids[start : start + PAGE])
        return self._cache.shown(message)

    def summaries(self, messages: Iterable[int]) -> list[Summary]:
        """Those messages as they are shown, in the order given; vanished ones are left out."""
        wanted = list(messages)
        self._cache.read(wanted)
        seen = (self._cache.shown(message) for message in wanted)
        return [summary for summary in seen if summary is not None]

    def index(self, message: int) -> int | None:
        """The row of a message, None if it is not in the known part of the list."""
        near = max(0, self.cursor - NEAR), min(len(self._ids), self.cursor + NEAR)
        for low, high in (near, (0, len(self._ids))):
            try:
                return self._ids.index(message, low, high)
            except ValueError:
                continue
        return None

    def ids(self, start: int = 0, stop: int | None = None) -> "array[int]":
        """The ids of rows `start` to `stop` as far as they are known, rules among them."""
        return self._ids[start:stop]

    def rules(self, stop: int) -> int:
        """How many of the first `stop` rows are rules."""
        if self.source.known is None:
            return 0
        return sum(1 for message in self._ids[:stop] if message < 0)

    # all ids, read in a thread

    def reading(self) -> None:
        """The ids are being read: what happens from now on may or may not be among them."""
        self._reading = True
        self._missed.clear()

    def load(self, ids: "array[int]") -> Update:
        """Take the ids, newest first, as the store has them."""
        self._reading = False
        missed, self._missed = self._missed, []
        if self._awaited and self.complete:
            wanted, self._awaited = self._awaited, set()
            update = self._insert(self.summaries(message for message in ids if message in wanted))
        else:
            if self._hidden:
                there = {message for message in ids if message in self._hidden}
                self._hidden = {message: self._hidden[message] for message in there}
                ids = array("q", (message for message in ids if message not in there))
            update = self._replace(ids)
        for event in missed:
            update |= self.hear(event)
        return update

    # changes

    def hear(self, event: FolderChanged) -> Update:
        """Take in what became of a folder."""
        if self.source.folder is None:
            return self._hear_anywhere(event)
        if event.folder != self.source.folder:
            return Update()
        if self._reading:
            self._missed.append(event)
        if event.many:
            return self._anew()
        self._cache.drop((*event.changed, *event.removed, *event.added))
        update = Update(changed=frozenset(event.changed)) | self._remove(event.removed)
        for message in (*event.removed, *event.added):
            self._hidden.pop(message, None)
        if event.added:
            update |= self._welcome(event.added)
        return update if self.complete else update | self._recount()

    def hide(self, messages: Iterable[int]) -> Update:
        """Take rows away before the store has; they come back by `restore`, or when they are added."""
        messages = tuple(messages)
        for message in messages:
            known = self._cache.peek(message)
            self._hidden[message] = known.folder if known else self.source.folder or 0
        return self._remove(messages)

    def amend(self, messages: Iterable[int], add: Flag, remove: Flag) -> Update:
        """Show other flags before the store has them."""
        messages = tuple(messages)
        for message in messages:
            self._cache.wish(message, add, remove)
        return Update(changed=frozenset(messages))

    def restore(self, messages: Iterable[int]) -> Update:
        """Forget what `hide` and `amend` did to these and show what the store has."""
        messages = tuple(messages)
        back = [message for message in messages if self._hidden.pop(message, None) is not None]
        for message in messages:
            self._cache.forget_wish(message)
        self._cache.drop(messages)
        update = Update(changed=frozenset(messages))
        if back and self.source.known is not None:
            return update | self._replace(self._of_known())
        there = [summary for summary in self.summaries(back) if summary.folder == self.source.folder]
        return update | self._insert(there)

    def _hear_anywhere(self, event: FolderChanged) -> Update:
        """A list of messages of many folders: they are the same messages wherever they are moved."""
        if event.many:
            return self._anew()
        ours = set(self._ids)
        touched = [m for m in (*event.changed, *event.removed, *event.added) if m in ours]
        self._cache.drop(touched)
        self._cache.read(touched)
        gone = [message for message in touched if self._cache.peek(message) is None]
        back = [message for message in event.added if self._hidden.get(message) == event.folder]
        update = Update(changed=frozenset(touched)) | self._remove(gone)
        return update | self.restore(back) if back else update

    def _anew(self) -> Update:
        self._cache.clear()
        self._awaited.clear()
        update = Update(changed=None, reload=self.source.known is None)
        return update if self.complete else update | self._recount()

    def _recount(self) -> Update:
        before = self.total
        if self._reader is not None:
            self._total = self.source.total(self._reader)
        return Update(moved=self.total != before)

    def _welcome(self, messages: Sequence[int]) -> Update:
        if self.source.sticky:
            self._awaited.update(messages)
            return Update(reload=True)
        if len(messages) > MANY:
            return self._anew()
        return self._insert(self.summaries(messages))

    # rows that come and go

    def _extend(self, index: int) -> None:
        """Read windows until the row is there, or it is better to wait for the ids."""
        while self._reader is not None and len(self._ids) <= index < len(self._ids) + WAIT:
            last = self._key(len(self._ids) - 1)
            if self._ids and last is None:
                return
            rows = self.source.window(self._reader, PAGE, last)
            self._cache.put(rows)
            self._ids.extend(summary.id for summary in rows if summary.id not in self._hidden)
            if len(rows) < PAGE:
                self.complete = bool(rows) or len(self._ids) >= self._total > 0
                return

    def _insert(self, came: Iterable[Summary]) -> Update:
        """Put messages where they belong; one that is there already stays as it is."""
        update = Update()
        start = probes = 0
        for summary in sorted(came, key=lambda summary: (summary.received, summary.id), reverse=True):
            place = self._place((summary.received, summary.id), start)
            if place is None or probes > PROBES:
                return update | Update(reload=True)
            if place == len(self._ids) and not self.complete:
                break  # older than all that is known so far: it comes with the windows or the ids
            start = place + 1
            if place < len(self._ids) and self._ids[place] == summary.id:
                continue
            probes += start > 1 and place < len(self._ids)
            self.cursor += place <= self.cursor and len(self._ids) > 0
            self.top += place <= self.top and len(self._ids) > 0
            self._ids.insert(place, summary.id)
            update |= Update(moved=True)
        return update

    def _place(self, key: Key, low: int) -> int | None:
        """The row before which a message belongs; None if the rows to compare with are gone."""
        high = len(self._ids)
        if low >= high:
            return high
        last = self._key(high - 1)
        if last is None:
            return None
        if key < last:
            return high
        middle = low  # most mail is newer than all: look at the beginning first
        while low < high:
            probe = self._key(middle)
            if probe is None:
                return None
            low, high = (middle + 1, high) if probe > key else (low, middle)
            middle = (low + high) // 2
        return low

    def _key(self, index: int) -> Key | None:
        if not 0 <= index < len(self._ids):
            return None
        message = self._ids[index]
        self._cache.read((message,))
        summary = self._cache.peek(message)
        return (summary.received, summary.id) if summary else None

    def _remove(self, messages: Iterable[int]) -> Update:
        gone = set(messages)
        if len(gone) <= NEAR:
            places = [place for message in gone if (place := self.index(message)) is not None]
        else:
            places = [place for place, message in enumerate(self._ids) if message in gone]
        if not places:
            return Update()
        if len(places) <= NEAR:
            for place in sorted(places, reverse=True):
                del self._ids[place]
        else:
            self._ids = array("q", (message for message in self._ids if message not in gone))
        self.cursor -= sum(place < self.cursor for place in places)
        self.top -= sum(place < self.top for place in places)
        self._clamp()
        return Update(moved=True)

    def _replace(self, ids: "array[int]") -> Update:
        before, total = self._ids, self.total
        same = len(ids) == total and ids[: len(before)] == before
        if not same:
            marks = [self._mark(index) for index in (self.cursor, self.top)]
        self._ids, self.complete = ids, True
        if same and (len(before) == total or self.top + self.height <= len(before)):
            return Update()  # nothing that shows was missing
        if not same:
            self.cursor, self.top = (self._find(*mark) for mark in marks)
            self._clamp()
        return Update(moved=True, changed=None)

    def _mark(self, index: int) -> tuple[int, int | None, Key | None]:
        message = self._ids[index] if index < len(self._ids) else None
        known = self._cache.peek(message) if message is not None else None
        return index, message, (known.received, known.id) if known else None

    def _find(self, index: int, message: int | None, key: Key | None) -> int:
        """Where a row has gone: to its message, else to the next older one, else nowhere."""
        if message is None or (index < len(self._ids) and self._ids[index] == message):
            return index
        place = self.index(message)
        if place is None and key is not None and self.source.known is None:
            place = self._place(key, 0)
        return index if place is None else place

    def _of_known(self) -> "array[int]":
        return array("q", (message for message in self.source.known or () if message not in self._hidden))

    def _clamp(self) -> None:
        last = max(0, self.total - 1)
        self.cursor, self.top = min(max(self.cursor, 0), last), min(max(self.top, 0), last)
