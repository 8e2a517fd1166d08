"""What was sent and done: each outcome and what it says about the server in one transaction."""

import sqlite3
from collections.abc import Iterable

from mailtui.model.operation import Operation
from mailtui.store import dispatch, folders, overlay, rows, vanishing
from mailtui.store.changes import Tally
from mailtui.store.folders import ACTIVE


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
    if kind == "draft":  # there will be many, and nothing to undo
        db.execute("DELETE FROM operation WHERE id = ?", (operation.id,))
        return []
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
