"""Messages destroyed for good: only ever the ones named (UID EXPUNGE, RFC 4315)."""

from collections.abc import Iterator, Sequence

from mailtui.imap.moving import destroy
from mailtui.imap.uids import chunks
from mailtui.model.operation import Operation
from mailtui.service.books import Books
from mailtui.service.entering import enter
from mailtui.service.operations.arrival import by_validity
from mailtui.service.operations.step import Findings, Result
from mailtui.service.session import Session


class DestroyStep:
    def prepare(self, books: Books, session: Session, operations: Sequence[Operation]) -> str:
        assert operations[0].source is not None
        enter(books, session, operations[0].source)
        return ""

    def send(
        self, books: Books, session: Session, operations: Sequence[Operation]
    ) -> Iterator[Sequence[Result]]:
        source = operations[0].source
        assert source is not None
        enter(books, session, source)
        by_uid = {operation.uid: operation for operation in operations if operation.uid is not None}
        for uids in chunks(sorted(by_uid), session.connection.set_length):
            destroy(session.connection, uids)
            yield [(by_uid[uid], None) for uid in uids]

    def findings(self, books: Books, session: Session, operations: Sequence[Operation]) -> Findings:
        """UIDs are never given twice, so asking again is harmless unless they mean something else."""
        same, anew = by_validity(books, session, operations)
        return Findings(open=same, anew=anew)
