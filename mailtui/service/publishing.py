"""Tells every front what came true: from any thread, merged, at most some twenty-five times a second."""

import asyncio
from collections.abc import Callable, Iterable
from threading import Lock

from mailtui.link.backlog import Backlog
from mailtui.link.server import Callback
from mailtui.model.event import (
    ActivityReported,
    Event,
    FolderChanged,
    FoldersChanged,
    PartProgressed,
    QueueChanged,
    SyncProgressed,
)

_PAUSE = 0.04  # seconds between two deliveries of what can wait
_CAN_WAIT = (
    ActivityReported,
    FolderChanged,
    FoldersChanged,
    PartProgressed,
    QueueChanged,
    SyncProgressed,
)


class Publisher:
    """Belongs to an event loop; `publish` may be called from anywhere. What somebody waits for is
    delivered at once, and everything published before it with it."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._lock = Lock()
        self._backlog = Backlog()
        self._callbacks: list[Callback] = []
        self._called = False
        self._timer: asyncio.TimerHandle | None = None
        self._last = 0.0

    def publish(self, events: Iterable[Event]) -> None:
        urgent = False
        with self._lock:
            for event in events:
                self._backlog.add(event)
                urgent |= not isinstance(event, _CAN_WAIT)
            if self._called and not urgent:
                return
            self._called = True
        try:
            self._loop.call_soon_threadsafe(self._deliver if urgent else self._soon)
        except RuntimeError:
            return  # the loop has ended, and with it everybody who listened

    def subscribe(self, callback: Callback) -> Callable[[], None]:
        """On the loop. The result ends it."""
        self._callbacks.append(callback)
        return lambda: self._callbacks.remove(callback)

    def _soon(self) -> None:
        """At once after a quiet time, else when the pause is over."""
        if self._timer is None:
            rest = self._last + _PAUSE - self._loop.time()
            self._timer = self._loop.call_later(max(rest, 0), self._deliver)

    def _deliver(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        with self._lock:
            events = self._backlog.take()
            self._called = False
        self._last = self._loop.time()
        for event in events:
            for callback in list(self._callbacks):
                callback(event)
