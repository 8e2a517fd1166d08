"""Ids of messages, and what makes two rows the same message.

An id is `received << 20 | low bits of the UID`: ids of any folder sort newest first, so that the
full text index finds the newest hits without looking at the others. It never changes afterwards.
"""

import sqlite3
from collections.abc import Sequence
from hashlib import blake2b

from mailtui.model.message import Indexed

SHIFT = 20
LOW = (1 << SHIFT) - 1
LATEST = (1 << 33) - 1  # the year 2242; ids stay below 2**53


def ident_of(message_id: str, subject: str, size: int, received: int) -> int:
    """A signed 64-bit hash of the Message-ID, or of subject, size and time if there is none."""
    text = message_id or f"{subject}\0{size}\0{received}"
    return int.from_bytes(
        blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "big", signed=True
    )


def first_id(received: int) -> int:
    """The smallest id that a message received at this second can have."""
    return min(max(received, 0), LATEST) << SHIFT


def fresh_ids(db: sqlite3.Connection, messages: Sequence[Indexed]) -> list[int]:
    """An unused id for each message. Within a second, later UIDs get larger ids."""
    wanted = [first_id(message.received) | message.uid & LOW for message in messages]
    taken = _taken(db, wanted)
    if not taken and len(set(wanted)) == len(wanted):
        return wanted
    fresh: list[int] = []
    used = set(taken)
    for candidate in wanted:
        while candidate in used:
            candidate += 1
            used |= _taken(db, [candidate])
        used.add(candidate)
        fresh.append(candidate)
    return fresh


def fresh_id(db: sqlite3.Connection, received: int) -> int:
    """An unused id for a row that the server does not have yet (a copy being made)."""
    candidate = first_id(received)
    while _taken(db, [candidate]):
        candidate += 1
    return candidate


def _taken(db: sqlite3.Connection, ids: Sequence[int]) -> set[int]:
    marks = ",".join("?" * len(ids))
    return {row[0] for row in db.execute(f"SELECT id FROM message WHERE id IN ({marks})", tuple(ids))}
