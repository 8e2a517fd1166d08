"""A user's profile on disk with a service process of its own, and fronts that connect to it."""

import asyncio
from collections.abc import Callable

from mailtui.config.paths import Paths
from mailtui.link.client import Client, connect
from mailtui.link.starting import Started, service_command, starter
from mailtui.model.event import Event, SyncEnded
from mailtui.model.intent import Synchronise
from mailtui.store.reading import Reader


class Profile:
    """A user's profile on disk and the service processes started for it."""

    def __init__(self, paths: Paths) -> None:
        self.paths = paths
        self.started: list[Started] = []
        command = service_command(paths.config, paths.data, paths.state, paths.runtime)
        self._begin = starter(command)

    def start(self) -> Started:
        self.started.append(self._begin())
        return self.started[-1]

    async def front(self) -> tuple[Client, list[Event]]:
        client = await connect(self.paths.socket, self.start)
        heard: list[Event] = []
        client.on_event = heard.append
        return client, heard

    def reader(self) -> Reader:
        return Reader(self.paths.store)

    @property
    def pid(self) -> int:
        return self.started[-1].pid

    async def gone(self, seconds: float = 25) -> None:
        """Every service of the profile has ended by itself."""
        for _ in range(int(seconds * 50)):
            if not any(started.running for started in self.started):
                return
            await asyncio.sleep(0.02)
        raise AssertionError("the service did not end")


async def until(true: Callable[[], object], seconds: float = 25) -> None:
    for _ in range(int(seconds * 50)):
        if true():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not come true")


async def synchronised(client: Client, heard: list[Event]) -> None:
    mark = len(heard)
    await client.submit(Synchronise())
    await until(lambda: any(isinstance(event, SyncEnded) for event in heard[mark:]))
