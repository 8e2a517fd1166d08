"""What became of operations: each outcome and what it says about the server in one transaction."""

import sqlite3
from collections.abc import Iterable

from mailtui.model.operation import Operation, OperationKind
from mailtui.store import dispatch, folders, overlay, rows, undo, vanishing
from mailtui.store.changes import Tally
from mailtui.store.folders import ACTIVE
from mailtui.store.wishes import Context, Delta

_FOLDER_KINDS = (OperationKind.CREATE_FOLDER, OperationKind.RENAME_FOLDER, OperationKind.DELETE_FOLDER)


def sent(db: sqlite3.Connection, operations: Iterable[Operation], probe: str) -> list[int]:
    """Mark as given to the server those that still are what they were when they were read."""
    marked: list[int] = []
    for one in operations:
        cursor = db.execute(
            f"""UPDATE operation AS o SET state = 'sent', source = ?, uid = ?, uidvalidity = ?, probe = ?,
                   attempts = attempts + 1
               WHERE id = ? AND state = 'queued' AND target IS ? AND adds = ? AND removes = ?
                   AND add_keywords = ? AND remove_keywords = ? AND path = ? AND NOT {dispatch.MOOT}
                   AND (message IS NULL OR EXISTS (
                       SELECT 1 FROM message m WHERE m.id = o.message AND m.sfolder = ? AND m.uid = ?))""",
            (
                one.source,
                one.uid,
                one.uidvalidity,
                probe,
                one.id,
                one.target,
                int(one.add),
                int(one.remove),
                rows.pack(one.add_keywords),
                rows.pack(one.remove_keywords),
                one.path,
                one.source,
                one.uid,
            ),
        )
        if cursor.rowcount:
            marked.append(one.id)
    return marked


def done(
    db: sqlite3.Connection, tally: Tally, operation: Operation, target_uid: int | None, modseq: int, now: int
) -> list[str]:
    """The server carried it out. `target_uid` is the message's UID in the target folder (COPYUID,
    RFC 4315), None if the server didn't tell. Returns files to be deleted."""
    found = db.execute(
        f"SELECT kind, message, source, target, twin FROM operation WHERE id = ? AND state IN {ACTIVE}",
        (operation.id,),
    ).fetchone()
    if found is None:
        return []
    kind, message, source, target, twin = found
    db.execute("UPDATE operation SET state = 'done', finished = ? WHERE id = ?", (now, operation.id))
    files: list[str] = []
    if kind == "flags":
        _write_flags(db, operation, message, modseq)
    elif kind == "move":
        files = _place(db, tally, message, target, target_uid, now)
    elif kind == "copy":
        files = _place(db, tally, twin, target, target_uid, now)
    elif kind == "destroy":
        files = vanishing.remove(db, tally, [message], now)
    elif kind in ("create_folder", "rename_folder"):
        _write_path(db, source, operation.path)
    if message is None:
        refresh_folders(db, tally, source)
    else:
        overlay.refresh(db, tally, [ident for ident in (message, twin) if ident is not None])
    return files


def _write_flags(db: sqlite3.Connection, operation: Operation, message: int, modseq: int) -> None:
    found = db.execute("SELECT sflags, skeywords FROM message WHERE id = ?", (message,)).fetchone()
    if found is not None:
        flags = overlay.change_flags(found[0], int(operation.add), int(operation.remove))
        keywords = overlay.change_keywords(
            found[1], rows.pack(operation.add_keywords), rows.pack(operation.remove_keywords)
        )
        db.execute(
            "UPDATE message SET sflags = ?, skeywords = ?, modseq = max(modseq, ?) WHERE id = ?",
            (flags, keywords, modseq, message),
        )


