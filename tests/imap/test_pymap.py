"""The demo's server is one more that is neither Dovecot nor perfect."""

import asyncio
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from mailtui.demo.interface import User
from mailtui.demo.servers import EmbeddedServers
from mailtui.imap import (
    content,
    flags,
    folders,
    index,
    managing,
    moving,
    searching,
    selecting,
    structure,
    watching,
)
from mailtui.imap.connection import Connection
from mailtui.imap.types import Exists
from mailtui.model.account import Security, Server
from mailtui.model.folder import Role
from mailtui.model.message import Flag
from mailtui.model.query import Field, Query, Term
from mailtui.model.secret import Secret
from tests.imap.opening import crlf, message

ADDRESS, PASSWORD = "robin@demo.example", "only for this test"
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture
def demo() -> Iterator[tuple[EmbeddedServers, asyncio.AbstractEventLoop]]:
    loop = asyncio.new_event_loop()
    servers = EmbeddedServers(
        [User(ADDRESS, ("Sent", "Trash", "書類"), {"Sent": "Sent", "Trash": "Trash"})], PASSWORD
    )
    loop.run_until_complete(servers.start())
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    yield servers, loop
    asyncio.run_coroutine_threadsafe(servers.stop(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()


def test_everything_a_session_does(demo: tuple[EmbeddedServers, asyncio.AbstractEventLoop]) -> None:
    servers, loop = demo

    async def deliver(number: int) -> None:
        servers.append(ADDRESS, "INBOX", crlf(message(number)), ["\\Seen"] if number % 2 else [], NOON)

    for number in range(1, 6):
        asyncio.run_coroutine_threadsafe(deliver(number), loop).result(10)
    conn = Connection.open(Server("127.0.0.1", servers.imap_port, Security.NONE, ADDRESS), Secret(PASSWORD))
    found = {folder.path: folder for folder in folders.list_folders(conn)}
    assert found["Sent"].role is Role.SENT
    assert found["INBOX"].messages == 5
    selected = selecting.select(conn, b"INBOX")
    assert selected.exists == 5
    uids = list(searching.all_uids(conn))
    (rows,) = index.fetch_index(conn, [uids])
    assert [row.uid for row in rows] == list(reversed(uids))
    assert rows[0].received == int(NOON.timestamp())
    assert structure.parse(rows[0].structure).type == "text/plain"
    assert content.fetch_parts(conn, uids[2], ["1"])["1"].strip() == b"Body 3"
    assert searching.search(conn, Query(Term(Field.SUBJECT, "number 2"))) == [uids[1]]
    flags.store_flags(conn, [uids[0]], add=Flag.FLAGGED, add_keywords=["$Forwarded"])
    assert list(flags.flag_sets(conn)[Flag.FLAGGED]) == [uids[0]]
    raw = managing.create(conn, "Büro/2026")
    moved = moving.move(conn, uids[:2], raw)
    assert moved.mapping is not None
    assert not moved.left
    assert moving.destroy(conn, uids[2:3])
    assert list(searching.all_uids(conn)) == uids[3:]
    conn.take_pushes()
    threading.Timer(0.1, lambda: asyncio.run_coroutine_threadsafe(deliver(9), loop)).start()
    for batch in watching.idle(conn, seconds=20):
        if any(isinstance(push, Exists) for push in batch):
            conn.wake()
    (new,) = index.since(conn, uids[-1] + 1)
    assert b"number 9" in new.header
    conn.logout()
