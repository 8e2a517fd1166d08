"""The account service as a command uses it: an intent goes out, then events are read in order."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeVar

from mailtui.config.paths import Paths, ensure
from mailtui.model.event import Event, LinkLost
from mailtui.model.intent import Intent
from mailtui.model.trouble import Unreachable

if TYPE_CHECKING:
    from mailtui.link.client import Client

_T = TypeVar("_T")


class Front:
    """A link and the events that came over it and were not read yet."""

    def __init__(self, client: "Client") -> None:
        self._client = client
        self._events: asyncio.Queue[Event] = asyncio.Queue()
        client.on_event = self._events.put_nowait

    async def submit(self, intent: Intent) -> None:
        """Hand the intent over. Raises the trouble when it is refused."""
        ack = await self._client.submit(intent)
        if ack.refusal is not None:
            raise ack.refusal

    async def event(self, patience: float | None = None) -> Event | None:
        """The next event, None when none comes within `patience` seconds. Raises Unreachable when
        there will be none: the service is gone and could not be had again."""
        try:
            async with asyncio.timeout(patience):
                event = await self._events.get()
        except TimeoutError:
            return None
        if isinstance(event, LinkLost) and not event.restarted:
            raise Unreachable(event.what or "The account service can't be reached.")
        return event


@asynccontextmanager
async def front(paths: Paths) -> AsyncIterator[Front]:
    """The link to the profile's service, which is started if it does not run. Raises a Trouble."""
    from mailtui.link.client import connect
    from mailtui.link.starting import service_command, starter

    ensure(paths)
    command = service_command(paths.config, paths.data, paths.state, paths.runtime)
    client = await connect(paths.socket, starter(command))
    try:
        yield Front(client)
    finally:
        await client.close()


def complete(work: Callable[[], Coroutine[object, object, _T]]) -> _T:
    """Run a command's asynchronous part to its end."""
    return asyncio.run(work())
