"""The service against a mail store in memory, whose answers a test can bend, with short patience."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from mailtui.imap.connection import Connection
from mailtui.imap.types import WireLog
from mailtui.model.account import Account, Security, Server
from mailtui.model.address import Address
from mailtui.model.secret import Secret
from mailtui.service.outside import World
from mailtui.smtp.delivery import Delivery
from mailtui.store.reading import Reader
from tests.imap.opening import QUICK
from tests.servers.mailboxes import CAPABILITY, Mailboxes
from tests.servers.scripted import Scripted
from tests.service.running import WORLD, Running, message

HURRIED = replace(QUICK, greeting=2, login=2, silence=1, command=2, long=2)


def dial(server: Server, secret: Secret, log: WireLog | None) -> Connection:
    return Connection.open(server, secret, budgets=HURRIED, log=log)


TOY_WORLD: World = replace(WORLD, dial=dial, find_secret=lambda _: Secret("toy"), pause=0.02)


def world_that_sends(sent: list[bytes], during: Callable[[], None] = lambda: None) -> World:
    """An SMTP that always works; `during` is called when the message has left and the answer has not come."""

    async def send(
        server: Server,
        secret: Secret,
        sender: str,
        recipients: Sequence[str],
        source: bytes,
        *,
        hold_until: int = 0,
        log: Callable[[str], None] | None = None,
    ) -> Delivery:
        del server, secret, sender, hold_until, log
        sent.append(source)
        during()
        return Delivery(tuple(recipients))

    return replace(TOY_WORLD, send=send)


def mailboxes(count: int = 6) -> Mailboxes:
    """An inbox with numbered messages, whose bodies say their number, and the usual folders."""
    inbox = [message(n, body=f"This is body {n}.\r\n") for n in range(1, count + 1)]
    rest: dict[bytes, list[bytes]] = {name: [] for name in (b"Archive", b"Trash", b"Sent", b"Drafts")}
    return Mailboxes({b"INBOX": inbox, **rest})


def toy_account(server: Scripted, *, key: str = "work") -> Account:
    imap = Server("localhost", server.port, Security.NONE, "alice")
    smtp = Server("localhost", 1, Security.NONE, "alice")
    return Account(key, Address("Alice", "alice@example.test"), imap, smtp, files_sent=False)


class Toy:
    """`async with Toy(root, boxes) as it:`"""

    def __init__(
        self,
        root: Path,
        boxes: Mailboxes,
        *,
        world: World = TOY_WORLD,
        settle: bool = True,
        capability: bytes = CAPABILITY,
    ) -> None:
        self.server = boxes.server(capability=capability)
        self.running = Running(root, toy_account(self.server), world=world, settle=settle)

    async def __aenter__(self) -> Running:
        self.server.__enter__()
        return await self.running.__aenter__()

    async def __aexit__(self, *reason: object) -> None:
        try:
            await self.running.__aexit__(None, None, None)
        finally:
            self.server.__exit__(None, None, None)


def shown(it: Running) -> dict[str, list[str]]:
    """Message-IDs by folder as the local copy has them."""

    def ask(reader: Reader) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for folder in reader.folders("work"):
            messages = [reader.message(row.id) for row in reader.window(folder.id, 1000)]
            found[folder.path] = sorted(one.header.message_id for one in messages if one is not None)
        return found

    return it.read(ask)


async def agreed(it: Running, boxes: Mailboxes) -> None:
    """The local copy comes to have what the mail store has."""
    for _ in range(100):
        await it.synchronise()
        if it.waiting()[0] == 0 and shown(it) == boxes.there():
            return
        await asyncio.sleep(0.02)
    assert shown(it) == boxes.there()
    assert it.waiting()[0] == 0
