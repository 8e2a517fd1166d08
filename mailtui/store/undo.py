"""Taking intents back."""

import sqlite3


def undoable(db: sqlite3.Connection, intent: str) -> bool:
    """Whether the intent changed something that can still be reversed."""
    return (
        db.execute(
            """SELECT 1 FROM intent i WHERE i.id = ? AND i.complete AND i.undone = ''
               AND EXISTS (SELECT 1 FROM step s WHERE s.intent = i.id)""",
            (intent,),
        ).fetchone()
        is not None
    )
