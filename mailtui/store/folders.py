"""Folders of the local copy: what LIST told, laid under what the user wants of them.

The shown path of a folder is the server's with the pending renames applied, recomputed each time.
"""

import sqlite3
from collections.abc import Sequence

from mailtui.model.folder import FolderState, ServerFolder
from mailtui.store import rows
from mailtui.store.changes import Tally
from mailtui.store.schema import StoreTrouble

ACTIVE = "('queued', 'sent', 'parked')"


class NoFolder(StoreTrouble):
    """The folder is not, or no longer, in the local copy."""


def account_of(db: sqlite3.Connection, folder: int) -> int:
    """The number of the folder's account. Raises NoFolder."""
    found = db.execute("SELECT account FROM folder WHERE id = ?", (folder,)).fetchone()
    if found is None:
        raise NoFolder("That folder is no longer there.")
    return int(found[0])


def put(db: sqlite3.Connection, tally: Tally, account: int, listed: Sequence[ServerFolder]) -> list[int]:
    """Make the server's side of the account's folders what LIST told. Returns the folders that the
    server no longer has and that hold no wish of the user: to be emptied and removed."""
    before = _snapshot(db, account)
    known = db.execute("SELECT id, path, spath, raw FROM folder WHERE account = ?", (account,)).fetchall()
    by_raw = {bytes(raw): ident for ident, _, _, raw in known if raw is not None}
    told = {folder.raw for folder in listed}
    loose = [
        (ident, path, spath) for ident, path, spath, raw in known if raw is None or bytes(raw) not in told
    ]
    kept: set[int] = set()
    for folder in listed:
        ident = by_raw.get(folder.raw) or _adopt(loose, folder, kept)
        if ident is None:
            ident = _insert(db, account, folder)
        kept.add(ident)
        _update(db, ident, folder)
    gone = [ident for ident, _, spath, raw in known if ident not in kept and (spath or raw)]
    refresh(db, account)
    if _snapshot(db, account) != before:
        tally.counted(rows.account_key(db, account))
    return gone


def _adopt(loose: list[tuple[int, str, str | None]], folder: ServerFolder, kept: set[int]) -> int | None:
    """A folder of ours that this one must be: created or renamed by us, and not yet known by name."""
    for attribute in (2, 1):
        for candidate in loose:
            if candidate[0] not in kept and candidate[attribute] == folder.path:
                return candidate[0]
    return None


def _insert(db: sqlite3.Connection, account: int, folder: ServerFolder) -> int:
    cursor = db.execute("INSERT INTO folder (account, path) VALUES (?, ?)", (account, folder.path))
    return int(cursor.lastrowid or 0)


def _update(db: sqlite3.Connection, ident: int, folder: ServerFolder) -> None:
    db.execute(
        "UPDATE folder SET spath = ?, raw = ?, delimiter = ?, role = ?, selectable = ? WHERE id = ?",
        (
            folder.path,
            folder.raw,
            folder.delimiter,
            folder.role.value if folder.role else None,
            folder.selectable,
            ident,
        ),
    )
    if folder.messages is not None:
        db.execute("UPDATE folder SET exists_n = ? WHERE id = ?", (folder.messages, ident))
    if folder.unseen is not None:
        db.execute(
            "UPDATE folder SET beyond = max(0, ? - unread) WHERE id = ? AND NOT complete",
            (folder.unseen, ident),
        )


def refresh(db: sqlite3.Connection, account: int) -> None:
    """Compute what is shown of the account's folders: server state plus pending operations."""
    found = db.execute(
        "SELECT id, path, hidden, spath, delimiter FROM folder WHERE account = ?", (account,)
    ).fetchall()
    shown = {ident: (spath if spath is not None else path) for ident, path, _, spath, _ in found}
    delimiters = {ident: delimiter for ident, _, _, _, delimiter in found}
    hidden: set[int] = set()
    for kind, folder, path in db.execute(
        f"""SELECT kind, source, path FROM operation WHERE account = ? AND state IN {ACTIVE}
            AND kind IN ('create_folder', 'rename_folder', 'delete_folder') ORDER BY id""",
        (account,),
    ):
        if folder not in shown:
            continue
        if kind == "delete_folder":
            hidden.add(folder)
        else:
            _rename(shown, folder, path, delimiters[folder])
    for ident, path, was_hidden, _, _ in found:
        if shown[ident] != path or (ident in hidden) != bool(was_hidden):
            db.execute(
                "UPDATE folder SET path = ?, hidden = ? WHERE id = ?", (shown[ident], ident in hidden, ident)
            )


def _rename(shown: dict[int, str], folder: int, path: str, delimiter: str) -> None:
    old = shown[folder]
    shown[folder] = path
    if delimiter and old != path:
        for ident, other in shown.items():
            if ident != folder and other.startswith(old + delimiter):
                shown[ident] = path + other[len(old) :]


def _snapshot(db: sqlite3.Connection, account: int) -> list[rows.Row]:
    return db.execute(
        """SELECT id, path, hidden, role, selectable, total, unread + beyond, exists_n, complete, delimiter
           FROM folder WHERE account = ? ORDER BY id""",
        (account,),
    ).fetchall()


def state(db: sqlite3.Connection, folder: int) -> FolderState:
    """Raises NoFolder."""
    found = db.execute(
        "SELECT uidvalidity, uidnext, highestmodseq, exists_n, low_uid, complete FROM folder WHERE id = ?",
        (folder,),
    ).fetchone()
    if found is None:
        raise NoFolder("That folder is no longer there.")
    uidvalidity, uidnext, highestmodseq, exists, low_uid, complete = found
    return FolderState(uidvalidity, uidnext, highestmodseq, exists, low_uid, bool(complete))


def put_state(db: sqlite3.Connection, tally: Tally, folder: int, new: FolderState) -> None:
    old = state(db, folder)
    if old == new:
        return
    db.execute(
        """UPDATE folder SET uidvalidity = ?, uidnext = ?, highestmodseq = ?, exists_n = ?, low_uid = ?,
           complete = ?, beyond = CASE WHEN ? THEN 0 ELSE beyond END WHERE id = ?""",
        (
            new.uidvalidity,
            new.uidnext,
            new.highestmodseq,
            new.exists,
            new.low_uid,
            new.complete,
            new.complete,
            folder,
        ),
    )
    if (old.exists, old.complete) != (new.exists, new.complete):
        tally.counted(rows.account_key(db, account_of(db, folder)))
