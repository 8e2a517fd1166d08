"""Makes accounts, folders and messages for the tests of the store."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mailtui.model.account import Account, Security, Server
from mailtui.model.address import Address
from mailtui.model.folder import FolderState, Role, ServerFolder
from mailtui.model.intent import Intent
from mailtui.model.message import Flag, Header, Indexed, Summary
from mailtui.model.operation import Operation
from mailtui.model.trouble import Trouble
from mailtui.store.changes import Changes
from mailtui.store.journal import Journal
from mailtui.store.reading import Reader
from mailtui.store.writing import Writer

START = 1_700_000_000


@dataclass
class Clock:
    """Time that passes only when told to."""

    seconds: float = START + 1_000_000

    def __call__(self) -> float:
        return self.seconds

    def pass_by(self, seconds: float) -> None:
        self.seconds += seconds


def account(key: str = "work", address: str = "alice@example.org") -> Account:
    server = Server("imap.example.org", 993, Security.TLS, address)
    return Account(key, Address("Alice Example", address), server, server)


def server_folder(path: str, role: Role | None = None, **more: Any) -> ServerFolder:
    return ServerFolder(path, path.encode(), "/", role, **more)


USUAL = (
    server_folder("INBOX", Role.INBOX),
    server_folder("Archive", Role.ARCHIVE),
    server_folder("Trash", Role.TRASH),
    server_folder("Drafts", Role.DRAFTS),
    server_folder("Projects"),
    server_folder("Projects/Alpha"),
)


def indexed(uid: int, subject: str = "", flags: Flag = Flag.NONE, **more: Any) -> Indexed:
    """A message that is told from others by its UID."""
    header = Header(
        subject=subject or f"Message {uid}",
        senders=more.pop("senders", (Address("Ana Lima", "ana@example.net"),)),
        to=more.pop("to", (Address("Alice Example", "alice@example.org"),)),
        cc=more.pop("cc", ()),
        sent=START + uid * 60,
        message_id=more.pop("message_id", f"<{uid}.{subject.encode().hex()[:20]}@example.net>"),
    )
    return Indexed(
        uid=uid,
        flags=flags,
        keywords=more.pop("keywords", ()),
        received=more.pop("received", START + uid * 60),
        size=more.pop("size", 1000 + uid),
        header=header,
        **more,
    )


def again(message: Indexed, uid: int, **more: Any) -> Indexed:
    """The same message under another UID."""
    return replace(message, uid=uid, **more)


@dataclass
class Store:
    """A writer and a reader on one file, with short words for what tests do."""

    writer: Writer
    reader: Reader
    clock: Clock
    journal: Journal
    acts: int = 0

    @classmethod
    def make(cls, path: Path) -> "Store":
        clock = Clock()
        writer = Writer(path, clock)
        made = cls(writer, Reader(path), clock, Journal(writer))
        made.usual_folders()
        return made

    def usual_folders(self, key: str = "work", address: str = "alice@example.org") -> None:
        self.writer.put_account(account(key, address))
        self.writer.put_folders(key, USUAL)
        for folder in self.reader.folders(key):
            self.writer.put_folder_state(folder.id, FolderState(uidvalidity=7, uidnext=1, complete=True))

    def folder(self, path: str, key: str = "work") -> int:
        return next(folder.id for folder in self.reader.folders(key) if folder.path == path)

    def fill(self, path: str, *messages: Indexed) -> list[int]:
        """Index messages; their ids in the order given."""
        folder = self.folder(path)
        self.writer.index(folder, messages)
        known = self.writer.by_uid(folder, [message.uid for message in messages])
        return [known[message.uid] for message in messages]

    def index(self, path: str, *messages: Indexed) -> Changes:
        return self.writer.index(self.folder(path), messages)

    def shown(self, path: str) -> list[Summary]:
        return self.reader.window(self.folder(path), 10_000)

    def subjects(self, path: str) -> list[str]:
        return [summary.subject for summary in self.shown(path)]

    def summary(self, message: int) -> Summary:
        (found,) = self.reader.summaries([message])
        return found

    def counted(self, path: str) -> tuple[int, int]:
        folder = self.reader.folder(self.folder(path))
        assert folder is not None
        return folder.total, folder.unread

    def act(self, intent: Intent) -> str:
        """Record an intent that is not refused; its id."""
        self.acts += 1
        recorded = self.journal.record(f"act {self.acts}", intent)
        assert recorded.refusal is None
        return f"act {self.acts}"

    def refused(self, intent: Intent) -> Trouble:
        """Record an intent that is refused; what is said."""
        self.acts += 1
        recorded = self.journal.record(f"act {self.acts}", intent)
        assert recorded.refusal is not None
        return recorded.refusal

    def next(self, key: str = "work") -> list[Operation]:
        return self.journal.next(key, self.writer.now())

    def send(self) -> list[Operation]:
        """Give everything that can be carried out to the server."""
        return self.journal.sent(self.next())

    def waiting(self) -> list[Operation]:
        return self.reader.operations()

    @property
    def path(self) -> Path:
        return self.writer.path

    def close(self) -> None:
        self.reader.close()
        self.writer.close()
