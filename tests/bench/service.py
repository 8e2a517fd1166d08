"""The account service against a real Dovecot: index into store and full text, clicks, attachments.

`python -m tests.bench.service [--quick]` starts a whole service process and measures as a front would.
"""

import asyncio
import base64
import os
import random
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TypeVar

from mailtui.config.paths import Paths, ensure
from mailtui.config.writing import add_account
from mailtui.link.client import Client, connect
from mailtui.link.starting import Started, service_command, starter
from mailtui.model.event import (
    BodyArrived,
    Event,
    NewMail,
    PartArrived,
    PartFailed,
    PartProgressed,
    SyncEnded,
)
from mailtui.model.folder import Folder, Role
from mailtui.model.intent import (
    CancelFetch,
    ChangeFlags,
    FetchBody,
    FetchPart,
    ShowFolder,
    StopService,
    Synchronise,
)
from mailtui.model.message import Flag
from mailtui.store.reading import Reader
from tests.bench.index import message
from tests.bench.measuring import Measured, quantile, quick, tell
from tests.servers.dovecot import Dovecot, User
from tests.service.running import account_of

_E = TypeVar("_E", bound=Event)
_ATTACHMENT = 25_000_000
_CLICKS = 40


class Front:
    """A front that times what it waits for."""

    def __init__(self, paths: Paths) -> None:
        self.paths = paths
        self.client: Client
        self.pid = 0
        self._heard: list[tuple[float, Event]] = []

    async def open(self) -> None:
        paths = self.paths
        begin = starter(service_command(paths.config, paths.data, paths.state, paths.runtime))

        def start() -> Started:
            process = begin()
            self.pid = process.pid
            return process

        self.client = await connect(paths.socket, start)
        self.client.on_event = lambda event: self._heard.append((time.perf_counter(), event))

    def mark(self) -> int:
        """Now, for `wait`."""
        return len(self._heard)

    async def wait(self, kind: type[_E], mark: int = 0) -> tuple[float, _E]:
        """When the first event of a kind since `mark` came, and the event."""
        for _ in range(300_000):
            for moment, event in self._heard[mark:]:
                if isinstance(event, kind):
                    return moment, event
            await asyncio.sleep(0.002)
        raise AssertionError(f"no {kind.__name__}")


def big_message() -> bytes:
    encoded = base64.encodebytes(os.urandom(_ATTACHMENT))
    return (
        b"From: a@example.test\nSubject: big\nMessage-ID: <big@example.test>\nMIME-Version: 1.0\n"
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nHi\n"
        b"--b\nContent-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\n"
        + encoded
        + b"--b--\n"
    )


def profile(dovecot: Dovecot, user: User, root: Path) -> Paths:
    paths = Paths.below(root)
    paths.config.mkdir(parents=True)
    add_account(paths.settings, account_of(dovecot, user))
    ensure(paths)
    return paths


async def index(front: Front, count: int, how: str) -> None:
    """Everything from the sign-in on, with nothing else to do."""
    await front.open()
    begun = time.perf_counter()
    await front.client.submit(Synchronise())
    ended, event = await front.wait(SyncEnded)
    assert not event.trouble, event.trouble
    what = f"index of {count:,} into store and full text, {how}"
    tell(Measured(what, count / (ended - begun), "msg/s", 10_000, at_least=True))
    await front.client.submit(StopService())
    await front.client.close()


async def measure(front: Front, dovecot: Dovecot, user: User) -> None:
    begun = time.perf_counter()
    await front.open()
    tell(Measured("service process: start → first answer", (time.perf_counter() - begun) * 1000, "ms"))
    inbox = await first_rows(front, begun)
    await clicks(front, inbox, "text not yet here, during the index (loopback)", 30)
    _, event = await front.wait(SyncEnded)
    assert not event.trouble, event.trouble
    await quiet_round(front)
    await front.client.submit(ShowFolder(inbox.id))
    await clicks(front, inbox, "text not yet here (loopback)", 15)
    await acknowledged(front, inbox)
    await push(front, dovecot, user)
    await attachment(front)
    tell(Measured("service: resident memory", memory(front.pid), "MiB"))
    await front.client.submit(StopService())
    await front.client.close()


async def first_rows(front: Front, begun: float) -> Folder:
    await front.client.submit(Synchronise())
    while True:
        await asyncio.sleep(0.005)
        if front.paths.store.exists():
            with Reader(front.paths.store) as reader:
                inbox = reader.role("work", Role.INBOX)
                if inbox is not None and reader.window(inbox.id, 100):
                    what = "start of the service → first rows of a never-seen inbox"
                    tell(Measured(what, (time.perf_counter() - begun) * 1000, "ms"))
                    return inbox


