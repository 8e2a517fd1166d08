"""Parts of messages, streamed into files of the store; what the line cuts is gone on with later."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import monotonic

from mailtui.imap.trouble import Cancelled
from mailtui.model.event import PartArrived, PartFailed, PartProgressed
from mailtui.model.part import Part
from mailtui.model.trouble import Refused, ServerBusy, Trouble, Unreachable
from mailtui.service.bodies import locate, structure
from mailtui.service.books import Books
from mailtui.service.downloading import Changed, Download
from mailtui.service.jobs import Job, Jobs, Lane, Urgency
from mailtui.service.session import Session
from mailtui.text.sanitize import line

SMALL = 262_144  # octets that need no connection of their own
_BEAT = 0.1  # seconds between two words about progress
_RAW_SECTIONS = ("", "HEADER")
_CUT = 20  # downloads that may go on later


class Parts:
    """Of one account; its methods may be called by any thread but not by the event loop."""

    def __init__(self, books: Books, jobs: Jobs, wake: Callable[[], None]) -> None:
        self._books = books
        self._jobs = jobs
        self._wake = wake
        self._cut: dict[tuple[int, str], Download] = {}

    def fetch(self, message: int, section: str) -> None:
        """Answered by PartProgressed…, then PartArrived or PartFailed."""
        if not self._has(message, section):
            self._put(message, section, patient=False)

    def _put(self, message: int, section: str, *, patient: bool) -> None:
        key = ("part", message, section)
        work = partial(self._fetch, message, section)
        failed = partial(self._failed, message, section)
        lane = Lane.INTERACTIVE if self._size(message, section) <= SMALL else Lane.BULK
        self._jobs.put(Job(key, lane, Urgency.CLICK, work, failed, patient=patient))

    def cancel(self, message: int, section: str) -> None:
        """Stop it, within a tenth of a second."""
        job = self._jobs.cancel(("part", message, section))
        if job is not None and not job.cancelled.is_set():
            job.gave_up(Cancelled("The download was stopped."))
        if cut := self._cut.pop((message, section), None):
            cut.discard()
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
        download = self._cut.pop((message, section), None) or Download(
            section, encoding, *self._books.writer.create_part_file(message, section)
        )
        size = self._run(message, section, uid, download, job, session)
        place = self._books.writer.put_part_path(message, section, download.path, size)
        self._books.tell(PartArrived(message, section, str(place)))

    def _run(
        self, message: int, section: str, uid: int, download: Download, job: Job, session: Session
    ) -> int:
        """The size of the complete file. What was cut is kept."""
        before = download.octets
        try:
            return download.run(session, uid, self._beat(message, section), job.cancelled.is_set)
        except (Unreachable, ServerBusy) as trouble:
            if isinstance(trouble, Changed) or job.cancelled.is_set():
                download.discard()
            else:
                download.promising = download.octets > before
                self._keep((message, section), download)
            raise
        except BaseException:
            download.discard()
            raise

    def _keep(self, key: tuple[int, str], download: Download) -> None:
        self._cut[key] = download
        for surplus in list(self._cut)[:-_CUT]:
            self._cut.pop(surplus).discard()

    def _beat(self, message: int, section: str) -> Callable[[int, int], None]:
        last = [monotonic()]

        def progress(done: int, total: int) -> None:
            now = monotonic()
            if now - last[0] >= _BEAT:
                last[0] = now
                self._books.tell(PartProgressed(message, section, done, total))

        return progress

    def _failed(self, message: int, section: str, trouble: Trouble) -> None:
        """What got somewhere before the line was lost goes on by itself when there is one again."""
        cut = self._cut.get((message, section))
        if cut is not None and cut.promising and isinstance(trouble, Unreachable | ServerBusy):
            cut.promising = False
            self._put(message, section, patient=True)
            return
        self._books.tell(PartFailed(message, section, line(trouble.what), line(trouble.advice)))


def _find(root: Part | None, section: str) -> Part | None:
    if root is None:
        return None
    return next((part for part in root.walk() if part.section == section), None)
