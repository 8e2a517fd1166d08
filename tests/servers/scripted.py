"""An IMAP server that behaves until a test says otherwise, for faults that no real server makes."""

import contextlib
import re
import socket
import ssl
import struct
import threading
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from tests.servers.certificates import Leaf

CAPABILITY = b"IMAP4rev1 SASL-IR AUTH=PLAIN LITERAL+ UIDPLUS MOVE IDLE ESEARCH UNSELECT"
_LITERAL = re.compile(rb"\{(\d+)(\+?)\}$")


@dataclass(frozen=True, slots=True)
class Heard:
    """A line a client sent: on which connection, and whether it was encrypted."""

    connection: int
    encrypted: bool
    line: bytes


@dataclass(frozen=True, slots=True)
class Command:
    """A command with its literals in place."""

    tag: bytes
    verb: str
    words: bytes


class Talk:
    """One connection, from the server's side."""

    def __init__(self, server: "Scripted", sock: socket.socket, number: int) -> None:
        self.server, self.number = server, number
        self._sock = sock
        self._buffer = b""
        self._deflating: zlib._Compress | None = None
        self._inflating = zlib.decompressobj(-zlib.MAX_WBITS)

    def send(self, data: bytes) -> None:
        if self._deflating is not None:
            data = self._deflating.compress(data) + self._deflating.flush(zlib.Z_SYNC_FLUSH)
        self.send_as_it_is(data)

    def send_as_it_is(self, data: bytes) -> None:
        """Past the compression."""
        said = data[: self.server.ration(len(data))]
        self._sock.sendall(said)
        if len(said) < len(data):
            self.drop()

    def send_in_pieces(self, data: bytes, size: int, pause: float) -> None:
        """`size` octets at a time with a pause after each, until it is said or the client is gone."""
        for start in range(0, len(data), size):
            self.send(data[start : start + size])
            if self.server.ended.wait(pause):
                return

    def line(self) -> bytes:
        """The next line of the client, without its end; EOFError when it has hung up."""
        while b"\r\n" not in self._buffer:
            self._more()
        line, _, self._buffer = self._buffer.partition(b"\r\n")
        self.server.heard.append(Heard(self.number, isinstance(self._sock, ssl.SSLSocket), line))
        return line

    def command(self) -> Command:
        """The next command; literals are asked for and put in place."""
        line = self.line()
        while announced := _LITERAL.search(line):
            if not announced[2]:
                self.send(b"+ go on\r\n")
            line += b"\r\n" + self._exactly(int(announced[1])) + self.line()
        tag, _, rest = line.partition(b" ")
        words = rest.split(b" ", 2)
        verb = words.pop(0).upper()
        if verb == b"UID" and words:
            verb += b" " + words.pop(0).upper()
        return Command(tag, verb.decode(), b" ".join(words))

    def encrypt(self) -> None:
        context = self.server.context
        assert context is not None
        self._sock = context.wrap_socket(self._sock, server_side=True)
        self._buffer = b""

    def compress(self) -> None:
        """Deflate both ways from here on."""
        self._deflating = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        if self._buffer:
            self._buffer = self._inflating.decompress(self._buffer)

    def stall(self) -> None:
        """Say nothing more, until the client hangs up or the server is stopped."""
        with contextlib.suppress(OSError, EOFError):
            while not self.server.ended.is_set():
                self._more()

    def drop(self) -> None:
        """Hang up."""
        raise EOFError

    def reset(self) -> None:
        """Hang up with a TCP reset."""
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.drop()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            # shutdown wakes a thread that is blocked on the socket; close alone does not
            socket.socket.shutdown(self._sock, socket.SHUT_RDWR)
        self._sock.close()

    def end(self) -> None:
        self._sock.close()

    def _exactly(self, size: int) -> bytes:
        while len(self._buffer) < size:
            self._more()
        data, self._buffer = self._buffer[:size], self._buffer[size:]
        return data

    def _more(self) -> None:
        chunk = self._sock.recv(65_536)
        heard = chunk[: self.server.hears(len(chunk))]
        self._buffer += heard if self._deflating is None else self._inflating.decompress(heard)
        if len(heard) < len(chunk) or not chunk:
            raise EOFError


Answer = bytes | Callable[[Talk, Command], None]
"""What to say to a command: octets with `{tag}` in them, or a function that says it."""

