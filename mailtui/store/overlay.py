"""What is shown of a message = what the server has + the operations that wait, recomputed (law 3)."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mailtui.store import rows
from mailtui.store.changes import Tally
from mailtui.store.folders import ACTIVE


@dataclass(slots=True)
class Shown:
    """Where and how a message stands while operations are laid over it."""

    folder: int | None
    flags: int
    keywords: str
    pending: int = 0


def change_flags(flags: int, adds: int, removes: int) -> int:
    return (flags | adds) & ~removes


def change_keywords(packed: str, adds: str, removes: str) -> str:
    """Keywords as rows.pack packs them, with some added and then some removed."""
    if not adds and not removes:
        return packed
    return rows.pack((set(packed.split()) | set(adds.split())) - set(removes.split()))


def refresh(db: sqlite3.Connection, tally: Tally, messages: Iterable[int]) -> None:
    """Compute anew what is shown of these messages, and note what differs."""
    wanted = json.dumps(sorted(set(messages)))
    found = db.execute(
        """SELECT id, folder, flags, keywords, pending, sfolder, sflags, skeywords FROM message
           WHERE id IN (SELECT value FROM json_each(?))""",
        (wanted,),
    ).fetchall()
    shown = {row[0]: Shown(row[5], row[6], row[7]) for row in found}
    _lay(db, shown, wanted)
    updates: list[tuple[object, ...]] = []
    accounts: set[int | None] = set()
    for ident, folder, flags, keywords, pending, *_ in found:
        new = shown[ident]
        if (folder, flags, keywords, pending) == (new.folder, new.flags, new.keywords, new.pending):
            continue
        updates.append((new.folder, new.flags, new.keywords, new.pending, ident))
        note(tally, ident, folder, new.folder)
        if folder != new.folder or (flags ^ new.flags) & 1:
            accounts |= {folder, new.folder}
    db.executemany(
        "UPDATE message SET folder = ?, flags = ?, keywords = ?, pending = ? WHERE id = ?", updates
    )
    count(db, tally, accounts)


def note(tally: Tally, message: int, old: int | None, new: int | None) -> None:
    """One message as shown went from one folder to another, or looks different in the same."""
    if old == new:
        tally.changed(new, message)
    else:
        tally.removed(old, message)
        tally.added(new, message)


def count(db: sqlite3.Connection, tally: Tally, folders: Iterable[int | None]) -> None:
    """The counters of these folders differ: say so for their accounts."""
    wanted = json.dumps([folder for folder in folders if folder is not None])
    for (key,) in db.execute(
        """SELECT DISTINCT a.key FROM folder f JOIN account a ON a.id = f.account
           WHERE f.id IN (SELECT value FROM json_each(?))""",
        (wanted,),
    ):
        tally.counted(key)


def _lay(db: sqlite3.Connection, shown: dict[int, Shown], wanted: str) -> None:
    """Lay the active operations over the server's state, oldest first."""
    operations = db.execute(
        f"""SELECT id, kind, message, twin, target, adds, removes, add_keywords, remove_keywords
            FROM operation WHERE state IN {ACTIVE} AND message IN (SELECT value FROM json_each(?1))
            UNION
            SELECT id, kind, message, twin, target, adds, removes, add_keywords, remove_keywords
            FROM operation WHERE state IN {ACTIVE} AND twin IN (SELECT value FROM json_each(?1))
            ORDER BY 1""",
        (wanted,),
    ).fetchall()
    for _, kind, message, twin, target, *delta in operations:
        if kind == "copy":
            _lay_copy(shown.get(message), shown.get(twin), target)
        elif (on := shown.get(message)) is not None:
            _lay_one(on, kind, target, delta)


def _lay_copy(source: Shown | None, twin: Shown | None, target: int) -> None:
    if source is not None:
        source.pending += 1
    if twin is not None:
        twin.pending += 1
        twin.folder = target


def _lay_one(on: Shown, kind: str, target: int | None, delta: Sequence[object]) -> None:
    on.pending += 1
    if kind == "flags":
        adds, removes, add_keywords, remove_keywords = delta
        assert isinstance(adds, int)
        assert isinstance(removes, int)
        on.flags = change_flags(on.flags, adds, removes)
        on.keywords = change_keywords(on.keywords, str(add_keywords), str(remove_keywords))
    elif kind == "move":
        on.folder = target
    elif kind == "destroy":
        on.folder = None
