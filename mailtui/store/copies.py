"""Copies of drafts on the server, as they are known here."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mailtui.model.draft import Draft
from mailtui.store import rows


@dataclass(frozen=True, slots=True)
class Copy:
    """A draft as it lies in a folder of the server. `uid` 0: not known, look for the Message-ID.
    `version` tells what is in it (see `version_of`), "" for another program's."""

    draft: str
    account: str
    folder: int
    uidvalidity: int
    uid: int
    message_id: str = ""
    version: str = ""
    repeated: bool = False  # perhaps there more than once under its Message-ID
    stale: bool = False
    id: int = 0


COLUMNS = "draft, account, folder, uidvalidity, uid, message_id, version, repeated, stale, id"


def version_of(draft: Draft) -> str:
    """A hash of what a copy of the draft (as it was read from the store) would hold."""
    from hashlib import blake2b

    plain = rows.pack_draft(replace(draft, answers=None, forwards=None, replaces=None))
    return blake2b(plain.encode("utf-8", "replace"), digest_size=16).hexdigest()


def copy_of(db: sqlite3.Connection, message: int) -> Copy | None:
    """The draft copy that a message is, unless another has taken its place."""
    found = db.execute(
        f"""SELECT {COLUMNS} FROM draft_copy WHERE NOT stale AND (folder, uid) = (
            SELECT sfolder, uid FROM message WHERE id = ?)""",
        (message,),
    ).fetchone()
    return from_row(found) if found else None


def among(db: sqlite3.Connection, messages: Sequence[int]) -> list[Copy]:
    """The copies that some of these messages are."""
    found = db.execute(
        f"""SELECT {COLUMNS} FROM draft_copy c WHERE NOT stale AND EXISTS (
            SELECT 1 FROM message m WHERE m.sfolder = c.folder AND m.uid = c.uid
            AND m.id IN (SELECT value FROM json_each(?)))""",
        (json.dumps(list(messages)),),
    )
    return [from_row(row) for row in found]


def has_newest(db: sqlite3.Connection, draft: Draft) -> bool:
    """Whether the server has the draft as it was written last."""
    found = db.execute("SELECT version FROM draft_copy WHERE draft = ? AND NOT stale", (draft.id,))
    return any(row[0] == version_of(draft) for row in found)


def taken(db: sqlite3.Connection, draft: str) -> bool:
    """Whether the copy that the server had is not there any more, as far as it was looked at."""
    return (
        db.execute(
            """SELECT 1 FROM draft_copy c JOIN folder f ON f.id = c.folder AND f.uidvalidity = c.uidvalidity
               WHERE c.draft = ? AND NOT c.stale AND c.uid > 0 AND c.uid < f.uidnext AND f.complete
               AND NOT EXISTS (SELECT 1 FROM message m WHERE m.sfolder = c.folder AND m.uid = c.uid)""",
            (draft,),
        ).fetchone()
        is not None
    )


def adopt(db: sqlite3.Connection, draft: Draft, message: int) -> None:
    """A draft of another program is a copy of this one from now on, unless it is one already; so is
    what was left of a draft thrown away."""
    db.execute(
        """DELETE FROM draft_copy WHERE (folder, uid) = (SELECT sfolder, uid FROM message WHERE id = ?)
           AND NOT EXISTS (SELECT 1 FROM draft d WHERE d.id = draft_copy.draft)""",
        (message,),
    )
    found = db.execute(
        """SELECT a.key, f.id, f.uidvalidity, m.uid FROM message m JOIN folder f ON f.id = m.sfolder
           JOIN account a ON a.id = m.account WHERE m.id = ? AND m.uid IS NOT NULL AND f.role = 'drafts'
           AND NOT EXISTS (SELECT 1 FROM draft_copy c WHERE c.folder = f.id AND c.uid = m.uid)""",
        (message,),
    ).fetchone()
    if found is not None:
        put(db, Copy(draft.id, *found))


def put(db: sqlite3.Connection, copy: Copy) -> None:
    db.execute(
        """INSERT INTO draft_copy (draft, account, folder, uidvalidity, uid, message_id, version, repeated)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            copy.draft,
            copy.account,
            copy.folder,
            copy.uidvalidity,
            copy.uid,
            copy.message_id,
            copy.version,
            copy.repeated,
        ),
    )


def from_row(row: rows.Row) -> Copy:
    draft, account, folder, uidvalidity, uid, message_id, version, repeated, stale, ident = row
    return Copy(
        draft, account, folder, uidvalidity, uid, message_id, version, bool(repeated), bool(stale), ident
    )
