"""A message of ours into the folder of a role, which is made if there is none."""

from mailtui.imap.appending import append
from mailtui.imap.folders import list_folders
from mailtui.imap.managing import create
from mailtui.imap.names import place
from mailtui.imap.trouble import CommandRefused
from mailtui.imap.types import Appended
from mailtui.model.folder import Role
from mailtui.model.message import Flag
from mailtui.model.trouble import Refused, ServerBusy
from mailtui.service.books import Books
from mailtui.service.session import Session


def folder_for(books: Books, session: Session, role: Role) -> int:
    """The account's folder for this role. Raises a Trouble."""
    with books.reading() as reader:
        known = reader.role(books.key, role)
    if known is not None:
        return known.id
    listed = list_folders(session.connection)
    if not any(folder.role is role for folder in listed):
        create(session.connection, place(role.value.capitalize(), listed))
        listed = list_folders(session.connection)
    books.changed(books.writer.put_folders(books.key, listed))
    with books.reading() as reader:
        known = reader.role(books.key, role)
    if known is None:
        raise Refused(f"There is no folder for this on the server: {role.value.capitalize()}.")
    return known.id


def store(books: Books, session: Session, folder: int, source: bytes, flags: Flag) -> Appended:
    """Raises what imap/appending.py raises: after Unreachable it may or may not be there."""
    raw = books.writer.raw_name(folder)
    if raw is None:
        raise ServerBusy("The folder is just being made.")
    try:
        return append(session.connection, raw, source, flags=flags, when=books.now)
    except CommandRefused as trouble:
        if trouble.code != "TRYCREATE":
            raise
        known = books.folder(folder)
        if known is None:
            raise
        create(session.connection, known.path)
        return append(session.connection, raw, source, flags=flags, when=books.now)
