"""AccountService: takes intents, publishes events, owns the accounts. One per profile."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from mailtui.config.paths import Paths
from mailtui.config.settings import Settings
from mailtui.link.ack import Ack
from mailtui.link.server import Callback
from mailtui.model.draft import OutboxItem, Stage
from mailtui.model.event import (
    Event,
    KeepChanged,
    LateSending,
    OutboxChanged,
    QueueChanged,
    ServerSpoke,
    ServiceEnding,
)
from mailtui.model.intent import (
    DURABLE,
    CancelFetch,
    CancelSearch,
    DiscardDraft,
    FetchBody,
    FetchPart,
    GivePassword,
    Intent,
    KeepHere,
    MarkSent,
    RecordProtocol,
    RetryOperations,
    RetrySend,
    SaveDraft,
    SearchServer,
    SetOnline,
    ShowFolder,
    ShowMessage,
    StopJob,
    StopService,
    Synchronise,
    WatchActivity,
)
from mailtui.model.keeping import Keep
from mailtui.model.trouble import Refused, Trouble
from mailtui.service.account import Account
from mailtui.service.books import Books
from mailtui.service.drafting import Drafting
from mailtui.service.durable import Durable
from mailtui.service.keeping import Means
from mailtui.service.outside import World
from mailtui.service.publishing import Publisher
from mailtui.service.reader import MailReader
from mailtui.service.reporting import Reporting
from mailtui.service.settings_file import SettingsFile
from mailtui.service.sweeping import Sweeping
from mailtui.signin.secrets import remember
from mailtui.store.journal import Journal
from mailtui.store.keeping import Shelf
from mailtui.store.outbox import Outbox
from mailtui.store.reading import Reader
from mailtui.store.repair import open_or_rebuild
from mailtui.text.sanitize import line
from mailtui.text.search import parse

_T = TypeVar("_T")
_log = logging.getLogger(__name__)

_OUTBOX_KEPT = 30 * 24 * 3600  # seconds that a sent item is remembered


class AccountService:
    """Made, started and stopped on an event loop. Works in one process with a front as well as behind
    a socket (link/server.py). `stopped` is set when somebody wants it to end. Protocol logs are written
    into `logs`, beside the store if that is not said."""

    def __init__(
        self,
        settings: Settings,
        store: Path,
        parts: Path,
        world: World | None = None,
        *,
        logs: Path | None = None,
        file: SettingsFile | None = None,
    ) -> None:
        self._world = world or World()
        self._loop = asyncio.get_running_loop()
        self._publisher = Publisher(self._loop)
        self._queues: dict[str, QueueChanged] = {}
        self._writer, self._rebuilt = open_or_rebuild(store, self._world.clock, parts=parts)
        self._journal = Journal(self._writer)
        self._outbox = Outbox(self._writer)
        self._reader = MailReader()
        self._writing = ThreadPoolExecutor(1, "writing")
        self._asking = ThreadPoolExecutor(2, "asking")
        known = {account.key: account for account in settings.accounts}
        self._durable = Durable(
            known, self._journal, self._outbox, Drafting(self._outbox, self._world.clock), self._publish
        )
        self._accounts: dict[str, Account] = {}
        self._late: list[OutboxItem] = []  # not yet told to anybody
        self._settings, self._file = settings, file
        self._logs = logs or store.parent
        self._reporting = Reporting(self._publish)
        self._sweeping = Sweeping(
            Shelf(self._writer),
            settings.keep_size,
            lambda: [account.keeping.account for account in self._accounts.values()],
            lambda: Reader(self._writer.path),
            self._world.clock,
            self._publish,
        )
        self._ahead = Means(MailReader(), Shelf(self._writer), self._sweeping, self._put_keep)
        self._sweeper: asyncio.Task[None] | None = None
        self.stopped = asyncio.Event()

    @classmethod
    def of_profile(
        cls, settings: Settings, paths: Paths, file: SettingsFile, world: World | None = None
    ) -> "AccountService":
        return cls(settings, paths.store, paths.parts, world, logs=paths.state, file=file)

    async def start(self) -> None:
        """Everything that an earlier service left is taken up again."""
        await self._in(self._writing, self._tidy)
        for account in self._settings.accounts:
            await self._in(self._writing, self._writer.put_account, account)
            books = Books(
                account, self._writer, self._journal, self._outbox, self._publish, self._world.clock
            )
            self._accounts[account.key] = Account(books, self._world, self._reader, self._ahead, self._logs)
        for found in self._accounts.values():
            found.start()
            await self._in(self._asking, found.books.queue_changed)
        self._sweeper = asyncio.create_task(self._sweeping.run())

    async def stop(self, patience: float = 5.0) -> None:
        """Finish what is being done, within `patience` seconds; the rest stays in the store."""
        self._reporting.stop()
        self._publish([ServiceEnding()])
        if self._sweeper is not None:
            self._sweeper.cancel()
        await asyncio.gather(*(account.stop(patience) for account in self._accounts.values()))
        await asyncio.to_thread(self._writing.shutdown)
        await asyncio.to_thread(self._asking.shutdown)
        await asyncio.to_thread(self._reader.close)
        await asyncio.to_thread(self._ahead.close)
        await asyncio.to_thread(self._writer.checkpoint)
        self._writer.close()

    async def can_finish(self) -> bool:
        """Whether something durable is under way that need not wait for the user or the network."""
        answers = [await self._in(self._asking, account.can_finish) for account in self._accounts.values()]
        return any(answers)

    async def left_alone(self) -> None:
        """The last front has gone: what is for later goes to servers that hold it, if they do."""
        await self._in(self._writing, self._outbox.hasten)
        for account in self._accounts.values():
            account.sending.kick()

    def subscribe(self, callback: Callback) -> Callable[[], None]:
        """The state of every account at once, then every event."""
        for account in self._accounts.values():
            for event in account.state():
                callback(event)
        for queue in self._queues.values():
            callback(queue)
        if self._rebuilt is not None:
            callback(ServerSpoke("", str(self._rebuilt)))
        late, self._late = self._late, []
        if late:
            callback(
                LateSending(tuple(line(item.subject, 60) for item in late), min(item.later for item in late))
            )
        return self._publisher.subscribe(callback)

    async def handle(self, intent_id: str, intent: Intent) -> Ack:
        """On the loop, which it never blocks. Durable intents are answered once they are written."""
        if isinstance(intent, DURABLE):
            refusal, accounts = await self._in(self._writing, self._durable.write, intent_id, intent)
            for key in accounts:
                self._stir(key, intent)
            return Ack(intent_id, refusal)
        try:
            await self._now(intent)
        except Trouble as refusal:
            return Ack(intent_id, refusal)
        return Ack(intent_id)

    # durable intents, once written

    def _stir(self, key: str, intent: Intent) -> None:
        account = self._accounts.get(key)
        if account is None:
            return
        account.recorded()
        if isinstance(intent, RetryOperations | RetrySend):
            account.hurry()
        account.sending.kick()
        if isinstance(intent, (SaveDraft, DiscardDraft)):
            account.drafted()
        if isinstance(intent, MarkSent):
            for item in self._outbox.in_stage(Stage.SENT_UNFILED):
                if item.id == intent.item:
                    account.file(item)
        self._loop.run_in_executor(self._asking, account.books.queue_changed)

    # what is wanted now

    async def _now(self, intent: Intent) -> None:
        match intent:
            case ShowFolder(folder):
                shown = await self._of_folder(folder)
                shown.show(folder)
            case FetchBody(message, whole, html):
                account = await self._of_message(message)
                await self._in(self._asking, lambda: account.bodies.fetch(message, whole=whole, html=html))
            case ShowMessage() | KeepHere():
                await self._keep(intent)
            case FetchPart(message, section):
                account = await self._of_message(message)
                await self._in(self._asking, account.parts.fetch, message, section)
            case CancelFetch(message, section):
                account = await self._of_message(message)
                account.parts.cancel(message, section)
            case SearchServer():
                await self._search(intent)
            case CancelSearch(search):
                for account in self._accounts.values():
                    account.searching.cancel(search)
            case _:
                await self._steer(intent)

    async def _steer(self, intent: Intent) -> None:
        """What is about accounts as a whole, or about the service."""
        match intent:
            case Synchronise(key):
                for account in self._chosen(key):
                    account.synchronise()
            case GivePassword():
                await self._password(intent)
            case SetOnline(key, online):
                (account,) = self._chosen(key)
                account.set_online(online)
            case WatchActivity():
                self._reporting.watch([account.activity for account in self._accounts.values()])
            case StopJob(key, number):
                (account,) = self._chosen(key)
                await self._in(self._asking, account.activity.stop, number)
            case RecordProtocol(key, on):
                (account,) = self._chosen(key)
                await self._in(self._asking, account.activity.record, on)
            case StopService():
                self.stopped.set()
            case _:
                raise Refused(f"This is not understood: {type(intent).__name__}.")

    async def _search(self, intent: SearchServer) -> None:
        query = parse(intent.text, datetime.fromtimestamp(self._world.clock()).astimezone().date())
        if intent.folder is not None:
            chosen = [await self._of_folder(intent.folder)]
        else:
            chosen = self._chosen(intent.account)
        for account in chosen:
            await self._in(self._asking, account.searching.search, intent.search, query, intent.folder)

    async def _password(self, intent: GivePassword) -> None:
        (account,) = self._chosen(intent.account)
        account.give_password(intent.password)
        if intent.remember:
            try:
                await self._in(self._asking, remember, account.books.account, intent.password)
            except Trouble as trouble:
                _log.info("A password was not kept: %s", line(trouble.what))
                raise Refused(
                    f"The password is used, but could not be kept: {line(trouble.what)}", line(trouble.advice)
                ) from trouble

    async def _keep(self, intent: ShowMessage | KeepHere) -> None:
        if isinstance(intent, ShowMessage):
            await self._in(self._asking, self._sweeping.show, intent.message)
        else:
            await self._in(self._writing, self._change_keep, intent)
            self._sweeping.due()

    def _change_keep(self, intent: KeepHere) -> None:
        self._chosen(intent.account)
        keep = Keep.parse(intent.keep)
        if intent.keep and keep is None:
            raise Refused(f"Mail can't be kept like that: {line(intent.keep)}.")
        self._put_keep(intent.account, intent.folder, keep)

    def _put_keep(self, account: str, folder: str, keep: Keep | None) -> None:
        """In any thread. Raises Trouble if it can't be written into the settings."""
        if self._file is not None:
            self._file.put_keep(account, folder, keep)
        self._accounts[account].keeping.change(folder, keep)
        self._publish([KeepChanged(account, folder, str(keep) if keep else "")])

    def _chosen(self, key: str | None) -> list[Account]:
        """Raises Refused."""
        if key is None:
            return list(self._accounts.values())
        account = self._accounts.get(key)
        if account is None:
            raise Refused(f"There is no account {key}.", "Look at the settings.")
        return [account]

    async def _of_folder(self, folder: int) -> Account:
        def find(reader: Reader) -> str | None:
            known = reader.folder(folder)
            return known.account if known is not None else None

        return await self._found(find, "That folder is not there any more.")

    async def _of_message(self, message: int) -> Account:
        def find(reader: Reader) -> str | None:
            known = reader.message(message)
            return known.summary.account if known is not None else None

        return await self._found(find, "That message is not there any more.")

    async def _found(self, find: Callable[[Reader], str | None], otherwise: str) -> Account:
        def ask() -> str | None:
            with Reader(self._writer.path) as reader:
                return find(reader)

        key = await self._in(self._asking, ask)
        account = self._accounts.get(key or "")
        if account is None:
            raise Refused(otherwise, "Synchronise, then look again.")
        return account

    # housekeeping

    def _tidy(self) -> None:
        now = int(self._world.clock())
        recovered = self._outbox.recover()
        self._publish(OutboxChanged(item.account, item.id, item.stage, item.trouble) for item in recovered)
        self._late = self._outbox.overdue()
        self._outbox.prune(now - _OUTBOX_KEPT)
        self._journal.prune()
        self._writer.drop_unfinished_parts()

    def _publish(self, events: Iterable[Event]) -> None:
        told = list(events)
        for event in told:
            if isinstance(event, QueueChanged):
                self._queues[event.account] = event
        self._publisher.publish(told)

    async def _in(self, threads: ThreadPoolExecutor, work: Callable[..., _T], *arguments: object) -> _T:
        return await self._loop.run_in_executor(threads, work, *arguments)
