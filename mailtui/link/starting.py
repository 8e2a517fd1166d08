"""Starting the account service as a process of its own, which outlives the front."""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

from mailtui.model.trouble import Refused, Trouble, Unreachable

ALREADY_RUNNING = 75  # exit status of a service that found another one at work
SETTINGS = 78  # exit status of a service whose settings are wrong
_MOST_WORDS = 20_000  # octets of a last message


class Started:
    """A service process as the front that started it sees it."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def trouble(self) -> Trouble | None:
        """Why it ended, in its own last words; None while it runs, or if another one was there."""
        status = self._process.poll()
        if status is None or status == ALREADY_RUNNING:
            return None
        words = _rest(self._process.stderr)
        if status == SETTINGS:
            return Refused(words or "The settings can't be used.")
        return Unreachable(
            words or "The account service ended as soon as it was started.", "Its log says why."
        )


def _rest(stream: IO[bytes] | None) -> str:
    if stream is None or stream.closed:
        return ""
    with stream:
        return stream.read(_MOST_WORDS).decode("utf-8", "replace").strip()


def starter(command: Sequence[str]) -> Callable[[], Started]:
    """A function that starts the service by `command`.

    The service is in a session of its own, so that no signal of the terminal reaches it. What it
    says on stderr before it listens is kept; from then on its log is the place.
    """

    def start() -> Started:
        process = subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
            cwd="/",
            env=_environment(),
        )
        return Started(process)

    return start


def _environment() -> dict[str, str]:
    """Ours, and where this very package was imported from: `cwd` is no longer what it was."""
    package = str(Path(__file__).resolve().parents[2])
    paths = [package, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(dict.fromkeys(paths))}


def service_command(config: Path, data: Path, state: Path, runtime: Path) -> list[str]:
    """The command of a profile's service, run by this very Python."""
    places = {"--config": config, "--data": data, "--state": state, "--runtime": runtime}
    arguments = [word for option, path in places.items() for word in (option, str(path.absolute()))]
    return [sys.executable, "-m", "mailtui", "service", *arguments]
