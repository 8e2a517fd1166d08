"""Carries the journal's operations out on the server, by the rule that nothing is lost and nothing done
twice: written down as sent before it is sent, and looked at before it is repeated."""

import logging
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import groupby

from mailtui.imap.trouble import CommandRefused
from mailtui.model.event import OperationFailed
from mailtui.model.operation import Operation, OperationKind, OperationState
from mailtui.model.trouble import Garbled, Refused, ServerBusy, Trouble, Unreachable
from mailtui.service.books import Books
from mailtui.service.jobs import Job, Jobs, Lane, Urgency
from mailtui.service.operations.copying import CopyStep
from mailtui.service.operations.destroying import DestroyStep
from mailtui.service.operations.drafts import DraftStep
from mailtui.service.operations.flags import FlagsStep
from mailtui.service.operations.folders import FolderStep
from mailtui.service.operations.moving import MoveStep
from mailtui.service.operations.step import Findings, Step
from mailtui.service.session import Session
from mailtui.service.sync import Sync
from mailtui.store.dispatch import group
from mailtui.text.sanitize import line

_log = logging.getLogger(__name__)

_TRIES = 3  # of what the server refused without saying that it always will
_BUSY_TRIES = 8
_FIRST_PAUSE = 30  # seconds, doubled each time
_LONGEST_PAUSE = 900
_OF_THE_FOLDER = frozenset({"TRYCREATE", "NONEXISTENT", "NOPERM", "READ-ONLY", "OVERQUOTA"})
_RENUMBERED = ServerBusy("The server has numbered the messages of the folder anew.")
TAKEN_AWAY = Refused("The message is not there any more.", "Somebody else took it away.")
OWN = "own-"  # how ids of intents begin that nobody asked for, so that nobody need hear of their failure

_STEPS: dict[OperationKind, Step] = {
    OperationKind.FLAGS: FlagsStep(),
    OperationKind.MOVE: MoveStep(),
    OperationKind.COPY: CopyStep(),
    OperationKind.DESTROY: DestroyStep(),
    OperationKind.CREATE_FOLDER: FolderStep(),
    OperationKind.RENAME_FOLDER: FolderStep(),
    OperationKind.DELETE_FOLDER: FolderStep(),
    OperationKind.DRAFT: DraftStep(),
}


