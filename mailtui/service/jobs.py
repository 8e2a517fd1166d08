"""What an account's connections have to do: jobs by lane and urgency, waiting for a worker to take
them."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from itertools import count
from threading import Condition, Event
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mailtui.model.trouble import Trouble
    from mailtui.service.session import Session


class Lane(Enum):
    """Which connection does it: what the user waits for never queues behind an index."""

    INTERACTIVE = "interactive"
    BACKGROUND = "background"
    BULK = "bulk"


class Urgency(IntEnum):
    """Smaller goes first."""

    CLICK = 0  # the user looks at the place where it will appear
    WISH = 1  # the journal
    VISIBLE = 2  # the folder on the screen
    NEWS = 3
    RESYNC = 4
    PREFETCH = 5
    BACKFILL = 6
    KEEP = 7  # texts ahead of time, once every header is here


TITLES: Final = {
    "round": "looking through the folders",
    "look": "looking for changes",
    "resync": "looking for changes",
    "tail": "fetching new messages",
    "backfill": "reading the index",
    "journal": "carrying out what waits",
    "body": "fetching a text",
    "keep": "fetching ahead of time what is kept here",
    "part": "fetching an attachment",
    "search": "searching on the server",
    "file": "keeping a copy of what was sent",
    "probe": "finding out whether a message was sent",
}
"""What a job does in the user's words, by the first of its key."""
_OF_A_FOLDER: Final = ("look", "resync", "tail", "backfill")
_OF_A_MESSAGE: Final = ("body", "part")


@dataclass(eq=False)
class Job:
    """`work` is done by a worker's thread with its session; it may raise any Trouble, and asks
    `cancelled` between steps. `failed` hears why it was not done. A `patient` job waits for a
    connection; another one fails without. Of two jobs with the same key one is enough."""

    key: tuple[object, ...]
    lane: Lane
    urgency: Urgency
    work: Callable[["Job", "Session"], None]
    failed: Callable[["Trouble"], None]
    patient: bool = True
    cancelled: Event = field(default_factory=Event)
    order: int = 0
    tries: int = 0
    troubled: Callable[["Job", "Trouble"], None] | None = None  # whoever keeps a list of troubles

    def gave_up(self, trouble: "Trouble") -> None:
        """It is not done, and why."""
        if self.troubled is not None:
            self.troubled(self, trouble)
        self.failed(trouble)

    @property
    def title(self) -> str:
        """What it does, in the user's words."""
        if self.key[0] == "part" and self.key[-1] in ("", "HEADER"):
            return "fetching the headers" if self.key[-1] else "fetching the source"
        return TITLES.get(str(self.key[0]), str(self.key[0]))

    @property
    def folder(self) -> int | None:
        """The folder it is about."""
        return self._about(_OF_A_FOLDER)

    @property
    def message(self) -> int | None:
        """The message it is about."""
        return self._about(_OF_A_MESSAGE)

    def _about(self, kinds: Collection[str]) -> int | None:
        about = self.key[1] if self.key[0] in kinds else None
        return about if isinstance(about, int) else None

    @property
    def rank(self) -> tuple[int, int]:
        """Clicks: the latest first, it is what the user looks at now. Everything else in turn."""
        return self.urgency, -self.order if self.urgency is Urgency.CLICK else self.order


class Jobs:
    """Shared by the workers of one account. `troubled` hears of every job that is given up."""

    def __init__(self, troubled: Callable[[Job, "Trouble"], None] | None = None) -> None:
        self._troubled = troubled
        self._changed = Condition()
        self._waiting: dict[tuple[object, ...], Job] = {}
        self._running: dict[tuple[object, ...], Job] = {}
        self._wakers: list[tuple[Callable[[], Collection[Lane]], Callable[[], None]]] = []
        self._order = count(1)

    def attach(self, lanes: Callable[[], Collection[Lane]], wake: Callable[[], None]) -> None:
        """Call `wake` when there is something to do for one of the `lanes`."""
        self._wakers.append((lanes, wake))

    def put(self, job: Job) -> None:
        """A waiting job with the same key is replaced; the more urgent of both urgencies counts."""
        job.troubled = self._troubled
        with self._changed:
            job.order = next(self._order)
            earlier = self._waiting.get(job.key)
            if earlier is not None:
                job.urgency = min(job.urgency, earlier.urgency)
                if job.urgency is not Urgency.CLICK:
                    job.order = earlier.order
            self._waiting[job.key] = job
            self._changed.notify_all()
        for lanes, wake in self._wakers:
            if job.lane in lanes():
                wake()

    def take(self, lanes: Collection[Lane], *, patient: bool = True) -> Job | None:
        """The most urgent job of these lanes, which is running from now on; None if there is none.
        `patient` False leaves those that can wait for a connection."""
        with self._changed:
            found = [
                job for job in self._waiting.values() if job.lane in lanes and (patient or not job.patient)
            ]
            if not found:
                return None
            job = min(found, key=lambda job: job.rank)
            del self._waiting[job.key]
            self._running[job.key] = job
            return job

    def done(self, job: Job) -> None:
        with self._changed:
            if self._running.get(job.key) is job:
                del self._running[job.key]

    def wait(
        self,
        lanes: Collection[Lane],
        seconds: float | None,
        until: Callable[[], bool],
        *,
        patient: bool = True,
    ) -> bool:
        """Sleep until a job for these lanes waits (`patient` False: one that can't wait for a
        connection), `until` holds, or the time is over, which gives False."""

        def ready() -> bool:
            return until() or any(
                job.lane in lanes and (patient or not job.patient) for job in self._waiting.values()
            )

        with self._changed:
            return self._changed.wait_for(ready, seconds)

    def waits(self, lanes: Collection[Lane]) -> bool:
        """Whether there is something to do for one of these lanes."""
        with self._changed:
            return any(job.lane in lanes for job in self._waiting.values())

    def stir(self) -> None:
        """Let sleepers look again."""
        with self._changed:
            self._changed.notify_all()

    def pressing(self, lanes: Collection[Lane], urgency: Urgency) -> bool:
        """Whether a more urgent job waits for one of these lanes."""
        with self._changed:
            return any(job.lane in lanes and job.urgency < urgency for job in self._waiting.values())

    def cancel(self, key: tuple[object, ...]) -> Job | None:
        """Take a waiting job away, or tell a running one to stop. Returns it; the waiting one will
        not be heard of again."""
        with self._changed:
            running = self._running.get(key)
            if running is not None:
                running.cancelled.set()
            return self._waiting.pop(key, None) or running

    def hush(self) -> None:
        """Tell whatever runs to come to an end."""
        with self._changed:
            for job in self._running.values():
                job.cancelled.set()

    def seen(self) -> tuple[list[Job], list[Job]]:
        """What runs, and what waits in the order in which it will be done."""
        with self._changed:
            running, waiting = list(self._running.values()), list(self._waiting.values())
        return sorted(running, key=lambda job: job.order), sorted(waiting, key=lambda job: job.rank)

    def knows(self, key: tuple[object, ...]) -> bool:
        """Whether such a job waits or runs."""
        with self._changed:
            return key in self._waiting or key in self._running

    def drop(self, unwanted: Callable[[Job], bool]) -> list[Job]:
        """Take waiting jobs away that have become pointless, or can't be done."""
        with self._changed:
            dropped = [job for job in self._waiting.values() if unwanted(job)]
            for job in dropped:
                del self._waiting[job.key]
            return dropped
