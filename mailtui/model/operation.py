"""An intent made durable: what is still to be carried out on the server."""

from dataclasses import dataclass
from enum import StrEnum

from mailtui.model.message import Flag


class OperationKind(StrEnum):
    FLAGS = "flags"
    MOVE = "move"
    COPY = "copy"
    DESTROY = "destroy"
    CREATE_FOLDER = "create_folder"
    RENAME_FOLDER = "rename_folder"
    DELETE_FOLDER = "delete_folder"
    DRAFT = "draft"  # the server's copies of a draft are to be what was written last


class OperationState(StrEnum):
    QUEUED = "queued"
    SENT = "sent"  # given to the server, answer not yet known: probe before repeating
    PARKED = "parked"  # refused for now; shown, blocks nobody
    DONE = "done"  # kept for a while so that it can be undone
    FAILED = "failed"  # refused for good and rolled back


@dataclass(frozen=True, slots=True)
class Operation:
    """One step on one message (or folder). `source`/`target` are folder ids, `uid` the message's
    UID in `source` as the server knows it, None while an earlier operation must tell it first."""

    id: int
    account: str
    kind: OperationKind
    intent: str
    state: OperationState
    message: int | None = None
    source: int | None = None
    target: int | None = None
    uid: int | None = None
    uidvalidity: int = 0
    add: Flag = Flag.NONE
    remove: Flag = Flag.NONE
    add_keywords: tuple[str, ...] = ()
    remove_keywords: tuple[str, ...] = ()
    path: str = ""  # folder operations: the (new) path
    probe: str = ""  # JSON written before sending: target UIDNEXT/UIDVALIDITY, Message-ID
    attempts: int = 0
    next_try: int = 0
    trouble: str = ""
    created: int = 0  # when it was wished, seconds since the epoch
    draft: str = ""  # id of the draft that it is about
