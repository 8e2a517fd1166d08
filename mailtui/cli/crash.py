"""What happens when mailtui itself fails: a report in a file that only the user can read, and one
line saying where. Never the values of variables: they hold mail and passwords."""

import contextlib
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING

from mailtui import __version__

if TYPE_CHECKING:
    from pathlib import Path

    from mailtui.config.paths import Paths


REPORTS = "crash-*.txt"  # in the directory for state


def report(error: BaseException, paths: "Paths") -> None:
    """Write the report and say where it is; say what happened when even that fails."""
    try:
        place = write(error, paths.state)
    except OSError:
        _tell(f"mailtui: it failed inside ({type(error).__name__}), and no report could be written.")
        return
    _tell(f"mailtui: it failed inside ({type(error).__name__}). The report is in {place}")


def write(error: BaseException, directory: "Path", now: Callable[[], float] = time.time) -> "Path":
    """Write the report of an error, 0600, and return its path. The messages of exceptions are left
    out: they quote what they were working on."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = directory / f"crash-{time.strftime('%Y%m%d-%H%M%S', time.gmtime(now()))}.txt"
    lines = [f"mailtui {__version__}, Python {sys.version.split()[0]}, {sys.platform}", "", *_frames(error)]
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    return path


def install(paths: "Paths") -> None:
    """Make the report the last resort of this process, in place of a traceback on the terminal."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            return
        report(error.with_traceback(trace), paths)

    def in_thread(failure: threading.ExceptHookArgs) -> None:
        # the screen may be open: only the file is written
        if failure.exc_value is not None:
            with contextlib.suppress(OSError):
                write(failure.exc_value, paths.state)

    sys.excepthook = hook
    threading.excepthook = in_thread


def _frames(error: BaseException) -> list[str]:
    """Kinds of exceptions and places in the code, causes first."""
    lines: list[str] = []
    seen: BaseException | None = error
    while seen is not None:
        lines = [*_one(seen), "", *lines]
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return lines


def _one(error: BaseException) -> list[str]:
    kind = type(error)
    stack = traceback.extract_tb(error.__traceback__)
    lines = [f"{kind.__module__}.{kind.__qualname__}"]
    lines += [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in stack]
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            lines += [f"  | {line}" for line in _one(inner)]
    return lines


def _tell(text: str) -> None:
    print(text, file=sys.stderr)
