"""Taking intents back, and taking that back.

Undo records the reverse of what really changed, as far as nothing changed it since. What was not yet
sent folds with it to nothing, so it is withdrawn; what was sent is reversed by operations of its own.
"""

import json
import sqlite3
from collections.abc import Sequence

from mailtui.model.trouble import Refused
from mailtui.store import overlay, vanishing, wishes
from mailtui.store.wishes import CHOSEN, Context, Delta

_REVERSIBLE = """(s.target IS NOT NULL OR s.origin IS NULL OR EXISTS (
    SELECT 1 FROM operation o WHERE o.message = s.message AND o.kind = 'destroy'
    AND o.state IN ('queued', 'parked')))"""


def undoable(db: sqlite3.Connection, intent: str) -> bool:
    """Whether the intent changed something that can still be reversed. A deletion for good can be
    until it was sent."""
    return (
        db.execute(
            f"""SELECT 1 FROM intent i WHERE i.id = ? AND i.complete AND i.undone = '' AND (
                EXISTS (SELECT 1 FROM step s WHERE s.intent = i.id AND {_REVERSIBLE})
                OR i.folder IS NOT NULL AND (i.path <> '' OR EXISTS (
                    SELECT 1 FROM operation o WHERE o.intent = i.id AND o.state IN ('queued', 'parked'))))""",
            (intent,),
        ).fetchone()
        is not None
    )


def check(db: sqlite3.Connection, intent: str) -> None:
    """Raises Refused if there is nothing to be taken back."""
    found = db.execute("SELECT undone FROM intent WHERE id = ? AND complete", (intent,)).fetchone()
    if found is None:
        raise Refused("There is nothing to take back.")
    if found[0]:
        raise Refused("That was taken back already.")
    if not undoable(db, intent):
        raise Refused("That can't be taken back any more.")


def messages(db: sqlite3.Connection, intent: str) -> tuple[int, ...]:
    """The messages that the intent changed."""
    return tuple(row[0] for row in db.execute("SELECT message FROM step WHERE intent = ?", (intent,)))


def mark(db: sqlite3.Connection, intent: str, by: str) -> None:
    """`by` took `intent` back; if that was an undo itself, what it had undone can be undone anew."""
    db.execute("UPDATE intent SET undone = ? WHERE id = ?", (by, intent))
    db.execute("UPDATE intent SET undone = '' WHERE undone = ?", (intent,))


def reverse(context: Context, intent: str, chosen: Sequence[int]) -> None:
    """Reverse what `intent` changed on these messages."""
    found = context.db.execute(
        f"""SELECT s.message, s.adds, s.removes, s.add_keywords, s.remove_keywords, s.origin, s.target,
                s.twin, m.folder
            FROM step s JOIN message m ON m.id = s.message
            WHERE s.intent = ? AND s.message IN {CHOSEN}""",
        (intent, json.dumps(list(chosen))),
    ).fetchall()
    deltas: dict[Delta, list[int]] = {}
    moves: dict[int, list[int]] = {}
    twins: list[tuple[int, int]] = []
    destroyed: list[int] = []
    for message, adds, removes, add_keywords, remove_keywords, origin, target, twin, folder in found:
        if twin is not None:
            twins.append((twin, target))
        elif target is not None:
            if folder == target:
                moves.setdefault(origin, []).append(message)
        elif origin is not None:
            destroyed.append(message)
        else:
            deltas.setdefault(Delta(removes, adds, remove_keywords, add_keywords), []).append(message)
    for delta, some in deltas.items():
        wishes.change(context, some, delta)
    for origin, some in moves.items():
        if context.db.execute("SELECT 1 FROM folder WHERE id = ? AND NOT hidden", (origin,)).fetchone():
            wishes.move(context, some, origin)
    _withdraw_destroy(context, destroyed)
    _remove_twins(context, twins)


def _withdraw_destroy(context: Context, messages: Sequence[int]) -> None:
    context.db.execute(
        f"""DELETE FROM operation WHERE kind = 'destroy' AND state IN ('queued', 'parked')
            AND message IN {CHOSEN}""",
        (json.dumps(list(messages)),),
    )
    overlay.refresh(context.db, context.tally, messages)


def _remove_twins(context: Context, copies: Sequence[tuple[int, int]]) -> None:
    """Copies not yet asked for were never there; the others are removed from the server. A copy that
    is not where it was put any more stays."""
    folders = dict(
        context.db.execute(
            f"SELECT id, folder FROM message WHERE id IN {CHOSEN}", (json.dumps([one[0] for one in copies]),)
        )
    )
    twins = [twin for twin, target in copies if folders.get(twin) == target]
    unsent = withdrawn_copies(context.db, twins)
    sources = [source for source, _ in unsent]
    remove_twins(context, [twin for _, twin in unsent])
    overlay.refresh(context.db, context.tally, sources)
    gone = {twin for _, twin in unsent}
    wishes.destroy(context, [twin for twin in twins if twin not in gone])


def withdrawn_copies(db: sqlite3.Connection, twins: Sequence[int]) -> list[tuple[int, int]]:
    """Delete the operations that would make these copies, as far as they are unsent: (source, twin)."""
    found = db.execute(
        f"""SELECT id, message, twin FROM operation WHERE kind = 'copy' AND state IN ('queued', 'parked')
            AND twin IN {CHOSEN}""",
        (json.dumps(list(twins)),),
    ).fetchall()
    db.executemany("DELETE FROM operation WHERE id = ?", [(row[0],) for row in found])
    return [(row[1], row[2]) for row in found]


def remove_twins(context: Context, twins: Sequence[int]) -> None:
    """Remove rows of copies that will not be made, with what was wanted of them."""
    gone = vanishing.with_copies(context.db, twins)
    context.db.execute(
        f"DELETE FROM operation WHERE state IN ('queued', 'parked') AND message IN {CHOSEN}",
        (json.dumps(gone),),
    )
    vanishing.remove(context.db, context.tally, gone, context.now)
