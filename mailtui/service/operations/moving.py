"""Moves: MOVE where the server has it (RFC 6851). After a lost answer the target is looked at first."""

from collections.abc import Iterator, Sequence

from mailtui.imap.moving import destroy, move
from mailtui.imap.uids import chunks
from mailtui.model.operation import Operation
from mailtui.service.books import Books
from mailtui.service.entering import enter
from mailtui.service.operations.arrival import arrived, by_validity, note, present, raw_name
from mailtui.service.operations.step import Findings, Result
from mailtui.service.session import Session


class MoveStep:
    def prepare(self, books: Books, session: Session, operations: Sequence[Operation]) -> str:
        source, target = _places(operations)
        enter(books, session, source)
        return note(books, session, target)

    def send(
        self, books: Books, session: Session, operations: Sequence[Operation]
    ) -> Iterator[Sequence[Result]]:
        source, target = _places(operations)
        enter(books, session, source)
        raw = raw_name(books, target)
        by_uid = {operation.uid: operation for operation in operations if operation.uid is not None}
        for uids in chunks(sorted(by_uid), session.connection.set_length):
            mapping = move(session.connection, uids, raw).mapping or {}
            yield [(by_uid[uid], mapping[uid]) for uid in uids if uid in mapping]

    def findings(self, books: Books, session: Session, operations: Sequence[Operation]) -> Findings:
        """In the target and not in the source: done. In both: copied, so finish it. In the source
        only: not done. In neither: somebody else has taken it."""
        source, target = _places(operations)
        there = arrived(books, session, target, operations)
        here = present(books, session, source, operations)
        _, anew = by_validity(books, session, operations)
        both = [one.uid for one in operations if one.id in there and one.id in here and one.uid is not None]
        for uids in chunks(sorted(both), session.connection.set_length) if both else ():
            destroy(session.connection, uids)
        return Findings(
            done=[(one, there[one.id]) for one in operations if one.id in there],
            open=[one for one in operations if one.id not in there and one.id in here],
            anew=[one for one in anew if one.id not in there],
            lost=[
                one for one in operations if one.id not in there and one.id not in here and one not in anew
            ],
        )


def _places(operations: Sequence[Operation]) -> tuple[int, int]:
    source, target = operations[0].source, operations[0].target
    assert source is not None
    assert target is not None
    return source, target
