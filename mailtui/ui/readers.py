"""The store for widgets: one read-only Reader on the loop for what takes no time, one in a thread.

A Reader belongs to one thread and the loop must not wait for long queries (law 9), hence the two.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from mailtui.model.trouble import Trouble
from mailtui.store.reading import Reader

Answer = TypeVar("Answer")


class Readers:
    """Opens the store once it is there and as new as the program. `here` is for queries of less than
    5 ms; `trouble` says why there is none."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._here: Reader | None = None
        self._there: Reader | None = None
        self._thread = ThreadPoolExecutor(1, "reading")
        self.trouble: Trouble | None = None

    @property
    def here(self) -> Reader | None:
        """The loop's Reader, None while there is no store."""
        if self._here is None:
            try:
                self._here = Reader(self.path)
            except Trouble as trouble:
                self.trouble = trouble
        return self._here

    async def run(self, query: Callable[[Reader], Answer]) -> Answer:
        """Ask in the reading thread, one question after the other. Raises the store's Troubles."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._ask, query)

    def _ask(self, query: Callable[[Reader], Answer]) -> Answer:
        if self._there is None:
            self._there = Reader(self.path)
        return query(self._there)

    async def close(self) -> None:
        """Ends the thread after the query it is at; both connections are closed."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close_there)
        self._thread.shutdown()
        if self._here is not None:
            self._here.close()
            self._here = None

    def _close_there(self) -> None:
        if self._there is not None:
            self._there.close()
            self._there = None
