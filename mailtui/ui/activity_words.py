"""Words for what goes on: lanes, stages of the outbox, what is done to a message."""

from collections.abc import Callable
from typing import Final

from mailtui.model.draft import OutboxItem, Stage
from mailtui.model.message import Flag
from mailtui.model.operation import Operation, OperationKind

LANES: Final = {
    "interactive": "for what you do",
    "background": "in the background",
    "bulk": "for large things",
}
STAGES: Final = {
    Stage.QUEUED: "waits",
    Stage.SENDING: "is being sent",
    Stage.SENT_UNFILED: "sent; its copy is still to be kept",
    Stage.FAILED: "was refused",
    Stage.UNKNOWN: "nobody knows whether it arrived",
}
FLAWED: Final = (Stage.FAILED, Stage.UNKNOWN)
_KINDS: Final = {
    OperationKind.MOVE: "move",
    OperationKind.COPY: "copy",
    OperationKind.DESTROY: "destroy",
    OperationKind.CREATE_FOLDER: "make the folder",
    OperationKind.RENAME_FOLDER: "name the folder",
    OperationKind.DELETE_FOLDER: "delete the folder",
}
_OF_FOLDERS: Final = (OperationKind.CREATE_FOLDER, OperationKind.RENAME_FOLDER, OperationKind.DELETE_FOLDER)
_SET: Final = (
    (Flag.SEEN, "mark read", "mark unread"),
    (Flag.FLAGGED, "flag", "unflag"),
    (Flag.ANSWERED, "mark answered", "mark unanswered"),
    (Flag.DELETED, "mark deleted", "mark undeleted"),
)


def needs_user(item: OutboxItem) -> bool:
    """Whether somebody has to decide: it was refused, by some or by all, or nobody knows."""
    partly = item.stage in (Stage.SENT_UNFILED, Stage.DONE) and bool(item.refused)
    return item.stage in FLAWED or partly


def done_to(operation: Operation, what: str) -> str:
    """`move Invoice 4242`, `mark read 3 messages`, `make the folder Trips`, `keep a draft …`."""
    if operation.kind is OperationKind.DRAFT:
        return "keep a draft on the server"
    if operation.kind in _OF_FOLDERS:
        return f"{_KINDS[operation.kind]} {operation.path}".rstrip()
    return f"{_KINDS.get(operation.kind) or _flags(operation)} {what}"


def place_of(operation: Operation, folder: Callable[[int | None], str]) -> str:
    """Where it is done: `Inbox`, `Inbox → Archive`."""
    if operation.kind in _OF_FOLDERS:
        return folder(operation.source)
    target = folder(operation.target)
    return " → ".join(name for name in (folder(operation.source), target) if name)


def _flags(operation: Operation) -> str:
    words = [add for flag, add, _ in _SET if operation.add & flag]
    words += [remove for flag, _, remove in _SET if operation.remove & flag]
    return words[0] if len(words) == 1 else "change the flags of"
