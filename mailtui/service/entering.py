"""Selecting a folder, with an eye on whether it still is the one we knew (UIDVALIDITY)."""

import logging

from mailtui.imap import selecting
from mailtui.imap.types import Resumed, Selected, Since
from mailtui.model.event import ServerSpoke
from mailtui.model.trouble import Refused
from mailtui.service.books import Books
from mailtui.service.session import Session
from mailtui.text.sanitize import line

_log = logging.getLogger(__name__)


def enter(books: Books, session: Session, folder: int, *, anew: bool = False) -> Selected:
    """Be in the folder. Without `anew` nothing is said if the session is there already; the counts
    of the answer are old then. Raises a Trouble."""
    raw = name(books, folder)
    selected = session.connection.selected
    if not anew and session.folder == folder and selected is not None and selected.raw == raw:
        return selected
    session.collect()
    session.folder = None
    selected = selecting.select(session.connection, raw)
    entered(books, session, folder, selected)
    return selected


def resume(books: Books, session: Session, folder: int, since: Since | None) -> Resumed:
    """Select the folder, and hear what happened there `since` then if the server can tell."""
    raw = name(books, folder)
    session.collect()
    session.folder = None
    resumed = selecting.resume(session.connection, raw, since)
    entered(books, session, folder, resumed.selected)
    return resumed


def name(books: Books, folder: int) -> bytes:
    """The folder's name on the wire. Raises Refused for one that can't be selected now."""
    books.validity.check(folder)
    raw = books.writer.raw_name(folder)
    if raw is None:
        raise Refused("The server does not have this folder yet.", "Try again in a moment.")
    return raw


def sendable(books: Books, folder: int) -> bytes | None:
    """The same; None for one that can't be selected now."""
    try:
        return name(books, folder)
    except Refused:
        return None


def entered(books: Books, session: Session, folder: int, selected: Selected) -> None:
    """The folder was selected. With another UIDVALIDITY no UID that we know means anything (RFC 9051
    §2.3.1.1). Raises Refused when that happened too often."""
    session.folder, session.exists = folder, selected.exists
    known = books.writer.folder_state(folder)
    if not selected.uidvalidity:  # it was not said, which is no news
        return
    if known.uidvalidity == selected.uidvalidity:
        if known.complete:
            books.validity.held(folder)
    elif not known.uidvalidity:
        books.amend(folder, uidvalidity=selected.uidvalidity)
    else:
        _renumbered(books, folder, selected.uidvalidity)


def _renumbered(books: Books, folder: int, uidvalidity: int) -> None:
    _log.info("%s: the folder %d has a new UIDVALIDITY.", books.key, folder)
    if books.validity.changed(folder):
        known = books.folder(folder)
        called = f"“{line(known.path)}”" if known is not None else "a folder"
        what = f"The server keeps numbering the messages of {called} anew, so it is left alone."
        books.tell(ServerSpoke(books.key, what))
    books.validity.check(folder)
    books.changed(books.writer.reset_folder(folder, uidvalidity))
