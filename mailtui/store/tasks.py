"""An intent on messages taken apart into tasks that can be written down, interrupted and resumed."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from mailtui.model.intent import (
    ArchiveMessages,
    ChangeFlags,
    CopyMessages,
    DestroyMessages,
    Intent,
    MoveMessages,
    TrashMessages,
)
from mailtui.model.trouble import Refused
from mailtui.store import rows, undo, wishes
from mailtui.store.connection import CHUNK
from mailtui.store.wishes import Context, Delta


@dataclass(frozen=True, slots=True)
class Task:
    """One kind of thing to be done to some messages. `undoes` is the intent whose steps on them
    are reversed."""

    kind: str
    messages: tuple[int, ...]
    target: int = 0
    delta: Delta = field(default_factory=Delta)
    undoes: str = ""

    def perform(self, context: Context) -> None:
        match self.kind:
            case "flags":
                wishes.change(context, self.messages, self.delta)
            case "move":
                wishes.move(context, self.messages, self.target)
            case "copy":
                wishes.copy(context, self.messages, self.target)
            case "destroy":
                wishes.destroy(context, self.messages)
            case "undo":
                undo.reverse(context, self.undoes, self.messages)
            case _:
                raise AssertionError(self.kind)

    def pieces(self) -> list["Task"]:
        """The task in pieces that fit into a transaction each."""
        starts = range(0, len(self.messages), CHUNK)
        return [
            Task(self.kind, self.messages[start : start + CHUNK], self.target, self.delta, self.undoes)
            for start in starts
        ]


def packed(tasks: Sequence[Task]) -> str:
    return json.dumps([asdict(task) for task in tasks])


def unpacked(text: str) -> list[Task]:
    return [
        Task(**{**task, "messages": tuple(task["messages"]), "delta": Delta(**task["delta"])})
        for task in json.loads(text)
    ]


def of_intent(db: sqlite3.Connection, intent: Intent) -> list[Task]:
    """What an intent on messages means here and now. Raises Refused."""
    match intent:
        case ChangeFlags():
            add = set(intent.add_keywords)
            delta = Delta(
                int(intent.add),
                int(intent.remove & ~intent.add),
                rows.pack(_keyword(word) for word in add),
                rows.pack(_keyword(word) for word in intent.remove_keywords if word not in add),
            )
            return [Task("flags", intent.messages, delta=delta)]
        case MoveMessages(messages, folder):
            _check_target(db, messages, folder, "moved")
            return [Task("move", messages, folder)]
        case CopyMessages(messages, folder):
            _check_target(db, messages, folder, "copied")
            return [Task("copy", messages, folder)]
        case ArchiveMessages(messages):
            return _to_role(db, messages, ("archive", "all"), "archive")
        case TrashMessages(messages):
            return _to_role(db, messages, ("trash",), "trash")
        case DestroyMessages(messages):
            _check_destroyable(db, messages)
            return [Task("destroy", messages)]
        case _:
            raise AssertionError(type(intent).__name__)


def accounts(db: sqlite3.Connection, messages: Sequence[int]) -> list[int]:
    """The numbers of the accounts that the messages belong to."""
    return [
        row[0]
        for row in db.execute(
            f"SELECT DISTINCT account FROM message WHERE id IN {wishes.CHOSEN} ORDER BY account",
            (json.dumps(list(messages)),),
        )
    ]


def _keyword(word: str) -> str:
    """Raises Refused unless the word can be a keyword (an atom, RFC 9051 §9)."""
    if not word or not word.isascii() or any(sign <= " " or sign in '(){%*"\\]\x7f' for sign in word):
        raise Refused(f"{word!r} can't be a keyword.", "Use letters, digits, - and _ only.")
    return word


def _check_target(db: sqlite3.Connection, messages: Sequence[int], folder: int, done: str) -> None:
    found = db.execute(
        "SELECT account, selectable FROM folder WHERE id = ? AND NOT hidden", (folder,)
    ).fetchone()
    if found is None:
        raise Refused("That folder is no longer there.", "Choose another one.")
    if not found[1]:
        raise Refused("That folder can hold folders only.", "Choose another one.")
    if any(account != found[0] for account in accounts(db, messages)):
        raise Refused(
            f"Messages can be {done} within their account only.", "Choose a folder of the same account."
        )


def _to_role(db: sqlite3.Connection, messages: Sequence[int], roles: Sequence[str], name: str) -> list[Task]:
    tasks: list[Task] = []
    for account in accounts(db, messages):
        target = _role(db, account, roles)
        if target is None:
            key = rows.account_key(db, account)
            raise Refused(
                f"The account {key} has no {name} folder.",
                f"Create a folder named {name.capitalize()}, or move the messages to another folder.",
            )
        own = db.execute(
            f"SELECT id FROM message WHERE account = ? AND id IN {wishes.CHOSEN}",
            (account, json.dumps(list(messages))),
        )
        tasks.append(Task("move", tuple(row[0] for row in own), target))
    return tasks


def _role(db: sqlite3.Connection, account: int, roles: Sequence[str]) -> int | None:
    for role in roles:
        found = db.execute(
            "SELECT id FROM folder WHERE account = ? AND role = ? AND NOT hidden ORDER BY id", (account, role)
        ).fetchone()
        if found is not None:
            return int(found[0])
    return None


def _check_destroyable(db: sqlite3.Connection, messages: Sequence[int]) -> None:
    safe = db.execute(
        f"""SELECT 1 FROM message m JOIN folder f ON f.id = m.folder WHERE m.id IN {wishes.CHOSEN}
            AND (f.role IS NULL OR f.role NOT IN ('trash', 'junk', 'drafts')) LIMIT 1""",
        (json.dumps(list(messages)),),
    ).fetchone()
    if safe is not None:
        raise Refused(
            "Only messages in Trash, Junk or Drafts can be deleted for good.", "Move them to Trash first."
        )
