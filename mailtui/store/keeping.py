"""What of the mail's texts and parts is here: what is lacking, what it takes up, what has not been looked
at for longest and can go. Everything that goes can be fetched again.
"""

import json
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from heapq import merge
from itertools import groupby
from pathlib import Path

from mailtui.model.part import Body, Part
from mailtui.store import contents, rows, words
from mailtui.store.schema import open_reader
from mailtui.store.writing import AHEAD, Writer

AT_ONCE = 400  # things that are looked for in one go
_ROUND = 20  # things dropped in one transaction,
_OCTETS = 200_000  # or so many octets of text, whose words go too: it stays below 50 ms

# What the server can give again, and what nothing waits for. `held` are messages in use.
_FREE = """m.uid IS NOT NULL AND m.folder = m.sfolder AND m.pending = 0
    AND m.id NOT IN (SELECT value FROM json_each(:held))"""


_TOP = (2**63 - 1, 0)


@dataclass(frozen=True, slots=True)
class Search:
    """For up to `limit` messages of a folder, newest first, received after `since` (seconds since the
    epoch), below the place of another (see Lacking.place), without those `passed`. What is looked at
    costs two microseconds each."""

    folder: int
    since: int = 0
    limit: int = 1000
    below: tuple[int, int] | None = None
    passed: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class Lacking:
    """A message whose text, or whose attachments, are not here. `root` is its MIME tree as far as it
    was parsed, `source` what the server said of it. Times in seconds since the epoch."""

    message: int
    uid: int
    received: int
    root: Part | None
    source: bytes

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands in the list of its folder."""
        return self.received, self.message


@dataclass(frozen=True, slots=True, order=True)
class Item:
    """A text (`section` None; `html` tells which) or a part, not looked at since `used`."""

    used: int
    message: int
    size: int
    html: int = 0
    section: str | None = None
    path: str = ""


class Shelf:
    """Of all accounts, by the service's one writer; may be used by any thread."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    # what is to come

    def texts(self, search: Search) -> list[Lacking]:
        """Messages without their text."""
        return self._lacking("NOT EXISTS (SELECT 1 FROM body WHERE message = m.id AND html = 0)", search)

    def attachments(self, search: Search) -> list[Lacking]:
        """Messages whose text is here, and not all attachments."""
        return self._lacking(
            "m.attachments AND EXISTS (SELECT 1 FROM body WHERE message = m.id AND html = 0 AND NOT whole)",
            search,
        )

    def _lacking(self, what: str, search: Search) -> list[Lacking]:
        with _reading(self._writer.path) as db:
            found = db.execute(
                f"""SELECT m.id, m.uid, m.received, d.tree, d.structure FROM message m
                    CROSS JOIN detail d ON d.message = m.id
                    WHERE m.folder = ?1 AND m.received > ?2 AND (m.received, m.id) < (?3, ?4)
                        AND m.sfolder = ?1 AND m.uid IS NOT NULL AND d.trouble = '' AND {what}
                        AND m.id NOT IN (SELECT value FROM json_each(?5))
                    ORDER BY m.received DESC, m.id DESC LIMIT ?6""",
                (
                    search.folder,
                    search.since,
                    *(search.below or _TOP),
                    json.dumps(list(search.passed)),
                    search.limit,
                ),
            )
            return [
                Lacking(ident, uid, received, rows.part(tree) if tree else None, bytes(source))
                for ident, uid, received, tree, source in found
            ]

    def wanted(self, messages: Sequence[int]) -> list[tuple[int, Lacking]]:
        """(folder, message) of those of the messages whose text is not here."""
        with _reading(self._writer.path) as db:
            found = db.execute(
                """SELECT m.sfolder, m.id, m.uid, m.received, d.tree, d.structure FROM message m
                   JOIN detail d ON d.message = m.id
                   WHERE m.id IN (SELECT value FROM json_each(?)) AND m.folder = m.sfolder
                       AND m.uid IS NOT NULL AND d.trouble = ''
                       AND NOT EXISTS (SELECT 1 FROM body WHERE message = m.id AND html = 0)
                   ORDER BY m.received DESC""",
                (json.dumps(list(messages)),),
            )
            return [
                (folder, Lacking(ident, uid, received, rows.part(tree) if tree else None, bytes(source)))
                for folder, ident, uid, received, tree, source in found
            ]

    def put(self, lacking: Lacking, root: Part | None, body: Body) -> None:
        """A text that came ahead of time: it counts as looked at when its message came. `root` is its
        tree if that was not here. Nothing happens if the message is gone."""
        with self._writer.transaction() as db:
            if contents.exists(db, lacking.message):
                used = min(lacking.received, self._writer.now())
                contents.put_both(db, lacking.message, root, body, used=used)

    def parts(self, message: int) -> set[str]:
        """The sections of the message that are here."""
        with self._writer.reading() as db:
            return {row[0] for row in db.execute("SELECT section FROM part WHERE message = ?", (message,))}

    def mark_whole(self, message: int) -> None:
        """All of its attachments are here that ever will be."""
        with self._writer.transaction() as db:
            db.execute("UPDATE body SET whole = 1 WHERE message = ?", (message,))

    # what there is

    def use(self, message: int) -> None:
        """Its text was looked at now, which keeps it here longer."""
        with self._writer.transaction() as db:
            db.execute("UPDATE body SET used = ? WHERE message = ?", (self._writer.now(), message))

    def size(self) -> int:
        """Octets of all texts and parts, by the folders' counters."""
        with self._writer.reading() as db:
            return int(
                db.execute("SELECT coalesce(sum(text_octets + part_octets), 0) FROM folder").fetchone()[0]
            )

    def oldest_use(self) -> int:
        """When the thing was looked at that was not looked at for longest; 0 if nothing is here."""
        with self._writer.reading() as db:
            found = [
                db.execute(f"SELECT used FROM {table} ORDER BY used LIMIT 1").fetchone()
                for table in ("body", "part")
            ]
        return min((int(row[0]) for row in found if row), default=0)

    # what can go

    def overdue(self, since: Mapping[int, int], held: Collection[int]) -> list[Item]:
        """Some things of the folders named that were not looked at since the folder's time."""
        latest = max(since.values(), default=0)
        limits = json.dumps({str(folder): time for folder, time in since.items()})
        rule = """b.used < :latest AND b.used < (
            SELECT value FROM json_each(:limits) WHERE key = CAST(m.folder AS TEXT))"""
        return self._items(rule, held, latest=latest, limits=limits)

    def least_used(self, held: Collection[int]) -> list[Item]:
        """Some things, those not looked at for longest first."""
        return self._items("1", held)

    def _items(self, rule: str, held: Collection[int], **values: object) -> list[Item]:
        named = {"held": json.dumps(list(held)), "limit": AT_ONCE, **values}
        with _reading(self._writer.path) as db:
            texts = db.execute(
                f"""SELECT b.used, b.message, b.size, b.html, NULL, '' FROM body b INDEXED BY body_used
                    CROSS JOIN message m ON m.id = b.message
                    WHERE {rule} AND {_FREE} ORDER BY b.used LIMIT :limit""",
                named,
            )
            parts = db.execute(
                f"""SELECT b.used, b.message, b.size, 0, b.section, b.path FROM part b INDEXED BY part_used
                    CROSS JOIN message m ON m.id = b.message
                    WHERE {rule} AND {_FREE} ORDER BY b.used LIMIT :limit""",
                named,
            )
            both = merge((Item(*row) for row in texts), (Item(*row) for row in parts), key=_age)
            return list(both)[:AT_ONCE]

    def drop(self, items: Sequence[Item]) -> None:
        """Remove them, the words of texts from the index too. What was looked at since stays."""
        for piece in _pieces(items):
            with self._writer.transaction() as db:
                gone = [_drop(db, item) for item in piece]
            contents.delete_files(path for path in gone if path)

    def forget_unfinished(self, before: int) -> None:
        """Delete what a crash left of parts that came ahead of time, if it is older than `before`."""
        for path in self._writer.parts.glob(f"*/*{AHEAD}"):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < before:
                    path.unlink()

    def held(self) -> set[int]:
        """Messages that a draft answers, forwards, or has a part of."""
        with self._writer.reading() as db:
            drafts = [rows.draft(row) for row in db.execute(f"SELECT {rows.DRAFT} FROM draft")]
            paths = json.dumps([file.path for draft in drafts for file in draft.attachments])
            found = db.execute(
                "SELECT message FROM part WHERE path IN (SELECT value FROM json_each(?))", (paths,)
            ).fetchall()
        named = {one for draft in drafts for one in (draft.answers, draft.forwards) if one is not None}
        return named | {row[0] for row in found}


