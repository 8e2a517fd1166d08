"""A part on its way into a file: decoded as it comes, and able to go on where the line was cut."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final, NoReturn

from mailtui.imap.content import fetch_part
from mailtui.model.trouble import Unreachable
from mailtui.service.session import Session
from mailtui.text.transfer import Decoder

_OVERLAP: Final = 1024  # octets asked for again and compared, so that nothing goes on with something else


class Download:
    """Of one part. `run` may be repeated after an Unreachable or ServerBusy, on any connection; after
    anything else it is over. `octets` are those that have come, in their transfer encoding; `promising`
    is for the owner to note that there were more of them the last time."""

    def __init__(self, section: str, encoding: str, descriptor: int, path: Path) -> None:
        """`descriptor` is the new file's; it is closed here."""
        os.close(descriptor)
        self.octets = 0
        self.promising = False
        self.path = path
        self._section = section
        self._decoder = Decoder(encoding)
        self._tail = b""  # the last of what has come
        self._known = b""  # what should come again before anything new does
        self._size = 0  # of the file

    def run(
        self, session: Session, uid: int, progress: Callable[[int, int], None], cancel: Callable[[], bool]
    ) -> int:
        """Fetch what is missing; the size of the complete file. Raises as `fetch_part` does."""
        self._known = self._tail
        offset = self.octets - len(self._tail)
        with self._file() as file:
            file.truncate(self._size)
            file.seek(self._size)

            def take(data: bytes) -> None:
                fresh = self._beyond_known(data)
                file.write(self._decoder.feed(fresh))
                self.octets += len(fresh)
                self._tail = (self._tail + fresh)[-_OVERLAP:]

            try:
                fetch_part(
                    session.connection,
                    uid,
                    self._section,
                    take,
                    offset=offset,
                    progress=lambda done, total: progress(offset + done, offset + total),
                    cancel=cancel,
                )
                if self._known:
                    self._begin_anew()
                file.write(self._decoder.close())
            finally:
                self._size = file.tell()
        return self._size

    def _file(self) -> BinaryIO:
        try:
            return os.fdopen(os.open(self.path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC), "r+b")
        except FileNotFoundError:
            self._begin_anew()

    def discard(self) -> None:
        """It will not go on."""
        self.path.unlink(missing_ok=True)

    def _beyond_known(self, data: bytes) -> bytes:
        known = self._known[: len(data)]
        if not data.startswith(known):
            self._begin_anew()
        self._known = self._known[len(known) :]
        return data[len(known) :]

    def _begin_anew(self) -> NoReturn:
        raise Changed("The download can't go on where it was cut.", "Try again.")


class Changed(Unreachable):
    """What had come is not here any more, or not what comes now: only a new Download can help."""
