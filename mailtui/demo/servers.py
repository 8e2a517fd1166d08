"""The engine of the demo: pymap for IMAP and aiosmtpd for SMTP, in the running event loop."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from mailtui.demo.interface import Accepted, OnAccept, User
from mailtui.demo.pymap_server import ImapServer
from mailtui.demo.smtp_server import SmtpServer


class EmbeddedServers:
    """A MailServers (see interface.py) on ephemeral ports of 127.0.0.1."""

    def __init__(self, users: Iterable[User], password: str) -> None:
        users = tuple(users)
        self._imap = ImapServer(users, password)
        self._smtp = SmtpServer((user.address for user in users), password, self._accepted)
        self.on_accept: OnAccept = _forget

    @property
    def imap_port(self) -> int:
        return self._imap.port

    @property
    def smtp_port(self) -> int:
        return self._smtp.port

    async def start(self) -> None:
        await self._imap.start()
        await self._smtp.start()

    async def stop(self) -> None:
        await self._smtp.stop()
        await self._imap.stop()

    def append(
        self, user: str, folder: str, source: bytes, flags: Sequence[str], when: datetime, *, new: bool = True
    ) -> int:
        return self._imap.append(user, folder, source, flags, when, new=new)

    async def _accepted(self, mail: Accepted) -> None:
        await self.on_accept(mail)


async def _forget(_mail: Accepted) -> None:
    return None
