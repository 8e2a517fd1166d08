"""What the user is writing, as it is typed, and what became of it once sent."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to be sent along: an absolute path on this machine, the name and type it goes under."""

    path: str
    name: str
    type: str = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Draft:
    """A message being written. Recipients are kept as typed: they may not parse yet.

    `id` is chosen by the front (a UUID). `answers`, `forwards` and `replaces` are message ids of the
    local copy; the last is a draft that another program left on the server and this one goes on with.
    """

    id: str
    account: str
    sender: str  # one of the account's addresses, as in a From field
    to: str = ""
    cc: str = ""
    bcc: str = ""
    subject: str = ""
    body: str = ""
    attachments: tuple[Attachment, ...] = ()
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    answers: int | None = None
    forwards: int | None = None
    replaces: int | None = None
    saved: int = 0  # when the service wrote it down, seconds since the epoch


STAYS = 15 * 60  # seconds that the service waits for a message to be due when nobody is there any more


class Stage(StrEnum):
    """Where an outbox item stands (notes: outbox). UNKNOWN is never sent again by itself."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT_UNFILED = "sent_unfiled"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """A message on its way out. `trouble` says in plain words what the server refused."""

    id: int
    account: str
    stage: Stage
    subject: str
    recipients: tuple[str, ...]
    message_id: str
    not_before: int
    created: int
    attempts: int = 0
    trouble: str = ""
    draft: str = ""  # id of the draft it came from, "" for `mailtui send`
    refused: tuple[str, ...] = ()  # recipients refused though others were accepted
    later: int = 0  # when the user wants it to leave, 0: at once
    held: int = 0  # until when the server holds it, which has it already
    rest: bool = False  # the same message once more, to those who were refused the first time
