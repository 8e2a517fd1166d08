"""A front and a service process: starting, dying, ending, versions, races."""

import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from mailtui.link.client import Client, connect
from mailtui.link.server import LinkServer
from mailtui.link.starting import Started, service_command, starter
from mailtui.model.event import Event, LinkLost
from mailtui.model.intent import Intent, SetOnline, ShowFolder, StopService, Synchronise
from mailtui.model.trouble import Refused, Unreachable
from tests.link.recorder import STATE, Recorder


class Place:
    """A profile: a socket, a lock, what its services wrote down, and the services started."""

    def __init__(self, root: Path) -> None:
        self.socket = root / "s"
        self.lock = root / "lock"
        self.diary = root / "diary"
        self.started: list[Started] = []

    def start(self, version: str = "1") -> Callable[[], Started]:
        words = [str(self.socket), str(self.lock), version, str(self.diary)]
        begin = starter([sys.executable, "-m", "tests.link.recorder", *words])

        def run() -> Started:
            self.started.append(begin())
            return self.started[-1]

        return run

    async def client(self, version: str = "1") -> tuple[Client, list[Event]]:
        client = await connect(self.socket, self.start(version), version=version)
        heard: list[Event] = []
        client.on_event = heard.append
        return client, heard

    def lines(self) -> list[list[str]]:
        return [line.split() for line in self.diary.read_text().splitlines()]

    def pids(self) -> set[int]:
        return {int(line[0]) for line in self.lines()}


@pytest.fixture
def place() -> Iterator[Place]:
    with tempfile.TemporaryDirectory(prefix="mailtui-") as root:
        place = Place(Path(root))
        yield place
        for started in place.started:
            if started.running:
                os.kill(started.pid, signal.SIGKILL)
            while started.running:
                pass
            started.trouble()


async def until(told: Callable[[], object]) -> None:
    for _ in range(1000):
        if told():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come true")


async def answer(promise: Awaitable[object]) -> object:
    return await asyncio.wait_for(promise, 20)


async def test_the_first_front_starts_a_service_that_outlives_it(place: Place) -> None:
    client, heard = await place.client()
    assert (await client.submit(ShowFolder(1))).refusal is None
    assert heard[:1] == [STATE]
    await client.close()
    again, _ = await place.client()
    await again.submit(StopService())
    await again.close()
    assert len(place.started) == 1
    assert len(place.pids()) == 1


async def test_two_fronts_at_once_get_one_service(place: Place) -> None:
    (one, _), (other, _) = await asyncio.gather(place.client(), place.client())
    await asyncio.gather(one.submit(ShowFolder(1)), other.submit(ShowFolder(2)))
    assert len(place.pids()) == 1
    await one.submit(StopService())
    await asyncio.gather(one.close(), other.close())


async def test_a_service_that_dies_is_replaced_and_the_intent_repeated(place: Place) -> None:
    client, heard = await place.client()
    await client.submit(ShowFolder(5))
    await client.submit(SetOnline("work", False))
    place.diary.write_text("")
    os.kill(place.started[0].pid, signal.SIGSTOP)
    waiting = asyncio.create_task(client.submit(ShowFolder(6), id="late"))
    await asyncio.sleep(0.05)
    os.kill(place.started[0].pid, signal.SIGKILL)
    os.kill(place.started[0].pid, signal.SIGCONT)
    assert (await asyncio.wait_for(waiting, 20)).refusal is None
    assert LinkLost(restarted=True) in heard
    kinds = [line[2] for line in place.lines()]
    assert sorted(kinds) == ["SetOnline", "ShowFolder", "ShowFolder"]
    assert "late" in [line[1] for line in place.lines()]
    await client.submit(StopService())
    await client.close()


async def test_the_second_death_within_a_minute_is_told_and_can_be_retried(place: Place) -> None:
    client, heard = await place.client()
    fate = asyncio.create_task(client.submit(Synchronise("die")))
    assert isinstance((await asyncio.wait_for(fate, 20)).refusal, Unreachable)
    await until(lambda: any(isinstance(event, LinkLost) and not event.restarted for event in heard))
    lost = [event for event in heard if isinstance(event, LinkLost)]
    assert [event.restarted for event in lost] == [True, False]
    assert lost[1].what
    assert len(place.pids()) == 2
    await client.retry()
    assert (await client.submit(ShowFolder(1))).refusal is None
    await client.submit(StopService())
    await client.close()


