"""The service's log: a few files of limited size that only the user can read. What servers and senders
said is made safe on its way in; secrets never get that far."""

import logging
import os
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TextIO, cast

from mailtui.text.sanitize import block

_SIZE = 2 * 2**20
_FILES = 3


class _PrivateHandler(RotatingFileHandler):
    """Makes its files 0600."""

    def _open(self) -> TextIO:  # type: ignore[override]  # logging's stubs promise a TextIOWrapper
        def private(path: str, flags: int) -> int:
            return os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)

        return cast("TextIO", open(self.baseFilename, self.mode, encoding="utf-8", opener=private))


class _SafeFormatter(logging.Formatter):
    """One record is readable text without control characters, whatever is in it."""

    def format(self, record: logging.LogRecord) -> str:
        return block(super().format(record))


def begin_log(path: Path, level: int = logging.INFO) -> None:
    """Write the records of our own rooms to `path`."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handler = _PrivateHandler(path, maxBytes=_SIZE, backupCount=_FILES, encoding="utf-8", delay=True)
    handler.setFormatter(_SafeFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    logging.getLogger("mailtui").setLevel(level)
