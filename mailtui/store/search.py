"""Search in the local copy: the newest hits first, found without looking at the older ones.

The full text index is walked from its newest row backwards; what it can't decide (dates, sizes,
flags, the order of words) is checked on each hit.
"""

import json
import sqlite3

from mailtui.model.query import All, Field, Node, Query, Term
from mailtui.store import ids, places
from mailtui.store.conditions import Compiler, Condition
from mailtui.store.places import Scope

__all__ = ["Scope", "find"]

STEPS = 20_000  # steps of SQLite between two looks at the clock


def find(db: sqlite3.Connection, query: Query, scope: Scope, limit: int) -> list[int]:
    """Up to `limit` messages (-1: all), newest first. Any text is safe."""
    folders = places.folders(db, query, scope)
    if folders == []:
        return []
    for indexed in (True, False):
        sql, values = _statement(query.root, folders, limit, indexed=indexed)
        try:
            found = db.execute(sql, values).fetchall()
        except sqlite3.OperationalError as error:
            if not indexed or "fts5" not in str(error):
                raise
            continue  # a word that the index cuts in several: ask again without the index
        found.sort(key=lambda row: (row[1], row[0]), reverse=True)
        return [row[0] for row in found]
    return []


def _statement(
    root: Node, folders: list[int] | None, limit: int, *, indexed: bool
) -> tuple[str, list[str | int]]:
    conjuncts = Compiler(indexed=indexed).conjuncts(root)
    matches = [condition.match for condition in conjuncts if condition.match]
    rest = [condition for condition in conjuncts if not condition.match]
    where, values = _folders(folders)
    if matches:
        bounds = _bounds(root)
        source = "search s CROSS JOIN message m ON m.id = s.rowid"
        first = f"s.search MATCH ? AND s.rowid >= ? AND s.rowid < ? AND {where}"
        values = [" AND ".join(f"({match})" for match in matches), *bounds, *values]
        order = "s.rowid DESC"
    else:
        source, order = _walk(root, folders, rest)
        first = where
    conditions = " AND ".join([first, *(f"({condition.sql})" for condition in rest)])
    for condition in rest:
        values.extend(condition.values)
    return f"SELECT m.id, m.received FROM {source} WHERE {conditions} ORDER BY {order} LIMIT ?", [
        *values,
        limit,
    ]


def _folders(folders: list[int] | None) -> tuple[str, list[str | int]]:
    if folders is None:
        return "m.folder IS NOT NULL", []
    if len(folders) == 1:
        return "m.folder = ?", [folders[0]]
    return "m.folder IN (SELECT value FROM json_each(?))", [json.dumps(folders)]


def _walk(root: Node, folders: list[int] | None, rest: list[Condition]) -> tuple[str, str]:
    """Which rows to walk, and in which order, when no word is asked for."""
    said = {condition.sql for condition in rest}
    single = folders is not None and len(folders) == 1
    by_time = "m.received DESC, m.id DESC"
    if any(condition.sql.startswith("m.ident IN") for condition in rest):
        return "message m INDEXED BY message_ident", by_time
    if folders is not None:
        for sql, name in (("m.flags & 1 = 0", "message_unread"), ("m.flags & 4 = 4", "message_flagged")):
            if sql in said:
                return f"message m INDEXED BY {name}", by_time
    if single:
        return "message m INDEXED BY message_list", by_time
    return "message m NOT INDEXED", "m.id DESC"


def _bounds(root: Node) -> tuple[int, int]:
    """Ids between which every hit must lie, by the dates asked for at the top of the query."""
    low, high = 0, 2**62
    for part in root.parts if isinstance(root, All) else (root,):
        if isinstance(part, Term) and part.field is Field.AFTER:
            low = max(low, ids.first_id(part.number))
        elif isinstance(part, Term) and part.field is Field.BEFORE:
            high = min(high, ids.first_id(part.number)) if part.number < ids.LATEST else high
    return low, high
