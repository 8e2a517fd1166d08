"""Selecting a folder, with an eye on whether it still is the one we knew (UIDVALIDITY)."""

import logging

from mailtui.imap.selecting import select
from mailtui.imap.types import Selected
from mailtui.model.trouble import Refused
from mailtui.service.books import Books
from mailtui.service.session import Session

_log = logging.getLogger(__name__)


def enter(books: Books, session: Session, folder: int, *, anew: bool = False) -> Selected:
    """Be in the folder. Without `anew` nothing is said if the session is there already; the counts
    of the answer are old then. Raises a Trouble."""
    raw = books.writer.raw_name(folder)
    if raw is None:
        raise Refused("The server does not have this folder yet.", "Try again in a moment.")
    selected = session.connection.selected
    if not anew and session.folder == folder and selected is not None and selected.raw == raw:
        return selected
    session.collect()
    session.folder = None
    selected = select(session.connection, raw)
    session.folder, session.exists = folder, selected.exists
    _check_validity(books, folder, selected)
    return selected


def _check_validity(books: Books, folder: int, selected: Selected) -> None:
    """RFC 9051 §2.3.1.1: with another UIDVALIDITY, no UID that we know means anything."""
    known = books.writer.folder_state(folder).uidvalidity
    if known == selected.uidvalidity:
        return
    if known:
        _log.info("%s: the folder %d has a new UIDVALIDITY.", books.key, folder)
        books.changed(books.writer.reset_folder(folder, selected.uidvalidity))
    else:
        books.amend(folder, uidvalidity=selected.uidvalidity)
