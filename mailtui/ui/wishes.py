"""Sends intents over the link in the order of the keys, also those pressed before it is there."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from mailtui.link.ack import Ack
from mailtui.model.intent import Intent
from mailtui.model.trouble import Trouble

if TYPE_CHECKING:  # the link is loaded after the first frame
    from mailtui.link.client import Client


class Wishes:
    """`new_id` makes the id of an intent; with the same id it can be sent again without harm."""

    def __init__(self, new_id: Callable[[], str]) -> None:
        self.new_id = new_id
        self._client: Client | None = None
        self._connected = asyncio.Event()
        self._tasks: set[asyncio.Task[Ack]] = set()

    def connect(self, client: "Client") -> None:
        self._client = client
        self._connected.set()

    def send(self, intent: Intent, intent_id: str) -> "asyncio.Task[Ack]":
        """A task that ends with the acknowledgement; a lost link is an Ack with a refusal."""
        task = asyncio.create_task(self._send(intent, intent_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _send(self, intent: Intent, intent_id: str) -> Ack:
        await self._connected.wait()
        assert self._client is not None
        try:
            return await self._client.submit(intent, id=intent_id)
        except Trouble as trouble:
            return Ack(intent_id, trouble)

    @property
    def waiting(self) -> int:
        """How many were not answered yet."""
        return len(self._tasks)

    async def drain(self, seconds: float) -> None:
        """Wait for what is under way, but not for ever: the program is about to end."""
        if self._tasks and self._connected.is_set():
            await asyncio.wait(self._tasks, timeout=seconds)
        for task in self._tasks:
            task.cancel()
