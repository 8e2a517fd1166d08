"""What is being written, and which copies of it lie on the server. Nothing of it is lost: a copy that
another one takes the place of is only noted as stale here, and removed once the new one is certain.
"""

import sqlite3
from collections.abc import Iterable, Sequence

from mailtui.model.draft import Draft
from mailtui.store import copies, draft_files, rows
from mailtui.store.copies import Copy, version_of
from mailtui.store.indexing import safe
from mailtui.store.writing import Writer

QUIET = 8  # seconds without a change after which the server's copy follows
LONGEST = 120  # seconds after which it does in any case
_SLOW = 100_000  # octets of attachments for which a second more is waited: they are sent each time


class Drafts:
    """By the service's one writer; any thread."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    def save(self, draft: Draft, *, octets: int = 0, settled: bool = False) -> None:
        """Keep what is typed. Of a draft that is on its way out nothing is changed any more. `octets`:
        of its attachments; `settled`: the server's copy is to follow at once."""
        if draft_files.ours(self._writer.parts, draft.attachments):
            draft = draft_files.secured(self._writer.parts, draft)
        now = self._writer.now()
        with self._writer.transaction(durable=True) as db:
            if leaving(db, draft.id):
                return
            put(db, draft, now)
            when = now if settled else now + QUIET + octets // _SLOW
            follow(db, draft.id, draft.account, when, now, insist=settled)

    def discard(self, draft: str) -> tuple[str, ...]:
        """Throw a draft away, and its copies, unless it is on its way out. Returns the accounts that
        have something to do."""
        with self._writer.transaction(durable=True) as db:
            if leaving(db, draft):
                return ()
            accounts = remove(db, draft, self._writer.now())
        draft_files.forget(self._writer.parts, draft)
        return accounts

    def let_go(self, messages: Sequence[int]) -> list[str]:
        """The user filed these messages elsewhere. Drafts of which one is the copy are not drafts any
        more, unless more was written here since. Returns the drafts that went."""
        with self._writer.reading() as db:
            known = copies.among(db, messages)
        if not known:
            return []
        gone: list[str] = []
        with self._writer.transaction(durable=True) as db:
            for copy in known:
                if leaving(db, copy.draft):
                    continue
                db.execute("DELETE FROM draft_copy WHERE id = ?", (copy.id,))
                draft = _read(db, copy.draft)
                if draft is not None and copy.version == version_of(draft):
                    remove(db, draft.id, self._writer.now())
                    gone.append(draft.id)
        for draft_id in gone:
            draft_files.forget(self._writer.parts, draft_id)
        return gone

    # for those who bring the server's copies up to date

    def read(self, draft: str) -> Draft | None:
        with self._writer.reading() as db:
            return _read(db, draft)

    def copies(self, draft: str, account: str) -> list[Copy]:
        """Those that lie in the account's folders, oldest first."""
        with self._writer.reading() as db:
            found = db.execute(
                f"SELECT {copies.COLUMNS} FROM draft_copy WHERE draft = ? AND account = ? ORDER BY id",
                (draft, account),
            )
            return [copies.from_row(row) for row in found]

    def copied(self, copy: Copy) -> None:
        """It is certain that this copy is there: older ones are stale now, in other accounts too. A
        repeat changes nothing."""
        now = self._writer.now()
        with self._writer.transaction(durable=True) as db:
            if db.execute(
                "SELECT 1 FROM draft_copy WHERE draft = ? AND message_id = ? AND message_id <> ''",
                (copy.draft, copy.message_id),
            ).fetchone():
                return
            db.execute("UPDATE draft_copy SET stale = 1 WHERE draft = ?", (copy.draft,))
            copies.put(db, copy)
            for (account,) in db.execute(
                "SELECT DISTINCT account FROM draft_copy WHERE draft = ? AND account <> ?",
                (copy.draft, copy.account),
            ).fetchall():
                follow(db, copy.draft, account, now, now, insist=True)

    def removed(self, gone: Iterable[Copy]) -> None:
        """They are on the server no more, or no longer our business."""
        with self._writer.transaction() as db:
            db.executemany("DELETE FROM draft_copy WHERE id = ?", [(copy.id,) for copy in gone])


