"""The embedded servers, running in a thread so that blocking clients can talk to them."""

import asyncio
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from imapclient import IMAPClient

from mailtui.demo.interface import Accepted, User
from mailtui.demo.servers import EmbeddedServers

ADDRESS = "robin@demo.example"
PASSWORD = "only for this test"
FOLDERS = ("Drafts", "Sent", "Archive", "Trash", "Lists/tides", "Entwürfe 2025", "書類")
ROLES = {"Drafts": "Drafts", "Sent": "Sent", "Archive": "Archive", "Trash": "Trash"}
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@dataclass
class Running:
    """The servers, and what SMTP accepted so far."""

    servers: EmbeddedServers
    loop: asyncio.AbstractEventLoop
    accepted: list[Accepted] = field(default_factory=list)

    def append(
        self, source: bytes, folder: str = "INBOX", flags: Sequence[str] = (), when: datetime = NOON
    ) -> int:
        async def do() -> int:
            return self.servers.append(ADDRESS, folder, source, flags, when)

        return asyncio.run_coroutine_threadsafe(do(), self.loop).result(10)

    def client(self) -> IMAPClient:
        client = IMAPClient("127.0.0.1", port=self.servers.imap_port, ssl=False, timeout=10)
        client.login(ADDRESS, PASSWORD)
        return client


@pytest.fixture
def demo() -> Iterator[Running]:
    loop = asyncio.new_event_loop()
    running = Running(EmbeddedServers([User(ADDRESS, FOLDERS, ROLES)], PASSWORD), loop)

    async def accept(mail: Accepted) -> None:
        running.accepted.append(mail)

    running.servers.on_accept = accept
    loop.run_until_complete(running.servers.start())
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    yield running
    asyncio.run_coroutine_threadsafe(running.servers.stop(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()
