"""Which operations can be carried out now.

First in, first out for each message; different messages don't wait for each other. An operation
waits while the message's UID or its folder's name on the server is not known. Operations on folders
go one at a time, after what was wanted earlier of the messages in them and before what came later.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from mailtui.model.operation import Operation, OperationKind
from mailtui.store import rows

# What is wanted of a message that is to be destroyed is not sent, unless a copy is to have it too.
MOOT = """(o.kind IN ('flags', 'move')
    AND EXISTS (SELECT 1 FROM operation d WHERE d.message = o.message AND d.kind = 'destroy'
        AND d.state IN ('queued', 'sent'))
    AND NOT EXISTS (SELECT 1 FROM operation c WHERE c.message = o.message AND c.kind = 'copy'
        AND c.state = 'queued' AND c.id > o.id))"""

_RUNNABLE = f"""
    SELECT {rows.OPERATION} FROM {rows.OPERATIONS}
    LEFT JOIN folder t ON t.id = o.target
    WHERE a.key = ? AND o.state = 'queued' AND o.next_try <= ?
        AND m.uid IS NOT NULL AND s.raw IS NOT NULL AND (o.target IS NULL OR t.raw IS NOT NULL)
        AND NOT EXISTS (
            SELECT 1 FROM operation e WHERE e.message = o.message AND e.id < o.id
            AND (e.state = 'sent' OR e.state = 'queued'
                AND NOT (o.kind = 'destroy' AND e.kind IN ('flags', 'move'))))
        AND NOT {MOOT}
    ORDER BY o.id LIMIT ?
"""

_FOLDER_OPERATIONS = f"""
    SELECT {rows.OPERATION}, f.path, f.delimiter FROM {rows.OPERATIONS} JOIN folder f ON f.id = o.source
    WHERE a.key = ? AND o.state IN ('queued', 'sent')
        AND o.kind IN ('create_folder', 'rename_folder', 'delete_folder')
    ORDER BY o.id
"""


# One at a time for each draft, whatever else waits.
_DRAFTS = f"""
    SELECT {rows.OPERATION} FROM {rows.OPERATIONS}
    WHERE a.key = ? AND o.kind = 'draft' AND o.state = 'queued' AND o.next_try <= ?
        AND NOT EXISTS (SELECT 1 FROM operation e WHERE e.draft = o.draft AND e.account = o.account
            AND e.state = 'sent')
    ORDER BY o.id LIMIT ?
"""


@dataclass(frozen=True, slots=True)
class _Barrier:
    """A folder operation that is under way or waits, and the folders it touches."""

    operation: Operation
    folders: frozenset[int]


def unsettled(db: sqlite3.Connection, account: str, *, on_drafts: bool = False) -> list[Operation]:
    """Operations given to the server of which nobody knows the outcome: on drafts, or all others."""
    found = db.execute(
        f"""SELECT {rows.OPERATION} FROM {rows.OPERATIONS}
            WHERE a.key = ? AND o.state = 'sent' AND (o.kind = 'draft') = ? ORDER BY o.id""",
        (account, on_drafts),
    )
    return [rows.operation(row) for row in found]


def drafts(db: sqlite3.Connection, account: str, now: int, limit: int) -> list[Operation]:
    """Operations on drafts to be carried out now."""
    return [rows.operation(row) for row in db.execute(_DRAFTS, (account, now, limit))]


def due(db: sqlite3.Connection, account: str, *, on_drafts: bool) -> int | None:
    """When the next operation (on drafts, or another) may be carried out, in seconds since the epoch:
    0 for at once, None when nothing waits."""
    found = db.execute(
        """SELECT min(CASE state WHEN 'sent' THEN 0 ELSE next_try END) FROM operation
           WHERE account = (SELECT id FROM account WHERE key = ?) AND state IN ('queued', 'sent')
           AND (kind = 'draft') = ?""",
        (account, on_drafts),
    ).fetchone()
    return int(found[0]) if found[0] is not None else None


def runnable(db: sqlite3.Connection, account: str, now: int, limit: int) -> list[Operation]:
    """Operations to be sent now. Those that make one command (same kind, folders and flags) stand
    together, groups in the order of their oldest member."""
    barriers = _barriers(db, account)
    found = [rows.operation(row) for row in db.execute(_RUNNABLE, (account, now, limit))]
    free = [operation for operation in found if not _held_back(operation, barriers)]
    if barriers and barriers[0].operation.state == "queued" and barriers[0].operation.next_try <= now:
        first = barriers[0]
        if not _still_wanted(db, first):
            free.append(first.operation)
    return grouped(free)


def grouped(operations: Iterable[Operation]) -> list[Operation]:
    groups: dict[tuple[object, ...], list[Operation]] = {}
    for operation in sorted(operations, key=lambda one: one.id):
        groups.setdefault(group(operation), []).append(operation)
    return [operation for some in groups.values() for operation in some]


def group(operation: Operation) -> tuple[object, ...]:
    """What operations must have in common to be one command."""
    if operation.message is None:
        return (operation.id,)
    return (
        operation.kind,
        operation.source,
        operation.target,
        operation.uidvalidity,
        operation.add,
        operation.remove,
        operation.add_keywords,
        operation.remove_keywords,
    )


def _barriers(db: sqlite3.Connection, account: str) -> list[_Barrier]:
    found = db.execute(_FOLDER_OPERATIONS, (account,)).fetchall()
    if not found:
        return []
    paths = db.execute(
        "SELECT f.id, f.path FROM folder f JOIN account a ON a.id = f.account WHERE a.key = ?", (account,)
    ).fetchall()
    barriers: list[_Barrier] = []
    for *columns, path, delimiter in found:
        operation = rows.operation(tuple(columns))
        below = path + delimiter
        touched = {ident for ident, other in paths if delimiter and other.startswith(below)}
        assert operation.source is not None
        barriers.append(_Barrier(operation, frozenset({*touched, operation.source})))
    return barriers


def _held_back(operation: Operation, barriers: list[_Barrier]) -> bool:
    return any(
        operation.id > barrier.operation.id
        and barrier.operation.kind is not OperationKind.CREATE_FOLDER
        and not barrier.folders.isdisjoint({operation.source, operation.target})
        for barrier in barriers
    )


def _still_wanted(db: sqlite3.Connection, barrier: _Barrier) -> bool:
    """Whether earlier wishes on messages of the folder have not been carried out yet."""
    if barrier.operation.kind is OperationKind.CREATE_FOLDER:
        return False
    marks = ",".join("?" * len(barrier.folders))
    touched = tuple(barrier.folders)
    return (
        db.execute(
            f"""SELECT 1 FROM operation o LEFT JOIN message m ON m.id = o.message
                WHERE o.state IN ('queued', 'sent') AND o.message IS NOT NULL AND o.id < ?
                AND (m.sfolder IN ({marks}) OR o.target IN ({marks})) LIMIT 1""",
            (barrier.operation.id, *touched, *touched),
        ).fetchone()
        is not None
    )
