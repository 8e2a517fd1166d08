"""One account at work: its lanes, its line to the server, and everything that puts jobs on them."""

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from mailtui.imap.quirks import USUAL
from mailtui.imap.types import Push
from mailtui.model.account import ConnectionState
from mailtui.model.draft import STAYS, OutboxItem, Stage
from mailtui.model.event import ConnectionChanged, DraftsChanged, Event, OutboxChanged, PasswordWanted
from mailtui.model.folder import Role
from mailtui.model.intent import ChangeFlags
from mailtui.model.message import FORWARDED, Flag
from mailtui.model.secret import Secret
from mailtui.service.activity import Activity, Seen
from mailtui.service.bodies import Bodies
from mailtui.service.books import Books
from mailtui.service.filing import PATIENCE, Filing, files_by_itself
from mailtui.service.jobs import Jobs, Lane
from mailtui.service.journal import OWN, Replay
from mailtui.service.keeping import Keeping, Means
from mailtui.service.line import Line, Outside
from mailtui.service.outside import World
from mailtui.service.parts import Parts
from mailtui.service.protocol import ProtocolLog
from mailtui.service.reader import MailReader
from mailtui.service.searching import Searching
from mailtui.service.secrets import Secrets
from mailtui.service.sending import Post, Sending
from mailtui.service.session import Session
from mailtui.service.sync import Sync
from mailtui.service.troubles import Troubles
from mailtui.service.worker import Worker

_log = logging.getLogger(__name__)

_BY_PATIENCE = (Lane.BACKGROUND, Lane.BULK, Lane.INTERACTIVE)
_ROUND = 120.0  # seconds between two looks at folders that nobody watches
_BEAT = 5.0  # seconds between two looks at the clock
_ASLEEP = 60.0  # seconds that the wall clock may run ahead before the machine must have slept


