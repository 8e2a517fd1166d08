"""What a kind of operation must be able to do, so that nothing is lost and nothing done twice."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from mailtui.model.operation import Operation
from mailtui.service.books import Books
from mailtui.service.session import Session

Result = tuple[Operation, int | None]  # done, and the UID that the message has in the target now


@dataclass(frozen=True, slots=True)
class Findings:
    """What became of operations whose answer was lost: `done`; still to be done (`open`); not done, and
    their UID names another message now, so that they begin `anew`; or the message is nowhere any more,
    and the user must be told (`lost`)."""

    done: Sequence[Result] = field(default=())
    open: Sequence[Operation] = field(default=())
    anew: Sequence[Operation] = field(default=())
    lost: Sequence[Operation] = field(default=())


class Step(Protocol):
    """All operations given are one command: same kind, folders and flags. Any Trouble may be raised."""

    def prepare(self, books: Books, session: Session, operations: Sequence[Operation]) -> str:
        """Before anything is sent: what `findings` will need, to be written down (JSON or ""). Enters
        the source folder, so that a change of its UIDVALIDITY is known before a UID is used."""

    def send(
        self, books: Books, session: Session, operations: Sequence[Operation]
    ) -> Iterator[Sequence[Result]]:
        """Do it; yields what is certainly done as soon as it is. A server says OK also when a message was
        not there any more, so what it did not name (COPYUID) is left out, to be looked for."""

    def findings(self, books: Books, session: Session, operations: Sequence[Operation]) -> Findings:
        """Look what became of operations that were sent, changing nothing but to finish them."""