_USUAL: Mapping[str, bytes] = {
    "CAPABILITY": b"* CAPABILITY " + CAPABILITY + b"\r\n{tag} OK done\r\n",
    "LOGIN": b"{tag} OK [CAPABILITY " + CAPABILITY + b"] signed in\r\n",
    "AUTHENTICATE": b"{tag} OK [CAPABILITY " + CAPABILITY + b"] signed in\r\n",
    "LIST": b'* LIST () "/" INBOX\r\n{tag} OK done\r\n',
    "SELECT": b"* 10 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 11] ok\r\n"
    b"* OK [PERMANENTFLAGS (\\Seen \\Deleted \\*)] ok\r\n{tag} OK [READ-WRITE] done\r\n",
    "NOOP": b"{tag} OK done\r\n",
    "ID": b'* ID ("name" "scripted")\r\n{tag} OK done\r\n',
    "LOGOUT": b"* BYE bye\r\n{tag} OK done\r\n",
}


class Scripted:
    """`answers` replace what is said to a verb ("UID FETCH"); a verb without any is answered BAD."""

    host = "localhost"

    def __init__(
        self,
        answers: Mapping[str, Answer] | None = None,
        *,
        greeting: Answer = b"* OK [CAPABILITY " + CAPABILITY + b"] ready\r\n",
        leaf: Leaf | None = None,
        implicit: bool = False,
    ) -> None:
        """With `leaf` the server can do TLS: from the first octet if `implicit`, else by STARTTLS."""
        self._answers: dict[str, Answer] = {**_USUAL, **(answers or {})}
        self._greeting = greeting
        self._implicit = implicit
        self.context: ssl.SSLContext | None = None
        if leaf is not None:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(leaf.certificate, leaf.key)
        self.heard: list[Heard] = []
        self.cut_after: int | None = None  # octets it says, over all connections, before it hangs up once
        self.deaf_after: int | None = None  # octets it hears before it hangs up once
        self.said = self.listened = 0  # octets, over all connections
        self._counting = threading.Lock()
        self.ended = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._talks: list[Talk] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.ended.set()
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for talk in self._talks:
            talk.close()
        for thread in self._threads:
            thread.join(10)

    def greet(self, greeting: Answer) -> None:
        """Begin with these words from now on."""
        self._greeting = greeting

    def ration(self, size: int) -> int:
        """How many of so many octets may be said."""
        with self._counting:
            if self.cut_after is not None and self.said + size > self.cut_after:
                size, self.cut_after = self.cut_after - self.said, None
            self.said += size
            return size

    def hears(self, size: int) -> int:
        """How many of so many octets may be heard."""
        with self._counting:
            if self.deaf_after is not None and self.listened + size > self.deaf_after:
                size, self.deaf_after = self.deaf_after - self.listened, None
            self.listened += size
            return size

    @property
    def lines(self) -> list[bytes]:
        """Everything clients sent, line by line."""
        return [heard.line for heard in self.heard]

    def _accept(self) -> None:
        while not self.ended.is_set():
            try:
                sock, _ = self._listening.accept()
            except OSError:
                return
            talk = Talk(self, sock, len(self._talks))
            self._talks.append(talk)
            thread = threading.Thread(target=self._serve, args=(talk,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, talk: Talk) -> None:
        with contextlib.suppress(
            OSError, EOFError, ValueError
        ):  # the client has gone: that is a test's right
            if self._implicit:
                talk.encrypt()
            self._say(talk, self._greeting, Command(b"*", "", b""))
            while True:
                command = talk.command()
                if (
                    command.verb == "STARTTLS"
                    and "STARTTLS" not in self._answers
                    and self.context is not None
                ):
                    talk.send(command.tag + b" OK begin\r\n")
                    talk.encrypt()
                    continue
                self._say(talk, self._answers.get(command.verb, b"{tag} BAD unknown\r\n"), command)
                if command.verb == "LOGOUT":
                    break
        talk.end()

    def _say(self, talk: Talk, answer: Answer, command: Command) -> None:
        if isinstance(answer, bytes):
            talk.send(answer.replace(b"{tag}", command.tag))
        else:
            answer(talk, command)


def answer(data: bytes) -> Callable[[Talk, Command], None]:
    """Say this with `{tag}` filled in: for answers put together from others."""
    return lambda talk, command: talk.send(data.replace(b"{tag}", command.tag))
