"""How a front gets hold of the account service: by its socket, starting it if nobody listens.

Safe against two fronts doing so at once, and against a service that is about to end.
"""

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Protocol

from mailtui.link.codec import encode
from mailtui.link.wire import LONGEST, StreamWire, Wire
from mailtui.model.intent import StopService
from mailtui.model.trouble import Garbled, Refused, Trouble, Unreachable

_PAUSE = 0.03  # seconds between two looks
_ATTEMPTS = 3  # of a service that ends as soon as it is started, without saying that it must
_AGAIN = 0.5  # seconds before another start when the one before found another service at work


class Process(Protocol):
    """A service that was started (link/starting.py)."""

    @property
    def running(self) -> bool: ...

    def trouble(self) -> Trouble | None: ...


class Dial:
    """Calling it gives a wire whose handshake is done. `pid` is the service's process then.

    Raises a Trouble when no service can be had within `patience` seconds.
    """

    def __init__(
        self, socket: Path, start: Callable[[], Process | None], version: str, patience: float = 20.0
    ) -> None:
        self._socket = socket
        self._start = start
        self._version = version
        self._patience = patience
        self._process: Process | None = None  # on its way
        self._serving: Process | None = None  # kept, so that its end is noticed by the system
        self._replacements = 3  # a front that is there already may start its version in between
        self._started = -_AGAIN
        self._failures = 0
        self.pid = 0

    async def __call__(self) -> Wire:
        deadline = time.monotonic() + self._patience
        while time.monotonic() < deadline:
            wire = await self._knock()
            if wire is None:
                await self._see_to_it()
            elif await self._greet(wire):
                return wire
            await asyncio.sleep(_PAUSE)
        raise Unreachable("The account service does not answer.", "Its log may say why.")

    async def _knock(self) -> Wire | None:
        try:
            streams = await asyncio.open_unix_connection(self._socket, limit=LONGEST)
        except OSError:
            return None
        return StreamWire(*streams)

    async def _see_to_it(self) -> None:
        """Start a service unless the one we started is still on its way."""
        if self._process is not None and self._process.running:
            return
        trouble = self._process.trouble() if self._process is not None else None
        self._process = None
        if trouble is not None:
            self._failures += 1
            if self._failures == _ATTEMPTS or not isinstance(trouble, Unreachable):
                self._failures = 0
                raise trouble
        if time.monotonic() - self._started >= _AGAIN:
            self._started = time.monotonic()
            self._process = await asyncio.to_thread(self._start)

    async def _greet(self, wire: Wire) -> bool:
        """Whether this is a service of our version. One of another version is asked to end, but only
        by a front that comes new: else two fronts would end each other's services for ever."""
        try:
            hello = await asyncio.wait_for(wire.read(), self._patience)
        except (TimeoutError, Garbled):
            hello = {}
        if hello is None:
            wire.close()
            return False
        if hello.get("hello") == self._version:
            self.pid = int(hello.get("pid", 0))
            self._started = -_AGAIN
            self._replacements = self._failures = 0
            self._serving, self._process = self._process or self._serving, None
            return True
        if not self._replacements:
            wire.close()
            raise Refused("Another version of mailtui was started.", "Quit this one and start it again.")
        self._replacements -= 1
        await end(wire)
        return False


async def end(wire: Wire, patience: float = 15.0) -> None:
    """Ask a service to end, and wait until it hung up."""
    await wire.write({"id": uuid.uuid4().hex, "intent": encode(StopService())})

    async def gone() -> None:
        try:
            while await wire.read() is not None:
                pass
        except Garbled:
            return

    try:
        await asyncio.wait_for(gone(), patience)
    except TimeoutError:
        raise Unreachable(
            "The account service of another version of mailtui does not end.", "Close that one first."
        ) from None
    finally:
        wire.close()


Dialer = Callable[[], Awaitable[Wire]]
