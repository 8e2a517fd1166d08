"""What goes on for one account, for whoever looks and steps in: connections, jobs, how far they are, what
went wrong last, and the protocol log."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any, Final

from mailtui.imap.trouble import Cancelled
from mailtui.model.account import ConnectionState
from mailtui.model.activity import ConnectionSeen, JobSeen
from mailtui.model.event import (
    ActivityReported,
    ConnectionChanged,
    Event,
    OperationFailed,
    OutboxChanged,
    PartArrived,
    PartFailed,
    PartProgressed,
    SyncProgressed,
)
from mailtui.model.trouble import Refused
from mailtui.service.books import Books
from mailtui.service.jobs import Job, Jobs
from mailtui.service.line import Line
from mailtui.service.protocol import ProtocolLog
from mailtui.service.secrets import Secrets
from mailtui.service.troubles import Troubles
from mailtui.service.worker import Worker

_NAMED: Final = 40  # waiting jobs in a report
_STEP: Final = 2.0  # seconds that the clocks may drift apart before a time is another one
_STOPPABLE: Final = ("body", "part", "search")


@dataclass(frozen=True, slots=True)
class Seen:
    """What is looked at. `ways` has what ends a job of a kind, given the rest of its key."""

    jobs: Jobs
    line: Line
    workers: Collection[Worker]
    secrets: Secrets
    protocol: ProtocolLog
    ways: Mapping[str, Callable[..., Any]]


class Activity:
    """`hear` is for any thread, `report` for the event loop, `stop` and `record` block a moment."""

    def __init__(self, books: Books, seen: Seen, troubles: Troubles) -> None:
        self._books = books
        self._seen = seen
        self._troubles = troubles
        self._progress: dict[tuple[object, ...], tuple[int, int]] = {}
        self._epoch = books.clock() - monotonic()

    # what happens

    def hear(self, events: Iterable[Event]) -> None:
        for event in events:
            match event:
                case SyncProgressed(folder=folder, done=done, total=total):
                    self._reached(("folder", folder), done, total)
                case PartProgressed(message, section, done, total):
                    self._reached(("part", message, section), done, total)
                case PartArrived(message, section) | PartFailed(message, section):
                    self._progress.pop(("part", message, section), None)
                case OperationFailed(what=what, advice=advice):
                    self._troubles.add(what, advice)
                case OutboxChanged(trouble=what):
                    self._troubles.add(what)
                case ConnectionChanged(
                    state=ConnectionState.OFFLINE | ConnectionState.WAITING, reason=reason
                ):
                    trouble = self._seen.line.trouble
                    if reason:
                        self._troubles.add(trouble.what, trouble.advice)
                case _:
                    pass

    def _reached(self, what: tuple[object, ...], done: int, total: int) -> None:
        if total and done >= total:
            self._progress.pop(what, None)
        else:
            self._progress[what] = (done, total)

    # what is so

    def report(self) -> ActivityReported:
        running, waiting = self._seen.jobs.seen()
        named = [self._job(job, running=True) for job in running]
        named += [self._job(job, running=False) for job in waiting[:_NAMED]]
        connections = (self._connection(worker) for worker in self._seen.workers)
        next_try = self._seen.line.next_try
        return ActivityReported(
            self._books.key,
            tuple(one for one in connections if one is not None),
            tuple(named),
            max(len(waiting) - _NAMED, 0),
            self._troubles.newest(),
            self._moment(next_try) if next_try is not None else 0,
            str(self._seen.protocol.path) if self._seen.protocol.on else "",
        )

    def _connection(self, worker: Worker) -> ConnectionSeen | None:
        session = worker.session
        if session is None or session.connection.closed:
            return None
        job, server = session.job, session.connection.server
        return ConnectionSeen(
            worker.lane.value,
            f"{server.host}:{server.port}",
            self._moment(session.since),
            session.connection.protection,
            session.connection.compressed,
            folder=session.folder,
            job=job.title if job is not None else "",
        )

    def _job(self, job: Job, *, running: bool) -> JobSeen:
        seen = JobSeen(job.order, job.title, job.lane.value, running, job.folder, job.message)
        about = ("folder", job.folder) if job.key[0] == "backfill" else job.key
        done, total = self._progress.get(about, (0, 0))
        return replace(seen, done=done, total=total, stoppable=job.key[0] in _STOPPABLE)

    def _moment(self, ticks: float) -> int:
        """A time of the monotonic clock as one of the calendar: the same each time it is asked for,
        until somebody sets the clock."""
        epoch = self._books.clock() - monotonic()
        if abs(epoch - self._epoch) > _STEP:
            self._epoch = epoch
        return int(self._epoch + ticks)

    # stepping in

    def stop(self, number: int) -> None:
        """End the job with this number. Raises Refused when there is none or it can't be ended."""
        running, waiting = self._seen.jobs.seen()
        job = next((job for job in (*running, *waiting) if job.order == number), None)
        if job is None:
            raise Refused("That is over already.")
        kind = str(job.key[0])
        if kind not in _STOPPABLE:
            raise Refused("That can't be stopped.", "It gives way to whatever you do.")
        if kind in self._seen.ways:
            self._seen.ways[kind](*job.key[1:])
        else:
            self._stop_text(job)

    def _stop_text(self, job: Job) -> None:
        """A text is small: when it does not come, the connection it should come over is worthless."""
        stopped = self._seen.jobs.cancel(job.key)
        if stopped is not None and not stopped.cancelled.is_set():
            stopped.gave_up(Cancelled("It was stopped."))
            return
        for worker in self._seen.workers:
            if worker.session is not None and worker.session.job is job:
                worker.cut()

    def record(self, on: bool) -> None:
        """Write down what is said, on the connections there are and those to come, or stop doing so.
        Raises Refused when it can't be written."""
        protocol = self._seen.protocol
        if on:
            protocol.begin()
        server = self._books.account.imap
        for worker in self._seen.workers:
            if worker.session is not None:
                wire = protocol.wire(worker.lane.value, server, self._seen.secrets.known) if on else None
                worker.session.connection.record(wire)
        if not on:
            protocol.end()
