"""The first flight of a connection: the list of folders and one of them selected, sent together so that
both cost the time of one answer."""

from mailtui.imap import folders, selecting
from mailtui.imap.connection import Connection
from mailtui.imap.states import State
from mailtui.imap.trouble import CommandRefused, WrongState
from mailtui.imap.types import Resumed, Since
from mailtui.model.folder import ServerFolder


def arrive(conn: Connection, raw: bytes, since: Since | None) -> tuple[list[ServerFolder], Resumed | None]:
    """`folders.list_folders` and `selecting.resume` in one flight, while no folder is selected. None
    instead of the folder when the server won't open it. Raises a Trouble."""
    if conn.state is not State.AUTHENTICATED:
        raise WrongState("a folder is selected, so answers could be about either")
    listing = folders.ask(conn)
    asked = selecting.ask(conn, raw, since=since)
    listed = folders.heard(conn, listing)
    resumed: Resumed | None = None
    try:
        resumed = selecting.concluded(conn, asked)
    except CommandRefused as refused:
        if conn.closed:
            raise
        conn.dialogue.note(f"SELECT with LIST: {refused.what}")
    return folders.told(conn, listed), resumed
