"""The one connection that writes: short transactions, one at a time, from any thread."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock

from mailtui.store.schema import StoreTrouble, open_writer

CHUNK = 500  # messages touched in one transaction: it stays below 50 ms (law 1)


class WriteConnection:
    """Serialises the service's threads. `clock` gives seconds since the epoch."""

    def __init__(self, path: Path, clock: Callable[[], float]) -> None:
        self.path = path
        self.clock = clock
        self._lock = RLock()
        self._db = open_writer(path)

    def now(self) -> int:
        return int(self.clock())

    @contextmanager
    def transaction(self, *, durable: bool = False) -> Iterator[sqlite3.Connection]:
        """All or nothing. Inside another transaction: part of that one. `durable` waits until the
        disk has it, which also survives a power cut. Raises StoreTrouble when the disk refuses."""
        with self._lock:
            if self._db.in_transaction:
                yield self._db
                return
            try:
                if durable:
                    self._db.execute("PRAGMA synchronous = FULL")
                self._db.execute("BEGIN IMMEDIATE")
                try:
                    yield self._db
                    self._db.execute("COMMIT")
                finally:
                    self._roll_back()
                    if durable:
                        self._db.execute("PRAGMA synchronous = NORMAL")
            except sqlite3.DatabaseError as error:
                trouble = in_words(error)
                if isinstance(trouble, Damaged):
                    mark_damaged(self.path)
                raise trouble from error

    def _roll_back(self) -> None:
        """If the transaction was not committed, nor ended by SQLite itself."""
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The connection, for a question that changes nothing."""
        with self._lock:
            yield self._db

    def checkpoint(self) -> None:
        """Move the log into the file and empty it; call when nothing else is to be done."""
        with self._lock:
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

    def close(self) -> None:
        with self._lock:
            self._db.close()


class Damaged(StoreTrouble):
    """The file is not what SQLite wrote. At the next start it is made anew (see repair.py)."""


def mark_damaged(path: Path) -> None:
    """Leave a note for the next start, which then looks at all of the file."""
    damage_note(path).touch(mode=0o600)


def damage_note(path: Path) -> Path:
    return path.with_name(path.name + ".damaged")


_WORDS = (
    ("locked", "Another program holds the local copy of your mail.", "Close it and try again."),
    ("full", "The disk is full, so nothing can be written down.", "Make some room and try again."),
    ("readonly", "The local copy of your mail can't be written.", "Look at the permissions of its folder."),
    ("unable to open", "The local copy of your mail can't be opened.", "Look at its permissions."),
    ("disk i/o", "The disk failed while the local copy was written.", "Look at the disk, then try again."),
)
_DAMAGE = ("malformed", "not a database", "corrupt")


def in_words(error: sqlite3.DatabaseError) -> Exception:
    """What to tell the user; the error itself if it is a mistake of ours, which is not dressed up."""
    said = str(error).lower()
    if any(sign in said for sign in _DAMAGE):
        return Damaged(
            "The local copy of your mail is damaged.", "It is made anew at the next start; nothing is lost."
        )
    for sign, what, advice in _WORDS:
        if sign in said:
            return StoreTrouble(what, advice)
    return error
