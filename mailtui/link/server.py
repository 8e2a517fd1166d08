"""The service's end of the link: takes intents of any number of fronts, hands out events to all."""

import asyncio
import contextlib
import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from mailtui.link.ack import Ack
from mailtui.link.backlog import Backlog
from mailtui.link.codec import decode_intent, encode, encode_trouble
from mailtui.link.wire import LONGEST, Frame, StreamWire, Wire
from mailtui.model.event import Event
from mailtui.model.intent import Intent
from mailtui.model.trouble import Garbled, Refused, Trouble

_log = logging.getLogger(__name__)

Callback = Callable[[Event], None]


class Service(Protocol):
    """What is served. All calls come on the event loop."""

    async def handle(self, intent_id: str, intent: Intent) -> Ack:
        """Answers a durable intent once it is written down. Called in the order of a front's
        submissions, without waiting for the answer of the one before."""

    def subscribe(self, callback: Callback) -> Callable[[], None]:
        """Tells `callback` the state of each account at once, then every event; the result ends it."""


class Session:
    """One front."""

    def __init__(self, wire: Wire, service: Service, version: str) -> None:
        self._wire = wire
        self._service = service
        self._version = version
        self._backlog = Backlog()
        self._news = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Until the front is gone."""
        await self._wire.write({"hello": self._version, "pid": os.getpid()})
        unsubscribe = self._service.subscribe(self._heard)
        delivery = asyncio.create_task(self._deliver())
        try:
            while (frame := await self._read()) is not None:
                task = asyncio.create_task(self._serve(frame))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
        finally:
            unsubscribe()
            delivery.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await delivery
            self._wire.close()

    async def flush(self) -> None:
        """Deliver what waits, if the front still reads."""
        await self._wire.write(*({"event": encode(event)} for event in self._backlog.take()))

    async def _read(self) -> Frame | None:
        try:
            return await self._wire.read()
        except Garbled as trouble:
            _log.warning("A front was cut off: %s", trouble.what)
            return None

    async def _serve(self, frame: Frame) -> None:
        intent_id = frame.get("id")
        if not isinstance(intent_id, str) or not 0 < len(intent_id) <= 100:
            _log.warning("A front sent something that is no intent.")
            return
        ack = await self._answer(intent_id, frame.get("intent"))
        await self._wire.write({"ack": intent_id, "trouble": encode_trouble(ack.refusal)})

    async def _answer(self, intent_id: str, data: object) -> Ack:
        try:
            return await self._service.handle(intent_id, decode_intent(data))
        except Trouble as trouble:
            return Ack(intent_id, trouble)
        except Exception:  # noqa: BLE001 - a fault must neither end the service nor leave the front waiting
            _log.exception("An intent failed.")
            return Ack(intent_id, Refused("Something went wrong inside mailtui.", "Its log says what."))

    def _heard(self, event: Event) -> None:
        self._backlog.add(event)
        self._news.set()

    async def _deliver(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            await self.flush()


class LinkServer:
    """Listens; `fronts` is how many are connected, `changed` is called when that differs."""

    def __init__(self, service: Service, version: str, changed: Callable[[], None]) -> None:
        self._service = service
        self._version = version
        self._changed = changed
        self._sessions: set[Session] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    @property
    def fronts(self) -> int:
        return len(self._sessions)

    async def listen(self, socket: Path) -> None:
        """Take over the socket's path: the caller holds the profile's lock, so whatever is there is
        left from a service that died. The directory must be the user's alone."""
        with contextlib.suppress(FileNotFoundError):
            socket.unlink()
        self._server = await asyncio.start_unix_server(self._accepted, socket, limit=LONGEST)
        socket.chmod(0o600)

    async def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        session = Session(StreamWire(reader, writer), self._service, self._version)
        self._sessions.add(session)
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
        self._changed()
        try:
            await session.run()
        finally:
            self._sessions.discard(session)
            if task is not None:
                self._tasks.discard(task)
            self._changed()

    async def close(self) -> None:
        """Hear no new front, deliver what waits (a second at most), then hang up."""
        if self._server is not None:
            self._server.close()
        flushing = [asyncio.create_task(session.flush()) for session in self._sessions]
        if flushing:
            await asyncio.wait(flushing, timeout=1)
        for task in list(self._tasks):
            task.cancel()
        if self._tasks:
            await asyncio.wait(list(self._tasks), timeout=1)
