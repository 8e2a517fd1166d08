"""A whole account service in the test's process, against real servers, with a front on a memory link."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from imaplib import IMAP4
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from mailtui.config.settings import Settings
from mailtui.link.client import Client, memory_link
from mailtui.model.account import Account, Security, Server
from mailtui.model.address import Address
from mailtui.model.event import Event, SyncEnded
from mailtui.model.folder import Folder, Role
from mailtui.model.intent import Intent, Synchronise
from mailtui.model.keeping import HEADERS, USUAL_SIZE, Keep
from mailtui.model.message import Summary
from mailtui.model.secret import Secret
from mailtui.model.trouble import Trouble
from mailtui.service.outside import World
from mailtui.service.service import AccountService
from mailtui.store.reading import Reader
from tests.servers.dovecot import Dovecot, User

_T = TypeVar("_T")
_E = TypeVar("_E", bound=Event)


def account_of(
    server: Dovecot,
    user: User,
    smtp: Server | None = None,
    *,
    key: str = "work",
    keep: Keep = HEADERS,
) -> Account:
    """The account of a Dovecot user. Unless told otherwise nothing is fetched that a test doesn't ask for."""
    return Account(
        key=key,
        address=Address("Alice Example", f"{user.name}@example.test"),
        imap=Server(server.host, server.imap, Security.NONE, user.name),
        smtp=replace(smtp, user=user.name) if smtp is not None else None,
        files_sent=False,
        keep=keep,
    )


def message(
    number: int, *, subject: str = "", body: str = "Hello\r\n", to: str = "alice@example.test"
) -> bytes:
    """A plain message with a Message-ID of its own."""
    return (
        f"From: Bob Builder <bob{number}@example.test>\r\nTo: {to}\r\n"
        f"Subject: {subject or f'Number {number}'}\r\nMessage-ID: <m{number}@example.test>\r\n"
        f"Date: Mon, 5 Oct 2026 10:{number // 60 % 60:02d}:{number % 60:02d} +0000\r\n\r\n{body}"
    ).encode()


def find_password(account: Account) -> Secret:
    return Secret(f"{account.imap.user}-pass")


WORLD = World(find_secret=find_password, pause=0.1)


class Running:
    """`async with Running(root, account) as it:` everything is up to date inside."""

    def __init__(
        self,
        root: Path,
        *accounts: Account,
        world: World | None = None,
        settle: bool = True,
        keep_size: int = USUAL_SIZE,
    ) -> None:
        self.accounts = accounts
        self.store = root / "data" / "mail.db"
        self.events: list[Event] = []
        self._root = root
        self._world = world or WORLD
        self._settle = settle
        self._keep_size = keep_size
        self.service: AccountService
        self.client: Client

    async def __aenter__(self) -> Self:
        self.service = self.make(Settings(accounts=self.accounts, keep_size=self._keep_size))
        await self.service.start()
        self.client = await memory_link(self.service)
        self.client.on_event = self.events.append
        if self._settle:
            await self.synchronise()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.client.close()
        await self.service.stop(3)

    def make(self, settings: Settings) -> AccountService:
        return AccountService(settings, self.store, self._root / "data" / "parts", self._world)

    # doing

    async def do(self, intent: Intent, *, id: str | None = None) -> str:  # noqa: A002 - as the client
        """Submit; returns the intent's id. Raises its refusal."""
        ack = await asyncio.wait_for(self.client.submit(intent, id=id), 30)
        if ack.refusal is not None:
            raise ack.refusal
        return ack.id

    async def refused(self, intent: Intent) -> Trouble:
        ack = await self.client.submit(intent)
        assert ack.refusal is not None
        return ack.refusal

    async def synchronise(self) -> SyncEnded:
        """A whole round over the first account."""
        mark = len(self.events)
        await self.do(Synchronise(self.accounts[0].key))
        return await self.heard(SyncEnded, since=mark)

    async def settled(self) -> None:
        """Everything of the journal and the outbox was carried out."""
        await self.until(lambda: self.waiting() == (0, 0), "the queue is empty")

    # looking

    def waiting(self) -> tuple[int, int]:
        return self.read(lambda reader: reader.waiting(self.accounts[0].key))

    def read(self, ask: Callable[[Reader], _T]) -> _T:
        with Reader(self.store) as reader:
            return ask(reader)

    def role(self, role: Role, account: str = "work") -> Folder:
        folder = self.read(lambda reader: reader.role(account, role))
        assert folder is not None
        return folder

    def _with_role(self, role: Role) -> Folder | None:
        return self.read(lambda reader: reader.role(self.accounts[0].key, role))

    def folder(self, path: str, account: str = "work") -> Folder:
        folders = self.read(lambda reader: reader.folders(account))
        return next(folder for folder in folders if folder.path == path)

    def rows(self, folder: Folder | Role) -> list[Summary]:
        """The folder's messages, newest first."""
        place = folder if isinstance(folder, Folder) else self._with_role(folder)
        return self.read(lambda reader: reader.window(place.id, 1000)) if place is not None else []

    def subjects(self, folder: Folder | Role) -> list[str]:
        return sorted(summary.subject for summary in self.rows(folder))

    def named(self, subject: str, folder: Folder | Role = Role.INBOX) -> Summary:
        return next(summary for summary in self.rows(folder) if summary.subject == subject)

    async def heard(self, kind: type[_E], *, since: int = 0, seconds: float = 20) -> _E:
        """The first event of a kind, waited for."""

        def find() -> _E | None:
            return next((event for event in self.events[since:] if isinstance(event, kind)), None)

        await self.until(lambda: find() is not None, f"{kind.__name__} is heard", seconds)
        found = find()
        assert found is not None
        return found

    async def until(self, true: Callable[[], object], what: str = "it", seconds: float = 20) -> None:
        """Wait until something is so."""
        end = time.monotonic() + seconds
        while not true():
            if time.monotonic() > end:
                raise AssertionError(f"{what}: not within {seconds} s; heard {self.events[-12:]}")
            await asyncio.sleep(0.01)


def subjects_there(client: IMAP4, folder: str) -> list[str]:
    """What a plain client sees in a folder on the server: sorted subjects of what is not marked
    \\Deleted."""
    status, _ = client.select(_quoted(folder), readonly=True)
    assert status == "OK"
    numbers = client.search(None, "UNDELETED")[1][0].decode().replace(" ", ",")
    if not numbers:
        return []
    _, found = client.fetch(numbers, "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])")
    texts = [part[1] for part in found if isinstance(part, tuple)]
    return sorted(text.decode().partition(":")[2].strip() for text in texts)


def flags_there(client: IMAP4, folder: str) -> dict[str, set[str]]:
    """subject → flags, as a plain client sees them."""
    client.select(_quoted(folder), readonly=True)
    _, found = client.fetch("1:*", "(FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])")
    flags: dict[str, set[str]] = {}
    for part in found:
        if isinstance(part, tuple):
            said = part[0].decode()
            inside = said[said.index("FLAGS (") + 7 :]
            subject = part[1].decode().partition(":")[2].strip()
            flags[subject] = set(inside[: inside.index(")")].split())
    return flags


def delivered(server: Dovecot, user: User, *sources: bytes) -> None:
    """New mail in the inbox."""
    for source in sources:
        server.append(user, "INBOX", source)


def _quoted(folder: str) -> str:
    return f'"{folder}"'
