"""A folder of an account and the role it plays."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a folder is for (RFC 6154 names, plus INBOX)."""

    INBOX = "inbox"
    SENT = "sent"
    DRAFTS = "drafts"
    TRASH = "trash"
    JUNK = "junk"
    ARCHIVE = "archive"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Folder:
    """One folder of the local copy. `path` is decoded text with `delimiter` between levels.

    `total` and `unread` are counters of what is shown (server state plus pending operations);
    `complete` says whether the index has reached the oldest message. `octets` is the size of all its
    messages on the server; of these `texts` have their text here, and `kept` octets of texts and parts
    are on this machine.
    """

    id: int
    account: str
    path: str
    delimiter: str
    role: Role | None = None
    selectable: bool = True
    total: int = 0
    unread: int = 0
    server_total: int = 0
    complete: bool = False
    octets: int = 0
    texts: int = 0
    text_octets: int = 0
    part_octets: int = 0

    @property
    def kept(self) -> int:
        return self.text_octets + self.part_octets

    @property
    def spelled(self) -> str:
        """The path with slashes between levels, whatever the server's delimiter is: `Lists/python`."""
        if self.path.upper() == "INBOX":
            return "Inbox"
        if not self.delimiter:
            return self.path
        first, *rest = self.path.split(self.delimiter)
        return "/".join(["Inbox" if first.upper() == "INBOX" else first, *rest])

    @property
    def name(self) -> str:
        """The last level, as shown; the protocol's INBOX is shown as Inbox."""
        if self.path.upper() == "INBOX":
            return "Inbox"
        return self.path.rsplit(self.delimiter, 1)[-1] if self.delimiter else self.path

    @property
    def parent(self) -> str | None:
        """The path of the level above, or None at the top."""
        if not self.delimiter or self.delimiter not in self.path:
            return None
        return self.path.rsplit(self.delimiter, 1)[0]

    @property
    def depth(self) -> int:
        return self.path.count(self.delimiter) if self.delimiter else 0


@dataclass(frozen=True, slots=True)
class ServerFolder:
    """A folder as LIST told it. `raw` is its name on the wire, to be sent back as it came.
    Counters are None when the server did not say (LIST-STATUS, RFC 5819)."""

    path: str
    raw: bytes
    delimiter: str
    role: Role | None = None
    selectable: bool = True
    messages: int | None = None
    unseen: int | None = None
    uidnext: int | None = None
    uidvalidity: int | None = None
    highestmodseq: int | None = None


@dataclass(frozen=True, slots=True)
class FolderState:
    """How far the local copy of a folder has got, in the server's words (RFC 9051 §2.3.1.1,
    RFC 7162). `low_uid` is the smallest UID that the index has reached on its way back (0: it has
    not begun); `complete` says that nothing older is left."""

    uidvalidity: int = 0
    uidnext: int = 0
    highestmodseq: int = 0
    exists: int = 0
    low_uid: int = 0
    complete: bool = False