def _place(
    db: sqlite3.Connection, tally: Tally, message: int, folder: int, uid: int | None, now: int
) -> list[str]:
    """The message is in `folder` now. A row that was made for it there in the meantime goes."""
    sfolder, known = db.execute("SELECT sfolder, uid FROM message WHERE id = ?", (message,)).fetchone()
    if sfolder == folder and known is not None and uid in (None, known):
        return []
    files: list[str] = []
    if uid is not None:
        rival = db.execute("SELECT id FROM message WHERE sfolder = ? AND uid = ?", (folder, uid)).fetchone()
        if rival is not None and rival[0] != message:
            files = vanishing.replace(db, tally, rival[0], message, now)
    db.execute(
        "UPDATE message SET sfolder = ?, uid = ?, modseq = 0, missing = ? WHERE id = ?",
        (folder, uid, 0 if uid is not None else max(now, 1), message),
    )
    return files


def _write_path(db: sqlite3.Connection, folder: int, path: str) -> None:
    """The server has the folder under this path now. Its name on the wire comes with the next LIST."""
    found = db.execute("SELECT account, spath, delimiter FROM folder WHERE id = ?", (folder,)).fetchone()
    if found is None or found[1] == path:
        return
    account, old, delimiter = found
    db.execute("UPDATE folder SET spath = ?, raw = NULL WHERE id = ?", (path, folder))
    if old is not None and delimiter:
        db.execute(
            """UPDATE folder SET spath = ?1 || substr(spath, length(?2) + 1), raw = NULL
               WHERE account = ?3 AND substr(spath, 1, length(?2) + 1) = ?2 || ?4""",
            (path, old, account, delimiter),
        )


def refresh_folders(db: sqlite3.Connection, tally: Tally, folder: int) -> None:
    found = db.execute("SELECT account FROM folder WHERE id = ?", (folder,)).fetchone()
    if found is not None:
        folders.refresh(db, found[0])
        tally.counted(rows.account_key(db, found[0]))


def requeue(db: sqlite3.Connection, tally: Tally, operation: int, when: int, trouble: str) -> None:
    """To be tried again at `when` (seconds). It folds with what was wanted since."""
    found = db.execute(
        f"SELECT kind, message, attempts FROM operation WHERE id = ? AND state IN {ACTIVE} ", (operation,)
    ).fetchone()
    if found is None:
        return
    db.execute(
        "UPDATE operation SET state = 'queued', next_try = ?, trouble = ? WHERE id = ?",
        (when, trouble, operation),
    )
    _fold(db, operation, found[0], found[1])
    _refresh(db, tally, operation)


def _fold(db: sqlite3.Connection, operation: int, kind: str, message: int | None) -> None:
    """At most one unsent change of flags and one unsent move of a message remain, the oldest, doing
    what all of them did."""
    if kind not in ("flags", "move"):
        return
    later = db.execute(
        """SELECT id, target, adds, removes, add_keywords, remove_keywords, intent FROM operation
           WHERE message = ? AND kind = ? AND id > ? AND state IN ('queued', 'parked') ORDER BY id""",
        (message, kind, operation),
    ).fetchall()
    for ident, target, adds, removes, add_keywords, remove_keywords, intent in later:
        old = db.execute(
            "SELECT adds, removes, add_keywords, remove_keywords FROM operation WHERE id = ?", (operation,)
        ).fetchone()
        both = Delta(*old).then(Delta(adds, removes, add_keywords, remove_keywords))
        db.execute(
            """UPDATE operation SET target = ?, adds = ?, removes = ?, add_keywords = ?, remove_keywords = ?,
               intent = ? WHERE id = ?""",
            (target, both.adds, both.removes, both.add_keywords, both.remove_keywords, intent, operation),
        )
        db.execute("DELETE FROM operation WHERE id = ?", (ident,))
    if kind == "move":
        vanishing.settle(db, [message] if message is not None else [])


def park(db: sqlite3.Connection, tally: Tally, operation: int, trouble: str) -> None:
    """Refused for now: the user decides. What is shown stays. If the user wanted something else in
    the meantime, that is tried instead."""
    if _wanted_since(db, operation):
        requeue(db, tally, operation, 0, trouble)
        return
    db.execute(
        f"UPDATE operation SET state = 'parked', trouble = ? WHERE id = ? AND state IN {ACTIVE}",
        (trouble, operation),
    )
    _refresh(db, tally, operation)


