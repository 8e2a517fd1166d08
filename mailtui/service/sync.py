"""Brings the local copy of an account up to the server's state, in rounds: LIST once, then every folder
that differs, the one on the screen first."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from threading import Lock

from mailtui.imap.folders import list_folders
from mailtui.imap.types import Alert, Dirty, Exists, Expunged, FlagsPushed, Push, Vanished
from mailtui.imap.watching import noop
from mailtui.model.event import NewMail, ServerSpoke, SyncEnded
from mailtui.model.folder import Folder, FolderState, Role, ServerFolder
from mailtui.model.trouble import Garbled, Trouble, Unreachable
from mailtui.service.backfill import backfill
from mailtui.service.books import Books
from mailtui.service.jobs import Job, Jobs, Lane, Urgency
from mailtui.service.line import Line
from mailtui.service.looking import look, tail
from mailtui.service.session import Session
from mailtui.store.changes import Changes
from mailtui.text.sanitize import line as one_line

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Round:
    """A pass over the folders. `announced`: somebody waits to hear that it ended."""

    running: bool = False
    again: bool = False
    announced: bool = False
    busy: bool = False
    began: int = 0
    left: set[int] = field(default_factory=set)
    trouble: str = ""


class Sync:
    """Of one account; its methods may be called by any thread. Work is put as jobs."""

    def __init__(self, books: Books, jobs: Jobs, line: Line) -> None:
        self._books = books
        self._jobs = jobs
        self._line = line
        self._lock = Lock()
        self._round = _Round()
        self._visible: int | None = None
        self._seen: set[int] = set()  # folders looked at by this process
        self._stale: set[int] = set()  # folders whose last look did not succeed
        self._breaks: dict[int, int] = {}  # connections lost over a folder, one after the other

    # what others ask for

    @property
    def visible(self) -> int | None:
        """The folder on the screen."""
        return self._visible

    def show(self, folder: int) -> None:
        """The folder is on the screen now."""
        self._visible = folder
        self._jobs.drop(lambda job: job.key[0] == "look" and job.key[1] != folder)
        self._jobs.put(self._job("look", folder, Lane.INTERACTIVE, Urgency.VISIBLE))
        if self._jobs.knows(("backfill", folder)):
            self._jobs.put(self._job("backfill", folder, Lane.BACKGROUND, Urgency.PREFETCH))

    def begin(self, *, announce: bool = False) -> None:
        """Look for changes everywhere. With `announce` SyncEnded tells the end."""
        with self._lock:
            self._round.announced |= announce
            if self._round.running:
                self._round.again = True
                return
            self._round.running = True
        self._jobs.put(Job(("round",), Lane.BACKGROUND, Urgency.NEWS, self._list, self._list_failed))

    def revisit(self, folder: int) -> None:
        """Something of ours changed in the folder that only a look can tell."""
        self._jobs.put(self._job("resync", folder, Lane.BACKGROUND, Urgency.NEWS))

    def unreachable(self, trouble: Trouble) -> None:
        """There will be no connection soon: whoever waits for the end of a round is told so."""
        with self._lock:
            announced, self._round.announced = self._round.announced, False
        if announced:
            self._books.tell(SyncEnded(self._books.key, one_line(str(trouble))))

    # rounds

    def _list(self, job: Job, session: Session) -> None:
        books = self._books
        with self._lock:
            self._round.began, self._round.trouble = books.now, ""
        if session.folder is not None:  # of the folder it is in, STATUS tells what it was told last
            session.heard(session, noop(session.connection))
        listed = list_folders(session.connection)
        before = self._by_raw()
        stale = [folder.raw for folder in listed if self._differs(folder, before.get(folder.raw))]
        books.changed(books.writer.put_folders(books.key, listed))
        now = self._by_raw()
        empty = {one.raw for one in listed if one.raw in now and self._empty(one, now[one.raw])}
        chosen = [now[raw] for raw in stale if raw in now and raw not in empty]
        with self._lock:
            self._round.left = {folder.id for folder in chosen}
            self._round.busy = bool(chosen)
        if not chosen:
            self._finish()
            return
        self._line.busy(1)
        for folder in sorted(chosen, key=self._precedence):
            self._jobs.put(self._job("resync", folder.id, Lane.BACKGROUND, Urgency.RESYNC))

    def _list_failed(self, trouble: Trouble) -> None:
        with self._lock:
            self._round.left.clear()
            self._round.trouble = one_line(str(trouble))
        self._finish()

    def _precedence(self, folder: Folder) -> tuple[bool, bool, int]:
        shallow = (Role.TRASH, Role.JUNK, Role.ALL)
        return folder.id != self._visible, folder.role is not Role.INBOX, int(folder.role in shallow)

    def _by_raw(self) -> dict[bytes, Folder]:
        """The folders that the server has under a known name."""
        with self._books.reading() as reader:
            folders = reader.folders(self._books.key)
        named = ((self._books.writer.raw_name(folder.id), folder) for folder in folders)
        return {raw: folder for raw, folder in named if raw is not None}

    def _differs(self, listed: ServerFolder, known: Folder | None) -> bool:
        """Whether a folder must be visited, by what LIST and STATUS said of it."""
        if not listed.selectable:
            return False
        if known is None or known.id in self._stale:
            return True
        state = self._books.writer.folder_state(known.id)
        if _moved(listed, state):
            return True
        if _by_modseq(listed, state):
            self._seen.add(known.id)
            return False
        # without MODSEQ (RFC 7162) flags may differ unnoticed: look once, then go by the unread count
        return known.id not in self._seen or listed.unseen not in (None, known.unread)

    def _empty(self, listed: ServerFolder, known: Folder) -> bool:
        """Whether all there is to know of a new folder is that nothing is in it."""
        if listed.messages != 0 or not (listed.uidvalidity and listed.uidnext):
            return False
        if not listed.selectable or self._books.writer.folder_state(known.id).uidnext:
            return False
        self._books.amend(
            known.id,
            uidvalidity=listed.uidvalidity,
            uidnext=listed.uidnext,
            highestmodseq=listed.highestmodseq or 0,
            low_uid=1,
            complete=True,
        )
        self._seen.add(known.id)
        return True

    def _finish(self) -> None:
        with self._lock:
            ended = self._round
            fresh = _Round(announced=ended.announced and ended.again)
            self._round = fresh
        if ended.busy:
            self._line.busy(-1)
        if not ended.trouble:
            self._books.changed(self._books.writer.purge_missing(self._books.key, ended.began))
        if ended.announced and not fresh.announced:
            self._books.tell(SyncEnded(self._books.key, ended.trouble))
        if ended.again:
            self.begin()

    def _settled(self, folder: int, trouble: Trouble | None = None) -> None:
        """The round need not think of this folder any more."""
        with self._lock:
            if trouble is not None:
                self._round.trouble = self._round.trouble or one_line(str(trouble))
            if folder not in self._round.left:
                return
            self._round.left.discard(folder)
            over = not self._round.left
        if over:
            self._finish()

    # folders

    def _job(self, kind: str, folder: int, lane: Lane, urgency: Urgency) -> Job:
        work = partial(self._fill if kind == "backfill" else self._look, folder)
        return Job((kind, folder), lane, urgency, work, partial(self._failed, kind, folder))

    def _look(self, folder: int, job: Job, session: Session) -> None:
        first_time = folder not in self._seen
        changes = look(self._books, session, folder, deep=first_time or folder in self._stale)
        self._seen.add(folder)
        self._stale.discard(folder)
        if not first_time:
            self._announce(folder, changes)
        if self._books.writer.folder_state(folder).complete:
            self._breaks.pop(folder, None)
            self._settled(folder)
        else:
            urgent = folder == self._visible
            urgency = Urgency.PREFETCH if urgent else Urgency.BACKFILL
            self._jobs.put(self._job("backfill", folder, Lane.BACKGROUND, urgency))

    def _fill(self, folder: int, job: Job, session: Session) -> None:
        def give_way() -> bool:
            return job.cancelled.is_set() or self._jobs.pressing(session.lanes(), job.urgency)

        careful = self._breaks.get(folder, 0) > 1
        if backfill(self._books, session, folder, give_way, careful=careful):
            self._breaks.pop(folder, None)
            self._settled(folder)
        else:
            self._breaks.pop(folder, None)
            self._jobs.put(self._job("backfill", folder, Lane.BACKGROUND, job.urgency))

    def _failed(self, kind: str, folder: int, trouble: Trouble) -> None:
        _log.info("%s: folder %d was not brought up to date: %s", self._books.key, folder, trouble.what)
        self._stale.add(folder)
        if isinstance(trouble, Unreachable | Garbled):
            self._breaks[folder] = self._breaks.get(folder, 0) + 1
        if kind != "look":
            self._settled(folder, trouble)

    def _announce(self, folder: int, changes: Changes) -> None:
        if not changes.arrived:
            return
        known = self._books.folder(folder)
        if known is not None and known.role is Role.INBOX:
            self._books.tell(NewMail(self._books.key, folder, changes.arrived))

    # what the server tells by itself

    def heard(self, session: Session, pushes: Sequence[Push]) -> None:
        """On the session's thread. What can be applied is applied; the rest makes a job."""
        books, folder = self._books, session.folder
        for push in pushes:
            if isinstance(push, Alert):
                books.tell(ServerSpoke(books.key, one_line(push.text)))
        if folder is None:
            return
        told = [
            (one.uid, one.flags, one.keywords, one.modseq) for one in pushes if isinstance(one, FlagsPushed)
        ]
        if told:
            books.changed(books.writer.update_flags(folder, told))
        counted = _count(session, pushes)
        gone = [push for push in pushes if isinstance(push, Vanished)]
        if gone:
            known = books.writer.uids(folder)
            books.changed(books.writer.vanish(folder, [uid for uid in known if _within(uid, gone)]))
        lane = Lane.INTERACTIVE if folder == self._visible else Lane.BACKGROUND
        if any(isinstance(push, Dirty) for push in pushes):
            self._stale.add(folder)
            self._jobs.put(self._job("look", folder, lane, Urgency.NEWS))
        elif counted:
            work = partial(self._tail, folder)
            failed = partial(self._failed, "look", folder)
            self._jobs.put(Job(("tail", folder), lane, Urgency.NEWS, work, failed))

    def _tail(self, folder: int, job: Job, session: Session) -> None:
        if session.folder != folder:
            self._look(folder, job, session)
        else:
            self._announce(folder, tail(self._books, session, folder))


def _moved(listed: ServerFolder, state: FolderState) -> bool:
    """Whether what STATUS said differs from what we know."""
    if not state.complete or listed.messages is None or listed.uidnext is None:
        return True
    return (
        listed.uidvalidity != state.uidvalidity
        or listed.uidnext != state.uidnext
        or listed.messages != state.exists
        or (_by_modseq(listed, state) and listed.highestmodseq != state.highestmodseq)
    )


def _by_modseq(listed: ServerFolder, state: FolderState) -> bool:
    return bool(listed.highestmodseq and state.highestmodseq)


def _count(session: Session, pushes: Sequence[Push]) -> bool:
    """Keep the session's count of messages; whether it was touched."""
    touched = False
    for push in pushes:
        if isinstance(push, Exists):
            session.exists, touched = push.number, True
        elif isinstance(push, Expunged):
            session.exists, touched = max(session.exists - 1, 0), True
        elif isinstance(push, Vanished):
            touched = True
    return touched


def _within(uid: int, gone: Sequence[Vanished]) -> bool:
    return any(low <= uid <= high for push in gone for low, high in push.ranges)
