"""The front's end of the link: submits intents until they are acknowledged, hears events.

A service that dies is started again unnoticed; if it dies again within a minute the front is told.
"""

import asyncio
import contextlib
import logging
import time
import uuid
from collections.abc import Callable
from pathlib import Path

from mailtui import __version__
from mailtui.link.ack import Ack
from mailtui.link.codec import decode_event, decode_trouble, encode
from mailtui.link.dialing import Dial, Dialer, Process
from mailtui.link.server import Service, Session
from mailtui.link.wire import Frame, Wire, line_of, memory_pair
from mailtui.model.event import Event, LinkLost, ServiceEnding
from mailtui.model.intent import Intent, SetOnline, ShowFolder
from mailtui.model.trouble import Garbled, Trouble, Unreachable

__all__ = ["Ack", "Client", "connect", "memory_link"]

_log = logging.getLogger(__name__)
_MINUTE = 60.0
_COURTESY = 0.3  # seconds in which whoever ended the service may start another version
_TOLERATED = {False: 1, True: 4}  # losses within a minute that are healed unnoticed; True: announced ones


class Client:
    """Made by `connect` or `memory_link`. Lives on one event loop.

    `on_event` is called there for every event. After LinkLost(restarted=True) events may be missing:
    read the store again. After LinkLost(restarted=False) nothing works until `retry()` did.
    """

    def __init__(self, dial: Dialer, clock: Callable[[], float]) -> None:
        self.on_event: Callable[[Event], None] = _ignore
        self._dial = dial
        self._clock = clock
        self._wire: Wire | None = None
        self._waiting: dict[str, tuple[Frame, asyncio.Future[Ack]]] = {}
        self._standing: dict[tuple[object, ...], Intent] = {}
        self._losses: list[tuple[float, bool]] = []
        self._lost: Trouble | None = None
        self._retrying = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    @property
    def connected(self) -> bool:
        return self._wire is not None

    async def open(self) -> None:
        """Raises a Trouble when no service can be had."""
        self._wire = await self._dial()
        self._lost = None
        self._task = asyncio.create_task(self._run(self._wire))

    async def submit(self, intent: Intent, *, id: str | None = None) -> Ack:  # noqa: A002 - the intent's id
        """Hand an intent over and wait for the answer: for durable intents, until it is written down.
        A lost link is bridged; a refusal of kind Unreachable says that it could not be."""
        intent_id = id or uuid.uuid4().hex
        self._keep(intent)
        frame: Frame = {"id": intent_id, "intent": encode(intent)}
        try:
            line_of(frame)
        except Garbled as trouble:
            return Ack(intent_id, trouble)
        if self._lost is not None:
            try:
                await self.retry()
            except Trouble as trouble:
                return Ack(intent_id, trouble)
        answer: asyncio.Future[Ack] = asyncio.get_running_loop().create_future()
        self._waiting[intent_id] = (frame, answer)
        if self._wire is not None:
            await self._wire.write(frame)
        try:
            return await answer
        finally:
            self._waiting.pop(intent_id, None)

    async def retry(self) -> None:
        """Try to get a service after LinkLost(restarted=False). Raises a Trouble."""
        async with self._retrying:
            if self._lost is None:
                return
            self._losses.clear()
            await self.open()
            if self._wire is not None:
                await self._resume(self._wire)

    async def close(self) -> None:
        """Let go of the service; it finishes what is durable by itself."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        if self._wire is not None:
            self._wire.close()
            self._wire = None
        self._fail(Unreachable("The link to the account service was closed."))

    def _keep(self, intent: Intent) -> None:
        """Remember what a service that is started anew must know."""
        if isinstance(intent, ShowFolder):
            self._standing[(ShowFolder,)] = intent
        elif isinstance(intent, SetOnline):
            self._standing[SetOnline, intent.account] = intent

    async def _run(self, wire: Wire | None) -> None:
        while wire is not None:
            announced = await self._listen(wire)
            self._wire = None
            wire.close()
            wire = await self._regain(announced)

    async def _listen(self, wire: Wire) -> bool:
        """Until the link is lost; whether the service said beforehand that it would end."""
        announced = False
        while True:
            try:
                frame = await wire.read()
                if frame is None:
                    return announced
                announced |= self._received(frame)
            except Garbled as trouble:
                _log.warning("The link is given up: %s", trouble.what)
                return False

    def _received(self, frame: Frame) -> bool:
        if "ack" in frame:
            _, answer = self._waiting.get(frame["ack"], (None, None))
            if answer is not None and not answer.done():
                answer.set_result(Ack(frame["ack"], decode_trouble(frame.get("trouble"))))
            return False
        event = decode_event(frame.get("event"))
        self._tell(event)
        return isinstance(event, ServiceEnding)

    async def _regain(self, announced: bool) -> Wire | None:
        now = self._clock()
        self._losses = [loss for loss in self._losses if now - loss[0] < _MINUTE]
        self._losses.append((now, announced))
        trouble: Trouble
        if sum(loss[1] == announced for loss in self._losses) > _TOLERATED[announced]:
            trouble = Unreachable("The account service stopped again and again.", "Its log may say why.")
        else:
            try:
                await asyncio.sleep(_COURTESY if announced else 0)
                self._wire = await self._dial()
            except Trouble as found:
                trouble = found
            else:
                await self._resume(self._wire)
                self._tell(LinkLost(restarted=True))
                return self._wire
        self._lost = trouble
        self._fail(trouble)
        self._tell(LinkLost(restarted=False, what=str(trouble)))
        return None

    async def _resume(self, wire: Wire) -> None:
        """Tell a new service what stands, then repeat what was not acknowledged, in order."""
        standing = [{"id": uuid.uuid4().hex, "intent": encode(intent)} for intent in self._standing.values()]
        await wire.write(*standing, *(frame for frame, _ in self._waiting.values()))

    def _fail(self, trouble: Trouble) -> None:
        for intent_id, (_, answer) in self._waiting.items():
            if not answer.done():
                answer.set_result(Ack(intent_id, trouble))

    def _tell(self, event: Event) -> None:
        try:
            self.on_event(event)
        except Exception:  # noqa: BLE001 - a fault of the front must not cut its link
            _log.exception("A front failed over an event.")


def _ignore(event: Event) -> None:
    """Nobody listens yet."""


async def connect(
    socket: Path,
    start: Callable[[], Process | None],
    *,
    version: str = __version__,
    clock: Callable[[], float] = time.monotonic,
    patience: float = 20.0,
) -> Client:
    """A client of the profile whose service listens at `socket`; `start` starts that service
    (link/starting.py). A service of another version is replaced. Raises a Trouble."""
    client = Client(Dial(socket, start, version, patience), clock)
    await client.open()
    return client


async def memory_link(service: Service, *, version: str = __version__) -> Client:
    """The same in one process, for tests: every intent and event goes through the codec."""
    sessions: set[asyncio.Task[None]] = set()

    async def dial() -> Wire:
        front, back = memory_pair()
        session = asyncio.create_task(Session(back, service, version).run())
        sessions.add(session)
        session.add_done_callback(sessions.discard)
        await front.read()  # the greeting
        return front

    client = Client(dial, time.monotonic)
    await client.open()
    return client
