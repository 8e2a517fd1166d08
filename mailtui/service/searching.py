"""Search on the server, for what the local copy can't know: old bodies, other programs' keywords."""

from collections.abc import Callable
from functools import partial

from mailtui.imap.searching import search
from mailtui.model.event import SearchEnded, SearchFound
from mailtui.model.folder import Folder, Role
from mailtui.model.query import Query
from mailtui.model.trouble import Garbled, Trouble, Unreachable
from mailtui.service.books import Books
from mailtui.service.entering import enter
from mailtui.service.indexing import fetch
from mailtui.service.jobs import Job, Jobs, Lane, Urgency
from mailtui.service.session import Session
from mailtui.text.sanitize import line

_FETCHED = 500  # messages of a folder that are fetched into the index because a search found them
_NAMED = 200  # messages in one event
_LAST = (Role.TRASH, Role.JUNK, Role.ALL)


class Searching:
    """Of one account; its methods may be called by any thread but not by the event loop."""

    def __init__(self, books: Books, jobs: Jobs, cut: Callable[[], None]) -> None:
        self._books = books
        self._jobs = jobs
        self._cut = cut

    def search(self, ident: str, query: Query, folder: int | None) -> None:
        """In the folder, or all of the account. Answered by SearchFound…, then SearchEnded."""
        places = self._places(query, folder)
        if not places:
            self._ended(ident, 0, "")
            return
        work = partial(self._search, ident, query, places)
        failed = partial(self._failed, ident)
        self._jobs.put(Job(("search", ident), Lane.BULK, Urgency.CLICK, work, failed, patient=False))

    def cancel(self, ident: str) -> None:
        """Nobody wants to know any more. A server that is still searching is hung up on."""
        job = self._jobs.cancel(("search", ident))
        if job is None:
            return
        if job.cancelled.is_set():
            self._cut()
        else:
            self._ended(ident, 0, "")

    def _places(self, query: Query, folder: int | None) -> list[Folder]:
        """Where to look: the places that the query names win over the folder on the screen."""
        wanted = {place.casefold() for place in query.places}
        with self._books.reading() as reader:
            folders = [one for one in reader.folders(self._books.key) if one.selectable]
        if "all" not in wanted:
            if wanted:
                folders = [one for one in folders if wanted & _names(one)]
            elif folder is not None:
                folders = [one for one in folders if one.id == folder]
        return sorted(folders, key=lambda one: (one.role is not Role.INBOX, one.role in _LAST))

    def _search(self, ident: str, query: Query, places: list[Folder], job: Job, session: Session) -> None:
        found, trouble = 0, ""
        for place in places:
            if job.cancelled.is_set():
                break
            try:
                found += self._in_folder(ident, query, place.id, session)
            except (Unreachable, Garbled):
                raise
            except Trouble as refused:
                trouble = trouble or line(refused.what)
        self._ended(ident, found, trouble)

    def _in_folder(self, ident: str, query: Query, folder: int, session: Session) -> int:
        enter(self._books, session, folder)
        uids = search(session.connection, query)
        known = self._books.writer.by_uid(folder, uids)
        unknown = [uid for uid in uids if uid not in known][-_FETCHED:]
        if unknown:
            fetch(self._books, session, folder, unknown)
            known = self._books.writer.by_uid(folder, uids)
        messages = sorted(known.values(), reverse=True)
        for start in range(0, len(messages), _NAMED):
            named = tuple(messages[start : start + _NAMED])
            self._books.tell(SearchFound(ident, self._books.key, named))
        return len(uids)

    def _failed(self, ident: str, trouble: Trouble) -> None:
        self._ended(ident, 0, line(str(trouble)))

    def _ended(self, ident: str, found: int, trouble: str) -> None:
        self._books.tell(SearchEnded(ident, self._books.key, found, trouble))


def _names(folder: Folder) -> set[str]:
    return {folder.path.casefold(), folder.name.casefold(), folder.role.value if folder.role else ""}
