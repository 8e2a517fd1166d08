"""What came true, in the past tense. The service publishes these to every front.

Events say where to look, not what is there: a front reads the store again.
"""

from dataclasses import dataclass

from mailtui.model.account import ConnectionState
from mailtui.model.activity import ConnectionSeen, JobSeen, TroubleSeen
from mailtui.model.draft import Stage


@dataclass(frozen=True, slots=True)
class Event:
    """Base of all events."""


@dataclass(frozen=True, slots=True)
class FolderChanged(Event):
    """The list of a folder differs: messages came, left, or look different. Each tuple is empty
    when nothing of the kind happened; `many` means too many to name, so read the folder anew."""

    folder: int
    added: tuple[int, ...] = ()
    removed: tuple[int, ...] = ()
    changed: tuple[int, ...] = ()
    many: bool = False


@dataclass(frozen=True, slots=True)
class FoldersChanged(Event):
    """Folders of the account were created, renamed, deleted, or their counters differ."""

    account: str


@dataclass(frozen=True, slots=True)
class NewMail(Event):
    """Unseen messages arrived in an inbox while we were watching (not by a first index)."""

    account: str
    folder: int
    messages: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ConnectionChanged(Event):
    """`reason` is empty when all is well, else one sentence that is safe to show."""

    account: str
    state: ConnectionState
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SyncProgressed(Event):
    """An index or resync of a folder: `done` of `total` messages."""

    account: str
    folder: int
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class SyncEnded(Event):
    """Every folder of the account was brought up to date (or `trouble` says why not)."""

    account: str
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class QueueChanged(Event):
    """How many operations and outbox items of the account wait, and how many are parked."""

    account: str
    waiting: int
    parked: int


@dataclass(frozen=True, slots=True)
class OperationFailed(Event):
    """An operation was refused for good and rolled back, or parked; `what` and `advice` are safe
    to show."""

    account: str
    operation: int
    intent: str
    what: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class OutboxChanged(Event):
    account: str
    item: int
    stage: Stage
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class LateSending(Event):
    """Messages were to leave while nothing ran that could send them, the first at `due` (seconds since
    the epoch). They leave now."""

    subjects: tuple[str, ...]
    due: int


@dataclass(frozen=True, slots=True)
class DraftsChanged(Event):
    draft: str


@dataclass(frozen=True, slots=True)
class DraftDiverged(Event):
    """Another program changed or removed the server's copy of a draft while it was written here;
    both versions are kept."""

    account: str
    draft: str
    subject: str


@dataclass(frozen=True, slots=True)
class BodyArrived(Event):
    message: int


@dataclass(frozen=True, slots=True)
class BodyFailed(Event):
    message: int
    what: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class KeepChanged(Event):
    """The setting what is kept here is another now, in the words of KeepHere."""

    account: str
    folder: str
    keep: str


@dataclass(frozen=True, slots=True)
class KeptChanged(Event):
    """Texts or attachments of the account came ahead of time, or went. `complete`: all is here now
    that the settings want."""

    account: str
    complete: bool = False


@dataclass(frozen=True, slots=True)
class PartProgressed(Event):
    """`done` and `total` in octets as they come over the wire; total 0: not known."""

    message: int
    section: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class PartArrived(Event):
    """The decoded part is in `path`, a 0600 file of the store that no one else changes."""

    message: int
    section: str
    path: str


@dataclass(frozen=True, slots=True)
class PartFailed(Event):
    message: int
    section: str
    what: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class SearchFound(Event):
    """Messages of the local copy (fetched into it if need be) that the server found."""

    search: str
    account: str
    messages: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SearchEnded(Event):
    search: str
    account: str
    found: int
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class PasswordWanted(Event):
    """No password could be had, or the server refused it (then `reason` tells); answered by
    GivePassword. `keepable`: there is a keyring that could keep it."""

    account: str
    reason: str = ""
    keepable: bool = False


@dataclass(frozen=True, slots=True)
class ServerSpoke(Event):
    """An [ALERT] of the server, sanitised: must be shown to the user (RFC 9051 §7.1)."""

    account: str
    text: str


@dataclass(frozen=True, slots=True)
class ActivityReported(Event):
    """What goes on for an account, the whole of it; published only while a front watches. Jobs come in
    the order in which they are done, troubles newest first; `more` jobs wait that are not named.
    `next_try` is when a connection is tried again (0: no such time), `recording` the file that the
    talk with the servers is written to, "" while it is not."""

    account: str
    connections: tuple[ConnectionSeen, ...] = ()
    jobs: tuple[JobSeen, ...] = ()
    more: int = 0
    troubles: tuple[TroubleSeen, ...] = ()
    next_try: int = 0
    recording: str = ""


@dataclass(frozen=True, slots=True)
class ServiceEnding(Event):
    """The service is going away; a front that stays starts it again."""


@dataclass(frozen=True, slots=True)
class LinkLost(Event):
    """Made by the front's end of the link: the service can't be had. `restarted` is true when it
    was started again by itself and nothing is missing."""

    restarted: bool
    what: str = ""