class Account:
    """Lives on the event loop; what it puts on its lanes is done by threads."""

    def __init__(self, books: Books, world: World, reader: MailReader, means: Means, logs: Path) -> None:
        """`logs` is the directory of the protocol log."""
        troubles = Troubles(books.clock)
        self._protocol = ProtocolLog(logs, books.key, books.clock, troubles.add)
        heard = books.heard_by(self._hear)
        self._publish = heard.publish
        self.books = books = replace(heard, publish=self._published)
        self._world = world
        self._jobs = Jobs(troubles.job)
        self._wanted: PasswordWanted | None = None  # while one is
        self._inbox: int | None = None
        self._quirks = USUAL  # of the server, once a connection was made
        secrets = Secrets(books.account, world.find_secret, world.can_remember)
        self.secrets = secrets
        outside = Outside(
            world.dial,
            self._protocol.wire,
            time.monotonic,
            world.random,
            self._line_changed,
            self._ask,
            world.pause,
        )
        self.line = Line(books.account.imap, secrets, outside)
        self.sync = Sync(books, self._jobs, self.line, self.watched)
        self.replay = Replay(books, self._jobs, self.sync)
        self.bodies = Bodies(books, self._jobs, reader)
        self.keeping = Keeping(books, self._jobs, means, lambda: self.sync.visible)
        self._workers = {lane: self._worker(lane) for lane in Lane}
        self.parts = Parts(books, self._jobs, self._wake)
        self.searching = Searching(books, self._jobs, self._workers[Lane.BULK].cut)
        ways: dict[str, Callable[..., None]] = {"part": self.parts.cancel, "search": self.searching.cancel}
        seen = Seen(self._jobs, self.line, self._workers.values(), secrets, self._protocol, ways)
        self.activity = Activity(books, seen, troubles)
        self._filing = Filing(books, self._jobs, self._settled)
        post = Post(
            books.outbox,
            world.send,
            world.clock,
            self._staged,
            self._ask,
            self._accepted,
            partial(self._protocol.wire, "sending"),
        )
        self.sending = Sending(books.account, secrets, post)
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.Task[None] | None = None
        self._offline_since: float | None = None

    def _worker(self, lane: Lane) -> Worker:
        def lanes() -> Collection[Lane]:
            return self._lanes(lane)

        def standing() -> bool:
            return lane is Lane.BACKGROUND or (lane is Lane.INTERACTIVE and self.sync.visible is not None)

        return Worker(lane, lanes, self._jobs, self.line, self, standing=standing)

    def _lanes(self, lane: Lane) -> Collection[Lane]:
        """Its own. When the server takes no further connection, one that is there does the others'
        work too, the background one rather than the interactive one."""
        if not self.line.crowded:
            return frozenset({lane})
        held = [one for one in _BY_PATIENCE if self.line.holds(one)]
        if lane not in held:
            return frozenset()
        return frozenset({lane, *(set(Lane) - set(held))}) if lane is held[0] else frozenset({lane})

    def _published(self, events: Iterable[Event]) -> None:
        """On any thread."""
        told = list(events)
        self._publish(told)
        self.keeping.heard(told)

    # beginning and end

    def start(self) -> None:
        """Find out what was left to do, then connect."""
        with self.books.reading() as reader:
            inbox = reader.role(self.books.key, Role.INBOX)
        self._inbox = inbox.id if inbox is not None else None
        self.sync.begin()
        self.replay.look()
        self._resume_outbox()
        for worker in self._workers.values():
            worker.start()
        self.sending.start()
        self._timer = asyncio.create_task(self._watch_the_clock())

    def _resume_outbox(self) -> None:
        for item in self.books.outbox.in_stage(Stage.UNKNOWN, Stage.SENT_UNFILED):
            if item.account != self.books.key:
                continue
            if item.stage is Stage.UNKNOWN and item.rest:
                continue  # the copy that is there is of the first time
            if item.stage is Stage.UNKNOWN:
                self._filing.probe(item)
            else:
                self._filing.file(item, certain=False)

    async def stop(self, patience: float) -> None:
        """Finish what is being done, say LOGOUT on every connection, end every thread."""
        if self._timer is not None:
            self._timer.cancel()
        await self.sending.stop(patience)
        for worker in self._workers.values():
            worker.stop()
        self._jobs.hush()
        self._wake()
        await asyncio.gather(*(asyncio.to_thread(worker.join, patience) for worker in self._workers.values()))
        self.keeping.close()
        await asyncio.to_thread(self._protocol.end)

    def state(self) -> list[Event]:
        """What a front that has just come must know."""
        state, reason = self.line.shown()
        changed = ConnectionChanged(self.books.key, state, reason)
        return [self._wanted, changed] if self._wanted else [changed]  # as they came: first the question

    def can_finish(self) -> bool:
        """Whether something durable waits that is likely to be finished soon."""
        if not self.line.wanted or self.line.blocked:
            return False
        offline = self._offline_since is not None and time.monotonic() - self._offline_since > _ASLEEP
        if offline:
            return False
        with self.books.reading() as reader:
            items = [item for item in reader.outbox() if item.account == self.books.key]
        due = self.books.outbox.due(self.books.key)
        leaving = due is not None and due - self.books.now <= STAYS
        filing = any(item.stage in (Stage.SENDING, Stage.SENT_UNFILED) for item in items)
        rests = (self.replay.due(), self.replay.due(drafts=True))
        carrying = any(rest is not None and rest <= STAYS for rest in rests)
        return (leaving and not self.sending.stuck) or filing or carrying

    # what the user does

    def show(self, folder: int) -> None:
        self.sync.show(folder)
        self.line.hurry()
        self._wake()

    def synchronise(self) -> None:
        if not self.line.wanted or self.line.blocked:
            self.sync.begin(announce=True)
            self.sync.unreachable(self.line.trouble)
            return
        hurried = self.line.hurry()
        self.sync.begin(announce=True)
        if not hurried and not self.line.connected:  # it was tried only just now
            self.sync.unreachable(self.line.trouble)
        self.replay.begin()
        self.sending.kick()
        self._wake()

    def give_password(self, secret: Secret) -> None:
        self._wanted = None
        self.secrets.give(secret)
        self.line.unblock()
        self.sending.kick(unstick=True)
        self._wake()

    def set_online(self, online: bool) -> None:
        self.line.set_wanted(online)
        self.sending.wanted = online
        if online:
            self.line.unblock()
        self.sending.kick()
        self._wake()

    def hurry(self) -> None:
        """The user waits: a pause between two attempts to connect is over."""
        self.line.hurry()
        self._wake()

    def recorded(self) -> None:
        """The journal has something new."""
        self.replay.begin()

    def drafted(self) -> None:
        """A draft was finished, or thrown away."""
        self.replay.begin_drafts()

    def probe(self, item: OutboxItem) -> None:
        self._filing.probe(item)

    def file(self, item: OutboxItem) -> None:
        self._filing.file(item, certain=False)

    def _hear(self, events: Iterable[Event]) -> None:
        """On any thread: what is about to be published."""
        self.activity.hear(events)

    # what workers ask and tell (on their threads)

    def came(self, session: Session) -> None:
        """A connection was made: whatever may have changed meanwhile is looked at."""
        self._quirks = session.connection.quirks
        self._offline_since = None
        lanes = session.lanes()
        if Lane.BACKGROUND in lanes:
            self.sync.begin()
            self.replay.look()
            self.keeping.stir()
        if Lane.INTERACTIVE in lanes and self.sync.visible is not None:
            self.sync.show(self.sync.visible)

    def heard(self, session: Session, pushes: Sequence[Push]) -> None:
        self.sync.heard(session, pushes)

    def watched(self, lanes: Collection[Lane]) -> int | None:
        """The interactive connection watches the folder on the screen, the other one the inbox."""
        visible = self.sync.visible
        inbox = self._find_inbox()
        if Lane.INTERACTIVE in lanes:
            return visible if visible is not None else inbox
        if Lane.BACKGROUND in lanes:
            return inbox if inbox != visible else None
        return None

    def crowded(self) -> None:
        self.sync.begin()  # the connection that does it now was made for something else
        self.replay.look()
        self.keeping.stir()
        self._wake()

    def enter(self, session: Session, folder: int) -> None:
        """To watch it: what changed since the last look is looked at first."""
        self.sync.attend(session, folder)

    def _find_inbox(self) -> int | None:
        if self._inbox is None:
            with self.books.reading() as reader:
                inbox = reader.role(self.books.key, Role.INBOX)
            if inbox is not None and self.books.writer.raw_name(inbox.id) is not None:
                self._inbox = inbox.id
        return self._inbox

    def _wake(self) -> None:
        for worker in self._workers.values():
            worker.wake()

    # what the line tells (on any thread)

    def _line_changed(self, state: ConnectionState, reason: str) -> None:
        self.books.tell(ConnectionChanged(self.books.key, state, reason))
        if state in (ConnectionState.OFFLINE, ConnectionState.WAITING):
            if self._offline_since is None:
                self._offline_since = time.monotonic()
            self.sync.unreachable(self.line.trouble)

    def _ask(self, reason: str) -> None:
        self._wanted = PasswordWanted(self.books.key, reason, self.secrets.keepable)
        self.books.tell(self._wanted)

    # what becomes of the outbox

    def _accepted(self, item: OutboxItem) -> None:
        """In a thread, while the draft still tells what it answered. Ids make a repeat harmless."""
        with self.books.reading() as reader:
            draft = reader.draft(item.draft) if item.draft else None
        if draft is None:
            return
        wishes = (
            ("answered", draft.answers, ChangeFlags((draft.answers or 0,), add=Flag.ANSWERED | Flag.SEEN)),
            (
                "forwarded",
                draft.forwards,
                ChangeFlags((draft.forwards or 0,), add=Flag.SEEN, add_keywords=(FORWARDED,)),
            ),
        )
        for word, message, wish in wishes:
            if message is not None:
                recorded = self.books.journal.record(f"{OWN}{word}-{item.id}", wish)
                self.books.changed(recorded.changes)
        self.recorded()

    def _staged(self, item: OutboxItem) -> None:
        """On the loop: an item went on."""
        self.books.tell(OutboxChanged(item.account, item.id, item.stage, item.trouble))
        if item.draft and item.stage in (Stage.SENT_UNFILED, Stage.DONE):
            self.books.tell(DraftsChanged(item.draft))
            self.replay.begin_drafts()
        self._loop.run_in_executor(None, self.books.queue_changed)
        if item.stage is Stage.SENT_UNFILED and files_by_itself(self.books.account, self._quirks):
            self._loop.call_later(PATIENCE, lambda: self._filing.file(item, certain=False))
        elif item.stage is Stage.SENT_UNFILED:
            self._filing.file(item, certain=not item.rest)
        elif item.stage is Stage.UNKNOWN and not item.rest:
            for pause in (0, 3, PATIENCE):
                self._loop.call_later(pause, self._filing.probe, item)

    def _settled(self, item: OutboxItem, stage: Stage, trouble: str) -> None:
        """On a worker's thread: the copy is filed, or the probe found that it was sent."""
        if item.stage is Stage.UNKNOWN:
            self._accepted(item)
        done = self.books.outbox.stage(item.id, stage, trouble=trouble or item.trouble)
        self._loop.call_soon_threadsafe(self._staged, done)
        with self.books.reading() as reader:
            sent = reader.role(self.books.key, Role.SENT)
        if sent is not None:
            self.sync.revisit(sent.id)

    # time

    async def _watch_the_clock(self) -> None:
        """Look at the other folders now and then, and notice when the machine was asleep."""
        last_round = time.monotonic()
        wall, ticks = self._world.clock(), time.monotonic()
        while True:
            await asyncio.sleep(_BEAT)
            slept = (self._world.clock() - wall) - (time.monotonic() - ticks)
            wall, ticks = self._world.clock(), time.monotonic()
            if slept > _ASLEEP:
                _log.info("%s: awake again after %d seconds.", self.books.key, slept)
                for worker in self._workers.values():
                    worker.cut()
                self.line.hurry()
                self.sending.kick()
                self._wake()
            if not self.line.connected:
                continue
            await asyncio.to_thread(self.replay.look)
            if ticks - last_round >= _ROUND:
                last_round = ticks
                self.sync.begin()
                self.keeping.stir()
                await asyncio.to_thread(self._resume_outbox)
