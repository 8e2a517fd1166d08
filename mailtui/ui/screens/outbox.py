"""What waits to be sent or carried out, and what needs the user's decision."""

from collections.abc import Sequence

from mailtui.model.draft import OutboxItem, Stage
from mailtui.model.event import Event, OperationFailed, OutboxChanged, QueueChanged
from mailtui.model.intent import (
    CancelSend,
    DiscardOperations,
    MarkSent,
    RescheduleSend,
    RetryOperations,
    RetrySend,
)
from mailtui.model.operation import Operation, OperationKind, OperationState
from mailtui.ui import glyphs
from mailtui.ui.choice import Choice
from mailtui.ui.compose_request import Resume
from mailtui.ui.context import Context
from mailtui.ui.later import ask_when, leaves
from mailtui.ui.saying import Say
from mailtui.ui.screens.dialogue import ListDialogue
from mailtui.ui.shell import shell
from mailtui.ui.wording import count, moment

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
    OperationKind.DRAFT: "keep a draft on the server",
}
_STATES = {
    OperationState.QUEUED: "waits",
    OperationState.SENT: "the server is at it",
    OperationState.PARKED: "was refused for now",
}
_UNSETTLED = (Stage.FAILED, Stage.UNKNOWN)
_EDITABLE = (Stage.QUEUED, Stage.FAILED)


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
        now = shell(self).clock()
        items = [
            item
            for item in reader.outbox()
            if item.stage in _STAGES or (item.stage is Stage.DONE and (item.refused or item.held > now))
        ]
        operations = [one for one in reader.operations() if not _at_leisure(one)]
        return [*(_item_row(item, now) for item in items), *_operation_rows(operations)]

    def _value(self) -> object:
        return self.chosen.value if self.chosen else None

    def do_retry(self) -> None:
        match self._value():
            case OutboxItem(id=item, stage=stage, subject=subject) if stage in _UNSETTLED:
                shell(self).wish(RetrySend(item), said=f"Sending {subject} again")
            case OutboxItem(id=item, refused=refused) if refused:
                shell(self).wish(RetrySend(item), said=f"Sending it again to {', '.join(refused)}")
            case tuple() as operations:
                shell(self).wish(RetryOperations(operations), said="Trying again")
            case _:
                shell(self).say("It is on its way; there is nothing to try again.", Say.HINT)

    def do_mark_sent(self) -> None:
        match self._value():
            case OutboxItem(id=item, stage=Stage.UNKNOWN, subject=subject):
                shell(self).wish(MarkSent(item), said=f"{subject} counts as sent")
            case OutboxItem(id=item, refused=refused) if refused:
                shell(self).wish(MarkSent(item), said=f"{', '.join(refused)} will not get it")
            case _:
                shell(self).say("Only what nobody knows about can be called arrived.", Say.HINT)

    def do_send_now(self) -> None:
        match self._value():
            case OutboxItem(id=item, stage=Stage.QUEUED, subject=subject):
                shell(self).wish(RescheduleSend(item), said=f"Sending {subject} now")
            case _:
                shell(self).say("Only what waits to be sent can be sent now.", Say.HINT)

    async def do_reschedule(self) -> None:
        match self._value():
            case OutboxItem(id=item, stage=Stage.QUEUED, subject=subject):
                here = shell(self)
                when = await ask_when(here)
                if when is not None:
                    here.wish(RescheduleSend(item, when), said=f"{subject} {leaves(when, here.clock())}")
            case _:
                shell(self).say("Only what waits to be sent has a time.", Say.HINT)

    async def do_edit_item(self) -> None:
        match self._value():
            case OutboxItem(id=item, stage=stage, draft=draft) if draft and stage in _EDITABLE:
                here = shell(self)
                ack = await here.submit(CancelSend(item))
                if ack.refusal is not None:
                    raise ack.refusal
                self.dismiss(None)
                here.open_compose(Resume(draft))
            case _:
                shell(self).say(
                    "Only a message written here that has not left can be gone on with.", Say.HINT
                )

    def do_cancel_item(self) -> None:
        match self._value():
            case OutboxItem(stage=stage) if stage in (Stage.SENT_UNFILED, Stage.DONE):
                shell(self).say("It has left, and can't be taken back.", Say.HINT)
            case OutboxItem(id=item, stage=stage, subject=subject) if stage is not Stage.SENDING:
                shell(self).wish(CancelSend(item), said=f"Took {subject} back; it is a draft again")
            case tuple() as operations:
                shell(self).wish(
                    DiscardOperations(operations), said="Gave it up; the list shows what the server has"
                )
            case _:
                shell(self).say("It is just being sent.", Say.HINT)


def _item_row(item: OutboxItem, now: float) -> Choice:
    mark = glyphs.TROUBLE if item.stage in _UNSETTLED or item.refused else glyphs.PENDING
    whom = ", ".join(item.recipients[:2]) + (" …" if len(item.recipients) > 2 else "")
    state = item.trouble or _state(item, now)
    if item.trouble and item.stage is Stage.QUEUED and item.not_before > now:
        state = f"{state}; again {moment(item.not_before, now)}"
    return Choice(f"{item.subject or '(no subject)'}  to {whom}", item, state, mark)


def _state(item: OutboxItem, now: float) -> str:
    if item.held > now:
        return f"the server holds it; {leaves(item.held, now)}"
    if item.stage is Stage.QUEUED and item.later > now:
        return leaves(item.later, now)
    if item.refused:
        return f"not sent to {', '.join(item.refused)}"
    return _STAGES.get(item.stage, "sent")


def _at_leisure(operation: Operation) -> bool:
    """A draft that is still being written; its copy follows."""
    draft, queued = operation.kind is OperationKind.DRAFT, operation.state is OperationState.QUEUED
    return draft and queued and not operation.attempts


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
        rows.append(
            Choice(f"{account}: {_KINDS[kind]} {what}".rstrip(), tuple(one.id for one in group), detail, mark)
        )
    return rows
