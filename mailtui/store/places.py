"""Where to look: the folders that a search's scope and its in: terms mean."""

import sqlite3
from dataclasses import dataclass

from mailtui.model.query import Query
from mailtui.store import rows

EVERYWHERE = "all"


@dataclass(frozen=True, slots=True)
class Scope:
    """What is on the screen: an account or all, a folder or all."""

    account: str | None = None
    folder: int | None = None


def folders(db: sqlite3.Connection, query: Query, scope: Scope) -> list[int] | None:
    """The folders to look in, None for all. in: terms win over the folder on the screen; each names
    folders by path, last level or role, whatever its case."""
    places = {place.casefold() for place in query.places}
    if EVERYWHERE in places:
        places.clear()
    elif not places and scope.folder is not None:
        return [scope.folder]
    if not places and scope.account is None:
        return None
    found = db.execute(
        f"""SELECT {rows.FOLDER} FROM folder f JOIN account a ON a.id = f.account
            WHERE a.key = ?1 OR ?1 IS NULL""",
        (scope.account,),
    )
    listed = [rows.folder(row) for row in found]
    return [
        folder.id
        for folder in listed
        if not places or places & {folder.path.casefold(), folder.name.casefold(), folder.role or ""}
    ]
