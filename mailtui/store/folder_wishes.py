"""Wishes on folders: shown at once, carried out one after another (see dispatch.py)."""

import sqlite3
from dataclasses import dataclass

from mailtui.model.intent import CreateFolder, DeleteFolder, Intent, RenameFolder
from mailtui.model.trouble import Refused
from mailtui.store import folders, rows
from mailtui.store.folders import ACTIVE
from mailtui.store.wishes import Context

FOLDER_INTENTS = (CreateFolder, RenameFolder, DeleteFolder)


@dataclass(frozen=True, slots=True)
class _Shown:
    id: int
    account: int
    path: str
    delimiter: str
    role: str | None
    total: int


def record(context: Context, intent: Intent) -> int:
    """Write the wish down and show it. Returns the number of the account. Raises Refused."""
    match intent:
        case CreateFolder(account, path):
            found = context.db.execute("SELECT id FROM account WHERE key = ?", (account,)).fetchone()
            if found is None:
                raise Refused(f"There is no account {account}.")
            return create(context, int(found[0]), path)
        case RenameFolder(folder, path):
            return rename(context, folder, path)
        case DeleteFolder(folder):
            return delete(context, folder)
        case _:
            raise AssertionError(type(intent).__name__)


def create(context: Context, account: int, path: str) -> int:
    delimiter = _delimiter(context.db, account)
    _check_path(context.db, account, path, delimiter)
    cursor = context.db.execute(
        "INSERT INTO folder (account, path, delimiter, complete) VALUES (?, ?, ?, 1)",
        (account, path, delimiter),
    )
    _put(context, account, "create_folder", int(cursor.lastrowid or 0), "", path)
    return account


def rename(context: Context, folder: int, path: str) -> int:
    shown = _shown(context.db, folder)
    if shown.path.upper() == "INBOX":
        raise Refused("The inbox can't be renamed.")
    if shown.delimiter and path.startswith(shown.path + shown.delimiter):
        raise Refused("A folder can't be moved into itself.")
    if path == shown.path:
        return shown.account
    _check_path(context.db, shown.account, path, shown.delimiter)
    _put(context, shown.account, "rename_folder", folder, shown.path, path)
    return shown.account


def delete(context: Context, folder: int) -> int:
    shown = _shown(context.db, folder)
    if shown.path.upper() == "INBOX":
        raise Refused("The inbox can't be deleted.")
    below = shown.path + shown.delimiter
    if shown.delimiter and any(path.startswith(below) for path in _paths(context.db, shown.account)):
        raise Refused("There are folders below it.", "Delete or move those first.")
    _put(context, shown.account, "delete_folder", folder, shown.path, "")
    return shown.account


def undo(context: Context, intent: str) -> int | None:
    """Reverse an intent on a folder; None if `intent` was none. Raises Refused."""
    folder, origin, path = context.db.execute(
        "SELECT folder, origin, path FROM intent WHERE id = ?", (intent,)
    ).fetchone()
    if folder is None:
        return None
    operation = context.db.execute(
        f"SELECT id, account, state FROM operation WHERE intent = ? AND state IN {ACTIVE}", (intent,)
    ).fetchone()
    if operation is not None and operation[2] != "sent" and not _built_upon(context.db, folder, operation[0]):
        context.db.execute("DELETE FROM operation WHERE id = ?", (operation[0],))
        if not origin:
            context.db.execute("DELETE FROM folder WHERE id = ?", (folder,))
        _show(context, operation[1])
        return int(operation[1])
    if not path:
        raise Refused("A deleted folder can't be brought back.")
    shown = _shown(context.db, folder)
    if shown.path != path:
        raise Refused("The folder was renamed since.")
    if origin:
        return rename(context, folder, origin)
    if shown.total:
        raise Refused(
            "There are messages in the folder by now.", "Delete the folder if that is what you want."
        )
    return delete(context, folder)


def _built_upon(db: sqlite3.Connection, folder: int, operation: int) -> bool:
    """Whether something else was wanted of the folder since."""
    return (
        db.execute(
            f"""SELECT 1 FROM operation WHERE id <> ? AND (source = ? OR target = ?) AND state IN {ACTIVE}
                UNION SELECT 1 FROM folder c JOIN folder f ON f.id = ? AND f.account = c.account
                WHERE f.delimiter <> '' AND substr(c.path, 1, length(f.path) + 1) = f.path || f.delimiter
                    AND c.spath IS NULL""",
            (operation, folder, folder, folder),
        ).fetchone()
        is not None
    )


def _put(context: Context, account: int, kind: str, folder: int, origin: str, path: str) -> None:
    context.db.execute(
        """INSERT INTO operation (account, kind, intent, state, source, path, created)
           VALUES (?, ?, ?, 'queued', ?, ?, ?)""",
        (account, kind, context.intent, folder, path, context.now),
    )
    context.db.execute(
        "UPDATE intent SET folder = ?, origin = ?, path = ? WHERE id = ?",
        (folder, origin, path, context.intent),
    )
    _show(context, account)


def _show(context: Context, account: int) -> None:
    folders.refresh(context.db, account)
    context.tally.counted(rows.account_key(context.db, account))


def _shown(db: sqlite3.Connection, folder: int) -> _Shown:
    found = db.execute(
        "SELECT id, account, path, delimiter, role, total FROM folder WHERE id = ? AND NOT hidden", (folder,)
    ).fetchone()
    if found is None:
        raise Refused("That folder is no longer there.")
    return _Shown(*found)


def _paths(db: sqlite3.Connection, account: int) -> list[str]:
    return [
        row[0] for row in db.execute("SELECT path FROM folder WHERE account = ? AND NOT hidden", (account,))
    ]


def _delimiter(db: sqlite3.Connection, account: int) -> str:
    found = db.execute(
        "SELECT delimiter FROM folder WHERE account = ? AND delimiter <> '' LIMIT 1", (account,)
    ).fetchone()
    return str(found[0]) if found else ""


def _check_path(db: sqlite3.Connection, account: int, path: str, delimiter: str) -> None:
    levels = path.split(delimiter) if delimiter else [path]
    if not all(level.strip() for level in levels) or len(path) > 500:
        raise Refused("That is no name for a folder.", "Each level needs a name.")
    if any(not sign.isprintable() for sign in path):
        raise Refused("That is no name for a folder.", "Leave out what can't be printed.")
    if any(other == path or other.upper() == path.upper() == "INBOX" for other in _paths(db, account)):
        raise Refused(f"There is a folder {path} already.", "Choose another name.")
