"""A wish on messages becomes a step (what changed on the screen) and an operation (what the server
must be told), both in the transaction that also changes what is shown.

Operations that were not yet sent are folded: of opposite flags nothing remains, of two moves one.
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from mailtui.store import ids, overlay, rows, words
from mailtui.store.changes import Tally
from mailtui.store.overlay import change_flags, change_keywords

CHOSEN = "(SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True)
class Context:
    """What every wish needs: the transaction, where to note changes, whose wish it is, and when."""

    db: sqlite3.Connection
    tally: Tally
    intent: str
    now: int


@dataclass(frozen=True, slots=True)
class Delta:
    """Flags as bits and keywords as rows.pack packs them, to be added and removed; nothing is both."""

    adds: int = 0
    removes: int = 0
    add_keywords: str = ""
    remove_keywords: str = ""

    def __bool__(self) -> bool:
        return bool(self.adds or self.removes or self.add_keywords or self.remove_keywords)

    def then(self, later: "Delta") -> "Delta":
        """Both after another, as one."""
        return Delta(
            self.adds & ~later.removes | later.adds,
            self.removes & ~later.adds | later.removes,
            change_keywords(self.add_keywords, later.add_keywords, later.remove_keywords),
            change_keywords(self.remove_keywords, later.remove_keywords, later.add_keywords),
        )

    def on(self, flags: int, keywords: str) -> "Delta":
        """The part of it that makes a difference to these flags."""
        present = set(keywords.split())
        return Delta(
            self.adds & ~flags,
            self.removes & flags,
            rows.pack(set(self.add_keywords.split()) - present),
            rows.pack(set(self.remove_keywords.split()) & present),
        )


@dataclass(slots=True)
class _Base:
    """How a message stands on the server once what was sent is done, and what waits unsent."""

    flags: int
    keywords: str
    folder: int | None
    flags_operation: int | None = None
    waiting: Delta = field(default_factory=Delta)
    move_operation: int | None = None


def change(context: Context, messages: Sequence[int], delta: Delta) -> None:
    """Change flags and keywords. Last wins; what is so already stays out of the journal."""
    shown = context.db.execute(
        f"SELECT id, account, flags, keywords FROM message WHERE folder IS NOT NULL AND id IN {CHOSEN}",
        (json.dumps(list(messages)),),
    ).fetchall()
    differ = [(row[0], row[1], real) for row in shown if (real := delta.on(row[2], row[3]))]
    bases = _bases(context.db, [message for message, _, _ in differ])
    for message, account, real in differ:
        _put_step(context, message, real)
        base = bases[message]
        left = base.waiting.then(real).on(base.flags, base.keywords)
        if not left:
            _drop(context.db, base.flags_operation)
        elif base.flags_operation is None:
            _put_operation(context, account, "flags", message, delta=left)
        else:
            context.db.execute(
                """UPDATE operation SET adds = ?, removes = ?, add_keywords = ?, remove_keywords = ?,
                   intent = ?, state = 'queued', attempts = 0, next_try = 0, trouble = '' WHERE id = ?""",
                (*_values(left), context.intent, base.flags_operation),
            )
    overlay.refresh(context.db, context.tally, [message for message, _, _ in differ])


def move(context: Context, messages: Sequence[int], target: int) -> None:
    """Move to another folder of the same account; messages already there stay."""
    shown = context.db.execute(
        f"""SELECT id, account, folder FROM message WHERE folder IS NOT NULL AND folder <> ?
            AND account = (SELECT account FROM folder WHERE id = ?) AND id IN {CHOSEN}""",
        (target, target, json.dumps(list(messages))),
    ).fetchall()
    bases = _bases(context.db, [message for message, _, _ in shown])
    for message, account, folder in shown:
        _put_step(context, message, Delta(), folder, target)
        base = bases[message]
        if base.folder == target:
            _drop(context.db, base.move_operation)
        elif base.move_operation is None:
            _put_operation(context, account, "move", message, target)
        else:
            context.db.execute(
                """UPDATE operation SET target = ?, intent = ?, state = 'queued', attempts = 0, next_try = 0,
                   trouble = '' WHERE id = ?""",
                (target, context.intent, base.move_operation),
            )
    overlay.refresh(context.db, context.tally, [message for message, _, _ in shown])


def destroy(context: Context, messages: Sequence[int]) -> None:
    """Remove for good. What else waits for the message stays written down until it has happened, so
    that a withdrawal brings everything back; it is not sent meanwhile (see dispatch.py)."""
    shown = context.db.execute(
        f"SELECT id, account, folder FROM message WHERE folder IS NOT NULL AND id IN {CHOSEN}",
        (json.dumps(list(messages)),),
    ).fetchall()
    for message, account, folder in shown:
        _put_step(context, message, Delta(), folder)
        _put_operation(context, account, "destroy", message)
    overlay.refresh(context.db, context.tally, [message for message, _, _ in shown])


def copy(context: Context, messages: Sequence[int], target: int) -> None:
    """Copy into a folder of the same account. The copy is shown at once as a row of its own."""
    shown = context.db.execute(
        f"""SELECT id, account, received FROM message WHERE folder IS NOT NULL
            AND account = (SELECT account FROM folder WHERE id = ?) AND id IN {CHOSEN}""",
        (target, json.dumps(list(messages))),
    ).fetchall()
    twins: list[int] = []
    for message, account, received in shown:
        twin = ids.fresh_id(context.db, received)
        _put_twin(context.db, message, twin)
        _put_step(context, message, Delta(), None, target, twin)
        _put_operation(context, account, "copy", message, target, twin)
        twins.append(twin)
    overlay.refresh(context.db, context.tally, [*(row[0] for row in shown), *twins])


def _put_twin(db: sqlite3.Connection, message: int, twin: int) -> None:
    db.execute(
        """INSERT INTO message (id, account, folder, received, flags, keywords, sflags, skeywords, ident,
               size, attachments, sender_name, sender_address, recipients, subject)
           SELECT ?, account, NULL, received, flags, keywords, flags, keywords, ident, size, attachments,
               sender_name, sender_address, recipients, subject FROM message WHERE id = ?""",
        (twin, message),
    )
    db.execute(
        """INSERT INTO detail (message, header, coauthors, people, files, structure, tree, trouble)
           SELECT ?, header, coauthors, people, files, structure, tree, trouble FROM detail
           WHERE message = ?""",
        (twin, message),
    )
    db.execute(
        """INSERT INTO body (message, html, text, rest, size, used)
           SELECT ?, html, text, rest, size, used FROM body WHERE message = ?""",
        (twin, message),
    )
    words.put(db, twin)


def _bases(db: sqlite3.Connection, messages: Iterable[int]) -> dict[int, _Base]:
    wanted = json.dumps(list(messages))
    bases = {
        row[0]: _Base(row[1], row[2], row[3])
        for row in db.execute(
            f"SELECT id, sflags, skeywords, sfolder FROM message WHERE id IN {CHOSEN}", (wanted,)
        )
    }
    for twin, target in db.execute(
        f"""SELECT twin, target FROM operation WHERE kind = 'copy' AND twin IN {CHOSEN}
            AND state IN ('queued', 'sent', 'parked')""",
        (wanted,),
    ):
        bases[twin].folder = target
    for ident, kind, state, message, target, *delta in db.execute(
        f"""SELECT id, kind, state, message, target, adds, removes, add_keywords, remove_keywords
            FROM operation WHERE state IN ('queued', 'sent', 'parked') AND message IN {CHOSEN} ORDER BY id""",
        (wanted,),
    ):
        _lay(bases[message], ident, kind, state == "sent", target, Delta(*delta))
    return bases


def _lay(base: _Base, ident: int, kind: str, sent: bool, target: int | None, delta: Delta) -> None:
    if kind == "flags" and sent:
        base.flags = change_flags(base.flags, delta.adds, delta.removes)
        base.keywords = change_keywords(base.keywords, delta.add_keywords, delta.remove_keywords)
    elif kind == "flags":
        base.flags_operation, base.waiting = ident, delta
    elif kind == "move" and sent:
        base.folder = target
    elif kind == "move":
        base.move_operation = ident


def _values(delta: Delta) -> tuple[int, int, str, str]:
    return delta.adds, delta.removes, delta.add_keywords, delta.remove_keywords


def _put_step(
    context: Context,
    message: int,
    delta: Delta,
    origin: int | None = None,
    target: int | None = None,
    twin: int | None = None,
) -> None:
    context.db.execute(
        """INSERT OR IGNORE INTO step (intent, message, adds, removes, add_keywords, remove_keywords, origin,
           target, twin) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (context.intent, message, *_values(delta), origin, target, twin),
    )


def _put_operation(
    context: Context,
    account: int,
    kind: str,
    message: int,
    target: int | None = None,
    twin: int | None = None,
    *,
    delta: Delta | None = None,
) -> None:
    context.db.execute(
        """INSERT INTO operation (account, kind, intent, state, message, target, twin, adds, removes,
           add_keywords, remove_keywords, created) VALUES (?, ?, ?, 'queued', ?, ?, ?, ?, ?, ?, ?, ?)""",
        (account, kind, context.intent, message, target, twin, *_values(delta or Delta()), context.now),
    )


def _drop(db: sqlite3.Connection, operation: int | None) -> None:
    if operation is not None:
        db.execute("DELETE FROM operation WHERE id = ?", (operation,))
