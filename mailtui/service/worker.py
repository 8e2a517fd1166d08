"""One thread, one connection, jobs by urgency; between jobs it watches a folder."""

import logging
from collections.abc import Callable, Collection
from threading import Event, Thread
from typing import Protocol

from mailtui.imap.connection import Connection
from mailtui.imap.types import Push
from mailtui.imap.watching import noop
from mailtui.model.trouble import Garbled, Refused, Trouble, Unreachable
from mailtui.service.jobs import Job, Jobs, Lane
from mailtui.service.line import Line
from mailtui.service.session import Session
from mailtui.service.watch import rest

_log = logging.getLogger(__name__)
_KEEP_ALIVE = 540.0  # seconds after which an unused connection says something
_LINGER = 60.0  # seconds that a connection made on demand is kept
FAULT = Refused("Something went wrong inside mailtui.", "Its log says what.")


class Duty(Protocol):
    """What an account tells its workers, and hears from them. Called on their threads."""

    def came(self, session: Session) -> None:
        """A connection was made."""

    def heard(self, session: Session, pushes: list[Push]) -> None:
        """The server told something unasked about the session's folder."""

    def watched(self, lanes: Collection[Lane]) -> int | None:
        """The folder to be in while there is nothing to do."""

    def crowded(self) -> None:
        """The server takes no further connection: others do this worker's jobs now."""

    def enter(self, session: Session, folder: int) -> object:
        """Select the folder. Raises a Trouble."""


class Worker:
    """`lane` is its own; `lanes`, those it works for, and `standing` may change while it works. While
    `standing` it keeps a connection although there is nothing to do, else it makes one on demand.
    """

    def __init__(
        self,
        lane: Lane,
        lanes: Callable[[], Collection[Lane]],
        jobs: Jobs,
        line: Line,
        duty: Duty,
        *,
        standing: Callable[[], bool],
    ) -> None:
        self.lane = lane
        self._lanes = lanes
        self._jobs = jobs
        self._line = line
        self._duty = duty
        self._standing = standing
        self._session: Session | None = None
        self._stopping = Event()
        self._thread = Thread(target=self._run, name=lane.value, daemon=True)
        jobs.attach(lanes, self.wake)

    @property
    def session(self) -> Session | None:
        """Its connection at the moment, for looking at."""
        return self._session

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        """Any thread: look whether there is something to do, or to stop."""
        session = self._session
        if session is not None:
            session.connection.wake()
        self._jobs.stir()

    def stop(self) -> None:
        """Any thread: finish the job at hand, say LOGOUT, end."""
        self._stopping.set()
        self.wake()

    def join(self, patience: float) -> None:
        """Wait for the end; after `patience` seconds cut the connection."""
        self._thread.join(patience)
        if self._thread.is_alive():
            self.cut()
            self._thread.join(patience)

    def cut(self) -> None:
        """Any thread: the connection is known to be worthless."""
        session = self._session
        if session is not None:
            session.connection.abort()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._turn()
            except Exception:  # noqa: BLE001 - a fault of ours must not end the lane for good
                _log.exception("A worker failed.")
                self._leave(None)
                self._stopping.wait(1)
        self._leave(None)

    def _turn(self) -> None:
        session = self._session
        if session is not None and (session.connection.closed or not self._line.wanted):
            self._leave(None)
        elif session is None:
            self._without()
        else:
            job = self._jobs.take(self._lanes())
            if job is not None:
                self._do(job, session)
            else:
                self._rest(session)

    # without a connection

    def _without(self) -> None:
        lanes = self._lanes()
        if not lanes:
            self._jobs.wait(lanes, None, lambda: self._stopping.is_set() or bool(self._lanes()))
            return
        wait = self._line.wait()
        if wait == 0 and (self._standing() or self._jobs.waits(lanes)):
            self._connect()
            return
        urgent = self._jobs.take(lanes, patient=False)
        if urgent is None:
            self._jobs.wait(lanes, wait or None, lambda: self._something_else(wait), patient=wait == 0)
        elif self._line.hurry():
            self._jobs.put(urgent)
            self._jobs.done(urgent)
        else:
            self._jobs.done(urgent)
            urgent.gave_up(self._line.trouble)

    def _something_else(self, waited: float | None) -> bool:
        """Whether the reason to wait so long is gone."""
        now = self._line.wait()
        free = now == 0 and (waited != 0 or self._standing())
        sooner = now is not None and waited is not None and now < waited / 2  # somebody asked
        return (
            self._stopping.is_set()
            or not self._lanes()
            or (waited is None) != (now is None)
            or free
            or sooner
        )

    def _connect(self) -> None:
        try:
            connection: Connection = self._line.open(self.lane, self.lane.value)
        except Trouble as trouble:
            if self._line.crowded:
                self._duty.crowded()
                return
            for job in self._jobs.drop(lambda job: not job.patient and job.lane in self._lanes()):
                job.gave_up(trouble)
            return
        self._session = Session(connection, self._lanes, self._duty.heard)
        self._duty.came(self._session)

    # with one

    def _do(self, job: Job, session: Session) -> None:
        again = False
        session.job = job
        try:
            job.work(job, session)
            session.collect()
            session.fresh = False
        except (Unreachable, Garbled) as trouble:
            on_purpose = job.cancelled.is_set()
            again = not job.patient and not job.tries and not on_purpose
            if not again:
                job.gave_up(trouble)
            if session.connection.closed:
                self._leave(None if on_purpose else trouble, again=again)
        except Trouble as trouble:
            job.gave_up(trouble)
            if session.connection.closed:
                self._leave(None)
        except Exception:  # noqa: BLE001 - a fault in one job must not take the others along
            _log.exception("A job failed: %s", job.key[0])
            job.gave_up(FAULT)
            self._leave(None)  # nobody knows in which state the connection is
        finally:
            session.job = None
            self._jobs.done(job)
        if again:
            job.tries += 1
            self._jobs.put(job)

    def _rest(self, session: Session) -> None:
        lanes = self._lanes()
        if not lanes:
            self._leave(None)
            return
        try:
            folder = self._duty.watched(lanes)
            if not self._standing():
                if not self._jobs.wait(lanes, _LINGER, self._stopping.is_set):
                    self._leave(None)
            elif folder is not None:
                rest(session, self._jobs, lambda: self._duty.enter(session, folder), self._disturbed)
            elif not self._jobs.wait(lanes, _KEEP_ALIVE, lambda: self._disturbed(session, None)):
                session.heard(session, noop(session.connection))
        except (Unreachable, Garbled) as trouble:
            self._leave(trouble)
        except Trouble as trouble:
            _log.info("Can't watch a folder: %s", trouble.what)
            self._jobs.wait(lanes, 30, self._stopping.is_set)

    def _disturbed(self, session: Session, folder: int | None) -> bool:
        """Whether the rest in `folder` must end although no job waits."""
        return (
            self._stopping.is_set()
            or not self._line.wanted
            or session.connection.closed
            or self._duty.watched(self._lanes()) != folder
        )

    def _leave(self, trouble: Trouble | None, *, again: bool = False) -> None:
        """Close the connection: with LOGOUT when nothing is wrong with it. `again`: it will be made
        anew at once, for a job that found it dead."""
        session, self._session = self._session, None
        if session is None:
            return
        if trouble is None and not session.connection.closed:
            session.connection.logout()
        else:
            session.connection.close()
        self._line.closed(self.lane, trouble)
        if again:
            self._line.hurry()
