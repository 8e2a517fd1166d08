"""Fetches texts ahead of time, and attachments where everything is wanted: only what the setting "what is
kept here" allows (law 7), newest first, behind everything that anybody waits for."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from threading import RLock

from mailtui.imap.structure import parse
from mailtui.imap.texts import fetch_texts
from mailtui.model.account import Account
from mailtui.model.event import Event, FolderChanged, FoldersChanged, KeptChanged, NewMail, SyncEnded
from mailtui.model.folder import Folder, Role
from mailtui.model.keeping import Keep
from mailtui.model.part import Body, Part
from mailtui.model.trouble import Garbled, Trouble, Unreachable
from mailtui.service.books import Books
from mailtui.service.entering import enter
from mailtui.service.fetching_ahead import Attachments
from mailtui.service.jobs import Job, Jobs, Lane, Urgency
from mailtui.service.reader import MailReader
from mailtui.service.session import Session
from mailtui.service.sweeping import Sweeping
from mailtui.store.keeping import Lacking, Search, Shelf
from mailtui.text.render import readable_parts
from mailtui.text.sanitize import line

_log = logging.getLogger(__name__)

MOST = 524_288  # octets of a text part that is fetched ahead of time
_ALL = 8 * 2**20  # octets of one where everything is wanted
_BATCH = 64  # messages of one turn,
_OCTETS = 262_144  # or so many octets of text
_FEW = 8  # messages of one turn where the connection has clicks to serve, too
_KEY = ("keep",)
_LAST = (Role.ALL, Role.JUNK, Role.TRASH)


@dataclass(frozen=True, slots=True)
class Means:
    """What all accounts share. `reader` is not the one that clicks wait for; `put_keep` makes a setting
    (account, folder, what) last and calls `change`, or raises a Trouble."""

    reader: MailReader
    shelf: Shelf
    sweeping: Sweeping
    put_keep: Callable[[str, str, Keep | None], None]
    threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "keeping"))

    def close(self) -> None:
        """Blocks until nobody looks any more."""
        self.threads.shutdown(cancel_futures=True)
        self.reader.close()


@dataclass(frozen=True, slots=True)
class _Batch:
    """Messages of one folder whose texts, or else whose attachments, are next."""

    folder: int
    keep: Keep
    messages: Sequence[Lacking]
    texts: bool = True


@dataclass(frozen=True, slots=True)
class _Plan:
    """What of a message is to be fetched. `fresh`: its tree was not in the local copy yet."""

    lacking: Lacking
    root: Part
    leaves: tuple[Part, ...]
    fresh: bool


class Keeping:
    """Of one account; `stir`, `heard` and `change` may be called by any thread. `visible` gives the folder
    on the screen."""

    def __init__(self, books: Books, jobs: Jobs, means: Means, visible: Callable[[], int | None]) -> None:
        self.account: Account = books.account  # as the settings are now
        self._books = books
        self._jobs = jobs
        self._reader, self._shelf, self._sweeping = means.reader, means.shelf, means.sweeping
        self._put_keep, self._threads = means.put_keep, means.threads
        self._lock = RLock()
        self._looking = False
        self._paths: dict[int, str] = {}  # of folders with a setting of their own, as they were last
        self._visible = visible
        self._attachments = Attachments(books, jobs, means.shelf, means.sweeping)
        self._news: set[int] = set()  # came just now: first, whether or not their folder is complete
        self._passed: set[int] = set()  # messages that this process does not ask for again
        self._shunned: set[int] = set()  # folders, the same
        self._reached: dict[int, tuple[int, int]] = {}  # how far down a folder the walk through it is
        self._through: dict[int, object] = {}  # folder → how it was when nothing lacked in it
        self._sent: Sequence[int] = ()  # messages that are being asked for
        self._suspect = 0  # the one that was asked for when the connection broke
        self._most = _BATCH
        self._unfinished = False  # whether a folder waits for its headers first
        self._told = True  # whether the fronts know that all is here

    # what others tell

    def stir(self, *, announce: bool = False) -> None:
        """Look for what is lacking. With `announce` KeptChanged tells when nothing is."""
        if announce:
            self._told = False
            self._shunned.clear()
        with self._lock:
            looking, self._looking = self._looking, True
        if not looking:
            with suppress(RuntimeError):  # the service is ending
                self._threads.submit(self._look)

    def _look(self) -> None:
        """Without the connection, which would be disturbed in its IDLE for nothing."""
        self._looking = False
        try:
            if self._jobs.knows(_KEY):
                self._put()
                return
            news = set(self._news)
            batch = self._choose()
            self._news |= news
            if batch is None:
                self._over()
            else:
                self._put()
        except Exception:  # noqa: BLE001 - nobody waits for this, so nobody else would say so
            _log.exception("What is to be kept here was not looked for.")

    def _put(self) -> None:
        urgency = Urgency.PREFETCH if self._news else Urgency.KEEP
        self._jobs.put(Job(_KEY, Lane.BACKGROUND, urgency, self._work, self._gave_up))

    def heard(self, events: Iterable[Event]) -> None:
        """What the account publishes."""
        for event in events:
            match event:
                case NewMail(messages=messages):
                    self._news.update(messages)
                    self.stir()
                case SyncEnded(trouble=""):
                    self.stir(announce=True)
                case FolderChanged(added=added, many=many) if added or many:
                    self.stir()
                case FoldersChanged():
                    self.stir()

    def change(self, folder: str, keep: Keep | None) -> None:
        """The setting is another: what it forbids is not fetched any more, what it allows is."""
        self.account = self.account.with_keep(folder, keep)
        self._jobs.cancel(_KEY)
        self._passed.clear()
        self._reached.clear()
        self._through.clear()
        self.stir(announce=True)

    def close(self) -> None:
        """When no thread works for it any more."""
        self._attachments.close()

    # the job

    def _work(self, job: Job, session: Session) -> None:
        batch = self._choose()
        if batch is None:
            self._over()
            return
        if batch.texts:
            few = Lane.INTERACTIVE in session.lanes()
            plans = self._planned(batch, _FEW if few else self._most)
            self._sent = [plan.lacking.message for plan in plans]
            if plans:
                self._reached[batch.folder] = plans[-1].lacking.place
            self._fetch(job, session, batch.folder, plans)
            self._most = min(self._most * 2, _BATCH)
        else:
            (one,) = batch.messages
            self._sent = [one.message]
            self._reached[-batch.folder] = one.received, one.message + 1  # it may take several turns
            if self._attachments.fetch(job, session, one):
                self._passed.add(one.message)
        self._sent, self._suspect, self._told = (), 0, False
        self._books.tell(KeptChanged(self._books.key))
        if not job.cancelled.is_set():
            self._put()

    def _over(self) -> None:
        """All is here. The reader is let go: it is not needed until new mail comes."""
        self._reader.close()
        if not self._told and not self._unfinished:
            self._told = True
            self._books.tell(KeptChanged(self._books.key, complete=True))

    def _gave_up(self, trouble: Trouble) -> None:
        """A broken connection makes this go on with fewer messages at a time; one that breaks it alone,
        twice, is left out. After a refusal the folder, or for now everything, is left alone."""
        _log.debug("Texts were not fetched ahead of time: %s", line(trouble.what))
        sent, self._sent = self._sent, ()
        if isinstance(trouble, Unreachable | Garbled) and sent:
            if sent[0] == self._suspect:
                self._passed.add(sent[0])
            self._suspect = sent[0] if len(sent) == 1 else 0
            self._most = max(len(sent) // 2, 1)

    # what is next

    def _choose(self) -> _Batch | None:
        with self._lock:
            return self._chosen()

    def _chosen(self) -> _Batch | None:
        now, horizon = self._books.now, self._sweeping.horizon
        with self._books.reading() as reader:
            folders = {folder.id: folder for folder in reader.folders(self._books.key) if folder.selectable}
        self._follow_renames(folders)
        news, self._news = self._news, set()
        for place, lacking in self._shelf.wanted(list(news)):
            keep = self.account.keeps(folders[place]) if place in folders else None
            if keep and keep.texts and lacking.received > max(keep.since(now), horizon):
                self._news = news - {lacking.message}
                return _Batch(place, keep, [lacking])
        self._unfinished = False
        ordered = sorted(folders.values(), key=self._precedence)
        return self._lacking(ordered, now, horizon, texts=True) or self._lacking(
            ordered, now, horizon, texts=False
        )

    def _follow_renames(self, folders: Mapping[int, Folder]) -> None:
        """A folder's own setting goes along with its name."""
        for ident, before in self._paths.items():
            folder, keep = folders.get(ident), dict(self.account.keep_folders).get(before)
            taken = any(other.spelled == before for other in folders.values())
            if folder is None or keep is None or taken or folder.spelled == before:
                continue
            try:
                self._put_keep(self._books.key, folder.spelled, keep)
                self._put_keep(self._books.key, before, None)
            except Trouble as trouble:
                _log.warning("What is kept of a renamed folder was not written: %s", line(trouble.what))
        own = {path for path, _ in self.account.keep_folders}
        self._paths = {ident: one.spelled for ident, one in folders.items() if one.spelled in own}

    def _precedence(self, folder: Folder) -> tuple[bool, bool, bool]:
        return folder.role is not Role.INBOX, folder.id != self._visible(), folder.role in _LAST

    def _lacking(self, folders: Iterable[Folder], now: int, horizon: int, *, texts: bool) -> _Batch | None:
        for folder in folders:
            keep = self.account.keeps(folder)
            allowed = keep.texts if texts else keep.attachments
            if not allowed or folder.id in self._shunned:
                continue
            if not folder.complete:
                self._unfinished = True
                continue
            state = (folder.total, folder.texts, folder.part_octets, keep, horizon > 0)
            key = folder.id if texts else -folder.id
            if self._through.get(key) == state:
                continue
            # once as many were found as lack their text, the rest need not be looked at
            most = min(_BATCH, max(folder.total - folder.texts, 0)) if texts else 1
            search = Search(folder.id, max(keep.since(now), horizon), most, passed=self._passed)
            found = self._walk(key, search, self._shelf.texts if texts else self._shelf.attachments)
            if found:
                return _Batch(folder.id, keep, found, texts)
            self._through[key] = state
        return None

    def _walk(
        self, key: int, search: Search, find: Callable[[Search], Sequence[Lacking]]
    ) -> Sequence[Lacking]:
        """What comes below the place that was reached, so that a large folder is not looked through for
        every turn; at the bottom once more from the top, for what came or was left meanwhile."""
        below = self._reached.pop(key, None)
        return (find(replace(search, below=below)) if below else ()) or find(search)

    def _planned(self, batch: _Batch, most: int) -> list[_Plan]:
        """As many messages as go in one turn. What can't be fetched ahead of time is passed."""
        plans: list[_Plan] = []
        octets, longest = 0, _ALL if batch.keep.attachments else MOST
        for lacking in batch.messages:
            root = lacking.root or (parse(lacking.source) if lacking.source else None)
            leaves = readable_parts(root) if root is not None else ()
            if root is None or any(leaf.size > longest for leaf in leaves):
                self._passed.add(lacking.message)
                continue
            octets += sum(leaf.size for leaf in leaves)
            if plans and (octets > _OCTETS or len(plans) >= most):
                break
            plans.append(_Plan(lacking, root, leaves, lacking.root is None))
        return plans

    # fetching

    def _fetch(self, job: Job, session: Session, folder: int, plans: Sequence[_Plan]) -> None:
        if not plans:
            return
        try:
            enter(self._books, session, folder)
        except (Unreachable, Garbled):
            raise
        except Trouble:
            self._shunned.add(folder)
            return
        there = self._books.writer.by_uid(folder, [plan.lacking.uid for plan in plans])
        sound = [plan for plan in plans if there.get(plan.lacking.uid) == plan.lacking.message]
        found = self._ask(session, sound)
        for plan in sound:
            if job.cancelled.is_set() or self._jobs.pressing(session.lanes(), Urgency.VISIBLE):
                return
            texts = found.get(plan.lacking.uid)
            if texts is None and any(leaf.size for leaf in plan.leaves):
                texts = self._ask(session, [plan]).get(plan.lacking.uid)
                if texts is None:
                    self._passed.add(plan.lacking.message)
                    continue
            here = texts or {}
            parts = [(leaf, here.get(leaf.section, b"")) for leaf in plan.leaves]
            body = self._reader.body(parts) if parts else Body("")
            self._shelf.put(plan.lacking, plan.root if plan.fresh else None, body)

    def _ask(self, session: Session, plans: Sequence[_Plan]) -> dict[int, dict[str, bytes]]:
        wanted = {
            plan.lacking.uid: tuple(leaf.section for leaf in plan.leaves) for plan in plans if plan.leaves
        }
        if not wanted:
            return {}
        expected = sum(min(leaf.size, _ALL) for plan in plans for leaf in plan.leaves)
        return fetch_texts(session.connection, wanted, limit=_ALL, octets=2 * expected)
