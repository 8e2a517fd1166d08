"""The journal: what the user wants, durable before it is acknowledged, until the server agrees.

An operation is queued, then sent (its outcome not known yet), then done, failed or parked. Shown is
always the server's state with the queued, sent and parked ones laid over it.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from threading import Lock

from mailtui.model.intent import Intent, Undo
from mailtui.model.operation import Operation, OperationKind
from mailtui.model.trouble import Refused, Trouble
from mailtui.store import contents, dispatch, folder_wishes, outcomes, refusals, rows, tasks, undo
from mailtui.store.changes import Changes, Tally, merged
from mailtui.store.connection import CHUNK
from mailtui.store.tasks import Task
from mailtui.store.wishes import Context
from mailtui.store.writing import Writer

__all__ = ["Journal", "Recorded"]

KEPT = 7 * 24 * 3600  # seconds that what is done can be undone


@dataclass(frozen=True, slots=True)
class Recorded:
    """An intent is written down (then acknowledge it) or refused. `accounts` have work to do."""

    changes: Changes = field(default_factory=Changes)
    accounts: tuple[str, ...] = ()
    refusal: Trouble | None = None


class Journal:
    """Made once by the service. What a crash left half written is finished first."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._recording = Lock()
        self._given: set[int] = set()  # sent by this process, or handed out to be probed
        self._resume()

    # the user's wishes

    def record(self, intent_id: str, intent: Intent) -> Recorded:
        """Write an intent on messages or folders down, with its effect on what is shown. A repeat
        changes nothing and gets the same answer. Never raises Refused: that is the answer."""
        with self._recording:
            known = self._known(intent_id)
            if known is not None:
                return known
            half = self._half_written(intent_id)
            if half:
                return self._finish(*half[0])
            try:
                if isinstance(intent, folder_wishes.FOLDER_INTENTS):
                    return self._record_folder(intent_id, intent)
                if isinstance(intent, Undo):
                    return self._record_undo(intent_id, intent)
                with self._writer.reading() as db:
                    wanted = tasks.of_intent(db, intent)
                return self._perform(intent_id, type(intent).__name__, wanted)
            except Refused as refusal:
                self._refuse(intent_id, type(intent).__name__, refusal)
                return Recorded(refusal=refusal)

    def _known(self, intent_id: str) -> Recorded | None:
        with self._writer.reading() as db:
            found = db.execute("SELECT complete, refusal FROM intent WHERE id = ?", (intent_id,)).fetchone()
            if found is None or not found[0]:
                return None
            names = db.execute(
                """SELECT DISTINCT a.key FROM operation o JOIN account a ON a.id = o.account
                   WHERE o.intent = ?""",
                (intent_id,),
            ).fetchall()
        refusal = Refused(*json.loads(found[1])) if found[1] else None
        return Recorded(accounts=tuple(row[0] for row in names), refusal=refusal)

    def _perform(self, intent_id: str, kind: str, wanted: Sequence[Task]) -> Recorded:
        """Task by task, a transaction each. The first one writes down what is left, the last one
        that nothing is; a crash in between is made good at the next start."""
        pieces = [piece for task in wanted for piece in task.pieces()]
        made: list[Changes] = []
        numbers: set[int] = set()
        for position, piece in enumerate(pieces or [None]):
            last = position + 1 >= len(pieces)
            with self._writer.transaction() as db:
                tally = Tally()
                if position == 0:
                    left = "" if last else tasks.packed(wanted)
                    db.execute(
                        """INSERT INTO intent (id, kind, tasks, complete, created) VALUES (?, ?, ?, 0, ?)
                           ON CONFLICT (id) DO NOTHING""",
                        (intent_id, kind, left, self._writer.now()),
                    )
                if piece is not None:
                    piece.perform(Context(db, tally, intent_id, self._writer.now()))
                    numbers.update(tasks.accounts(db, piece.messages))
                if last:
                    db.execute("UPDATE intent SET complete = 1, tasks = '' WHERE id = ?", (intent_id,))
                    if wanted and wanted[0].undoes:
                        undo.mark(db, wanted[0].undoes, intent_id)
            made.append(tally.changes())
        with self._writer.reading() as db:
            keys = tuple(rows.account_key(db, number) for number in sorted(numbers))
        return Recorded(merged(made), keys)

    def _record_folder(self, intent_id: str, intent: Intent) -> Recorded:
        return self._at_once(
            intent_id, type(intent).__name__, lambda context: folder_wishes.record(context, intent)
        )

    def _record_undo(self, intent_id: str, intent: Undo) -> Recorded:
        with self._writer.reading() as db:
            undo.check(db, intent.intent)
            on_folder = db.execute(
                "SELECT 1 FROM intent WHERE id = ? AND folder IS NOT NULL", (intent.intent,)
            ).fetchone()
            chosen = undo.messages(db, intent.intent)
        if not on_folder:
            return self._perform(intent_id, "Undo", [Task("undo", chosen, undoes=intent.intent)])

        def take_back(context: Context) -> int | None:
            number = folder_wishes.undo(context, intent.intent)
            undo.mark(context.db, intent.intent, intent_id)
            return number

        return self._at_once(intent_id, "Undo", take_back)

    def _at_once(self, intent_id: str, kind: str, act: Callable[[Context], int | None]) -> Recorded:
        with self._writer.transaction() as db:
            tally = Tally()
            now = self._writer.now()
            db.execute(
                "INSERT INTO intent (id, kind, complete, created) VALUES (?, ?, 1, ?)", (intent_id, kind, now)
            )
            number = act(Context(db, tally, intent_id, now))
            keys = (rows.account_key(db, number),) if number is not None else ()
        return Recorded(tally.changes(), keys)

    def _refuse(self, intent_id: str, kind: str, refusal: Refused) -> None:
        with self._writer.transaction() as db:
            db.execute(
                """INSERT INTO intent (id, kind, complete, created, refusal) VALUES (?, ?, 1, ?, ?)
                   ON CONFLICT (id) DO NOTHING""",
                (intent_id, kind, self._writer.now(), json.dumps([refusal.what, refusal.advice])),
            )

    def _resume(self) -> None:
        for one in self._half_written():
            self._finish(*one)

    def _half_written(self, intent_id: str | None = None) -> list[tuple[str, str, str]]:
        """(id, kind, tasks) of intents of which only the beginning was written down."""
        with self._writer.reading() as db:
            return db.execute(
                """SELECT id, kind, tasks FROM intent WHERE NOT complete AND (id = ?1 OR ?1 IS NULL)
                   ORDER BY created""",
                (intent_id,),
            ).fetchall()

    def _finish(self, intent_id: str, kind: str, left: str) -> Recorded:
        return self._perform(intent_id, kind, self._left(intent_id, tasks.unpacked(left)))

    def _left(self, intent_id: str, wanted: Iterable[Task]) -> list[Task]:
        """The tasks without the messages that have a step already."""
        with self._writer.reading() as db:
            stepped = set(undo.messages(db, intent_id))
        return [
            Task(
                task.kind,
                tuple(message for message in task.messages if message not in stepped),
                task.target,
                task.delta,
                task.undoes,
            )
            for task in wanted
        ]

    # what is to be done on the server

    def next(self, account: str, now: int, limit: int = 500, *, drafts: bool = False) -> list[Operation]:
        """What can be carried out now. First, and then alone: operations in state SENT of which an
        earlier process, or an earlier connection (see `unsure`), did not learn the outcome; probe
        before you repeat. Else operations to be sent; those that make one command stand together
        (dispatch.group). An operation is handed out again until it is marked as sent. Those on
        `drafts` are given out apart from all others: they may take long."""
        with self._writer.reading() as db:
            unsettled = dispatch.unsettled(db, account, on_drafts=drafts)
            lost = [one for one in unsettled if one.id not in self._given]
            if lost:
                self._given.update(one.id for one in lost)
                return dispatch.grouped(lost)
            ready = dispatch.drafts if drafts else dispatch.runnable
            return ready(db, account, now, limit)

    def due(self, account: str, *, drafts: bool = False) -> int | None:
        """When `next` may have something, in seconds since the epoch: 0 for at once, None for never."""
        with self._writer.reading() as db:
            return dispatch.due(db, account, on_drafts=drafts)

    def sent(self, operations: Sequence[Operation], probe: str = "") -> list[Operation]:
        """About to be given to the server, with what a probe will need to know (JSON). Returns those
        to be sent: the user may have changed their mind since `next`. Durable when it returns."""
        marked: set[int] = set()
        for start in range(0, len(operations), CHUNK):
            with self._writer.transaction(durable=True) as db:
                marked.update(outcomes.sent(db, operations[start : start + CHUNK], probe))
        self._given |= marked
        with self._writer.reading() as db:
            found = db.execute(
                f"""SELECT {rows.OPERATION} FROM {rows.OPERATIONS}
                    WHERE o.id IN (SELECT value FROM json_each(?))""",
                (json.dumps(sorted(marked)),),
            )
            return dispatch.grouped(rows.operation(row) for row in found)

    def unsure(self, operations: Iterable[Operation]) -> None:
        """The connection went before the answer came: `next` gives them out again to be probed."""
        self._given.difference_update(one.id for one in operations)

    def done(self, operation: Operation, target_uid: int | None = None, modseq: int = 0) -> Changes:
        """The server did it. `target_uid`: where the message is now (COPYUID), if it told; `modseq`:
        of a change of flags, if it told."""
        return self.done_many([(operation, target_uid)], modseq)

    def done_many(self, results: Sequence[tuple[Operation, int | None]], modseq: int = 0) -> Changes:
        """The server did these, by one command. Each with its `target_uid`."""
        made: list[Changes] = []
        for start in range(0, len(results), CHUNK):
            files: list[str] = []
            with self._writer.transaction() as db:
                tally = Tally()
                for operation, uid in results[start : start + CHUNK]:
                    files.extend(outcomes.done(db, tally, operation, uid, modseq, self._writer.now()))
            contents.delete_files(files)
            made.append(tally.changes())
        for operation, _ in results:
            self._given.discard(operation.id)
            if operation.kind is OperationKind.DELETE_FOLDER and operation.source is not None:
                made.append(self._writer.drop_folder(operation.source))
        return merged(made)

    def retry(self, operation: Operation, when: int, trouble: Trouble | None = None) -> Changes:
        """Nothing was done; try again at `when` (seconds since the epoch)."""
        self._given.discard(operation.id)
        with self._writer.transaction() as db:
            tally = Tally()
            refusals.requeue(db, tally, operation.id, when, str(trouble or ""))
        return tally.changes()

    def park(self, operation: Operation, trouble: Trouble) -> Changes:
        """Refused for now; blocks nobody until the user retries or discards it."""
        self._given.discard(operation.id)
        with self._writer.transaction() as db:
            tally = Tally()
            refusals.park(db, tally, operation.id, str(trouble))
        return tally.changes()

    def fail(self, operation: Operation, trouble: Trouble) -> Changes:
        """Refused for good: its effect on what is shown is taken back."""
        self._given.discard(operation.id)
        with self._writer.transaction() as db:
            tally = Tally()
            files = refusals.fail(db, tally, operation.id, str(trouble), self._writer.now())
        contents.delete_files(files)
        return tally.changes()

    def discard(self, operations: Iterable[int]) -> Changes:
        """The user gives operations up, whatever they wait for; those just being carried out stay."""
        with self._writer.transaction() as db:
            tally = Tally()
            files = [
                file
                for operation in operations
                for file in refusals.discard(db, tally, operation, self._writer.now())
            ]
        contents.delete_files(files)
        return tally.changes()

    def revive(self, operations: Iterable[int]) -> Changes:
        """The user wants parked or failed operations tried again."""
        with self._writer.transaction() as db:
            tally = Tally()
            for operation in operations:
                refusals.revive(db, tally, operation)
        return tally.changes()

    def prune(self, before: int | None = None) -> None:
        """Forget what was finished before `before` (seconds; default a week ago): it can't be undone
        any more."""
        limit = self._writer.now() - KEPT if before is None else before
        with self._writer.transaction() as db:
            db.execute("DELETE FROM operation WHERE state IN ('done', 'failed') AND finished < ?", (limit,))
            db.execute(
                """DELETE FROM intent WHERE complete AND created < ? AND NOT EXISTS (
                   SELECT 1 FROM operation o WHERE o.intent = intent.id)""",
                (limit,),
            )
            db.execute("DELETE FROM step WHERE intent NOT IN (SELECT id FROM intent)")
