"""What was not done: operations to be tried again, parked, refused for good or given up.

Whatever the outcome, at most one unsent move and one unsent change of flags of a message remain.
"""

import sqlite3

from mailtui.store import overlay, rows, undo, vanishing
from mailtui.store.changes import Tally
from mailtui.store.folders import ACTIVE
from mailtui.store.outcomes import refresh_folders
from mailtui.store.wishes import Context, Delta

_ABOUT = "SELECT kind, message, source, twin FROM operation WHERE id = ?"
_LATER_DRAFT = """SELECT later.id FROM operation o JOIN operation later ON later.draft = o.draft
    AND later.account = o.account AND later.id > o.id AND later.state IN ('queued', 'parked')
    WHERE o.id = ? AND o.draft <> ''"""


def requeue(db: sqlite3.Connection, tally: Tally, operation: int, when: int, trouble: str) -> None:
    """To be tried again at `when` (seconds). It folds with what was wanted since."""
    found = db.execute(f"{_ABOUT} AND state IN {ACTIVE}", (operation,)).fetchone()
    if found is not None:
        db.execute(
            "UPDATE operation SET state = 'queued', next_try = ?, trouble = ? WHERE id = ?",
            (when, trouble, operation),
        )
        _fold(db, operation, found)
        _refresh(db, tally, found)


def park(db: sqlite3.Connection, tally: Tally, operation: int, trouble: str) -> None:
    """Refused for now: the user decides. What is shown stays. If the user wanted something else in
    the meantime, that is tried instead."""
    if _wanted_since(db, operation):
        requeue(db, tally, operation, 0, trouble)
        return
    found = db.execute(f"{_ABOUT} AND state IN {ACTIVE}", (operation,)).fetchone()
    if found is not None:
        db.execute("UPDATE operation SET state = 'parked', trouble = ? WHERE id = ?", (trouble, operation))
        _refresh(db, tally, found)


def _wanted_since(db: sqlite3.Connection, operation: int) -> bool:
    return (
        db.execute(
            """SELECT 1 FROM operation o JOIN operation later ON later.message = o.message
               AND later.kind = o.kind AND later.id > o.id AND later.state IN ('queued', 'parked')
               WHERE o.id = ?""",
            (operation,),
        ).fetchone()
        is not None
        or db.execute(_LATER_DRAFT, (operation,)).fetchone() is not None
    )


def revive(db: sqlite3.Connection, tally: Tally, operation: int) -> None:
    """The user wants a parked or failed operation tried again, now; or one that waits, without waiting."""
    db.execute("UPDATE operation SET next_try = 0 WHERE id = ? AND state = 'queued'", (operation,))
    found = db.execute(f"{_ABOUT} AND state IN ('parked', 'failed')", (operation,)).fetchone()
    if found is None or not _still_there(db, found):
        return
    db.execute(
        """UPDATE operation SET state = 'queued', next_try = 0, attempts = 0, trouble = '', finished = 0
           WHERE id = ?""",
        (operation,),
    )
    _fold(db, operation, found)
    _refresh(db, tally, found)


def _still_there(db: sqlite3.Connection, about: rows.Row) -> bool:
    """Whether what the operation is about still has a row (a copy that failed has none)."""
    kind, message, source, twin = about
    if kind == "draft":
        return True
    wanted = [("message", message)] if message is not None else [("folder", source)]
    wanted += [("message", twin)] if twin is not None else []
    return all(
        db.execute(f"SELECT 1 FROM {table} WHERE id = ?", (ident,)).fetchone() is not None
        for table, ident in wanted
    )


def _fold(db: sqlite3.Connection, operation: int, about: rows.Row) -> None:
    """The operation does what all unsent ones of its kind on the message did; of nothing, none."""
    kind, message, _, _ = about
    if kind == "draft":
        db.execute(f"DELETE FROM operation WHERE id IN ({_LATER_DRAFT})", (operation,))
    if kind not in ("flags", "move"):
        return
    later = db.execute(
        """SELECT id, target, intent, adds, removes, add_keywords, remove_keywords FROM operation
           WHERE message = ? AND kind = ? AND id > ? AND state IN ('queued', 'parked') ORDER BY id""",
        (message, kind, operation),
    ).fetchall()
    for ident, target, intent, *delta in later:
        both = _delta(db, operation).then(Delta(*delta))
        db.execute(
            """UPDATE operation SET target = ?, intent = ?, adds = ?, removes = ?, add_keywords = ?,
               remove_keywords = ? WHERE id = ?""",
            (target, intent, both.adds, both.removes, both.add_keywords, both.remove_keywords, operation),
        )
        db.execute("DELETE FROM operation WHERE id = ?", (ident,))
    if kind == "move":
        vanishing.settle(db, [message])
    else:
        _drop_if_so_already(db, operation, message)


