"""Keys in order: one goes on only when all that came of the last one is there, so that what is typed
ahead reaches what it was meant for and never what lies behind.

Textual would hand everything that it reads at once to the widget that has the focus at that moment.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any

from textual import events
from textual.app import App, ScreenStackError
from textual.screen import Screen

Typed = events.Key | events.Paste

LIMIT = 3.0  # seconds for which one key may hold back those after it: nothing is held for ever
REST = 0.03  # seconds for which the picture comes first, while nobody waits
_ROUND = 0.5  # seconds after which a round begins anew: a widget that went may have taken it along


class Work:
    """What a key has begun and what takes its time. Once it has opened a screen it waits for the user."""

    def __init__(self, depth: int) -> None:
        self.depth = depth  # of the stack of screens when it began
        self.screens: list[Screen[Any]] = []


_at_work: ContextVar[Work | None] = ContextVar("_at_work", default=None)


class Typeahead:
    """Holds what was typed until the application is ready for it."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._waiting: deque[Typed] = deque()
        self._works: set[Work] = set()
        self._changed = asyncio.Event()  # a work ended or opened a screen
        self._more = asyncio.Event()  # something waits
        self._settling: asyncio.Task[None] | None = None

    @property
    def idle(self) -> bool:
        """Whether all that was typed has done what it does."""
        return self._settling is None

    def holds(self, event: Typed) -> bool:
        """Whether this has to wait; it is posted to the application again when its turn has come."""
        held = self._settling is not None or not self._mounted
        if held:
            self._waiting.append(event)
            self._more.set()
        if self._settling is None:
            self._settling = asyncio.create_task(self._go_on())
        return held

    # what takes its time

    def follow(self, work: Awaitable[None]) -> Awaitable[None]:
        """The same work; keys wait until it ends or asks the user something."""
        mine = Work(len(self._app.screen_stack))
        self._works.add(mine)

        async def followed() -> None:
            with self._followed(mine):
                await work

        return followed()

    @contextmanager
    def _followed(self, work: Work) -> Iterator[None]:
        token = _at_work.set(work)
        try:
            yield
        finally:
            _at_work.reset(token)
            self._works.discard(work)
            self._changed.set()

    def opened(self, screen: Screen[Any]) -> None:
        """Another screen is on top: if a work has put it there, that waits for the user."""
        work = _at_work.get()
        if work is not None and len(self._app.screen_stack) > work.depth:
            work.screens.append(screen)
            self._changed.set()

    def _under_way(self) -> bool:
        stack = self._app.screen_stack
        return any(not any(screen in stack for screen in work.screens) for work in self._works)

    # one after the other

    async def _go_on(self) -> None:
        try:
            await self._rest()
            await self._settle()
            while self._waiting:
                event = self._waiting.popleft()
                self._app.call_later(self._release, event)
                await self._settle()
        except ScreenStackError:  # the program ends
            self._waiting.clear()
        finally:
            self._settling = None
            self._more.clear()

    async def _rest(self) -> None:
        """Nobody may ever wait for what this finds out: the key itself has gone on."""
        with suppress(TimeoutError):
            async with asyncio.timeout(REST):
                await self._more.wait()

    async def _release(self, event: Typed) -> None:
        await App.on_event(self._app, event)

    async def _settle(self) -> None:
        try:
            async with asyncio.timeout(LIMIT):
                await self._quiet()
        except TimeoutError:
            self._works.clear()  # whatever that was, it does not hold the next key too

    async def _quiet(self) -> None:
        """Until nothing differs any more between two rounds: what a handler posts or calls later is
        behind one round and before the next."""
        before: object = None
        while True:
            passed = await self._round()
            while self._under_way():
                self._changed.clear()
                await self._changed.wait()
            after = self._app.screen, self._app.focused
            if passed and after == before and self._mounted:
                return
            before = after

    async def _round(self) -> bool:
        """Go the way of a key: behind all that waits for the application, for the widget with the
        focus, for each thing around that, and for the application once more."""
        app = self._app
        try:
            async with asyncio.timeout(_ROUND):
                await self._behind(app)
                for node in (app.focused or app.screen).ancestors_with_self:
                    await self._behind(node)
        except TimeoutError:
            return False
        return True

    async def _behind(self, node: Any) -> None:
        """Until what was posted to a node up to now is done; at once if it is on its way out."""
        passed = asyncio.Event()
        if node.call_later(passed.set):
            await passed.wait()

    @property
    def _mounted(self) -> bool:
        return self._app.screen.is_mounted
