"""The rest of a folder's index, backwards from where the last attempt got to."""

from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing

from mailtui.imap import uids
from mailtui.imap.index import fetch_index
from mailtui.imap.searching import all_uids
from mailtui.model.event import SyncProgressed
from mailtui.service.books import Books
from mailtui.service.entering import enter
from mailtui.service.indexing import PATIENCE, one_by_one, unsettled, windows, write
from mailtui.service.session import Session


def backfill(
    books: Books, session: Session, folder: int, give_way: Callable[[], bool], *, careful: bool = False
) -> bool:
    """Go on until the folder is complete, or `give_way` says that something more urgent waits. What
    is done is never done again. `careful` asks for the next messages one by one, because something
    among them broke the connection before. Returns whether the folder is complete. Raises a Trouble."""
    enter(books, session, folder)
    state = books.writer.folder_state(folder)
    if state.complete or state.uidnext == 0:
        return state.complete
    there = uids.joined(uids.spans(all_uids(session.connection)))
    known = uids.joined(uids.spans(books.writer.uids(folder)))
    books.changed(books.writer.vanish_ranges(folder, uids.without(known, there)))
    lacking = list(uids.spelled_out(uids.without(there, known)))
    border = bisect_left(lacking, state.low_uid or state.uidnext)
    older, doubtful = lacking[:border], lacking[border:]
    if careful and older:
        one_by_one(books, session, folder, older[-PATIENCE:])
        books.amend(folder, low_uid=older[-PATIENCE:][0])
        return False
    if not _walk(_Walk(books, session, folder, older, give_way), doubtful):
        return False
    one_by_one(books, session, folder, doubtful)
    books.amend(folder, complete=True, low_uid=1, exists=session.exists)
    return True


class _Walk:
    """A walk through the older messages, window by window, and how far it is."""

    def __init__(
        self,
        books: Books,
        session: Session,
        folder: int,
        older: Sequence[int],
        give_way: Callable[[], bool],
    ) -> None:
        self.books, self.session, self.folder = books, session, folder
        self.sent: deque[Sequence[int]] = deque()
        self._left = deque(windows(older))
        self._give_way = give_way
        self._done = session.exists - len(older)

    @property
    def over(self) -> bool:
        return not self._left

    def ahead(self) -> Iterator[Sequence[int]]:
        """Windows to be asked for, as long as nothing more urgent waits; one at least."""
        first = True
        while self._left and (first or not self._give_way()):
            first = False
            self.sent.append(self._left.popleft())
            yield self.sent[-1]

    def reached(self, window: Sequence[int]) -> None:
        self._done += len(window)
        self.books.amend(self.folder, low_uid=window[0])
        self.books.tell(SyncProgressed(self.books.key, self.folder, max(self._done, 0), self.session.exists))


def _walk(walk: _Walk, doubtful: list[int]) -> bool:
    """Whether the end was reached. Adds to `doubtful` what did not come as it should."""
    with closing(fetch_index(walk.session.connection, walk.ahead())) as fetching:
        for headers in fetching:
            window = walk.sent.popleft()
            write(walk.books, walk.folder, headers)
            doubtful += unsettled(window, headers)
            walk.reached(window)
    return walk.over
