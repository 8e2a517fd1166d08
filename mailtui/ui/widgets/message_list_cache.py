"""What rows show, as the store last had it, under what the user has just wished and the store has
not yet heard of."""

from collections.abc import Iterable
from dataclasses import replace

from mailtui.model.message import Flag, Summary
from mailtui.store.reading import Reader

KEPT = 2048  # summaries kept; a screen shows some dozens


class Cache:
    """Summaries by message id, read when they are asked for."""

    def __init__(self, reader: Reader | None) -> None:
        self._reader = reader
        self._stored: dict[int, Summary | None] = {}  # None: the store has no such message
        self._wished: dict[int, tuple[Flag, Flag]] = {}  # flags added, flags removed

    def put(self, summaries: Iterable[Summary]) -> None:
        """Take rows that were read otherwise."""
        self._stored.update((summary.id, summary) for summary in summaries)

    def read(self, messages: Iterable[int]) -> None:
        """Have these ready, by one query for those that are not yet."""
        unread = [message for message in messages if message > 0 and message not in self._stored]
        if not unread or self._reader is None:
            return
        if len(self._stored) > KEPT:
            for message in list(self._stored)[: KEPT // 2]:
                del self._stored[message]
        found = {summary.id: summary for summary in self._reader.summaries(unread)}
        self._stored.update((message, found.get(message)) for message in unread)

    def __contains__(self, message: int) -> bool:
        return message in self._stored

    def peek(self, message: int) -> Summary | None:
        """What the store had, if it was read."""
        return self._stored.get(message)

    def shown(self, message: int) -> Summary | None:
        """What to show for a message that was read."""
        summary = self._stored.get(message)
        if summary is None or message not in self._wished:
            return summary
        add, remove = self._wished[message]
        flags = (summary.flags | add) & ~remove
        if flags == summary.flags:
            del self._wished[message]  # the store has caught up
            return summary
        return replace(summary, flags=flags, pending=True)

    def wish(self, message: int, add: Flag, remove: Flag) -> None:
        """Show other flags until the store has them too."""
        had_add, had_remove = self._wished.get(message, (Flag.NONE, Flag.NONE))
        self._wished[message] = ((had_add & ~remove) | add, (had_remove & ~add) | remove)

    def forget_wish(self, message: int) -> None:
        self._wished.pop(message, None)

    def drop(self, messages: Iterable[int]) -> None:
        """Read these anew when they are next asked for."""
        for message in messages:
            self._stored.pop(message, None)

    def clear(self) -> None:
        self._stored.clear()
