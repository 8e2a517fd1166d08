"""What a line to a server carries: a large attachment into a file of the service, and an index, each with
and without compression.

`python -m tests.bench.attachment [--quick]` starts a whole service process for each line. A server deflates
at some 30 MB/s with a free core, so on a much faster line, or a busy machine, compression costs time.
"""

import asyncio
import os
import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from mailtui.config.paths import Paths, ensure
from mailtui.config.writing import add_account
from mailtui.imap import selecting
from mailtui.imap.connection import Connection
from mailtui.imap.index import fetch_index
from mailtui.model.account import Security, Server
from mailtui.model.event import PartArrived, PartFailed, PartProgressed, SyncEnded
from mailtui.model.intent import CancelFetch, FetchPart, StopService, Synchronise
from mailtui.model.secret import Secret
from mailtui.store.reading import Reader
from tests.bench.index import message, windows
from tests.bench.measuring import Measured, quick, tell
from tests.bench.service import Front, big_message, memory, peak
from tests.servers.dovecot import Dovecot, User
from tests.servers.proxy import Proxy
from tests.service.running import account_of

_DELAY = 0.04  # seconds each way: 80 ms there and back
_RATE = 6_250_000  # octets per second: 50 Mbit/s
_CUTS = 2


@dataclass(frozen=True, slots=True)
class Line:
    """A way to the server."""

    name: str
    delay: float
    rate: float | None


LINES = (Line("loopback", 0, None), Line("80 ms, 50 Mbit/s", _DELAY, _RATE))


async def attachment(dovecot: Dovecot, user: User, line: Line, root: Path, compressed: str) -> None:
    """25 MB, 34 MB in base64; a line other than loopback is a proxy."""
    with Proxy(dovecot.imap) as proxy:
        paths = Paths.below(root)
        paths.config.mkdir(parents=True)
        account = account_of(dovecot, user)
        port = dovecot.imap if line.rate is None else proxy.port
        add_account(paths.settings, replace(account, imap=replace(account.imap, port=port)))
        ensure(paths)
        front = Front(paths)
        await front.open()
        await front.client.submit(Synchronise())
        await front.wait(SyncEnded)
        with Reader(paths.store) as reader:
            folder = next(one for one in reader.folders("work") if one.path == "Big")
            ids = [row.id for row in reader.window(folder.id, 10)]
        proxy.delay, proxy.rate = line.delay, line.rate
        what = f"25 MB, {line.name}, {compressed}"
        await stopped(front, ids[0], what)
        await fetched(front, proxy, ids[1], line, what)
        if line.rate is not None:
            await cut(front, proxy, ids[2], what)
        await front.client.submit(StopService())
        await front.client.close()


async def stopped(front: Front, message: int, what: str) -> None:
    mark = front.mark()
    await front.client.submit(FetchPart(message, "2"))
    await front.wait(PartProgressed, mark)
    begun = time.perf_counter()
    await front.client.submit(CancelFetch(message, "2"))
    moment, _ = await front.wait(PartFailed, mark)
    tell(Measured(f"{what}: stop → stopped", (moment - begun) * 1000, "ms", 100))


async def fetched(front: Front, proxy: Proxy, message: int, line: Line, what: str) -> None:
    forget_peak(front.pid)
    before, down = memory(front.pid), proxy.down
    mark, begun = front.mark(), time.perf_counter()
    await front.client.submit(FetchPart(message, "2"))
    flowing, first = await front.wait(PartProgressed, mark)
    moment, event = await front.wait(PartArrived, mark)
    assert Path(event.path).stat().st_size == 25_000_000
    tell(Measured(f"{what}: time, from the key on", moment - begun, "s"))
    if line.rate is not None:
        tell(Measured(f"{what}: on the line", (proxy.down - down) / 1e6, "MB"))
        share = (first.total - first.done) / (moment - flowing) / line.rate
        tell(Measured(f"{what}: share of the line's rate", share * 100, "%", 90, at_least=True))
    tell(Measured(f"{what}: extra peak memory", peak(front.pid) - before, "MiB", 5))


async def cut(front: Front, proxy: Proxy, message: int, what: str) -> None:
    """The line breaks twice on the way; the front asks again when it is told to."""
    down, mark = proxy.down, front.mark()
    await front.client.submit(FetchPart(message, "2"))
    for number in range(1, _CUTS + 1):
        while proxy.down - down < number * 8_000_000:
            await asyncio.sleep(0.01)
        proxy.cut()
    while True:
        ended = asyncio.ensure_future(front.wait(PartArrived, mark))
        failed = asyncio.ensure_future(front.wait(PartFailed, mark))
        done, waiting = await asyncio.wait({ended, failed}, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()
        if ended in done:
            break
        await asyncio.sleep(0.5)
        mark = front.mark()
        await front.client.submit(FetchPart(message, "2"))
    tell(Measured(f"{what}: on the line, cut {_CUTS} times", (proxy.down - down) / 1e6, "MB"))


def forget_peak(pid: int) -> None:
    """Linux: measure the peak of a process from now on."""
    file = Path(f"/proc/{pid}/clear_refs")
    if file.exists():
        file.write_text("5")


def index(dovecot: Dovecot, user: User, count: int, compressed: str) -> None:
    """The header index of a folder: octets on the line, and how fast it comes without one."""
    for line in LINES:
        with Proxy(dovecot.imap, delay=line.delay) as proxy:
            proxy.rate = line.rate
            where = Server("localhost", proxy.port, Security.NONE, user.name)
            conn = Connection.open(where, Secret(user.password))
            selected = selecting.select(conn, b"INBOX")
            down, begun = proxy.down, time.perf_counter()
            rows = sum(map(len, fetch_index(conn, windows(range(1, selected.exists + 1)))))
            took = time.perf_counter() - begun
            assert rows == count
            what = f"index of {count:,}, {line.name}, {compressed}"
            tell(Measured(f"{what}: a message", (proxy.down - down) / count, "octets"))
            tell(Measured(f"{what}: rate", count / took, "msg/s"))
            conn.logout()


@contextmanager
def prepared(compress: bool, count: int) -> Iterator[tuple[Dovecot, User]]:
    """A server with an inbox that it has read before, as at delivery, and three large messages."""
    dice = random.Random(7)
    with Dovecot(compress=compress) as dovecot:
        user = dovecot.new_user()
        dovecot.seed(user, "INBOX", ((message(number, dice), []) for number in range(count)))
        dovecot.seed(user, "Big", [(big_message(), []) for _ in range(3)])
        with dovecot.other_client(user) as warm:
            for folder in ("INBOX", "Big"):
                warm.select(folder)
                warm.fetch("1:*", "(BODYSTRUCTURE BODY.PEEK[HEADER.FIELDS (FROM SUBJECT DATE TO CC)])")
        os.environ["MAILTUI_PASSWORD_WORK"] = user.password
        yield dovecot, user


def main() -> int:
    count = 1_000 if quick() else 5_000
    for compress in (False, True):
        compressed = "deflated" if compress else "plain"
        with prepared(compress, count) as (dovecot, user):
            index(dovecot, user, count, compressed)
            for line in LINES:
                with tempfile.TemporaryDirectory(prefix="mailtui-") as root:
                    asyncio.run(attachment(dovecot, user, line, Path(root), compressed))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
