"""The protocol log: what is said to an account's servers, on demand, in a file of limited size that only
the user can read. The rooms that speak leave secrets and mail out; what a server repeats of a secret is
taken out here."""

import logging
import os
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from queue import Full, Queue
from threading import Lock, Thread
from typing import Final
from urllib.parse import quote

from mailtui.model.account import Server
from mailtui.model.secret import Secret
from mailtui.model.trouble import Refused
from mailtui.text.sanitize import line as one_line

_log = logging.getLogger(__name__)

_SIZE: Final = 2 * 2**20  # octets of a file
_WAITING: Final = 20_000  # lines that may wait for the disk
_PATIENCE: Final = 5.0  # seconds for the last lines to be written
_SHORTEST: Final = 4  # letters of a secret that is looked for: shorter ones are found in every word
WireLog = Callable[[str], None]
_Line = tuple[float, str, str]  # when, on which connection, what


class ProtocolLog:
    """Of one account, off at first. `clock` gives seconds since the epoch; `failed` hears, on a thread,
    that (what, advice) the file can't be written, which ends the recording. Used by any thread."""

    def __init__(
        self, directory: Path, key: str, clock: Callable[[], float], failed: Callable[[str, str], None]
    ) -> None:
        self.path = directory / f"protocol-{quote(key, safe='@+')}.log"
        self._clock = clock
        self._failed = failed
        self._lines: Queue[_Line | None] = Queue(_WAITING)
        self._writer: Thread | None = None
        self._lock = Lock()
        self._left_out = 0
        self.on = False

    def begin(self) -> None:
        """Record from now on. Blocks. Raises Refused when the file can't be written."""
        with self._lock:
            if self.on:
                return
            try:
                self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                descriptor = self._open()
            except OSError as error:
                raise self._trouble(error) from error
            self._lines = Queue(_WAITING)
            self._left_out = 0
            self._writer = Thread(target=self._write, args=(descriptor, self._lines), daemon=True)
            self._writer.start()
            self.on = True

    def end(self) -> None:
        """Write down what came so far, and nothing more. Blocks."""
        with self._lock:
            self.on = False
            writer, self._writer = self._writer, None
            if writer is not None:
                with suppress(Full):  # the disk does not answer, or has failed: nobody reads any more
                    self._lines.put(None, timeout=1)
                writer.join(_PATIENCE)

    def wire(self, name: str, server: Server, secret: Secret | None) -> WireLog | None:
        """Where a connection called `name` tells what is said; None while nobody wants to know."""
        if not self.on:
            return None
        hidden = _forms(server.user, secret)

        def tell(text: str) -> None:
            for form in hidden:
                text = text.replace(form, "(not shown)")
            self._put((self._clock(), name, text))

        return tell

    def _put(self, line: _Line) -> None:
        if not self.on:
            return
        try:
            self._lines.put_nowait(line)
        except Full:
            self._left_out += 1  # a slow disk must not slow the connection

    # on the writer's thread

    def _write(self, descriptor: int, lines: "Queue[_Line | None]") -> None:
        try:
            size = os.fstat(descriptor).st_size
            while (line := lines.get()) is not None:
                if size > _SIZE:
                    os.close(descriptor)
                    descriptor = -1
                    self.path.replace(self.path.with_suffix(".log.1"))
                    descriptor, size = self._open(), 0
                left_out, self._left_out = self._left_out, 0
                size += _write_all(descriptor, _shown(line, left_out))
        except OSError as error:
            self.on = False
            trouble = self._trouble(error)
            _log.warning("%s", trouble)
            self._failed(trouble.what, trouble.advice)
        finally:
            if descriptor >= 0:
                os.close(descriptor)

    def _open(self) -> int:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(self.path, flags, 0o600)
        os.fchmod(descriptor, 0o600)
        return descriptor

    def _trouble(self, error: OSError) -> Refused:
        reason = one_line(error.strerror or str(error))
        return Refused(
            f"The protocol log can't be written: {reason}.", f"Look at {one_line(str(self.path.parent))}."
        )


def _shown(line: _Line, left_out: int) -> bytes:
    when, name, text = line
    moment = datetime.fromtimestamp(when).astimezone().isoformat(timespec="milliseconds")
    gap = f"{moment} {name:11} -- {left_out} lines were left out: the disk is too slow\n" if left_out else ""
    return f"{gap}{moment} {name:11} {one_line(text)}\n".encode()


def _write_all(descriptor: int, data: bytes) -> int:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
    return len(data)


def _forms(user: str, secret: Secret | None) -> tuple[str, ...]:
    """How the secret may be repeated in a line, the longest first."""
    word = secret.reveal() if secret is not None else ""
    if len(word) < _SHORTEST:
        return ()
    quoted = word.replace("\\", "\\\\").replace('"', '\\"')
    coded = (b64encode(text.encode()).decode() for text in (f"\0{user}\0{word}", word))
    forms = {word, quoted, _escaped(word), _escaped(quoted), *coded}
    return tuple(sorted(forms, key=len, reverse=True))


def _escaped(text: str) -> str:
    """As the wire logs of the rooms that speak show it."""
    return "".join(chr(octet) if 0x20 <= octet < 0x7F else f"\\x{octet:02x}" for octet in text.encode())
