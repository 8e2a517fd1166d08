"""Outbox items that leave later than the others: at a time of the user's choice, or once more to those
who were refused the first time."""

import json
import sqlite3
from collections.abc import Sequence

HELD_HERE = 300  # seconds that a message for later can be changed before a server gets it to hold it

# When there is something to do for an item: it may leave, or a server may have it to hold it.
DUE = "CASE WHEN hand_over > 0 THEN min(hand_over, not_before) ELSE not_before END"


def hand_over(now: int, later: int) -> int:
    """From when a server that holds messages may have one that is to leave `later`; 0: there is no
    time for that."""
    return now + HELD_HERE if later - now > 2 * HELD_HERE else 0


def hasten(db: sqlite3.Connection, now: int) -> None:
    """Nobody is there any more to change their mind: give what is for later to servers that hold it."""
    db.execute("UPDATE outbox SET hand_over = ?1 WHERE stage = 'queued' AND hand_over > ?1", (now,))


def overdue(db: sqlite3.Connection, before: int) -> list[int]:
    """Items of which the user's time passed before `before` and that nobody has tried to send."""
    found = db.execute(
        "SELECT id FROM outbox WHERE stage = 'queued' AND later > 0 AND later < ? AND not_before = later",
        (before,),
    )
    return [row[0] for row in found]


def reschedule(
    db: sqlite3.Connection, item: int, when: int, now: int, source: bytes | None, path: str, *, later: bool
) -> None:
    """Another time, and the bytes with that time in them."""
    db.execute(
        """UPDATE outbox SET not_before = ?, later = ?, hand_over = ?, source = ?, path = ?, trouble = ''
           WHERE id = ?""",
        (when, when if later else 0, hand_over(now, when) if later else 0, source, path, item),
    )


def queue_rest(db: sqlite3.Connection, item: int, recipients: Sequence[str], when: int, now: int) -> None:
    """The same message (the same bytes) once more, to these recipients only. The draft went with the
    first one."""
    number = db.execute(
        "SELECT count(*) FROM outbox WHERE message_id = (SELECT message_id FROM outbox WHERE id = ?)", (item,)
    ).fetchone()[0]
    db.execute(
        """INSERT INTO outbox (account, stage, subject, sender, recipients, message_id, not_before, created,
               draft, intent, source, path, rest)
           SELECT account, 'queued', subject, sender, ?, message_id, ?, ?, '', intent || '+' || ?, source,
               path, 1 FROM outbox WHERE id = ?""",
        (json.dumps(list(recipients)), when, now, number, item),
    )


def forget(db: sqlite3.Connection, before: int) -> list[str]:
    """Forget items done with before this time. Returns files that no other item needs."""
    done = "stage IN ('done', 'cancelled') AND finished < ?"
    paths = [
        row[0]
        for row in db.execute(f"SELECT DISTINCT path FROM outbox WHERE path <> '' AND {done}", (before,))
    ]
    db.execute(f"DELETE FROM outbox WHERE {done}", (before,))
    return [
        path for path in paths if not db.execute("SELECT 1 FROM outbox WHERE path = ?", (path,)).fetchone()
    ]
