"""What waits to be sent or carried out, and what needs the user's decision."""

from collections.abc import Sequence

from mailtui.model.draft import OutboxItem, Stage
from mailtui.model.event import Event, OperationFailed, OutboxChanged, QueueChanged
from mailtui.model.intent import (
    CancelSend,
    DiscardOperations,
    MarkSent,
    RetryOperations,
    RetrySend,
)
from mailtui.model.operation import Operation, OperationKind, OperationState
from mailtui.ui import glyphs
from mailtui.ui.choice import Choice
from mailtui.ui.context import Context
from mailtui.ui.saying import Say
from mailtui.ui.screens.dialogue import ListDialogue
from mailtui.ui.shell import shell
from mailtui.ui.wording import count

_STAGES = {
    Stage.QUEUED: "waits",
    Stage.SENDING: "is being sent",
    Stage.SENT_UNFILED: "sent; the copy is still to be filed",
    Stage.FAILED: "was refused",
    Stage.UNKNOWN: "nobody knows whether it arrived",
}
_KINDS = {
    OperationKind.FLAGS: "change flags of",
    OperationKind.MOVE: "move",
    OperationKind.COPY: "copy",
    OperationKind.DESTROY: "destroy",
    OperationKind.CREATE_FOLDER: "make folder",
    OperationKind.RENAME_FOLDER: "rename folder",
    OperationKind.DELETE_FOLDER: "delete folder",
}
_STATES = {
    OperationState.QUEUED: "waits",
    OperationState.SENT: "the server is at it",
    OperationState.PARKED: "was refused for now",
}
_UNSETTLED = (Stage.FAILED, Stage.UNKNOWN)


class OutboxScreen(ListDialogue):
    """Messages to send first, then what is to be done on the server, one row per kind and state."""

    context = Context.OUTBOX
    title_ = "Outbox"
    none = "Nothing waits: all is sent and carried out."

    def on_mount(self) -> None:
        super().on_mount()
        shell(self).happened.subscribe(self, self.heard)

    def heard(self, event: Event) -> None:
        if isinstance(event, (OutboxChanged, QueueChanged, OperationFailed)):
            self.fill()

    def choices(self) -> list[Choice]:
        reader = shell(self).readers.here
        if reader is None:
            return []
        items = [item for item in reader.outbox() if item.stage in _STAGES]
        return [*map(_item_row, items), *_operation_rows(reader.operations())]

    def _value(self) -> object:
        return self.chosen.value if self.chosen else None

    def do_retry(self) -> None:
        match self._value():
            case OutboxItem(id=item, stage=stage, subject=subject) if stage in _UNSETTLED:
                shell(self).wish(RetrySend(item), said=f"Sending {subject} again")
            case tuple() as operations:
                shell(self).wish(RetryOperations(operations), said="Trying again")
            case _:
                shell(self).say("It is on its way; there is nothing to try again.", Say.HINT)

    def do_mark_sent(self) -> None:
        match self._value():
            case OutboxItem(id=item, stage=Stage.UNKNOWN, subject=subject):
                shell(self).wish(MarkSent(item), said=f"{subject} counts as sent")
            case _:
                shell(self).say("Only what nobody knows about can be called arrived.", Say.HINT)

    def do_cancel_item(self) -> None:
        match self._value():
            case OutboxItem(id=item, stage=stage, subject=subject) if stage is not Stage.SENDING:
                shell(self).wish(CancelSend(item), said=f"Took {subject} back; it is a draft again")
            case tuple() as operations:
                shell(self).wish(
                    DiscardOperations(operations), said="Gave it up; the list shows what the server has"
                )
            case _:
                shell(self).say("It is just being sent.", Say.HINT)


def _item_row(item: OutboxItem) -> Choice:
    mark = glyphs.TROUBLE if item.stage in _UNSETTLED else glyphs.PENDING
    whom = ", ".join(item.recipients[:2]) + (" …" if len(item.recipients) > 2 else "")
    state = item.trouble or _STAGES[item.stage]
    return Choice(f"{item.subject or '(no subject)'}  to {whom}", item, state, mark)


def _operation_rows(operations: Sequence[Operation]) -> list[Choice]:
    """One row for operations that differ only in their message."""
    alike: dict[tuple[str, OperationKind, OperationState, str], list[Operation]] = {}
    for one in operations:
        alike.setdefault((one.account, one.kind, one.state, one.trouble), []).append(one)
    rows = []
    for (account, kind, state, trouble), group in alike.items():
        what = group[0].path if group[0].message is None else count(len(group), "message")
        mark = glyphs.TROUBLE if state is OperationState.PARKED else glyphs.PENDING
        detail = trouble or _STATES.get(state, state.value)
        rows.append(Choice(f"{account}: {_KINDS[kind]} {what}", tuple(one.id for one in group), detail, mark))
    return rows
