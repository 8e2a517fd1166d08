"""Parts of messages on their way here, and what is to happen with each once it has come. Pure."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from mailtui.model.event import Event, PartArrived, PartFailed, PartProgressed

Key = tuple[int, str]
Then = Callable[[str], Awaitable[None] | None]


@dataclass(frozen=True, slots=True)
class Download:
    """One part under way. `then` gets the file's path; `done` and `total` are in octets."""

    message: int
    section: str
    title: str
    then: Then
    done: int = 0
    total: int = 0

    @property
    def key(self) -> Key:
        return self.message, self.section


class Downloads:
    """Asking twice for the same part fetches it once and does both things with it."""

    def __init__(self) -> None:
        self._waiting: dict[Key, list[Download]] = {}

    def want(self, download: Download) -> bool:
        """Wait for a part; whether it must still be asked for."""
        waiting = self._waiting.setdefault(download.key, [])
        waiting.append(download)
        return len(waiting) == 1

    def hear(self, event: Event) -> list[Download] | None:
        """Take an event in. None: it is about no part awaited here; else the downloads that it ended
        (their `then` is still to be called when it was an arrival)."""
        match event:
            case PartProgressed(message, section, done, total) if (message, section) in self._waiting:
                key = (message, section)
                self._waiting[key] = [replace(one, done=done, total=total) for one in self._waiting[key]]
                return []
            case PartArrived(message, section) | PartFailed(message, section):
                return self._waiting.pop((message, section), None)
            case _:
                return None

    def forget(self) -> list[Key]:
        """Give all up; the keys of what must be cancelled."""
        keys = list(self._waiting)
        self._waiting.clear()
        return keys

    def of(self, message: int, section: str) -> Download | None:
        waiting = self._waiting.get((message, section))
        return waiting[0] if waiting else None

    @property
    def newest(self) -> Download | None:
        return next(reversed(self._waiting.values()))[0] if self._waiting else None

    def __len__(self) -> int:
        return len(self._waiting)
