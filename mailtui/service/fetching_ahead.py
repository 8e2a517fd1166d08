"""Attachments fetched ahead of time, piece by piece, so that nobody waits for more than one piece."""

import os
from dataclasses import dataclass
from pathlib import Path

from mailtui.imap.content import fetch_part
from mailtui.imap.structure import parse
from mailtui.model.part import Part, attachments
from mailtui.model.trouble import Refused, Trouble
from mailtui.service.bodies import locate
from mailtui.service.books import Books
from mailtui.service.jobs import Job, Jobs
from mailtui.service.session import Session
from mailtui.service.sweeping import Sweeping
from mailtui.store.keeping import Lacking, Shelf
from mailtui.text.transfer import Decoder

PIECE = 524_288  # octets of one round trip


@dataclass(slots=True)
class _Download:
    """A part that is on its way: `done` octets of it, in transfer encoding, are in the file."""

    message: int
    section: str
    decoder: Decoder
    path: Path
    descriptor: int
    done: int = 0


class Attachments:
    """Of one account, used by one thread at a time. What was begun is gone on with by the next call."""

    def __init__(self, books: Books, jobs: Jobs, shelf: Shelf, sweeping: Sweeping) -> None:
        self._books = books
        self._jobs = jobs
        self._shelf = shelf
        self._sweeping = sweeping
        self._download: _Download | None = None

    def fetch(self, job: Job, session: Session, lacking: Lacking) -> bool:
        """Those of the message that are not here. Gives way to whatever is more urgent, to be called
        again. True: not all of it can be had, so that it should be passed. Raises a Trouble."""
        root = lacking.root or parse(lacking.source)
        here = self._shelf.parts(lacking.message)
        for part in attachments(root):
            if part.section in here:
                continue
            if part.size > self._sweeping.room:
                return True
            try:
                if not self._fetch_part(job, session, lacking, part):
                    return False
            except Refused:
                self._leave()
                return True
        self._shelf.mark_whole(lacking.message)
        return False

    def _fetch_part(self, job: Job, session: Session, lacking: Lacking, part: Part) -> bool:
        """False when something more urgent, or the end, came first."""
        download = self._begun(lacking.message, part)
        uid = locate(self._books, session, lacking.message)
        while True:
            if job.cancelled.is_set():
                self._leave()
                return False
            if self._jobs.pressing(session.lanes(), job.urgency):
                return False
            piece = bytearray()
            fetch_part(
                session.connection, uid, part.section, piece.extend, offset=download.done, length=PIECE
            )
            self._write(download, download.decoder.feed(bytes(piece)))
            download.done += len(piece)
            if len(piece) < PIECE:
                self._finish(download, min(lacking.received, self._books.now))
                return True

    def _begun(self, message: int, part: Part) -> _Download:
        known = self._download
        if known is not None and (known.message, known.section) == (message, part.section):
            return known
        self._leave()
        descriptor, path = self._books.writer.create_part_file(message, part.section, ahead=True)
        self._download = _Download(message, part.section, Decoder(part.encoding), path, descriptor)
        return self._download

    def _write(self, download: _Download, data: bytes) -> None:
        try:
            view = memoryview(data)
            while view:
                view = view[os.write(download.descriptor, view) :]
        except OSError as error:
            self._leave()
            raise Trouble(f"An attachment can't be kept here: {error.strerror}.") from error

    def _finish(self, download: _Download, used: int) -> None:
        self._write(download, download.decoder.close())
        size = os.fstat(download.descriptor).st_size
        os.close(download.descriptor)
        self._download = None
        self._books.writer.put_part_path(download.message, download.section, download.path, size, used)

    def close(self) -> None:
        """Give up what was begun; when no thread uses it any more."""
        self._leave()

    def _leave(self) -> None:
        download, self._download = self._download, None
        if download is not None:
            os.close(download.descriptor)
            download.path.unlink(missing_ok=True)
