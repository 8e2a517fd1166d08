"""A bare application for one widget, over a real store, without a service: what it wishes is kept."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from textual.app import App, ComposeResult
from textual.signal import Signal
from textual.widget import Widget

from mailtui.link.ack import Ack
from mailtui.model.account import Account, Security, Server
from mailtui.model.address import Address
from mailtui.model.event import Event
from mailtui.model.folder import Role, ServerFolder
from mailtui.model.intent import Intent
from mailtui.model.message import Flag, Header, Indexed
from mailtui.store.changes import Changes
from mailtui.store.writing import Writer
from mailtui.ui.actions import BY_ID
from mailtui.ui.choice import Choice
from mailtui.ui.connections import Connections
from mailtui.ui.folderbook import Folderbook
from mailtui.ui.keymap import Keymap, keymap
from mailtui.ui.readers import Readers
from mailtui.ui.saying import Say

NOON = 1_763_985_600  # Monday 24 November 2025, 12:00 UTC
HOUR = 3600


def clock() -> float:
    return float(NOON)


def account(key: str = "work") -> Account:
    server = Server("localhost", 993, Security.TLS, "kim")
    return Account(key, Address("Kim", f"kim@{key}.example"), server)


class Shop:
    """A store that a test fills as a server would."""

    def __init__(self, path: Path, *folders: tuple[str, Role | None]) -> None:
        self.path = path
        self.writer = Writer(path, clock)
        self.writer.put_account(account())
        named = folders or (("INBOX", Role.INBOX), ("Archive", Role.ARCHIVE), ("Sent", Role.SENT))
        self.writer.put_folders(
            "work", [ServerFolder(name, name.encode(), "/", role) for name, role in named]
        )
        self._uids: dict[int, int] = {}

    def folder(self, name: str = "INBOX") -> int:
        found = self.writer.folder_named("work", name)
        assert found is not None
        return found

    def add(self, messages: Iterable[Indexed], folder: str = "INBOX") -> Changes:
        return self.writer.index(self.folder(folder), messages)

    def mail(self, count: int, folder: str = "INBOX", *, start: int = NOON - HOUR) -> list[Indexed]:
        """So many plain messages, the first the newest; UIDs go on from the last call."""
        number = self.folder(folder)
        first = self._uids.get(number, 0) + 1
        self._uids[number] = first + count - 1
        return [letter(first + count - 1 - age, start - age * HOUR) for age in range(count)]


def letter(
    uid: int,
    received: int = NOON - HOUR,
    *,
    sender: Address | None = None,
    subject: str | None = None,
    flags: Flag = Flag.SEEN,
    keywords: tuple[str, ...] = (),
    attachments: bool = False,
    to: tuple[Address, ...] = (Address("Kim", "kim@work.example"),),
    header: Header | None = None,
) -> Indexed:
    """A message as a server tells of it."""
    sender = sender or Address(f"Sender {uid}", f"s{uid}@example.org")
    subject = f"Subject {uid}" if subject is None else subject
    header = header or Header(subject, (sender,), to, sent=received, message_id=f"<{uid}@example.org>")
    return Indexed(uid, flags, keywords, received, 1000, header, attachments=attachments)


class Stage(App[None]):
    """Shows one widget; `told` is what it said, `wishes` what it wished."""

    CSS = "Screen > * { height: 1fr; border: round $primary; }"

    def __init__(self, path: Path, widget: Callable[[], Widget]) -> None:
        super().__init__()
        self._widget = widget
        self.readers = Readers(path)
        self.folders = Folderbook()
        self.keymap: Keymap = keymap()
        self.accounts: Mapping[str, Account] = {"work": account()}
        self.happened: Signal[Event] = Signal(self, "happened")
        self.refused: Signal[Intent] = Signal(self, "refused")
        self.clock = clock
        self.told: list[str] = []
        self.wishes: list[Intent] = []
        self.posted: list[object] = []
        self.answers: list[str | None] = []
        self.connections = Connections(self.accounts)
        self.animation_level = "none"

    def compose(self) -> ComposeResult:
        if self.readers.here is not None:
            self.folders.replace(self.readers.here.folders())
        yield self._widget()

    async def on_unmount(self) -> None:
        await self.readers.close()

    def publish(self, changes: Changes) -> None:
        """Let the widget hear what the store says has changed."""
        for event in changes.events:
            self.happened.publish(event)

    def say(self, text: str, kind: Say = Say.DONE, *, seconds: float = 0, undo: bool = False) -> None:
        self.told.append(text)

    def key_of(self, action: str) -> str:
        return self.keymap.of(BY_ID[action])

    def today(self) -> date:
        return date(2025, 11, 24)

    def trouble(self, what: str, advice: str = "") -> None:
        self.told.append(f"{what} {advice}".strip())

    def wish(self, intent: Intent, *, said: str = "", undo: bool = False) -> str:
        self.wishes.append(intent)
        return str(len(self.wishes))

    def submit(self, intent: Intent) -> "asyncio.Task[Ack]":
        async def answer() -> Ack:
            return Ack(self.wish(intent))

        return asyncio.ensure_future(answer())

    async def ask(self, question: str, *, value: str = "", hint: str = "") -> str | None:
        return self.answers.pop(0)

    async def confirm(self, question: str, *, yes: str, advice: str = "") -> bool:
        return True

    async def choose(self, title: str, choices: Sequence[Choice], *, hint: str = "") -> Choice | None:
        return None

    def act(self, action: str, argument: str = "") -> Awaitable[None] | None:
        return None
