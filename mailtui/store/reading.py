"""The reading side of the local copy: what every front shows.

A `Reader` belongs to one thread. It never waits for the writer, sees each transaction whole, and
gives out values of the model only.
"""

import json
import sqlite3
from array import array
from collections.abc import Collection, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from mailtui.model.address import Address
from mailtui.model.draft import Draft, OutboxItem
from mailtui.model.folder import Folder, Role
from mailtui.model.message import Message, Summary
from mailtui.model.operation import Operation, OperationState
from mailtui.model.part import Body, Part
from mailtui.model.query import Query
from mailtui.store import correspondents, rows, search, tree, undo
from mailtui.store.copies import copy_of, has_newest, taken
from mailtui.store.schema import open_reader

_SUMMARIES = f"SELECT {rows.SUMMARY} FROM message m JOIN account a ON a.id = m.account"
_FOLDERS = f"SELECT {rows.FOLDER} FROM folder f JOIN account a ON a.id = f.account WHERE NOT f.hidden"
_OPERATIONS = f"SELECT {rows.OPERATION} FROM {rows.OPERATIONS}"


class Reader:
    """Opens the store read-only. Raises NoStore, NewerStore or OlderStore."""

    def __init__(self, path: Path) -> None:
        self._db: sqlite3.Connection = open_reader(path)

    def close(self) -> None:
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def version(self) -> int:
        """A number that differs whenever another connection has changed the store."""
        return int(self._db.execute("PRAGMA data_version").fetchone()[0])

    # accounts and folders

    def accounts(self) -> list[str]:
        """The keys of the accounts, in the order of the settings."""
        return [row[0] for row in self._db.execute("SELECT key FROM account ORDER BY id")]

    def folders(self, account: str | None = None) -> list[Folder]:
        """In tree order, account by account: the inbox first, then roles, then by name; what is
        below a folder follows it."""
        rest, values = (" AND a.key = ?", (account,)) if account is not None else ("", ())
        found = [
            rows.folder(row) for row in self._db.execute(f"{_FOLDERS}{rest} ORDER BY a.id, f.id", values)
        ]
        keys = list(dict.fromkeys(folder.account for folder in found))
        return [one for key in keys for one in tree.ordered([f for f in found if f.account == key])]

    def folder(self, ident: int) -> Folder | None:
        found = self._db.execute(f"{_FOLDERS} AND f.id = ?", (ident,)).fetchone()
        return rows.folder(found) if found else None

    def role(self, account: str, role: Role) -> Folder | None:
        """The account's folder for this role."""
        found = self._db.execute(
            f"{_FOLDERS} AND a.key = ? AND f.role = ? ORDER BY f.id", (account, role.value)
        ).fetchone()
        return rows.folder(found) if found else None

    # lists of messages

    def window(self, folder: int, limit: int, before: tuple[int, int] | None = None) -> list[Summary]:
        """Up to `limit` messages of a folder, newest first; `before` is (received, id) of the last
        row of the window above."""
        if before is None:
            found = self._db.execute(
                f"{_SUMMARIES} WHERE m.folder = ? ORDER BY m.received DESC, m.id DESC LIMIT ?",
                (folder, limit),
            )
        else:
            found = self._db.execute(
                f"""{_SUMMARIES} WHERE m.folder = ? AND (m.received, m.id) < (?, ?)
                    ORDER BY m.received DESC, m.id DESC LIMIT ?""",
                (folder, *before, limit),
            )
        return [rows.summary(row) for row in found]

    def arrived(self, folder: int, since: int) -> int:
        """How many messages of a folder came since then (seconds since the epoch)."""
        found = self._db.execute(
            "SELECT count(*) FROM message WHERE folder = ? AND received >= ?", (folder, since)
        )
        return int(found.fetchone()[0])

    def ids(self, folder: int) -> "array[int]":
        """Every message of a folder, newest first. A second at a million: call it in a thread."""
        found = self._db.execute(
            "SELECT id FROM message WHERE folder = ? ORDER BY received DESC, id DESC", (folder,)
        )
        return array("q", (row[0] for row in found))

    def summaries(self, ids: Sequence[int]) -> list[Summary]:
        """Those of the messages that are still there, in the given order."""
        found = self._db.execute(
            f"{_SUMMARIES} WHERE m.id IN (SELECT value FROM json_each(?))", (json.dumps(list(ids)),)
        )
        there = {row[0]: rows.summary(row) for row in found}
        return [there[ident] for ident in ids if ident in there]

    # one message

    def message(self, ident: int) -> Message | None:
        found = self._db.execute(
            f"""SELECT {rows.SUMMARY}, d.header, d.trouble, m.uid FROM message m
                JOIN account a ON a.id = m.account JOIN detail d ON d.message = m.id WHERE m.id = ?""",
            (ident,),
        ).fetchone()
        if found is None:
            return None
        summary = rows.summary(found)
        packed, trouble, uid = found[-3:]
        return Message(summary, rows.header(summary.subject, packed), uid, trouble)

    def structure(self, ident: int) -> Part | None:
        """The MIME tree, once the body was asked for."""
        found = self._db.execute("SELECT tree FROM detail WHERE message = ?", (ident,)).fetchone()
        return rows.part(found[0]) if found and found[0] else None

    def body(self, ident: int, html: bool = False) -> Body | None:
        """The readable text if it is here: the one shown unasked, or the HTML alternative."""
        found = self._db.execute(
            "SELECT text, rest FROM body WHERE message = ? AND html = ?", (ident, html)
        ).fetchone()
        return rows.body(*found) if found else None

    def part_path(self, ident: int, section: str) -> str | None:
        """The file with the decoded part if it was downloaded and is still here."""
        found = self._db.execute(
            "SELECT path FROM part WHERE message = ? AND section = ?", (ident, section)
        ).fetchone()
        return str(found[0]) if found and Path(found[0]).is_file() else None

    # search

    def search(
        self, query: Query, account: str | None = None, folder: int | None = None, limit: int = 1000
    ) -> list[int]:
        """Messages that match, newest first. `folder` and `account` are where to look unless the
        query says in: itself."""
        return search.find(self._db, query, search.Scope(account, folder), limit)

    def matching(self, folder: int, query: Query) -> "array[int]":
        """Every message of the folder that matches, newest first."""
        return array("q", search.find(self._db, query, search.Scope(None, folder), -1))

    def correspondents(self, prefix: str, limit: int = 8) -> list[Address]:
        """Seen addresses of which the address, or each word typed, begins a word of the name."""
        return correspondents.find(self._db, prefix, limit)

    # what is being written and what waits

    def drafts(self) -> list[Draft]:
        """Latest first, without those on their way out."""
        found = self._db.execute(
            f"""SELECT {rows.DRAFT} FROM draft d WHERE NOT EXISTS (
                    SELECT 1 FROM outbox o WHERE o.draft = d.id AND o.draft <> ''
                    AND o.stage IN ('queued', 'sending', 'sent_unfiled', 'unknown'))
                ORDER BY saved DESC, id"""
        )
        return [rows.draft(row) for row in found]

    def draft(self, ident: str) -> Draft | None:
        found = self._db.execute(f"SELECT {rows.DRAFT} FROM draft WHERE id = ?", (ident,)).fetchone()
        return rows.draft(found) if found else None

    def draft_of(self, message: int) -> str | None:
        """Id of the draft of which a message is the copy on the server."""
        copy = copy_of(self._db, message)
        return copy.draft if copy is not None and self.draft(copy.draft) is not None else None

    def draft_copied(self, draft: str) -> bool:
        """Whether the server has it as it was written last."""
        found = self.draft(draft)
        return found is not None and has_newest(self._db, found)

    def draft_taken(self, draft: str) -> bool:
        """Whether another program has sent, changed or removed the copy that the server had of it."""
        return taken(self._db, draft)

    def outbox(self) -> list[OutboxItem]:
        """What is on its way out or was a while ago, latest first."""
        found = self._db.execute(f"SELECT {rows.OUTBOX} FROM outbox ORDER BY id DESC")
        return [rows.outbox_item(row) for row in found]

    def operations(
        self,
        account: str | None = None,
        states: Collection[OperationState] = (
            OperationState.QUEUED,
            OperationState.SENT,
            OperationState.PARKED,
        ),
    ) -> list[Operation]:
        """In the order of the user's wishes."""
        marks = ",".join("?" * len(states))
        rest, values = (" AND a.key = ?", (account,)) if account is not None else ("", ())
        found = self._db.execute(
            f"{_OPERATIONS} WHERE o.state IN ({marks}){rest} ORDER BY o.id",
            (*(state.value for state in states), *values),
        )
        return [rows.operation(row) for row in found]

    def waiting(self, account: str) -> tuple[int, int]:
        """How many operations and outbox items wait, and how many need the user. Drafts being written
        don't count until the server was asked to keep them."""
        waiting, parked = self._db.execute(
            """SELECT coalesce(sum(state IN ('queued', 'sent') AND (kind <> 'draft' OR attempts > 0)), 0),
                   coalesce(sum(state = 'parked'), 0)
               FROM operation WHERE account = (SELECT id FROM account WHERE key = ?)
               AND state IN ('queued', 'sent', 'parked')""",
            (account,),
        ).fetchone()
        leaving, stuck = self._db.execute(
            """SELECT coalesce(sum(stage IN ('queued', 'sending', 'sent_unfiled')), 0),
                   coalesce(sum(stage IN ('failed', 'unknown') OR refused <> '[]'
                       AND stage IN ('sent_unfiled', 'done')), 0)
               FROM outbox WHERE account = ? AND stage <> 'cancelled'""",
            (account,),
        ).fetchone()
        return waiting + leaving, parked + stuck

    def undoable(self, intent: str) -> bool:
        """Whether Undo of this intent would do something."""
        return undo.undoable(self._db, intent)
