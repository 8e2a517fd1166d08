"""Octets in order: a non-blocking socket with one buffer, a pipe that wakes its reader, and a meter
that hangs up on servers that send too much, too slowly or nothing."""

import os
import re
import select
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from typing import Final, NoReturn

from mailtui.imap import tls
from mailtui.imap.deflate import Deflate
from mailtui.imap.trouble import garbled
from mailtui.model.trouble import Trouble, Unreachable

_CHUNK: Final = 262_144
_COMPACT: Final = 65_536
_LITERALS: Final = 5_000  # in one response
_LITERAL: Final = re.compile(rb"~?\{(\d{1,20})\+?\}$")
_SPEECH: Final = re.compile(rb"\* (?:OK|NO|BAD|BYE|PREAUTH)\b", re.IGNORECASE)
DROPPED: Final = b"{}\r\n"  # stands for a literal that was too large to hold; no server can send it


class Ready(Enum):
    """Why `await_line` returned."""

    DATA = "data"
    WOKEN = "woken"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class Allowance:
    """What the answer to one command may cost: seconds in all and without a byte, octets, lines, the
    largest literal kept, and the octets per second that buy more time (0: none do)."""

    seconds: float
    silence: float
    octets: int
    responses: int
    line: int
    literal: int
    pace: float = 0


