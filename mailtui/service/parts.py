"""Parts of messages, streamed into files of the store and decoded on the way."""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import monotonic

from mailtui.imap.content import fetch_part
from mailtui.imap.trouble import Cancelled
from mailtui.model.event import PartArrived, PartFailed, PartProgressed
from mailtui.model.part import Part
from mailtui.model.trouble import Refused, Trouble
from mailtui.service.bodies import locate, structure
from mailtui.service.books import Books
from mailtui.service.jobs import Job, Jobs, Lane, Urgency
from mailtui.service.session import Session
from mailtui.text.sanitize import line
from mailtui.text.transfer import Decoder

SMALL = 262_144  # octets that need no connection of their own
_BEAT = 0.1  # seconds between two words about progress
_RAW_SECTIONS = ("", "HEADER")


class Parts:
    """Of one account; its methods may be called by any thread but not by the event loop."""

    def __init__(self, books: Books, jobs: Jobs, wake: Callable[[], None]) -> None:
        self._books = books
        self._jobs = jobs
        self._wake = wake

    def fetch(self, message: int, section: str) -> None:
        """Answered by PartProgressed…, then PartArrived or PartFailed."""
        if self._has(message, section):
            return
        key = ("part", message, section)
        work = partial(self._fetch, message, section)
        failed = partial(self._failed, message, section)
        lane = Lane.INTERACTIVE if self._size(message, section) <= SMALL else Lane.BULK
        self._jobs.put(Job(key, lane, Urgency.CLICK, work, failed, patient=False))

    def cancel(self, message: int, section: str) -> None:
        """Stop it, within a tenth of a second."""
        job = self._jobs.cancel(("part", message, section))
        if job is not None and not job.cancelled.is_set():
            job.gave_up(Cancelled("The download was stopped."))
        self._wake()

    def _has(self, message: int, section: str) -> bool:
        with self._books.reading() as reader:
            path = reader.part_path(message, section)
        if path is None or not Path(path).is_file():
            return False
        self._books.writer.use_part(message, section)
        self._books.tell(PartArrived(message, section, path))
        return True

    def _size(self, message: int, section: str) -> int:
        """What is known of it in octets; unknown counts as much."""
        with self._books.reading() as reader:
            root = reader.structure(message)
            if section == "":
                known = reader.message(message)
                return known.summary.size if known is not None else SMALL + 1
        if section == "HEADER":
            return 0
        part = _find(root, section)
        return part.size if part is not None else SMALL + 1

    def _fetch(self, message: int, section: str, job: Job, session: Session) -> None:
        if self._has(message, section):
            return
        uid = locate(self._books, session, message)
        encoding = ""
        if section not in _RAW_SECTIONS:
            part = _find(structure(self._books, session, message, uid), section)
            if part is None:
                raise Refused("The message has no such part.")
            encoding = part.encoding
        descriptor, path = self._books.writer.create_part_file(message, section)
        try:
            size = self._stream(job, session, _Target(message, section, uid, encoding), descriptor)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        place = self._books.writer.put_part_path(message, section, path, size)
        self._books.tell(PartArrived(message, section, str(place)))

    def _stream(self, job: Job, session: Session, target: "_Target", descriptor: int) -> int:
        decoder = Decoder(target.encoding)
        with os.fdopen(descriptor, "wb") as file:
            fetch_part(
                session.connection,
                target.uid,
                target.section,
                lambda data: file.write(decoder.feed(data)),
                progress=self._beat(target),
                cancel=job.cancelled.is_set,
            )
            file.write(decoder.close())
            return file.tell()

    def _beat(self, target: "_Target") -> Callable[[int, int], None]:
        last = [monotonic()]

        def progress(done: int, total: int) -> None:
            now = monotonic()
            if now - last[0] >= _BEAT:
                last[0] = now
                self._books.tell(PartProgressed(target.message, target.section, done, total))

        return progress

    def _failed(self, message: int, section: str, trouble: Trouble) -> None:
        self._books.tell(PartFailed(message, section, line(trouble.what), line(trouble.advice)))


class _Target:
    """What is fetched."""

    def __init__(self, message: int, section: str, uid: int, encoding: str) -> None:
        self.message, self.section, self.uid, self.encoding = message, section, uid, encoding


def _find(root: Part | None, section: str) -> Part | None:
    if root is None:
        return None
    return next((part for part in root.walk() if part.section == section), None)