async def clicks(front: Front, inbox: Folder, what: str, budget: float) -> None:
    """The newest messages without a text, one after the other."""
    with Reader(front.paths.store) as reader:
        rows = [row.id for row in reader.window(inbox.id, 500) if reader.body(row.id) is None]
    times = []
    for ident in rows[:_CLICKS]:
        mark, begun = front.mark(), time.perf_counter()
        await front.client.submit(FetchBody(ident))
        moment, event = await front.wait(BodyArrived, mark)
        assert event.message == ident
        times.append((moment - begun) * 1000)
    tell(Measured(f"{what}, median", statistics.median(times), "ms", budget))
    tell(Measured(f"{what}, p95", quantile(times, 0.95), "ms"))


async def quiet_round(front: Front) -> None:
    mark, begun = front.mark(), time.perf_counter()
    await front.client.submit(Synchronise())
    moment, _ = await front.wait(SyncEnded, mark)
    tell(Measured("a round without changes", (moment - begun) * 1000, "ms"))


async def acknowledged(front: Front, inbox: Folder) -> None:
    with Reader(front.paths.store) as reader:
        ids = [row.id for row in reader.window(inbox.id, 200)]
    times = []
    for ident in ids:
        begun = time.perf_counter()
        await front.client.submit(ChangeFlags((ident,), add=Flag.FLAGGED))
        times.append((time.perf_counter() - begun) * 1000)
    tell(Measured("a flag: submitted → durable and acknowledged, median", statistics.median(times), "ms", 16))
    tell(Measured("a flag: submitted → durable and acknowledged, p99", quantile(times, 0.99), "ms", 50))


async def push(front: Front, dovecot: Dovecot, user: User) -> None:
    """Dovecot waits half a second before it tells (its own delay)."""
    times = []
    for number in range(3):
        source = message(10_000_000 + number, random.Random(number)).replace(b"\n", b"\r\n")
        mark, begun = front.mark(), time.perf_counter()
        await asyncio.to_thread(dovecot.append, user, "INBOX", source)
        moment, _ = await front.wait(NewMail, mark)
        times.append((moment - begun) * 1000)
    tell(
        Measured("another program's APPEND → in the local copy, median", statistics.median(times), "ms", 600)
    )


async def attachment(front: Front) -> None:
    with Reader(front.paths.store) as reader:
        folder = next(one for one in reader.folders("work") if one.path == "Big")
        ident = reader.window(folder.id, 1)[0].id
    before = peak(front.pid)
    mark = front.mark()
    await front.client.submit(FetchPart(ident, "2"))
    await front.wait(PartProgressed, mark)
    stopped = time.perf_counter()
    await front.client.submit(CancelFetch(ident, "2"))
    moment, _ = await front.wait(PartFailed, mark)
    tell(Measured("download: stop → stopped", (moment - stopped) * 1000, "ms", 100))
    mark, begun = front.mark(), time.perf_counter()
    await front.client.submit(FetchPart(ident, "2"))
    moment, _ = await front.wait(PartArrived, mark)
    tell(Measured("25 MB attachment into a file (loopback)", moment - begun, "s"))
    tell(Measured("25 MB attachment: extra peak memory", peak(front.pid) - before, "MiB", 5))


def memory(pid: int) -> float:
    return _status(pid, "VmRSS:")


def peak(pid: int) -> float:
    return _status(pid, "VmHWM:")


def _status(pid: int, name: str) -> float:
    """Linux only; elsewhere our own."""
    file = Path(f"/proc/{pid}/status")
    if not file.exists():
        return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    line = next(line for line in file.read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) / 1024


def main() -> int:
    count = 5_000 if quick() else 20_000
    dice = random.Random(1)
    with Dovecot() as dovecot, tempfile.TemporaryDirectory(prefix="mailtui-") as root:
        user = dovecot.new_user()
        dovecot.seed(user, "INBOX", ((message(number, dice), []) for number in range(count)))
        dovecot.seed(user, "Big", [(big_message(), [])])
        os.environ["MAILTUI_PASSWORD_WORK"] = user.password
        for how in ("cold", "warm"):  # by what the server remembers of the headers
            asyncio.run(index(Front(profile(dovecot, user, Path(root, how))), count, how))
        asyncio.run(measure(Front(profile(dovecot, user, Path(root, "clicks"))), dovecot, user))
    return 0


if __name__ == "__main__":
    sys.exit(main())