def _wanted_since(db: sqlite3.Connection, operation: int) -> bool:
    return (
        db.execute(
            """SELECT 1 FROM operation o JOIN operation later ON later.message = o.message
               AND later.kind = o.kind AND later.id > o.id AND later.state IN ('queued', 'parked')
               WHERE o.id = ?""",
            (operation,),
        ).fetchone()
        is not None
    )


def fail(db: sqlite3.Connection, tally: Tally, operation: int, trouble: str, now: int) -> list[str]:
    """Refused for good: what is shown becomes what the server has. Returns files to be deleted."""
    found = db.execute(
        f"SELECT kind, message, source, twin FROM operation WHERE id = ? AND state IN {ACTIVE}", (operation,)
    ).fetchone()
    if found is None:
        return []
    db.execute(
        "UPDATE operation SET state = 'failed', finished = ?, trouble = ? WHERE id = ?",
        (now, trouble, operation),
    )
    return _give_up(db, tally, found, operation, trouble, now)


def discard(db: sqlite3.Connection, tally: Tally, operation: int, now: int) -> list[str]:
    """The user gives it up. Nothing happens to what is with the server just now."""
    found = db.execute(
        """SELECT kind, message, source, twin FROM operation
           WHERE id = ? AND state IN ('queued', 'parked', 'failed')""",
        (operation,),
    ).fetchone()
    if found is None:
        return []
    db.execute("DELETE FROM operation WHERE id = ?", (operation,))
    return _give_up(db, tally, found, operation, "Its folder was not made.", now)


def _give_up(
    db: sqlite3.Connection, tally: Tally, found: rows.Row, operation: int, trouble: str, now: int
) -> list[str]:
    kind, message, source, twin = found
    context = Context(db, tally, "", now)
    files: list[str] = []
    if kind == "copy" and twin is not None:
        undo.remove_twins(context, [twin])
    if kind == "create_folder":
        files = _unmake_folder(db, tally, source, trouble, now)
    if message is not None:
        overlay.refresh(db, tally, [message])
    elif source is not None:
        refresh_folders(db, tally, source)
    return files


def _unmake_folder(db: sqlite3.Connection, tally: Tally, folder: int, trouble: str, now: int) -> list[str]:
    """A folder of ours that the server does not have goes, with all that was wanted of it."""
    account, spath = db.execute("SELECT account, spath FROM folder WHERE id = ?", (folder,)).fetchone()
    if spath is not None:
        return []
    files: list[str] = []
    for (other,) in db.execute(
        f"SELECT id FROM operation WHERE (target = ?1 OR source = ?1) AND state IN {ACTIVE}", (folder,)
    ).fetchall():
        files.extend(fail(db, tally, other, trouble, now))
    db.execute("DELETE FROM folder WHERE id = ?", (folder,))
    tally.counted(rows.account_key(db, account))
    return files


def revive(db: sqlite3.Connection, tally: Tally, operation: int) -> None:
    """The user wants a parked or failed operation tried again, now."""
    found = db.execute(
        "SELECT kind, message FROM operation WHERE id = ? AND state IN ('parked', 'failed')", (operation,)
    ).fetchone()
    if found is None or (
        found[1] is None and found[0] == "create_folder" and not _folder_there(db, operation)
    ):
        return
    db.execute(
        """UPDATE operation SET state = 'queued', next_try = 0, attempts = 0, trouble = '', finished = 0
           WHERE id = ?""",
        (operation,),
    )
    _fold(db, operation, *found)
    _refresh(db, tally, operation)


def _folder_there(db: sqlite3.Connection, operation: int) -> bool:
    return (
        db.execute(
            "SELECT 1 FROM operation o JOIN folder f ON f.id = o.source WHERE o.id = ?", (operation,)
        ).fetchone()
        is not None
    )


def _refresh(db: sqlite3.Connection, tally: Tally, operation: int) -> None:
    found = db.execute("SELECT message, twin, source FROM operation WHERE id = ?", (operation,)).fetchone()
    if found is None:
        return
    message, twin, source = found
    if message is not None:
        overlay.refresh(db, tally, [ident for ident in (message, twin) if ident is not None])
    elif source is not None:
        refresh_folders(db, tally, source)