async def test_submitting_to_a_lost_service_tries_again(place: Place) -> None:
    client, heard = await place.client()
    await client.submit(Synchronise("die"))
    await until(lambda: any(isinstance(event, LinkLost) and not event.restarted for event in heard))
    assert (await client.submit(ShowFolder(1))).refusal is None
    await client.submit(StopService())
    await client.close()


async def test_a_service_that_ends_in_good_order_is_started_again_for_a_front_that_stays(
    place: Place,
) -> None:
    client, heard = await place.client()
    await client.submit(StopService())
    await until(lambda: LinkLost(restarted=True) in heard)
    assert (await client.submit(ShowFolder(1))).refusal is None
    assert len(place.pids()) == 2
    await client.submit(StopService())
    await client.close()


async def test_a_service_of_another_version_is_replaced(place: Place) -> None:
    old, _ = await place.client("1")
    await old.close()
    new, _ = await place.client("2")
    await new.submit(ShowFolder(1))
    assert [line[2] for line in place.lines()] == ["StopService", "ShowFolder"]
    await new.submit(StopService())
    await new.close()


async def test_two_versions_do_not_end_each_others_service_for_ever(place: Place) -> None:
    old, heard = await place.client("1")
    new, _ = await place.client("2")
    await until(lambda: any(isinstance(event, LinkLost) for event in heard))
    await asyncio.sleep(0.3)
    assert len(place.lines()) <= 3
    await asyncio.gather(old.close(), new.close())
    last = await connect(place.socket, place.start("2"), version="2")
    await last.submit(StopService())
    await last.close()


async def test_the_last_words_of_a_service_that_can_not_start_reach_the_front(place: Place) -> None:
    with pytest.raises(Refused, match="settings need a correction"):
        await connect(place.socket, place.start("broken"), version="broken")


async def test_without_any_service_connecting_gives_up(place: Place) -> None:
    with pytest.raises(Unreachable):
        await connect(place.socket, lambda: None, version="1", patience=0.2)


async def test_a_socket_left_by_a_dead_service_is_taken_over(place: Place) -> None:
    client, _ = await place.client()
    await client.close()
    os.kill(place.started[0].pid, signal.SIGKILL)
    await until(lambda: not place.started[0].running)
    assert place.socket.exists()
    again, _ = await place.client()
    await again.submit(StopService())
    await again.close()


async def test_nonsense_on_the_socket_harms_nobody(place: Place) -> None:
    recorder = Recorder()
    counts: list[int] = []
    server = LinkServer(recorder, "1", lambda: counts.append(server.fronts))
    await server.listen(place.socket)
    assert place.socket.stat().st_mode & 0o077 == 0
    for nonsense in (b"\xff\xfe\n", b"[]\n", b"{}\n", b'{"id":"x","intent":{"kind":"Exec"}}\n', b"[" * 9999):
        _, writer = await asyncio.open_unix_connection(place.socket)
        writer.write(nonsense)
        await writer.drain()
        await asyncio.sleep(0.02)
        writer.close()
    client = await connect(place.socket, lambda: None, version="1")
    assert (await client.submit(ShowFolder(1))).refusal is None
    assert list(recorder.taken.values()) == [ShowFolder(1)]
    await client.close()
    await until(lambda: server.fronts == 0)
    assert max(counts) >= 1
    await server.close()


async def test_an_unknown_intent_is_refused_by_name(place: Place) -> None:
    server = LinkServer(Recorder(), "1", lambda: None)
    await server.listen(place.socket)
    reader, writer = await asyncio.open_unix_connection(place.socket)
    writer.write(b'{"id":"x","intent":{"kind":"TeleportMessages"}}\n')
    lines = [await asyncio.wait_for(reader.readline(), 5) for _ in range(3)]
    assert any(b'"ack":"x"' in line and b"TeleportMessages" in line for line in lines)
    writer.close()
    await server.close()


def test_the_command_names_every_place(tmp_path: Path) -> None:
    command = service_command(tmp_path / "c", tmp_path / "d", tmp_path / "s", tmp_path / "r")
    assert command[1:4] == ["-m", "mailtui", "service"]
    assert command[4:] == [
        *("--config", str(tmp_path / "c"), "--data", str(tmp_path / "d")),
        *("--state", str(tmp_path / "s"), "--runtime", str(tmp_path / "r")),
    ]


def test_intents_have_no_field_that_only_one_end_knows() -> None:
    assert not Intent.__dataclass_fields__
