"""Creating, renaming and deleting folders, subscriptions kept in step so that other clients see them."""

from mailtui.imap import names, selecting
from mailtui.imap.arguments import astring
from mailtui.imap.connection import Connection
from mailtui.model.trouble import Trouble


def create(conn: Connection, path: str) -> bytes:
    """Create and subscribe; returns the name on the wire. Levels above come with it on most servers.
    Raises CommandRefused (code ALREADYEXISTS where the server says so)."""
    raw = names.encode(path)
    conn.run(b"CREATE", astring(raw), doing=f"create the folder {path}")
    _subscribe_if_possible(conn, raw, on=True)
    return raw


def rename(conn: Connection, raw: bytes, path: str) -> bytes:
    """Rename or move a folder, those below along with it; returns the new name on the wire."""
    new = names.encode(path)
    _leave(conn, raw)
    conn.run(b"RENAME", astring(raw), astring(new), doing=f"rename the folder to {path}")
    _subscribe_if_possible(conn, raw, on=False)
    _subscribe_if_possible(conn, new, on=True)
    return new


def delete(conn: Connection, raw: bytes) -> None:
    """Delete a folder and the messages in it. Servers refuse while there are folders below."""
    _leave(conn, raw)
    conn.run(b"DELETE", astring(raw), doing=f"delete the folder {names.decode(raw)}")
    _subscribe_if_possible(conn, raw, on=False)


def subscribe(conn: Connection, raw: bytes, *, on: bool = True) -> None:
    """Subscribe or unsubscribe."""
    conn.run(b"SUBSCRIBE" if on else b"UNSUBSCRIBE", astring(raw), doing="change a subscription")


def _subscribe_if_possible(conn: Connection, raw: bytes, *, on: bool) -> None:
    """The folder itself is what counts: a refused subscription is only noted."""
    try:
        subscribe(conn, raw, on=on)
    except Trouble as trouble:
        if conn.closed:
            raise
        conn.dialogue.note(f"subscription: {trouble.what}")


def _leave(conn: Connection, raw: bytes) -> None:
    """What a connection has selected can't be deleted or renamed beneath it on every server."""
    if conn.selected is None or not names.same(conn.selected.raw, raw):
        return
    if not selecting.unselect(conn):
        selecting.select(conn, b"INBOX", readonly=True)