def _delta(db: sqlite3.Connection, operation: int) -> Delta:
    found = db.execute(
        "SELECT adds, removes, add_keywords, remove_keywords FROM operation WHERE id = ?", (operation,)
    ).fetchone()
    return Delta(*found)


def _drop_if_so_already(db: sqlite3.Connection, operation: int, message: int) -> None:
    server = db.execute("SELECT sflags, skeywords FROM message WHERE id = ?", (message,)).fetchone()
    if not _delta(db, operation).on(*server):
        db.execute("DELETE FROM operation WHERE id = ?", (operation,))


def fail(db: sqlite3.Connection, tally: Tally, operation: int, trouble: str, now: int) -> list[str]:
    """Refused for good: what is shown becomes what the server has. Returns files to be deleted."""
    found = db.execute(f"{_ABOUT} AND state IN {ACTIVE}", (operation,)).fetchone()
    if found is None:
        return []
    db.execute(
        "UPDATE operation SET state = 'failed', finished = ?, trouble = ? WHERE id = ?",
        (now, trouble, operation),
    )
    return _give_up(db, tally, found, operation, trouble, now)


def discard(db: sqlite3.Connection, tally: Tally, operation: int, now: int) -> list[str]:
    """The user gives it up. Nothing happens to what is with the server just now."""
    db.execute("DELETE FROM operation WHERE id = ? AND state = 'failed'", (operation,))  # has no effect
    found = db.execute(f"{_ABOUT} AND state IN ('queued', 'parked')", (operation,)).fetchone()
    if found is None:
        return []
    db.execute("DELETE FROM operation WHERE id = ?", (operation,))
    return _give_up(db, tally, found, operation, "Its folder was not made.", now)


def folder_gone(db: sqlite3.Connection, tally: Tally, folder: int, now: int) -> list[str]:
    """The server no longer has the folder: its deletion has come true, whatever else waited for it
    fails and is reported. What was sent is looked after by itself. Returns files to be deleted."""
    files: list[str] = []
    waiting = db.execute(
        """SELECT id FROM operation WHERE (target = ?1 OR source = ?1 AND message IS NULL)
           AND state IN ('queued', 'parked') ORDER BY id""",
        (folder,),
    ).fetchall()
    db.execute(
        """UPDATE operation SET state = 'done', finished = ? WHERE source = ? AND kind = 'delete_folder'
           AND state IN ('queued', 'parked')""",
        (now, folder),
    )
    for (operation,) in waiting:
        files.extend(_fail_too(db, tally, operation, "The server does not have the folder any more.", now))
    return files


def _fail_too(db: sqlite3.Connection, tally: Tally, operation: int, trouble: str, now: int) -> list[str]:
    """Fail with something else, which nobody but the store knows of: report it."""
    found = db.execute(
        f"""SELECT a.key, o.intent FROM operation o JOIN account a ON a.id = o.account
            WHERE o.id = ? AND o.state IN {ACTIVE}""",
        (operation,),
    ).fetchone()
    if found is None:
        return []
    tally.failed(found[0], operation, found[1], trouble)
    return fail(db, tally, operation, trouble, now)


def _give_up(
    db: sqlite3.Connection, tally: Tally, found: rows.Row, operation: int, trouble: str, now: int
) -> list[str]:
    kind, _, source, twin = found
    context = Context(db, tally, "", now)
    files: list[str] = []
    if kind == "copy" and twin is not None:
        undo.remove_twins(context, [twin])
    if kind == "create_folder":
        files = _unmake_folder(db, tally, source, trouble, now)
    _refresh(db, tally, found)
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
        files.extend(_fail_too(db, tally, other, trouble, now))
    db.execute("DELETE FROM folder WHERE id = ?", (folder,))
    tally.counted(rows.account_key(db, account))
    return files


def _refresh(db: sqlite3.Connection, tally: Tally, about: rows.Row) -> None:
    _, message, source, twin = about
    if message is not None:
        overlay.refresh(db, tally, [ident for ident in (message, twin) if ident is not None])
    elif source is not None:
        refresh_folders(db, tally, source)