def _age(item: Item) -> int:
    return item.used


def _pieces(items: Sequence[Item]) -> Iterator[list[Item]]:
    """What is dropped in a transaction each; the things of one message together."""
    piece: list[Item] = []
    for _, group in groupby(items, key=lambda item: item.message):
        piece += group
        octets = sum(item.size for item in piece if item.section is None)
        if len(piece) >= _ROUND or octets >= _OCTETS:
            yield piece
            piece = []
    if piece:
        yield piece


def _drop(db: sqlite3.Connection, item: Item) -> str:
    """Returns the file to be deleted after the transaction, "" for none."""
    if item.section is not None:
        found = db.execute(
            "DELETE FROM part WHERE message = ? AND section = ? AND used = ? RETURNING path",
            (item.message, item.section, item.used),
        ).fetchone()
        db.execute("UPDATE body SET whole = 0 WHERE message = ?", (item.message,))
        return str(found[0]) if found else ""
    known = db.execute(
        "SELECT 1 FROM body WHERE message = ? AND html = ? AND used = ?",
        (item.message, item.html, item.used),
    ).fetchone()
    if known is not None:
        if not item.html:
            words.take(db, item.message)
        db.execute("DELETE FROM body WHERE message = ? AND html = ?", (item.message, item.html))
        if not item.html:
            words.put(db, item.message)
    return ""


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection of its own: long questions must not keep the writer's."""
    db = open_reader(path)
    try:
        yield db
    finally:
        db.close()
