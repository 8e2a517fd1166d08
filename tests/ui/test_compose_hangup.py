"""In a real terminal: what was typed survives its closing, a polite kill and kill -9."""

import os
import pty
import select
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mailtui.store.reading import Reader

PATIENCE = 60.0


class Terminal:
    """A program in a pseudo-terminal."""

    def __init__(self, child: int, master: int) -> None:
        self.child, self.master = child, master
        self.seen = b""

    def wait_for(self, text: bytes) -> None:
        end = time.monotonic() + PATIENCE
        while text not in self.seen:
            assert time.monotonic() < end, self.seen[-500:]
            self.drain(0.1)

    def drain(self, seconds: float) -> None:
        """Read what is painted, so that the program never waits for its terminal."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if select.select([self.master], [], [], left)[0]:
                try:
                    self.seen += os.read(self.master, 65_536)
                except OSError:
                    return

    def ended(self) -> int:
        """Its exit status, however it ended."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            found, status = os.waitpid(self.child, os.WNOHANG)
            if found:
                return status
            self.drain(0.1)
        os.kill(self.child, signal.SIGKILL)
        raise AssertionError("it did not end")


@contextmanager
def program(directory: Path) -> Iterator[Terminal]:
    child, master = pty.fork()
    if child == 0:
        os.environ.update(TERM="xterm-256color", COLUMNS="100", LINES="30")
        os.execv(sys.executable, [sys.executable, "-m", "tests.ui.hangup", str(directory)])
    terminal = Terminal(child, master)
    try:
        terminal.wait_for(b"New message")
        terminal.wait_for(b"ana@example.com")
        terminal.drain(0.5)
        yield terminal
    finally:
        try:
            os.close(master)
        except OSError:
            assert terminal.master < 0


def texts(directory: Path) -> list[str]:
    with Reader(directory / "mail.db") as reader:
        return [draft.body for draft in reader.drafts()]


def write(terminal: Terminal, text: bytes) -> None:
    os.write(terminal.master, text)
    terminal.wait_for(text.split()[-1])


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_a_signal_keeps_what_was_typed_a_moment_ago(tmp_path: Path, number: signal.Signals) -> None:
    with program(tmp_path) as terminal:
        write(terminal, b"not to be lost")
        os.kill(terminal.child, number)
        assert os.waitstatus_to_exitcode(terminal.ended()) == 0
    assert texts(tmp_path) == ["not to be lost"]


def test_a_closed_terminal_keeps_it_too(tmp_path: Path) -> None:
    with program(tmp_path) as terminal:
        write(terminal, b"not to be lost")
        os.close(terminal.master)
        terminal.master = -1
        end = time.monotonic() + PATIENCE
        while not os.waitpid(terminal.child, os.WNOHANG)[0]:
            assert time.monotonic() < end
            time.sleep(0.05)
    assert texts(tmp_path) == ["not to be lost"]


def test_a_killed_program_had_kept_it_after_half_a_second(tmp_path: Path) -> None:
    with program(tmp_path) as terminal:
        write(terminal, b"not to be lost")
        terminal.drain(1.0)
        os.kill(terminal.child, signal.SIGKILL)
        terminal.ended()
    assert texts(tmp_path) == ["not to be lost"]
