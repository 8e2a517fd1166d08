"""The terminal's driver, made to outlive its terminal: once that is closed, what is painted is dropped.

Textual's own writes in a thread that dies of the first failed write; the program would then wait for
it for ever instead of ending as it should.
"""

from collections.abc import Callable
from typing import Any, TextIO, cast

from textual.app import App
from textual.drivers.linux_driver import LinuxDriver


class Forgiving:
    """As much of a text file as the driver uses. After a write that failed it is a file to nowhere."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self.gone = False

    def write(self, text: str) -> int:
        self._do(lambda: self._file.write(text))
        return len(text)

    def flush(self) -> None:
        self._do(self._file.flush)

    def fileno(self) -> int:
        return self._file.fileno()

    def _do(self, work: Callable[[], object]) -> None:
        if self.gone:
            return
        try:
            work()
        except (OSError, ValueError):
            self.gone = True


class LastingDriver(LinuxDriver):
    """Paints on standard error, as Textual does."""

    def __init__(
        self,
        app: App[object],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        if self._file is not None:
            self._file = cast(Any, Forgiving(self._file))


class PaintedDriver(LastingDriver):
    """For a terminal that has entered its alternate screen already, with a first picture on it
    (splash.py): entering it again would clear that."""

    _entered = False

    def write(self, data: str) -> None:
        if data == "\x1b[?1049h" and not self._entered:
            self._entered = True
            return
        super().write(data)
