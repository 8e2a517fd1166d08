"""Tells fronts what goes on while one of them looks, a few times a second at most and only what differs."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from mailtui.model.event import ActivityReported, Event
from mailtui.model.intent import WATCHED
from mailtui.service.activity import Activity

_BEAT: Final = 0.25  # seconds between two looks


class Reporting:
    """Lives on the event loop."""

    def __init__(self, publish: Callable[[Iterable[Event]], None]) -> None:
        self._publish = publish
        self._last: dict[str, ActivityReported] = {}
        self._until = 0.0
        self._task: asyncio.Task[None] | None = None

    def watch(self, activities: Sequence[Activity]) -> None:
        """Somebody looks, from now on for WATCHED seconds; they hear everything once."""
        self._last.clear()
        self._look(activities)
        self._until = asyncio.get_running_loop().time() + WATCHED
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(activities))

    def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()

    async def _run(self, activities: Sequence[Activity]) -> None:
        while asyncio.get_running_loop().time() < self._until:
            await asyncio.sleep(_BEAT)
            self._look(activities)

    def _look(self, activities: Sequence[Activity]) -> None:
        reports = [activity.report() for activity in activities]
        news = [report for report in reports if self._last.get(report.account) != report]
        self._last.update((report.account, report) for report in news)
        if news:
            self._publish(news)
