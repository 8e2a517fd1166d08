"""What the demo asks of its mail servers, so that the engine behind can be exchanged."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class User:
    """Someone who may sign in, by address. `folders` exist from the start, besides INBOX; `roles`
    gives some of them a special use (RFC 6154), for instance {"Sent": "Sent"}."""

    address: str
    folders: Sequence[str]
    roles: dict[str, str]


@dataclass(frozen=True, slots=True)
class Accepted:
    """A message that the SMTP server took on: the envelope and the bytes as they came."""

    sender: str
    recipients: tuple[str, ...]
    source: bytes


OnAccept = Callable[[Accepted], Awaitable[None]]


class MailServers(Protocol):
    """An IMAP and an SMTP server on loopback, in the running event loop.

    Both let the same users in with the same password. Mail that SMTP accepts goes to `on_accept`
    and nowhere else: what becomes of it is not the servers' business.
    """

    on_accept: OnAccept

    @property
    def imap_port(self) -> int: ...

    @property
    def smtp_port(self) -> int: ...

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    def append(
        self, user: str, folder: str, source: bytes, flags: Sequence[str], when: datetime, *, new: bool = True
    ) -> int:
        """File a message, making the folder if need be, and return its UID. Signed-in clients hear
        of it at once. `new` sets \\Recent."""
        ...
