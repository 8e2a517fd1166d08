"""A program in a terminal of its own: a pseudo-terminal that is read all the time, and keys to press."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

import pyte

KEYS = {
    "enter": "\r",
    "esc": "\x1b",
    "tab": "\t",
    "space": " ",
    "down": "\x1b[B",
    "up": "\x1b[A",
    "pagedown": "\x1b[6~",
    "end": "\x1b[F",
    "home": "\x1b[H",
    "ctrl+s": "\x13",
    "ctrl+d": "\x04",
    "ctrl+k": "\x0b",
    "ctrl+enter": "\x1b[13;5u",
    "backspace": "\x7f",
}


class Terminal:
    """`columns` × `lines`; everything the program writes is in `raw`, and painted on `screen`."""

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], *, columns: int = 120, lines: int = 40
    ) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self._lock = threading.Lock()
        self._raw = bytearray()
        self._fed = 0
        self.last = time.perf_counter()  # when the last bytes came
        self._picture = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self._picture)
        self.began = time.perf_counter()
        self.process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={"TERM": "xterm-256color", "COLORTERM": "truecolor", **environment},
            start_new_session=True,
            preexec_fn=_take_terminal,  # noqa: PLW1509 - one system call; it takes no lock
        )
        os.close(slave)
        self._closed = False
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # what the program shows

    @property
    def raw(self) -> bytes:
        """Every byte so far."""
        with self._lock:
            return bytes(self._raw)

    @property
    def written(self) -> int:
        with self._lock:
            return len(self._raw)

    @property
    def screen(self) -> list[str]:
        """The lines as a person sees them."""
        with self._lock:
            new, self._fed = bytes(self._raw[self._fed :]), len(self._raw)
            self._stream.feed(_understood(new))
            return list(self._picture.display)

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.screen)

    def shows(self, pattern: str) -> bool:
        return re.search(pattern, self.text) is not None

    def wait_for(self, pattern: str, seconds: float = 15) -> str:
        """Until the screen shows a match of the regular expression. Fails with the picture."""
        return self._wait(lambda: self.shows(pattern), f"never showed {pattern!r}", seconds)

    def wait_until_gone(self, pattern: str, seconds: float = 15) -> str:
        return self._wait(lambda: not self.shows(pattern), f"always showed {pattern!r}", seconds)

    def wait_for_bytes(self, wanted: bytes, seconds: float = 30) -> float:
        """Until these bytes were written; the time that took since the start, in seconds."""
        end = time.perf_counter() + seconds
        while wanted not in self.raw:
            if time.perf_counter() > end or self.process.poll() is not None:
                raise AssertionError(f"never wrote {wanted!r}\n{self.text}")
            time.sleep(0.001)
        return self.last - self.began

    def settle(self, quiet: float = 0.15, seconds: float = 10) -> None:
        """Until nothing was written for `quiet` seconds."""
        end = time.perf_counter() + seconds
        while time.perf_counter() - self.last < quiet and time.perf_counter() < end:
            time.sleep(quiet / 10)

    # what a person does

    def press(self, *keys: str) -> None:
        """Named keys, or characters, one after another as fast as a person types."""
        for key in keys:
            os.write(self._master, KEYS.get(key, key).encode())
            time.sleep(0.03)

    def type(self, text: str) -> None:
        for start in range(0, len(text), 64):
            os.write(self._master, text[start : start + 64].encode())
            time.sleep(0.02)

    def send(self, octets: bytes) -> None:
        os.write(self._master, octets)

    # the end

    def hang_up(self) -> None:
        """Close the terminal: the program gets SIGHUP."""
        if not self._closed:
            self._closed = True
            os.close(self._master)

    def kill(self) -> None:
        """kill -9, as a machine without memory does it."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def ended(self, seconds: float = 15) -> int:
        """The exit status, once the program has ended."""
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"did not end\n{self.text if not self._closed else ''}") from None

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._reader.join(2)
        self.hang_up()

    def _wait(self, happened: "object", complaint: str, seconds: float) -> str:
        assert callable(happened)
        end = time.perf_counter() + seconds
        while not happened():
            if time.perf_counter() > end or self.process.poll() is not None:
                state = self.process.poll()
                raise AssertionError(f"{complaint} (exit status {state})\n{self.text}")
            time.sleep(0.02)
        return self.text

    def _read(self) -> None:
        while not self._closed:
            try:
                if not select.select([self._master], [], [], 0.2)[0]:
                    if self.process.poll() is not None:
                        return
                    continue
                found = os.read(self._master, 1 << 16)
            except (OSError, ValueError):
                return
            if not found:
                return
            with self._lock:
                self._raw += found
                self.last = time.perf_counter()


def _take_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _understood(octets: bytes) -> bytes:
    """Without the sequences of newer terminals that pyte would paint as text."""
    octets = re.sub(rb"\x1b\[[<>=][0-9;]*[a-zA-Z]", b"", octets)
    octets = re.sub(rb"\x1b\[\?[0-9;]*\$p", b"", octets)
    return re.sub(rb"\x1b\]8;[^\x1b\x07]*(?:\x1b\\|\x07)", b"", octets)
