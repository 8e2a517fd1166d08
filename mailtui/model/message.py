"""A message as the list and the message view know it."""

from dataclasses import dataclass
from enum import IntFlag

from mailtui.model.address import Address


class Flag(IntFlag):
    """The system flags of RFC 9051 §2.3.2 as bits. Keywords are kept apart, as text."""

    NONE = 0
    SEEN = 1
    ANSWERED = 2
    FLAGGED = 4
    DELETED = 8
    DRAFT = 16


FORWARDED = "$Forwarded"  # the keyword that mail clients agree on (RFC 5788 registry)


@dataclass(frozen=True, slots=True)
class Summary:
    """What a list row shows. Times are seconds since the epoch, UTC; size is in octets.

    `pending` is true while an operation on the message waits to be carried out on the server.
    """

    id: int
    account: str
    folder: int
    flags: Flag
    keywords: tuple[str, ...]
    received: int
    sender: Address
    recipients: str
    subject: str
    size: int
    attachments: bool
    pending: bool = False

    @property
    def unread(self) -> bool:
        return not self.flags & Flag.SEEN


@dataclass(frozen=True, slots=True)
class Header:
    """The decoded header fields that are indexed. `sent` is the Date field, 0 if unusable."""

    subject: str = ""
    senders: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    sent: int = 0
    message_id: str = ""  # with its angle brackets, as on the wire, control characters removed
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    list_id: str = ""
    list_post: str = ""
    list_unsubscribe: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One row of the local copy, whole. Its id stays the same when it moves."""

    summary: Summary
    header: Header
    uid: int | None  # None while a move or an append waits for the server
    trouble: str = ""  # why its headers could not be read, "" when they could


@dataclass(frozen=True, slots=True)
class Indexed:
    """One message of a folder as the server told it, ready for the store."""

    uid: int
    flags: Flag
    keywords: tuple[str, ...]
    received: int
    size: int
    header: Header
    structure: bytes = b""  # BODYSTRUCTURE, unparsed; parsed when the message is opened
    attachments: bool = False
    modseq: int = 0
    trouble: str = ""
