"""The settings file as the running service sees it: whether it is still the one that was read, and what
the user changes from within mailtui."""

from pathlib import Path
from threading import Lock

from mailtui.config.writing import put_keep
from mailtui.model.keeping import Keep


class SettingsFile:
    """Made when the settings were read. May be used by any thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        self._read = self._stamp()

    @property
    def differs(self) -> bool:
        """Whether somebody else has changed it since."""
        return self._stamp() != self._read

    def put_keep(self, account: str, folder: str, keep: Keep | None) -> None:
        """See config/writing.py. Raises Trouble."""
        with self._lock:
            differed = self.differs
            put_keep(self._path, account, folder, keep)
            if not differed:
                self._read = self._stamp()

    def _stamp(self) -> tuple[int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size
