"""Copies of the store and of the mail server, taken at each moment at which a crash would matter."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from unittest import mock

from mailtui.store.connection import WriteConnection
from tests.servers.mailboxes import Frozen, Mailboxes

_CHANGING = frozenset(
    {"UID STORE", "UID COPY", "UID MOVE", "UID EXPUNGE", "APPEND", "CREATE", "RENAME", "DELETE"}
)


@dataclass(frozen=True, slots=True)
class Moment:
    """What would be left after a crash here. `sent` are messages that had left by SMTP."""

    label: str
    store: bytes
    server: Frozen
    sent: tuple[bytes, ...]

    def restore(self, store: Path) -> None:
        store.parent.mkdir(parents=True)
        store.parent.chmod(0o700)
        store.write_bytes(self.store)
        store.chmod(0o600)


class Moments:
    """`with Moments(...) as moments:` around what a test does; `taken` has those that differ."""

    def __init__(self, store: Path, boxes: Mailboxes, sent: list[bytes]) -> None:
        self.taken: list[Moment] = []
        self._store, self._boxes, self._sent = store, boxes, sent
        self._lock = RLock()

    @contextmanager
    def watching(self) -> Iterator[None]:
        real = WriteConnection.transaction

        @contextmanager
        def transaction(
            connection: WriteConnection, *, durable: bool = False
        ) -> Iterator[sqlite3.Connection]:
            with real(connection, durable=durable) as db:
                yield db
            self.take("after a transaction")

        self._boxes.about_to = lambda verb: self.take(f"before {verb}", verb)
        self._boxes.has_done = lambda verb: self.take(f"after {verb}", verb)
        with mock.patch.object(WriteConnection, "transaction", transaction):
            self.take("at the beginning")
            yield
            self.take("at the end")
        self._boxes.about_to = self._boxes.has_done = lambda verb: None

    def take(self, label: str, verb: str = "APPEND") -> None:
        if verb not in _CHANGING:
            return
        frozen = self._boxes.frozen()  # its lock comes before ours: its threads hold it already
        with self._lock:
            moment = Moment(label, _copied(self._store), frozen, tuple(self._sent))
            if not any(
                (one.store, one.server, one.sent) == (moment.store, frozen, moment.sent) for one in self.taken
            ):
                self.taken.append(moment)


def _copied(store: Path) -> bytes:
    """The committed state of a database that is in use."""
    with closing(sqlite3.connect(store)) as source, closing(sqlite3.connect(":memory:")) as copy:
        source.backup(copy)
        return copy.serialize()
