"""Flags and keywords, as differences: repeating them is harmless, and other clients' changes stay."""

from collections.abc import Iterator, Sequence

from mailtui.imap.flags import store_flags
from mailtui.imap.types import Selected
from mailtui.model.operation import Operation
from mailtui.model.trouble import Refused
from mailtui.service.books import Books
from mailtui.service.entering import enter
from mailtui.service.operations.arrival import by_validity
from mailtui.service.operations.step import Findings, Result
from mailtui.service.session import Session


class FlagsStep:
    def prepare(self, books: Books, session: Session, operations: Sequence[Operation]) -> str:
        assert operations[0].source is not None
        enter(books, session, operations[0].source)
        return ""

    def send(
        self, books: Books, session: Session, operations: Sequence[Operation]
    ) -> Iterator[Sequence[Result]]:
        first = operations[0]
        assert first.source is not None
        selected = enter(books, session, first.source)
        _check_keywords(selected, first)
        store_flags(
            session.connection,
            sorted(operation.uid for operation in operations if operation.uid is not None),
            add=first.add,
            remove=first.remove,
            add_keywords=first.add_keywords,
            remove_keywords=first.remove_keywords,
        )
        yield [(operation, None) for operation in operations]

    def findings(self, books: Books, session: Session, operations: Sequence[Operation]) -> Findings:
        same, anew = by_validity(books, session, operations)
        return Findings(open=same, anew=anew)


def _check_keywords(selected: Selected, operation: Operation) -> None:
    """Raise Refused for a keyword that the server would not keep (PERMANENTFLAGS, RFC 9051 §7.1)."""
    known = {keyword.lower() for keyword in selected.keywords}
    for keyword in operation.add_keywords:
        if not selected.any_keyword and keyword.lower() not in known:
            raise Refused(f"The server does not keep the keyword {keyword} in this folder.")
