"""Brings the local copy of an account up to the server's state, in rounds: LIST once, then every folder
that differs, the one on the screen first."""

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import partial
from threading import Lock

from mailtui.imap.arriving import arrive
from mailtui.imap.folders import list_folders
from mailtui.imap.states import State
from mailtui.imap.types import Alert, Push
from mailtui.imap.watching import noop
from mailtui.model.event import NewMail, ServerSpoke, SyncEnded
from mailtui.model.folder import Folder, Role, ServerFolder
from mailtui.model.trouble import Garbled, Refused, ServerBusy, Trouble, Unreachable
from mailtui.service.backfill import backfill
from mailtui.service.books import Books
from mailtui.service.differing import by_modseq, moved, settle_empty
from mailtui.service.entering import enter, entered, sendable
from mailtui.service.hearing import counted, doubtful, write_down
from mailtui.service.jobs import Job, Jobs, Lane, Urgency
from mailtui.service.ladder import Rung
from mailtui.service.line import Line
from mailtui.service.looking import Looker
from mailtui.service.session import Session
from mailtui.store.changes import Changes
from mailtui.text.sanitize import line as one_line

_log = logging.getLogger(__name__)
_DOUBTS = 5  # looks at a folder in a round, for changes that can't be understood or are not so
_PATIENT_ROUNDS = 5  # until a folder whose flags may differ unnoticed is looked at again


@dataclass(slots=True)
class _Round:
    """A pass over the folders. `announced`: somebody waits to hear that it ended."""

    running: bool = False
    listed: bool = False
    again: bool = False
    announced: bool = False
    busy: bool = False
    began: int = 0
    left: set[int] = field(default_factory=set)
    trouble: str = ""


class Sync:
    """Of one account; its methods may be called by any thread. Work is put as jobs. `watched` tells the
    folder that a connection for some lanes will be in when it has nothing to do."""

    def __init__(
        self, books: Books, jobs: Jobs, line: Line, watched: Callable[[Collection[Lane]], int | None]
    ) -> None:
        self._books = books
        self._jobs = jobs
        self._line = line
        self._watched = watched
        self._looker = Looker(books)
        self._rounds = 0
        self._lock = Lock()
        self._round = _Round()
        self._visible: int | None = None
        self._seen: set[int] = set()  # folders looked at by this process
        self._stale: set[int] = set()  # folders whose last look did not succeed
        self._doubts: dict[int, int] = {}  # changes since the round began that could not be understood
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
                self._round.again |= self._round.listed  # else it is still to see everything
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
            self._round.began, self._round.trouble, self._round.listed = books.now, "", True
        self._rounds += 1
        self._doubts.clear()
        listed = self._listed(session)
        before = self._by_raw()
        stale = [folder.raw for folder in listed if self._differs(folder, before.get(folder.raw))]
        books.changed(books.writer.put_folders(books.key, listed))
        now = self._by_raw()
        empty = {one.raw for one in listed if one.raw in now and self._empty(one, now[one.raw].id)}
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

    def _listed(self, session: Session) -> list[ServerFolder]:
        """The folders; on a new connection together with what happened in the one it will watch."""
        folder = self._watched(session.lanes())
        if session.connection.state is not State.AUTHENTICATED or folder is None or self._new(folder):
            if session.folder is not None:  # of the folder it is in, STATUS tells what it was told last
                session.heard(session, noop(session.connection))
            return list_folders(session.connection)
        plan = self._looker.plan(session, folder)
        if plan.rung > Rung.CONDSTORE or (raw := sendable(self._books, folder)) is None:
            return list_folders(session.connection)
        listed, resumed = arrive(session.connection, raw, plan.since)
        if resumed is not None:
            try:
                entered(self._books, session, folder, resumed.selected)
                self._looked(folder, self._looker.catch_up(session, folder, plan, resumed, deep=False))
            except (Refused, ServerBusy) as trouble:
                self._failed("look", folder, trouble)  # which the round tries again
        return listed

    def _new(self, folder: int) -> bool:
        return self._books.writer.folder_state(folder).uidnext == 0

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
        if moved(listed, state):
            return True
        if not listed.messages or by_modseq(listed, state):
            self._seen.add(known.id)
            return False
        # without MODSEQ (RFC 7162) flags may differ unnoticed: go by the unread count, and look sometimes
        if known.id not in self._seen or listed.unseen not in (None, known.unread):
            return True
        return known.id == self._visible or self._rounds % _PATIENT_ROUNDS == 0

    def _empty(self, listed: ServerFolder, folder: int) -> bool:
        if not settle_empty(self._books, listed, folder):
            return False
        self._seen.add(folder)
        return True

    def _finish(self) -> None:
        with self._lock:
            ended = self._round
            fresh = _Round(announced=ended.announced and ended.again)
            self._round = fresh
        if ended.busy:
            self._line.busy(-1)
        if not ended.trouble:
            # what went in the very second may have gone after the folder that it went to was listed
            self._books.changed(self._books.writer.purge_missing(self._books.key, ended.began - 1))
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

    def attend(self, session: Session, folder: int) -> None:
        """Be in the folder to watch it: what changed since the last look is looked at first."""
        if session.folder == folder and session.connection.selected is not None:
            return
        if not self._new(folder) and self._looker.plan(session, folder).rung <= Rung.CONDSTORE:
            self._looked(folder, self._looker.look(session, folder))
            return
        selected = enter(self._books, session, folder)
        state = self._books.writer.folder_state(folder)
        if (selected.exists, selected.uidnext or state.uidnext) != (state.exists, state.uidnext):
            self.revisit(folder)

    def _look(self, folder: int, job: Job, session: Session) -> None:
        deep = folder not in self._seen or folder in self._stale or job.key[0] == "resync"
        self._looked(folder, self._looker.look(session, folder, deep=deep))

    def _looked(self, folder: int, changes: Changes) -> None:
        first_time = folder not in self._seen
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
        write_down(books, session, pushes)
        for push in pushes:
            if isinstance(push, Alert):
                books.tell(ServerSpoke(books.key, one_line(push.text)))
        if folder is None:
            return
        lane = Lane.INTERACTIVE if folder == self._visible else Lane.BACKGROUND
        if doubtful(pushes):
            self._stale.add(folder)
            self._doubts[folder] = self._doubts.get(folder, 0) + 1
            if self._doubts[folder] <= _DOUBTS:  # a look itself may raise doubts, each time
                self._jobs.put(self._job("look", folder, lane, Urgency.NEWS))
        elif counted(pushes) and self._doubts.get(folder, 0) <= _DOUBTS:
            work = partial(self._tail, folder)
            failed = partial(self._failed, "look", folder)
            self._jobs.put(Job(("tail", folder), lane, Urgency.NEWS, work, failed))

    def _tail(self, folder: int, job: Job, session: Session) -> None:
        if session.folder != folder:
            self._look(folder, job, session)
        else:
            changes = self._looker.tail(session, folder)
            self._announce(folder, changes)
            fits = self._books.writer.count_uids(folder) == session.exists
            if not changes and not fits and self._books.writer.folder_state(folder).complete:
                self._stale.add(folder)  # the count is not so; the look itself may be told it again
                self._doubts[folder] = self._doubts.get(folder, 0) + 1