def leaving(db: sqlite3.Connection, draft: str) -> bool:
    """Sent or being sent: text that arrives late must not bring the draft back."""
    return (
        db.execute(
            """SELECT 1 FROM outbox WHERE draft = ? AND draft <> ''
               AND stage NOT IN ('cancelled', 'failed')""",
            (draft,),
        ).fetchone()
        is not None
    )


def put(db: sqlite3.Connection, draft: Draft, now: int) -> None:
    """Write it down. A draft of another program that it goes on with becomes its copy."""
    before = _read(db, draft.id)
    if draft.replaces is not None and (before is None or before.replaces is None):
        copies.adopt(db, draft, draft.replaces)
    db.execute(
        """INSERT INTO draft (id, account, saved, content) VALUES (?1, ?2, ?3, ?4)
           ON CONFLICT (id) DO UPDATE SET account = ?2, saved = ?3, content = ?4""",
        (draft.id, draft.account, now, safe(rows.pack_draft(draft))),
    )


def remove(db: sqlite3.Connection, draft: str, now: int) -> tuple[str, ...]:
    """It was sent or thrown away: its copies are to go. Returns the accounts that have them, or had
    something to do for it."""
    if not draft:
        return ()
    db.execute("DELETE FROM draft WHERE id = ?", (draft,))
    found = db.execute(
        """SELECT account FROM draft_copy WHERE draft = ?1 UNION
           SELECT a.key FROM operation o JOIN account a ON a.id = o.account
           WHERE o.draft = ?1 AND o.state = 'sent'""",
        (draft,),
    ).fetchall()
    db.execute("DELETE FROM operation WHERE draft = ? AND state IN ('queued', 'parked')", (draft,))
    for (account,) in found:
        follow(db, draft, account, now, now, insist=True)
    return tuple(row[0] for row in found)


def follow(
    db: sqlite3.Connection, draft: str, account: str, when: int, now: int, *, insist: bool = False
) -> None:
    """Have the server's copies follow, from `when` on: one operation for all that is typed until
    then. A parked one waits for the user, or until they `insist` by leaving the draft."""
    number = db.execute("SELECT id FROM account WHERE key = ?", (account,)).fetchone()
    if number is None:
        return
    found = db.execute(
        """SELECT id, state, created, attempts, next_try FROM operation
           WHERE draft = ? AND account = ? AND state IN ('queued', 'parked') ORDER BY id LIMIT 1""",
        (draft, number[0]),
    ).fetchone()
    if found is None:
        db.execute(
            """INSERT INTO operation (account, kind, intent, state, draft, next_try, created)
               VALUES (?, 'draft', ?, 'queued', ?, ?, ?)""",
            (number[0], f"draft-{draft}", draft, when, now),
        )
        return
    ident, state, created, attempts, next_try = found
    if insist:
        db.execute(
            """UPDATE operation SET state = 'queued', next_try = ?, attempts = 0, trouble = ''
               WHERE id = ?""",
            (when, ident),
        )
    elif state == "queued":
        later = max(when, next_try) if attempts else min(when, max(created + LONGEST, now))
        db.execute("UPDATE operation SET next_try = ? WHERE id = ?", (later, ident))


def postpone(db: sqlite3.Connection, draft: str, when: int) -> None:
    """It is about to leave: its copy would hardly be there before it has to go again."""
    db.execute(
        "UPDATE operation SET next_try = max(next_try, ?) WHERE draft = ? AND state = 'queued'", (when, draft)
    )


def _read(db: sqlite3.Connection, draft: str) -> Draft | None:
    found = db.execute(f"SELECT {rows.DRAFT} FROM draft WHERE id = ?", (draft,)).fetchone()
    return rows.draft(found) if found else None
