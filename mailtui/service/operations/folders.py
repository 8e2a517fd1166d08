"""Folders created, renamed and deleted. What is so already is done; afterwards LIST tells the names."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from mailtui.imap.folders import list_folders
from mailtui.imap.managing import create, delete, rename
from mailtui.imap.names import place
from mailtui.model.folder import ServerFolder
from mailtui.model.operation import Operation, OperationKind
from mailtui.model.trouble import Refused
from mailtui.service.books import Books
from mailtui.service.operations.step import Findings, Result
from mailtui.service.session import Session


class FolderStep:
    """One operation at a time. Each is looked at before it is done, so a repeat is harmless."""

    def prepare(self, books: Books, session: Session, operations: Sequence[Operation]) -> str:
        del books, session, operations
        return ""

    def send(
        self, books: Books, session: Session, operations: Sequence[Operation]
    ) -> Iterator[Sequence[Result]]:
        for operation in operations:
            listed = list_folders(session.connection)
            act = {
                OperationKind.CREATE_FOLDER: _create,
                OperationKind.RENAME_FOLDER: _rename,
                OperationKind.DELETE_FOLDER: _delete,
            }[operation.kind]
            yield [(act(books, session, operation, listed), None)]
        books.changed(books.writer.put_folders(books.key, list_folders(session.connection)))

    def findings(self, books: Books, session: Session, operations: Sequence[Operation]) -> Findings:
        del books, session
        return Findings(open=operations)


def _create(
    books: Books, session: Session, operation: Operation, listed: Sequence[ServerFolder]
) -> Operation:
    del books
    path = place(operation.path, listed)
    if not any(folder.path == path and folder.selectable for folder in listed):
        create(session.connection, path)
    return replace(operation, path=path)


def _rename(
    books: Books, session: Session, operation: Operation, listed: Sequence[ServerFolder]
) -> Operation:
    path = place(operation.path, listed)
    raw = _raw(books, operation)
    if any(folder.raw == raw for folder in listed):
        session.collect()
        rename(session.connection, raw, path)
    elif not any(folder.path == path for folder in listed):
        raise Refused("The folder is not there any more.")
    return replace(operation, path=path)


def _delete(
    books: Books, session: Session, operation: Operation, listed: Sequence[ServerFolder]
) -> Operation:
    raw = _raw(books, operation)
    if any(folder.raw == raw for folder in listed):
        session.collect()
        delete(session.connection, raw)
    return operation


def _raw(books: Books, operation: Operation) -> bytes:
    assert operation.source is not None
    return books.writer.raw_name(operation.source) or b""
