"""Folders whose UIDs keep losing their meaning: after too many changes of UIDVALIDITY in a row a folder
is left alone, because each of them has all of it indexed anew."""

from threading import Lock

from mailtui.model.trouble import Refused

_LIMIT = 5  # changes that are put up with


class Validity:
    """Of an account's folders, since the service began. May be used by any thread."""

    def __init__(self) -> None:
        self._changes: dict[int, int] = {}
        self._lock = Lock()

    def changed(self, folder: int) -> bool:
        """It has another UIDVALIDITY. True when this was once too often: tell the user."""
        with self._lock:
            self._changes[folder] = self._changes.get(folder, 0) + 1
            return self._changes[folder] == _LIMIT + 1

    def held(self, folder: int) -> None:
        """It was seen with the same one again, after all of it was indexed."""
        with self._lock:
            self._changes.pop(folder, None)

    def check(self, folder: int) -> None:
        """Raise Refused for a folder that is left alone."""
        with self._lock:
            if self._changes.get(folder, 0) > _LIMIT:
                raise Refused(
                    "The server keeps numbering the messages of this folder anew.",
                    "It is left alone until mailtui is started again; what is here stays.",
                )
