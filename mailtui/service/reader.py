"""Mail bytes become model values in a disposable child process: what a message can do to a parser it
does to that one, which is killed and replaced (law 6; RFC 2045 leaves a lot to the imagination)."""

import json
import logging
import os
import selectors
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock

from mailtui.model.part import Body, Part
from mailtui.store import rows

_log = logging.getLogger(__name__)

_PATIENCE = 30.0  # seconds of wall-clock time; the child limits its own time of computing
_LIFE = 1000  # messages after which a child is replaced, whatever it remembers
_LONGEST = 64 * 2**20  # octets of an answer
UNREADABLE = "This message could not be made readable. Its raw source can still be looked at."


class ReaderDied(Exception):
    """The child gave no answer."""


class MailReader:
    """One warm child for the whole service, started when the first message is read. Thread-safe; one
    message at a time. `command` is what runs reader_child.py."""

    def __init__(self, command: Sequence[str] | None = None, patience: float = _PATIENCE) -> None:
        self._command = list(command or [sys.executable, "-m", "mailtui.service.reader_child"])
        self._patience = patience
        self._lock = Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._served = 0

    def body(self, parts: Sequence[tuple[Part, bytes]]) -> Body:
        """The readable text of leaves with their octets as fetched (text/render.py). Never raises: a
        message that can't be read is a body with a trouble."""
        leaves = [[rows.pack_part(part), len(octets)] for part, octets in parts]
        try:
            answer = self._ask({"parts": leaves}, b"".join(octets for _, octets in parts))
            return rows.body(*answer["body"])
        except ReaderDied:
            return Body("", missing=sum(part.size for part, _ in parts), trouble=UNREADABLE)

    def message(self, source: bytes, *, html: bool = False) -> tuple[Part, Body]:
        """The MIME tree and readable text of a whole raw message."""
        try:
            answer = self._ask({"whole": len(source), "html": html}, source)
            return rows.part(answer["tree"]), rows.body(*answer["body"])
        except ReaderDied:
            return Part("1", "text/plain", len(source)), Body("", trouble=UNREADABLE)

    def close(self) -> None:
        with self._lock:
            self._discard()

    def _ask(self, question: dict[str, object], octets: bytes) -> dict[str, str]:
        with self._lock:
            try:
                child = self._warm()
                answer = _exchange(child, json.dumps(question).encode(), octets, self._patience)
                found: dict[str, str] = json.loads(answer)
            except (OSError, ValueError, ReaderDied) as error:
                _log.warning("The reader was replaced over a message: %s", type(error).__name__)
                self._discard()
                raise ReaderDied from error
            self._served += 1
            if self._served >= _LIFE:
                self._discard()
            return found

    def _warm(self) -> "subprocess.Popen[bytes]":
        if self._child is None or self._child.poll() is not None:
            self._discard()
            self._child = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(os.environ.get),
                bufsize=0,
            )
            self._served = 0
        return self._child

    def _discard(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        for stream in (child.stdin, child.stdout):
            if stream is not None:
                stream.close()
        child.wait()


def _environment(get: Callable[[str], str | None]) -> dict[str, str]:
    """As little as possible: no secret of ours is in the child's memory."""
    package = str(Path(__file__).resolve().parents[2])
    wanted = {name: get(name) for name in ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR")}
    return {**{name: value for name, value in wanted.items() if value}, "PYTHONPATH": package}


def _exchange(child: "subprocess.Popen[bytes]", question: bytes, octets: bytes, patience: float) -> bytes:
    """Both directions at once, so that neither end waits for the other. Raises ReaderDied."""
    assert child.stdin is not None
    assert child.stdout is not None
    outgoing = memoryview(struct.pack("!II", len(question), len(octets)) + question + octets)
    incoming = bytearray()
    deadline = time.monotonic() + patience
    os.set_blocking(child.stdin.fileno(), False)
    with selectors.DefaultSelector() as selector:
        selector.register(child.stdin, selectors.EVENT_WRITE)
        selector.register(child.stdout, selectors.EVENT_READ)
        while True:
            ready = selector.select(max(deadline - time.monotonic(), 0))
            if not ready:
                raise ReaderDied
            for key, _ in ready:
                if key.fileobj is child.stdin:
                    outgoing = outgoing[os.write(key.fd, outgoing[:65536]) :]
                    if not outgoing:
                        selector.unregister(child.stdin)
                    continue
                chunk = os.read(key.fd, 262_144)
                incoming += chunk
                if not chunk or len(incoming) > _LONGEST:
                    raise ReaderDied
                if len(incoming) >= 4 and len(incoming) >= 4 + struct.unpack("!I", incoming[:4])[0]:
                    return bytes(incoming[4:])
