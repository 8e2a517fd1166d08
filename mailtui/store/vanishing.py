"""Messages that the server no longer has where it had them.

Nothing is thrown away at first sight: the row leaves the view at once but keeps its body until every
folder had a pass, because the message may turn up in another one (notes: two phases).
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence

from mailtui.store import overlay, words
from mailtui.store.changes import Tally
from mailtui.store.folders import ACTIVE

NO_LONGER = "The message is no longer there."


def vanish(
    db: sqlite3.Connection, tally: Tally, folder: int, ranges: Sequence[tuple[int, int]], limit: int, now: int
) -> bool:
    """The server said that the UIDs in these inclusive ranges are gone from the folder: up to `limit` of
    its messages are missing from now on. False when there were none left."""
    ids = [
        row[0]
        for row in db.execute(
            """SELECT m.id FROM json_each(?) r CROSS JOIN message m INDEXED BY message_uid
               WHERE m.sfolder = ? AND m.uid IS NOT NULL
                   AND m.uid BETWEEN json_extract(r.value, '$[0]') AND json_extract(r.value, '$[1]')
               LIMIT ?""",
            (json.dumps(list(ranges)), folder, limit),
        )
    ]
    _lose(db, tally, ids, now)
    return bool(ids)


def lose_folder(db: sqlite3.Connection, tally: Tally, folder: int, limit: int, now: int) -> bool:
    """The folder is gone from the server: up to `limit` of its messages are missing from now on.
    False when there were none left."""
    ids = [
        row[0]
        for row in db.execute(
            """SELECT id FROM message WHERE sfolder = ?1 AND uid IS NOT NULL
               UNION SELECT id FROM message WHERE folder = ?1 AND sfolder = ?1 LIMIT ?2""",
            (folder, limit),
        )
    ]
    _lose(db, tally, ids, now)
    return bool(ids)


def _lose(db: sqlite3.Connection, tally: Tally, ids: Iterable[int], now: int) -> None:
    lost = list(ids)
    db.execute(
        """UPDATE message SET sfolder = NULL, uid = NULL, missing = ?
           WHERE id IN (SELECT value FROM json_each(?))""",
        (max(now, 1), json.dumps(lost)),
    )
    _meet_rivals(db, tally, lost, now)
    overlay.refresh(db, tally, lost)


def _meet_rivals(db: sqlite3.Connection, tally: Tally, lost: Sequence[int], now: int) -> None:
    """Somebody else moved a message to where we wanted it too, and it was indexed there before it
    was missed here: two rows shown in one folder become one again."""
    pairs = db.execute(
        """
        SELECT m.id, n.id FROM message m
        JOIN operation o ON o.message = m.id AND o.kind = 'move' AND o.state IN ('queued', 'parked')
        JOIN message n ON n.ident = m.ident AND n.size = m.size AND n.account = m.account
            AND n.sfolder = o.target AND n.uid IS NOT NULL AND n.pending = 0
        WHERE m.id IN (SELECT value FROM json_each(?))
            AND NOT EXISTS (SELECT 1 FROM operation s WHERE s.message = m.id AND s.state = 'sent')
        ORDER BY m.id, n.received <> m.received
        """,
        (json.dumps(list(lost)),),
    ).fetchall()
    met: set[int] = set()
    for message, rival in pairs:
        if message not in met and rival not in met:
            met |= {message, rival}
            place = db.execute("SELECT sfolder, uid, modseq FROM message WHERE id = ?", (rival,)).fetchone()
            replace(db, tally, rival, message, now)
            db.execute(
                "UPDATE message SET sfolder = ?, uid = ?, modseq = ?, missing = 0 WHERE id = ?",
                (*place, message),
            )
    settle(db, sorted(met))


def settle(db: sqlite3.Connection, messages: Sequence[int]) -> None:
    """Unsent moves to where the server has the message anyway have come true."""
    db.executemany(
        """DELETE FROM operation WHERE message = ? AND kind = 'move' AND state IN ('queued', 'parked')
           AND target = (SELECT sfolder FROM message WHERE id = operation.message)
           AND NOT EXISTS (
               SELECT 1 FROM operation e WHERE e.message = operation.message AND e.state = 'sent')""",
        [(message,) for message in messages],
    )


def replace(db: sqlite3.Connection, tally: Tally, rival: int, message: int, now: int) -> list[str]:
    """Two rows turned out to be one message: `message` stays, with the server's flags and what was
    wanted of `rival`, which goes. Returns files to be deleted."""
    db.execute(
        """UPDATE message SET (sflags, skeywords) = (SELECT sflags, skeywords FROM message WHERE id = ?)
           WHERE id = ?""",
        (rival, message),
    )
    db.execute("UPDATE operation SET message = ? WHERE message = ?", (message, rival))
    db.execute("UPDATE OR IGNORE step SET message = ? WHERE message = ?", (message, rival))
    return remove(db, tally, [rival], now)


def forget_uids(db: sqlite3.Connection, folder: int, limit: int, now: int) -> bool:
    """UIDVALIDITY changed: up to `limit` messages stay in view, to be recognised when they are
    indexed anew. False when there were none left."""
    return (
        db.execute(
            """UPDATE message SET uid = NULL, modseq = 0, missing = ? WHERE id IN
               (SELECT id FROM message WHERE sfolder = ? AND uid IS NOT NULL LIMIT ?)""",
            (max(now, 1), folder, limit),
        ).rowcount
        > 0
    )


def lost_for_good(db: sqlite3.Connection, account: int, before: int, limit: int) -> list[int]:
    """Messages that no folder has shown since `before` and that no operation under way explains."""
    return [
        row[0]
        for row in db.execute(
            """
            SELECT m.id FROM message m INDEXED BY message_adrift
            WHERE m.account = ? AND (m.uid IS NULL OR m.folder IS NOT m.sfolder)
                AND m.uid IS NULL AND m.missing > 0 AND m.missing <= ? AND NOT EXISTS (
                    SELECT 1 FROM operation o WHERE o.state = 'sent' AND (o.message = m.id OR o.twin = m.id))
            LIMIT ?
            """,
            (account, before, limit),
        )
    ]


def remove_lost(db: sqlite3.Connection, tally: Tally, ids: Sequence[int], now: int) -> list[str]:
    """Remove rows of messages that the server does not have any more. Moves and copies that were
    wanted of them are reported; what was wanted of their flags has no meaning any more."""
    lost = db.execute(
        f"""SELECT a.key, o.id, o.intent FROM operation o JOIN account a ON a.id = o.account
            WHERE o.kind IN ('move', 'copy') AND o.state IN {ACTIVE}
            AND o.message IN (SELECT value FROM json_each(?))""",
        (json.dumps(with_copies(db, ids)),),
    )
    for account, operation, intent in lost.fetchall():
        tally.failed(account, operation, intent, NO_LONGER)
    return remove(db, tally, ids, now)


def remove(db: sqlite3.Connection, tally: Tally, ids: Sequence[int], now: int) -> list[str]:
    """Remove rows with all that hangs on them, and copies that can't be made of them any more.
    Operations that still waited fail. Returns the files of their downloaded parts, to be deleted
    after the transaction."""
    wanted = json.dumps(with_copies(db, ids))
    chosen = "(SELECT value FROM json_each(?))"
    db.execute(
        f"""UPDATE operation SET state = 'failed', finished = ?, trouble = ?
            WHERE state IN {ACTIVE} AND message IN {chosen}""",
        (now, NO_LONGER, wanted),
    )
    _inherit(db, wanted)
    shown = db.execute(f"SELECT id, folder FROM message WHERE id IN {chosen}", (wanted,)).fetchall()
    for ident, folder in shown:
        words.take(db, ident)
        tally.removed(folder, ident)
    paths = [row[0] for row in db.execute(f"SELECT path FROM part WHERE message IN {chosen}", (wanted,))]
    for table in ("detail", "body", "part", "step"):
        db.execute(f"DELETE FROM {table} WHERE message IN {chosen}", (wanted,))
    db.execute(f"DELETE FROM message WHERE id IN {chosen}", (wanted,))
    overlay.count(db, tally, {folder for _, folder in shown})
    return paths


def with_copies(db: sqlite3.Connection, ids: Sequence[int]) -> list[int]:
    """These rows and the rows of copies that the server was not asked yet to make of them."""
    found = set(ids)
    more = set(ids)
    while more:
        more = {
            row[0]
            for row in db.execute(
                """SELECT twin FROM operation WHERE kind = 'copy' AND state IN ('queued', 'parked')
                   AND message IN (SELECT value FROM json_each(?))""",
                (json.dumps(sorted(more)),),
            )
        } - found
        found |= more
    return sorted(found)


def _inherit(db: sqlite3.Connection, wanted: str) -> None:
    """A body goes to another row of the same message that has none: it was moved elsewhere, and
    seen there before it was missed here."""
    pairs = db.execute(
        """
        SELECT DISTINCT old.id, new.id FROM message old
        JOIN body b ON b.message = old.id
        JOIN message new ON new.ident = old.ident AND new.size = old.size AND new.id <> old.id
            AND new.account = old.account
        WHERE old.id IN (SELECT value FROM json_each(?1))
            AND new.id NOT IN (SELECT value FROM json_each(?1))
            AND NOT EXISTS (SELECT 1 FROM body WHERE message = new.id)
        """,
        (wanted,),
    ).fetchall()
    for old, new in pairs:
        words.take(db, new)
        db.execute(
            """INSERT INTO body (message, html, text, rest, size, used)
               SELECT ?, html, text, rest, size, used FROM body WHERE message = ?""",
            (new, old),
        )
        words.put(db, new)
