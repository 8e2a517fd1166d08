"""Rows whose place on the server is not known, and how they are found again."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from mailtui.model.message import Indexed
from mailtui.store.ids import LATEST, ident_of


@dataclass(frozen=True, slots=True)
class _Row:
    id: int
    folder: int | None
    sfolder: int | None
    uid: int | None
    received: int
    size: int
    ident: int
    expected: int | None  # where an operation that was given to the server puts it
    uncopied: bool  # a copy that the server was not asked for yet


def claim(
    db: sqlite3.Connection, account: int, folder: int, fresh: Sequence[Indexed]
) -> dict[int, tuple[int, Indexed]]:
    """Which of the messages that are new in `folder` are rows we have: uid → (row, message). Each
    row is claimed once."""
    keys = {message.uid: _key(message) for message in fresh}
    candidates: dict[tuple[int, int], list[_Row]] = {}
    for row in _adrift(db, account, {ident for ident, _ in keys.values()}):
        candidates.setdefault((row.ident, row.size), []).append(row)
    claimed: dict[int, tuple[int, Indexed]] = {}
    for message in fresh if candidates else ():
        rivals = candidates.get(keys[message.uid], [])
        best = min(
            (row for row in rivals if _may_be(row, folder)),
            key=lambda row: (
                row.received != message.received,
                row.expected != folder,
                row.folder != folder,
                row.id,
            ),
            default=None,
        )
        if best is not None:
            rivals.remove(best)
            claimed[message.uid] = (best.id, message)
    return claimed


def _key(message: Indexed) -> tuple[int, int]:
    received = max(0, min(message.received, LATEST))
    size = min(message.size, 2**62)
    return ident_of(message.header.message_id, message.header.subject, size, received), size


def _may_be(row: _Row, folder: int) -> bool:
    if row.uncopied:
        return False
    return row.uid is None or row.expected == folder


def _adrift(db: sqlite3.Connection, account: int, idents: set[int]) -> list[_Row]:
    found = db.execute(
        """
        SELECT m.id, m.folder, m.sfolder, m.uid, m.received, m.size, m.ident,
            coalesce(
                (SELECT o.target FROM operation o
                    WHERE o.state = 'sent' AND o.kind = 'move' AND o.message = m.id),
                (SELECT o.target FROM operation o WHERE o.state = 'sent' AND o.twin = m.id)),
            EXISTS (SELECT 1 FROM operation o WHERE o.state IN ('queued', 'parked') AND o.twin = m.id)
        FROM message m INDEXED BY message_adrift
        WHERE m.account = ? AND m.ident IN (SELECT value FROM json_each(?))
            AND (m.uid IS NULL OR m.folder IS NOT m.sfolder)
        """,
        (account, json.dumps(list(idents))),
    )
    return [_Row(*row) for row in found]


def settled(db: sqlite3.Connection, folder: int, fresh: Sequence[Indexed]) -> set[int]:
    """UIDs that a move or destroy of ours has taken, or is taking, out of the folder: news of them
    is old news."""
    found = db.execute(
        """
        SELECT o.uid FROM operation o JOIN folder f ON f.id = o.source AND f.uidvalidity = o.uidvalidity
        WHERE o.source = ? AND o.uid IN (SELECT value FROM json_each(?))
            AND o.state IN ('sent', 'done') AND o.kind IN ('move', 'destroy')
        """,
        (folder, json.dumps([message.uid for message in fresh])),
    )
    return {row[0] for row in found}
