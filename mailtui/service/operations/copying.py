"""Copies. After a lost answer the target is looked at first, so that there are never two."""

from collections.abc import Iterator, Sequence

from mailtui.imap.moving import copy
from mailtui.imap.uids import chunks
from mailtui.model.operation import Operation
from mailtui.service.books import Books
from mailtui.service.entering import enter
from mailtui.service.operations.arrival import arrived, by_validity, note, present, raw_name
from mailtui.service.operations.step import Findings, Result
from mailtui.service.session import Session


class CopyStep:
    def prepare(self, books: Books, session: Session, operations: Sequence[Operation]) -> str:
        assert operations[0].source is not None
        assert operations[0].target is not None
        enter(books, session, operations[0].source)
        return note(books, session, operations[0].target)

    def send(
        self, books: Books, session: Session, operations: Sequence[Operation]
    ) -> Iterator[Sequence[Result]]:
        source, target = operations[0].source, operations[0].target
        assert source is not None
        assert target is not None
        enter(books, session, source)
        raw = raw_name(books, target)
        by_uid = {operation.uid: operation for operation in operations if operation.uid is not None}
        for uids in chunks(sorted(by_uid), session.connection.set_length):
            mapping = copy(session.connection, uids, raw).mapping or {}
            yield [(by_uid[uid], mapping[uid]) for uid in uids if uid in mapping]

    def findings(self, books: Books, session: Session, operations: Sequence[Operation]) -> Findings:
        source, target = operations[0].source, operations[0].target
        assert source is not None
        assert target is not None
        there = arrived(books, session, target, operations)
        here = present(books, session, source, operations)
        _, anew = by_validity(books, session, operations)
        rest = [one for one in operations if one.id not in there]
        return Findings(
            done=[(one, there[one.id]) for one in operations if one.id in there],
            open=[one for one in rest if one.id in here],
            anew=[one for one in rest if one in anew],
            lost=[one for one in rest if one.id not in here and one not in anew],
        )
