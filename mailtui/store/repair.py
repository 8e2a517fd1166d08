"""Opening the store although the file may be damaged: what the server has is fetched anew, what only
this machine has (drafts, the outbox) is carried over as far as it can be read.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from mailtui.store.connection import Damaged, damage_note, in_words
from mailtui.store.schema import StoreTrouble, refuse_newer, version
from mailtui.store.tables import TABLE_NAMES
from mailtui.store.writing import Writer

LOOKED_THROUGH = 64 * 1024 * 1024  # octets up to which the whole file is checked at each start

_SALVAGED = ("draft", "outbox")


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """The damaged file was set aside at `aside`; so many drafts and outbox items were carried over."""

    aside: Path
    drafts: int
    items: int

    def __str__(self) -> str:
        return (
            "The local copy of your mail was damaged and is fetched anew."
            f" {self.drafts} drafts and {self.items} messages of the outbox were kept."
            f" The damaged file is {self.aside.name}."
        )


def open_or_rebuild(
    path: Path, clock: Callable[[], float] = time.time, *, parts: Path | None = None
) -> tuple[Writer, Rebuilt | None]:
    """The writer, and what had to be done to get it. Raises NewerStore, or StoreTrouble if the disk
    does not let us."""
    if not path.exists() or _is_sound(path):
        return Writer(path, clock, parts=parts), None
    aside = _set_aside(path, int(clock()))
    writer = Writer(path, clock, parts=parts)
    kept = _salvage(writer, aside)
    return writer, Rebuilt(aside, kept["draft"], kept["outbox"])


def _is_sound(path: Path) -> bool:
    """Raises StoreTrouble if the file can't be looked at."""
    try:
        _examine(path)
    except sqlite3.DatabaseError as error:
        trouble = in_words(error)
        if isinstance(trouble, StoreTrouble) and not isinstance(trouble, Damaged):
            raise trouble from error
        return False
    except UnicodeDecodeError:  # SQLite quotes what it can't read, and that need not be text
        return False
    return True


def _examine(path: Path) -> None:
    """Raise sqlite3.DatabaseError if the file is damaged, as far as a start has time to see."""
    note = damage_note(path)
    db = sqlite3.connect(path, isolation_level=None)
    try:
        found = version(db)
        refuse_newer(found)
        if note.exists() or path.stat().st_size <= LOOKED_THROUGH:
            said = db.execute("PRAGMA quick_check(1)").fetchone()[0]
            if said != "ok":
                raise sqlite3.DatabaseError(f"malformed: {said}")
        for table in TABLE_NAMES if found else ():
            db.execute(f"SELECT * FROM {table} LIMIT 1").fetchone()
    finally:
        db.close()
    note.unlink(missing_ok=True)


def _set_aside(path: Path, now: int) -> Path:
    """Move the file and its log out of the way. The newest set aside is kept, no older one."""
    for old in path.parent.glob(f"{path.name}.aside-*"):
        old.unlink()
    aside = path.with_name(f"{path.name}.aside-{now}")
    for suffix in ("", "-wal", "-shm"):
        file = path.with_name(path.name + suffix)
        if file.exists():
            file.replace(aside.with_name(aside.name + suffix))
    damage_note(path).unlink(missing_ok=True)
    return aside


def _salvage(writer: Writer, aside: Path) -> dict[str, int]:
    kept = dict.fromkeys(_SALVAGED, 0)
    try:
        old = sqlite3.connect(f"file:{quote(str(aside))}", uri=True, isolation_level=None)
    except sqlite3.DatabaseError:
        return kept  # nothing of it can be read: told by the numbers
    try:
        for table in _SALVAGED:
            for names, row in _readable(old, table):
                with writer.transaction() as db:
                    known = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
                    pairs = [(name, value) for name, value in zip(names, row, strict=True) if name in known]
                    marks = ",".join("?" * len(pairs))
                    columns = ",".join(name for name, _ in pairs)
                    kept[table] += db.execute(
                        f"INSERT OR IGNORE INTO {table} ({columns}) VALUES ({marks})",
                        [value for _, value in pairs],
                    ).rowcount
    finally:
        old.close()
    return kept


def _readable(db: sqlite3.Connection, table: str) -> Iterator[tuple[list[str], tuple[object, ...]]]:
    """(columns, row) of what can still be read of a table: from its beginning until the damage, then
    from its end."""
    for order in ("ASC", "DESC"):
        try:
            cursor = db.execute(f"SELECT * FROM {table} NOT INDEXED ORDER BY rowid {order}")
            names = [column[0] for column in cursor.description]
            for row in cursor:
                yield names, row
            return
        except (sqlite3.DatabaseError, UnicodeDecodeError):
            continue  # the damage: go on from the other end
