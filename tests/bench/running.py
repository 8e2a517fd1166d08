"""mailtui in a terminal on a made-up profile, and how long it takes to answer keys."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.end_to_end.profile import Profile
from tests.end_to_end.terminal import Terminal

_QUIET = 0.04  # seconds without a byte that end a frame


@dataclass(frozen=True, slots=True)
class Answer:
    """What a key brought: seconds to its last byte, and how many bytes there were."""

    seconds: float
    octets: int


@contextmanager
def running(profile: Profile, *, columns: int = 120, lines: int = 40) -> Iterator[Terminal]:
    """The program, from its start until it is gone."""
    with Terminal(command(), profile.environment(), columns=columns, lines=lines) as terminal:
        yield terminal
        terminal.press("Q")
        terminal.ended()


def command() -> list[str]:
    return [sys.executable, "-m", "mailtui"]


def answer(terminal: Terminal, key: str, *, patience: float = 5) -> Answer:
    """Press one key and wait until the frame is out."""
    before, began = terminal.written, time.perf_counter()
    terminal.send(key.encode())
    end = began + patience
    while time.perf_counter() < end:
        if terminal.written > before and time.perf_counter() - terminal.last > _QUIET:
            break
        time.sleep(0.001)
    octets = terminal.written - before
    return Answer(terminal.last - began if octets else 0.0, octets)


def memory(process: int) -> float:
    """MiB that a process has in memory."""
    return int(_told(process, "rss")) / 1024


def processor_time(process: int) -> float:
    """Seconds of computing that a process has used so far."""
    counters = Path(f"/proc/{process}/stat")
    if counters.exists():  # ps rounds to whole seconds here
        fields = counters.read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    seconds = 0.0
    for part in _told(process, "cputime").replace("-", ":").split(":"):
        seconds = seconds * 60 + float(part)
    return seconds


def _told(process: int, what: str) -> str:
    words = ["ps", "-o", f"{what}=", "-p", str(process)]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()


def load() -> str:
    """How busy the machine is: figures mean little on a busy one."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