class Replay:
    """Of one account. `begin` may be called by any thread."""

    def __init__(self, books: Books, jobs: Jobs, sync: Sync) -> None:
        self._books = books
        self._jobs = jobs
        self._sync = sync

    def begin(self) -> None:
        """There may be something to carry out."""
        self._jobs.put(Job(("journal",), Lane.BACKGROUND, Urgency.WISH, self._drain, _postponed))

    def begin_drafts(self) -> None:
        """The same for drafts. With their attachments they may take long, so they go the way of other
        large things."""
        drain = partial(self._drain, drafts=True)
        self._jobs.put(Job(("drafts",), Lane.BULK, Urgency.WISH, drain, _postponed))

    def look(self) -> None:
        """Begin with what can be carried out by now. Asks the store: not on the event loop."""
        if self.due() == 0:
            self.begin()
        if self.due(drafts=True) == 0:
            self.begin_drafts()

    def due(self, *, drafts: bool = False) -> int | None:
        """In how many seconds something may be carried out, None if nothing waits."""
        due = self._books.journal.due(self._books.key, drafts=drafts)
        return max(due - self._books.now, 0) if due is not None else None

    def _drain(self, job: Job, session: Session, *, drafts: bool = False) -> None:
        books = self._books
        try:
            while not job.cancelled.is_set():
                runnable = books.journal.next(books.key, books.now, drafts=drafts)
                if not runnable:
                    break
                for _, some in groupby(runnable, key=group):
                    self._guarded(session, list(some))
        finally:
            books.queue_changed()

    def _guarded(self, session: Session, operations: Sequence[Operation]) -> None:
        """Whatever breaks it: what was sent and not answered is looked at before it is repeated."""
        try:
            self._carry_out(session, operations)
        except BaseException:
            self._books.journal.unsure(operations)
            raise

    def _carry_out(self, session: Session, operations: Sequence[Operation]) -> None:
        """One command's worth."""
        step = _STEPS[operations[0].kind]
        lost = [one for one in operations if one.state is OperationState.SENT]
        if lost:
            self._look_after(step, session, lost)
        unsent = [one for one in operations if one.state is not OperationState.SENT]
        if not unsent:
            return
        try:
            probe = step.prepare(self._books, session, unsent)
        except (Unreachable, Garbled):
            raise
        except Trouble as trouble:
            self._refused_all(unsent, trouble)
            return
        marked = self._books.journal.sent(unsent, probe)
        if marked:
            self._send(step, session, marked)

    def _look_after(self, step: Step, session: Session, operations: Sequence[Operation]) -> None:
        """The outcome of these is not known: look, then send what was not done."""
        try:
            findings = step.findings(self._books, session, operations)
        except Refused as trouble:
            if not _for_good(trouble):
                raise
            self._refused_all(operations, trouble)
            return
        self._done(findings.done)
        self._again(findings.anew)
        self._lost(findings.lost, TAKEN_AWAY)
        if findings.open:
            self._send(step, session, findings.open)

    def _send(self, step: Step, session: Session, operations: Sequence[Operation]) -> None:
        """Give the server what is marked as sent."""
        left = {one.id: one for one in operations}
        try:
            for results in step.send(self._books, session, operations):
                self._done(results)
                for operation, _ in results:
                    left.pop(operation.id, None)
        except (Unreachable, Garbled):
            raise
        except Trouble as trouble:
            self._refused(step, session, list(left.values()), trouble)
        else:
            if left:
                self._confirm(step, session, list(left.values()))

    def _confirm(self, step: Step, session: Session, operations: Sequence[Operation]) -> None:
        """The server said OK, but not what became of these. Perhaps somebody else had taken the message
        away; then a copy that was never made must not be taken for one that is there."""
        try:
            findings = step.findings(self._books, session, operations)
        except Refused as trouble:  # the place to look is gone
            self._refused_all(operations, trouble)
            return
        self._done(findings.done)
        self._again(findings.anew)
        self._lost(findings.lost, TAKEN_AWAY)
        for operation in findings.open:
            self._fail(operation, Refused("The server said that it was done, but it is not."))

    def _refused(
        self, step: Step, session: Session, operations: Sequence[Operation], trouble: Trouble
    ) -> None:
        """The server said no, perhaps after having done some of it, perhaps because of one of them."""
        try:
            findings = step.findings(self._books, session, operations)
        except Refused:  # the place to look is gone: go by what was said first
            findings = Findings(open=operations)
        self._done(findings.done)
        self._again(findings.anew)
        self._lost(findings.lost, trouble)
        rest = list(findings.open)
        of_folder = isinstance(trouble, CommandRefused) and trouble.code in _OF_THE_FOLDER
        if len(rest) == 1 or of_folder or not isinstance(trouble, CommandRefused):
            self._refused_all(rest, trouble)
        elif rest:
            half = len(rest) // 2
            self._send(step, session, rest[:half])
            self._send(step, session, rest[half:])

    def _refused_all(self, operations: Iterable[Operation], trouble: Trouble) -> None:
        for operation in operations:
            if _for_good(trouble) and operation.kind is OperationKind.DRAFT:
                self._park(operation, trouble)  # what was written is still here
            elif _for_good(trouble):
                self._fail(operation, trouble)
            elif isinstance(trouble, CommandRefused) and trouble.code == "BAD":
                self._park(operation, trouble)  # the same words would not be understood the next time
            elif operation.attempts < (_BUSY_TRIES if isinstance(trouble, ServerBusy) else _TRIES):
                pause = min(_FIRST_PAUSE * 2 ** max(operation.attempts - 1, 0), _LONGEST_PAUSE)
                self._books.changed(
                    self._books.journal.retry(operation, self._books.now + pause, _safe(trouble))
                )
            else:
                self._park(operation, trouble)

    def _done(self, results: Sequence[tuple[Operation, int | None]]) -> None:
        if not results:
            return
        self._books.changed(self._books.journal.done_many(results))
        for operation, uid in results:
            if operation.target is not None and uid is None:
                self._sync.revisit(operation.target)  # where it got a UID that nobody told us

    def _again(self, operations: Iterable[Operation]) -> None:
        """They wait until their message is found under its new UID."""
        for operation in operations:
            self._books.changed(self._books.journal.retry(operation, self._books.now, _RENUMBERED))

    def _lost(self, operations: Sequence[Operation], trouble: Trouble) -> None:
        """The message is nowhere any more. On some servers only this look tells: what was moved by COPY
        stays and is counted as if it were the one that is gone."""
        for one in operations:
            self._fail(one, trouble)
            if one.source is None or one.uid is None:
                continue
            if self._books.writer.folder_state(one.source).uidvalidity == one.uidvalidity:
                self._books.missing(one.source, one.uid)

    def _fail(self, operation: Operation, trouble: Trouble) -> None:
        self._books.changed(self._books.journal.fail(operation, _safe(trouble)))
        self._report(operation, trouble)

    def _park(self, operation: Operation, trouble: Trouble) -> None:
        self._books.changed(self._books.journal.park(operation, _safe(trouble)))
        self._report(operation, trouble)

    def _report(self, operation: Operation, trouble: Trouble) -> None:
        _log.info("%s: operation %d was refused: %s", self._books.key, operation.id, line(trouble.what))
        if not operation.intent.startswith(OWN):
            what, advice = line(trouble.what), line(trouble.advice)
            if operation.kind is OperationKind.DRAFT:
                what = f"A draft is kept here, but not on the server: {what}"
            self._books.tell(OperationFailed(self._books.key, operation.id, operation.intent, what, advice))


def _safe(trouble: Trouble) -> Trouble:
    """As it may be written down and shown: it may quote the server."""
    return Refused(line(trouble.what), line(trouble.advice))


def _for_good(trouble: Trouble) -> bool:
    """Whether the same will be refused again."""
    if isinstance(trouble, CommandRefused):
        return trouble.permanent and trouble.code != "BAD"
    return isinstance(trouble, Refused)


def _postponed(trouble: Trouble) -> None:
    """The connection went; what is in the journal is carried out with the next one."""
    _log.info("The journal waits: %s", trouble.what)
