"""What the user wants, in the imperative. Fronts send these over the link; each is a value.

DURABLE intents are written down with their local effect in one transaction before they are
acknowledged, and a repeat (same intent id) is harmless. The others ask for something to happen now
and are answered by events.
"""

from dataclasses import dataclass
from typing import Final

from mailtui.model.draft import Draft
from mailtui.model.message import Flag
from mailtui.model.secret import Secret

WATCHED: Final = 15.0  # seconds that one WatchActivity lasts


@dataclass(frozen=True, slots=True)
class Intent:
    """Base of all intents."""


# durable: on messages


@dataclass(frozen=True, slots=True)
class ChangeFlags(Intent):
    messages: tuple[int, ...]
    add: Flag = Flag.NONE
    remove: Flag = Flag.NONE
    add_keywords: tuple[str, ...] = ()
    remove_keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MoveMessages(Intent):
    messages: tuple[int, ...]
    folder: int


@dataclass(frozen=True, slots=True)
class CopyMessages(Intent):
    messages: tuple[int, ...]
    folder: int


@dataclass(frozen=True, slots=True)
class ArchiveMessages(Intent):
    """To the account's archive folder (role ARCHIVE, else ALL); refused if there is none."""

    messages: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TrashMessages(Intent):
    """To the account's trash folder; messages already there stay."""

    messages: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DestroyMessages(Intent):
    """For good. Only for messages in Trash (or Junk, Drafts); the front has asked the user."""

    messages: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Undo(Intent):
    """Take an earlier intent back: withdrawn if not yet sent, else reversed."""

    intent: str


# durable: on folders


@dataclass(frozen=True, slots=True)
class CreateFolder(Intent):
    account: str
    path: str


@dataclass(frozen=True, slots=True)
class RenameFolder(Intent):
    """Also moves: `path` is the whole new path. Folders below go along."""

    folder: int
    path: str


@dataclass(frozen=True, slots=True)
class DeleteFolder(Intent):
    folder: int


# durable: drafts and sending


@dataclass(frozen=True, slots=True)
class SaveDraft(Intent):
    """Keep what is typed. The copy on the server follows once nothing was typed for a while, or at
    once when the user is done with it for now (`settled`)."""

    draft: Draft
    settled: bool = False


@dataclass(frozen=True, slots=True)
class DiscardDraft(Intent):
    draft: str


@dataclass(frozen=True, slots=True)
class SendDraft(Intent):
    """Freeze the draft into bytes and queue it; it leaves `delay` seconds from now at the earliest, or
    `at` a time (seconds since the epoch, 0: none). The draft is kept until it has left, so that
    CancelSend gives it back."""

    draft: Draft
    delay: int = 10
    at: int = 0


@dataclass(frozen=True, slots=True)
class SendRaw(Intent):
    """Queue a finished message (`mailtui send`). `source` is base64 of its bytes; Bcc is removed
    from what is sent. Empty `recipients`: those of its To, Cc and Bcc."""

    account: str
    source: str
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RescheduleSend(Intent):
    """Let a message that waits leave `at` another time (seconds since the epoch); 0: now."""

    item: int
    at: int = 0


@dataclass(frozen=True, slots=True)
class CancelSend(Intent):
    """Undo send: works until the item's first byte has left."""

    item: int


@dataclass(frozen=True, slots=True)
class RetrySend(Intent):
    """The user decided to send a FAILED or UNKNOWN item again (same Message-ID), or one that was sent
    once more to those who were refused."""

    item: int


@dataclass(frozen=True, slots=True)
class MarkSent(Intent):
    """The user decided that an UNKNOWN item has arrived, or that those who were refused need not
    have it."""

    item: int


@dataclass(frozen=True, slots=True)
class DiscardOperations(Intent):
    """Give parked or failed operations up: what is shown becomes what the server has."""

    operations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RetryOperations(Intent):
    operations: tuple[int, ...]


DURABLE: tuple[type[Intent], ...] = (
    ChangeFlags,
    MoveMessages,
    CopyMessages,
    ArchiveMessages,
    TrashMessages,
    DestroyMessages,
    Undo,
    CreateFolder,
    RenameFolder,
    DeleteFolder,
    SaveDraft,
    DiscardDraft,
    SendDraft,
    SendRaw,
    RescheduleSend,
    CancelSend,
    RetrySend,
    MarkSent,
    DiscardOperations,
    RetryOperations,
)


# now, not durable


@dataclass(frozen=True, slots=True)
class ShowFolder(Intent):
    """This folder is on the screen: it comes first, and IDLE watches it."""

    folder: int


@dataclass(frozen=True, slots=True)
class ShowMessage(Intent):
    """This message's text is on the screen: it counts as looked at, and stays here."""

    message: int


@dataclass(frozen=True, slots=True)
class KeepHere(Intent):
    """How much of an account is kept on this machine, or of the folder of this path (slashes between
    levels; "": of all). `keep` is in the words of the settings ("headers", "30 days", "everything"), ""
    to follow what holds for all. Written into the settings before it is acknowledged: KeepChanged."""

    account: str
    folder: str
    keep: str


@dataclass(frozen=True, slots=True)
class FetchBody(Intent):
    """Answered by BodyArrived or BodyFailed. `whole` lifts the size cap; `html` asks for the HTML
    alternative although there is a plain one."""

    message: int
    whole: bool = False
    html: bool = False


@dataclass(frozen=True, slots=True)
class FetchPart(Intent):
    """Download a part, decoded, to a file of the store: PartProgress…, then PartArrived or
    PartFailed. Section "" is the whole raw message, "HEADER" its raw header."""

    message: int
    section: str


@dataclass(frozen=True, slots=True)
class CancelFetch(Intent):
    message: int
    section: str


@dataclass(frozen=True, slots=True)
class SearchServer(Intent):
    """Search on the server: SearchFound…, then SearchEnded per account. `text` is in the search
    language of model/query.py; `account`/`folder` None mean all."""

    search: str
    text: str
    account: str | None = None
    folder: int | None = None


@dataclass(frozen=True, slots=True)
class CancelSearch(Intent):
    search: str


@dataclass(frozen=True, slots=True)
class Synchronise(Intent):
    """Look for changes everywhere now; SyncEnded per account. Also ends a reconnect's waiting."""

    account: str | None = None


@dataclass(frozen=True, slots=True)
class GivePassword(Intent):
    """The user's answer to PasswordWanted. `remember` asks for the keyring."""

    account: str
    password: Secret
    remember: bool = False


@dataclass(frozen=True, slots=True)
class SetOnline(Intent):
    """Work disconnected on purpose, or stop doing so."""

    account: str
    online: bool


@dataclass(frozen=True, slots=True)
class WatchActivity(Intent):
    """Somebody looks at what goes on: ActivityReported for every account at once, then whenever it
    differs, for WATCHED seconds; whoever looks longer says it again."""


@dataclass(frozen=True, slots=True)
class StopJob(Intent):
    """End a job that is run or waits, by its number in ActivityReported."""

    account: str
    number: int


@dataclass(frozen=True, slots=True)
class RecordProtocol(Intent):
    """Write down what is said to the account's servers, without secrets and mail, or stop doing so."""

    account: str
    on: bool


@dataclass(frozen=True, slots=True)
class StopService(Intent):
    """End the service gracefully although fronts are there (the demo's exit, tests)."""
