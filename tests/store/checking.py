"""What must hold in every store at every moment, asked of the tables themselves."""

import sqlite3
from pathlib import Path

from mailtui.store import words

ACTIVE = "('queued', 'sent', 'parked')"


def check(path: Path) -> None:
    """Raise AssertionError if something does not hold."""
    db = sqlite3.connect(path)
    try:
        shown_is_the_overlay(db)
        counters_count(db)
        nothing_dangles(db)
    finally:
        db.close()


def shown_is_the_overlay(db: sqlite3.Connection) -> None:
    """Recompute every message naively: server state, then each active operation in order."""
    for ident, folder, flags, keywords, pending, sfolder, sflags, skeywords in db.execute(
        "SELECT id, folder, flags, keywords, pending, sfolder, sflags, skeywords FROM message"
    ).fetchall():
        expected_folder, expected_flags, expected_keywords = sfolder, sflags, set(skeywords.split())
        operations = db.execute(
            f"""SELECT kind, twin, target, adds, removes, add_keywords, remove_keywords FROM operation
                WHERE (message = ?1 OR twin = ?1) AND state IN {ACTIVE} ORDER BY id""",
            (ident,),
        ).fetchall()
        for kind, twin, target, adds, removes, add_keywords, remove_keywords in operations:
            if kind == "flags":
                expected_flags = (expected_flags | adds) & ~removes
                expected_keywords |= set(add_keywords.split())
                expected_keywords -= set(remove_keywords.split())
            elif kind == "move" or (kind == "copy" and twin == ident):
                expected_folder = target
            elif kind == "destroy":
                expected_folder = None
        assert (folder, flags) == (expected_folder, expected_flags), ident
        assert set(keywords.split()) == expected_keywords, ident
        assert pending == len(operations), ident


def counters_count(db: sqlite3.Connection) -> None:
    for ident, *counted in db.execute(
        "SELECT id, total, unread, octets, texts, text_octets, part_octets FROM folder"
    ).fetchall():
        real = db.execute(
            """SELECT count(*), coalesce(sum(flags & 1 = 0), 0), coalesce(sum(min(size, ?)), 0)
               FROM message WHERE folder = ?""",
            (2**40, ident),
        ).fetchone()
        texts = db.execute(
            """SELECT coalesce(sum(html = 0), 0), coalesce(sum(b.size), 0) FROM body b
               JOIN message m ON m.id = b.message WHERE folder = ?""",
            (ident,),
        ).fetchone()
        parts = db.execute(
            "SELECT coalesce(sum(p.size), 0) FROM part p JOIN message m ON m.id = p.message WHERE folder = ?",
            (ident,),
        ).fetchone()
        assert tuple(counted) == (*real, *texts, *parts), ident


def nothing_dangles(db: sqlite3.Connection) -> None:
    """No UID twice, no operation or detail without its message, one unsent move and one unsent
    change of flags at most."""
    assert not db.execute(
        "SELECT 1 FROM message WHERE uid IS NOT NULL GROUP BY sfolder, uid HAVING count(*) > 1"
    ).fetchall()
    for table in ("detail", "body", "part"):
        assert not db.execute(
            f"SELECT 1 FROM {table} WHERE message NOT IN (SELECT id FROM message)"
        ).fetchall(), table
    assert not db.execute(
        f"""SELECT 1 FROM operation WHERE state IN {ACTIVE} AND message IS NOT NULL
            AND message NOT IN (SELECT id FROM message)"""
    ).fetchall()
    assert not db.execute(
        """SELECT 1 FROM operation WHERE state IN ('queued', 'parked')
           AND kind IN ('flags', 'move', 'destroy') GROUP BY message, kind HAVING count(*) > 1"""
    ).fetchall()


def whole(path: Path) -> None:
    """SQLite itself finds nothing wrong, and the full text index has what the tables say."""
    db = sqlite3.connect(path)
    try:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert indexed_words(db) == rebuilt_words(db)
    finally:
        db.close()


def indexed_words(db: sqlite3.Connection) -> dict[str, list[int]]:
    """term → rows, as the index has it now."""
    db.execute("CREATE VIRTUAL TABLE temp.terms USING fts5vocab (main, search, instance)")
    found: dict[str, list[int]] = {}
    for term, document, column in db.execute("SELECT term, doc, col FROM temp.terms ORDER BY 1, 2, 3"):
        found.setdefault(f"{column} {term}", []).append(document)
    db.execute("DROP TABLE temp.terms")
    return found


def rebuilt_words(db: sqlite3.Connection) -> dict[str, list[int]]:
    """The same after everything was indexed anew (rolled back)."""
    words.rebuild(db)
    found = indexed_words(db)
    db.rollback()
    return found