class Transport:
    """Belongs to one thread, but `wake` and `abort` may be called from any. When a method raises
    Unreachable or Garbled, the socket is closed."""

    def __init__(
        self, sock: socket.socket, host: str, allowance: Allowance, clock: Callable[[], float]
    ) -> None:
        """`sock` is connected and non-blocking."""
        self.sock = sock
        self.host = host
        self.closed = False
        self.attention: Callable[[], None] | None = None  # called when woken while reading; may raise
        self.clock = clock
        self._buffer = bytearray()
        self._at = 0
        self._lock = threading.Lock()  # of the pipe and of closing
        self._ear, self._bell = os.pipe()
        self._deflate: Deflate | None = None
        self._streaming = False  # past us, to somebody who knows how much it will be
        os.set_blocking(self._ear, False)
        os.set_blocking(self._bell, False)
        self.allow(allowance)

    # the meter

    def allow(self, allowance: Allowance) -> None:
        """Begin to measure anew."""
        self.allowance = allowance
        self._end = self.clock() + allowance.seconds
        self._octets_left = allowance.octets
        self._responses_left = allowance.responses
        self._received_left = 2 * allowance.octets  # on the line; deflate may bring nothing for ever
        if self._deflate is not None:
            self._deflate.measure()

    def grant(self, octets: int) -> None:
        """So many more than the allowance says, because it is known now what they are."""
        self._octets_left += octets
        self._received_left += 2 * octets

    @property
    def compressed(self) -> bool:
        return self._deflate is not None

    @property
    def buffered(self) -> bool:
        """Whether octets were received that nobody has read."""
        return self._at < len(self._buffer)

    @property
    def has_line(self) -> bool:
        """Whether a whole line can be read without waiting."""
        return self._buffer.find(b"\n", self._at) >= 0

    # reading

    def line(self) -> bytes:
        """The next line without its end; LF alone ends one too."""
        search = self._at
        while (end := self._buffer.find(b"\n", search)) < 0:
            seen = len(self._buffer) - self._at
            if seen > self.allowance.line:
                self._break("a line without end")
            self._fill()
            search = self._at + seen
        line = bytes(self._buffer[self._at : end])
        self._at = end + 1
        return line[:-1] if line.endswith(b"\r") else line

    def response(self, first: bytes | None = None) -> bytes:
        """The next response whole, literals in place (`{3}` CR LF `abc`), without its last line end.
        A literal above the allowance is read past and leaves DROPPED. `first` is a line already read."""
        self._responses_left -= 1
        if self._responses_left < 0:
            self._break("responses without end")
        line = self.line() if first is None else first
        if not line.endswith(b"}") or not line.startswith(b"* ") or _SPEECH.match(line):
            return line
        pieces: list[bytes] = []
        while announced := _LITERAL.search(line):
            size = self._acceptable(int(announced[1]))
            if size > self.allowance.literal:
                self.read_to(size, len)
                pieces += (line[: announced.start()], DROPPED)
            else:
                pieces += (line, b"\r\n", self.exactly(size))
            if len(pieces) > 3 * _LITERALS:
                self._break("literals without end")
            line = self.line()
        pieces.append(line)
        return b"".join(pieces)

    def exactly(self, size: int) -> bytes:
        """The next `size` octets."""
        while len(self._buffer) - self._at < size:
            self._fill()
        self._at += size
        return bytes(self._buffer[self._at - size : self._at])

    def read_to(self, size: int, sink: Callable[[bytes], object], step: int = _COMPACT) -> None:
        """Hand the next `size` octets to `sink` in slices of at most `step`, holding no more."""
        self._acceptable(size)
        self._streaming = True
        while size:
            if not self.buffered:
                self._fill()
            piece = bytes(self._buffer[self._at : self._at + min(size, step)])
            self._at += len(piece)
            size -= len(piece)
            sink(piece)
        self._streaming = False
        if self._deflate is not None:
            self._deflate.measure()

    def await_line(self, seconds: float) -> Ready:
        """Wait until a whole line is in the buffer, somebody woke us, or `seconds` are over. The buffer,
        TLS and the inflater are asked before the socket: what they hold never shows up there again."""
        end = self.clock() + seconds
        search = self._at
        while self._buffer.find(b"\n", search) < 0:
            seen = len(self._buffer) - self._at
            if seen > self.allowance.line:
                self._break("a line without end")
            if not self._at_hand():
                poll = select.poll()
                poll.register(self.sock, select.POLLIN)
                poll.register(self._ear, select.POLLIN)
                ready = {number for number, _ in poll.poll(max(0.0, end - self.clock()) * 1000)}
                if self._ear in ready:
                    self._hear()
                    return Ready.WOKEN
                if not ready:
                    return Ready.QUIET
            self._compact()
            search = self._at + seen
            self._keep(self._received())
        return Ready.DATA

    def _acceptable(self, size: int) -> int:
        if size > max(0, self._octets_left) + len(self._buffer) - self._at:
            self._break(f"a literal of {size} octets")
        return size

    def _fill(self) -> None:
        """Wait for more octets and put them into the buffer."""
        self._compact()
        quiet = self.clock() + self.allowance.silence
        while not (chunk := self._received(quiet)):
            pass
        self._keep(chunk)

    def _compact(self) -> None:
        if self._at == len(self._buffer):
            self._buffer.clear()
            self._at = 0
        elif self._at > _COMPACT:
            del self._buffer[: self._at]
            self._at = 0

    def _keep(self, chunk: bytes) -> None:
        self._octets_left -= len(chunk)
        if self._octets_left < 0:
            self._break("more than was asked for")
        if self._deflate is not None and self._deflate.swollen and not self._streaming:
            self._break("compressed data that swells without end")
        if self.clock() > self._end:
            self._fail(Unreachable(f"{self.host} answers too slowly."))
        self._buffer += chunk

    def _received(self, quiet: float | None = None) -> bytes:
        """What the inflater or the socket has. When that is nothing: b"", after having waited until
        `quiet` if given. A readable TLS socket may still have nothing to tell."""
        if self._deflate is not None and self._deflate.more:
            return self._inflated(self._deflate)
        try:
            chunk = self.sock.recv(_CHUNK)
        except (ssl.SSLWantReadError, BlockingIOError):
            if quiet is not None:
                self._wait(select.POLLIN, quiet)
            return b""
        except ssl.SSLWantWriteError:
            self._wait(select.POLLOUT, self._end)
            return b""
        except (OSError, ValueError) as error:
            self._fail(Unreachable(f"The connection to {self.host} was lost: {error}."))
        if not chunk:
            self._fail(Unreachable(f"{self.host} closed the connection."))
        self._received_left -= len(chunk)
        if self._received_left < 0:
            self._break("more than was asked for")
        if self.allowance.pace:
            self._end += len(chunk) / self.allowance.pace
        if self._deflate is None:
            return chunk
        self._deflate.feed(chunk)
        return self._inflated(self._deflate)

    def _inflated(self, deflate: Deflate) -> bytes:
        try:
            return deflate.take()
        except ValueError:
            self._break("compressed data that can't be read")

    # writing

    def send(self, data: bytes | memoryview, step: int = _COMPACT) -> None:
        """Send all of `data`."""
        view = memoryview(data if self._deflate is None else self._deflate.squeezed(data))
        quiet = self.clock() + self.allowance.silence
        while view:
            try:
                sent = self.sock.send(view[:step])
            except (ssl.SSLWantWriteError, BlockingIOError):
                self._wait(select.POLLOUT, quiet)
            except ssl.SSLWantReadError:
                self._wait(select.POLLIN, quiet)
            except (OSError, ValueError) as error:
                self._fail(Unreachable(f"The connection to {self.host} was lost: {error}."))
            else:
                view = view[sent:]
                quiet = self.clock() + self.allowance.silence
                if self.allowance.pace:
                    self._end += sent / self.allowance.pace

    def compress(self) -> None:
        """From here on deflate, both ways. What is in the buffer came behind the server's consent, so it
        is deflated already (RFC 4978 §3)."""
        self._deflate = Deflate()
        if self.buffered:
            self._deflate.feed(bytes(self._buffer[self._at :]))
        self._buffer.clear()
        self._at = 0

    # waiting, waking, ending

    def _wait(self, event: int, quiet: float) -> None:
        now = self.clock()
        left = min(quiet, self._end) - now
        if left <= 0:
            how = "does not answer" if quiet <= self._end else "answers too slowly"
            self._fail(Unreachable(f"{self.host} {how}."))
        poll = select.poll()
        poll.register(self.sock, event)
        if self.attention is not None:
            poll.register(self._ear, select.POLLIN)
        ready = {number for number, _ in poll.poll(left * 1000 + 1)}
        if self._ear in ready and self.attention is not None:
            self._hear()
            self.attention()

    def wake(self) -> None:
        """Any thread: end a wait in `await_line`, now or the next one."""
        with self._lock:
            if not self.closed:
                with suppress(BlockingIOError):  # a full pipe has rung already
                    os.write(self._bell, b"!")

    def unring(self) -> None:
        """Forget what rang so far. Look whether there is something to do after this, not before."""
        self._hear()

    def abort(self) -> None:
        """Any thread: cut the connection; whoever reads finds it closed."""
        with self._lock:
            if not self.closed:
                with suppress(OSError):  # the other side was quicker
                    # the plain method, because ssl's would take TLS apart under its reader's feet
                    socket.socket.shutdown(self.sock, socket.SHUT_RDWR)

    def close(self) -> None:
        with self._lock:
            if not self.closed:
                self.closed = True
                self.sock.close()
                os.close(self._ear)
                os.close(self._bell)

    def encrypt(self, context: ssl.SSLContext, seconds: float) -> None:
        """STARTTLS: from here on TLS. Nothing may be in the buffer (the caller looks)."""
        try:
            self.sock = tls.handshake(self.sock, self.host, context, seconds, self.clock)
        except Trouble:
            self.close()
            raise

    def _at_hand(self) -> bool:
        """Whether TLS or the inflater holds something."""
        if self._deflate is not None and self._deflate.more:
            return True
        return isinstance(self.sock, ssl.SSLSocket) and self.sock.pending() > 0

    def _hear(self) -> None:
        with suppress(BlockingIOError):
            while os.read(self._ear, 4096):
                pass

    def _break(self, how: str) -> NoReturn:
        self._fail(garbled(self.host, how))

    def _fail(self, trouble: Trouble) -> NoReturn:
        self.close()
        raise trouble
