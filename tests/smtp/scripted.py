"""An SMTP server that misbehaves on purpose, at the point a test names. It logs what it was told and
which messages it took responsibility for."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Self

from mailtui.model.account import Security, Server

Line = bytes
EHLO = (b"mail.example.test", b"8BITMIME", b"SIZE 50000000", b"SMTPUTF8", b"AUTH PLAIN LOGIN")


@dataclass
class Dialogue:
    """One connection: what the client said (in clear or not), and what was accepted."""

    clear: list[Line] = field(default_factory=list)
    encrypted: list[Line] = field(default_factory=list)
    accepted: list[bytes] = field(default_factory=list)
    answered_at: int = 0  # octets the server had said once it had answered the message

    @property
    def lines(self) -> list[Line]:
        return [*self.clear, *self.encrypted]

    def said(self, word: bytes) -> bool:
        return any(line.upper().startswith(word) for line in self.lines)


@dataclass
class Script:
    """What to do where. `replies` maps a phase (greet, EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, dot, QUIT)
    to the bytes sent instead of the usual reply; b"" hangs, None drops the connection."""

    replies: dict[str, bytes | None] = field(default_factory=dict)
    ehlo: tuple[bytes, ...] = EHLO
    tls: ssl.SSLContext | None = None  # offered as STARTTLS
    glued: bytes = b""  # sent in clear right behind the 220 of STARTTLS
    drop_in_data: int = 0  # octets of the message after which the connection is dropped
    early: bytes = b""  # sent right behind the 354
    cut_after: int | None = None  # octets it says before it hangs up
    deaf_after: int | None = None  # octets it hears before it hangs up; not with TLS
    each_recipient: Callable[[bytes], bytes] = lambda line: b"250 ok"


class _Gone(Exception):
    """The script says to drop the connection."""


class Scripted:
    """`async with Scripted(script) as server:` then `server.server()`."""

    def __init__(self, script: Script | None = None) -> None:
        self.script = script or Script()
        self.dialogues: list[Dialogue] = []
        self.port = 0
        self.heard = 0  # octets, counted with `deaf_after` only
        self._tasks: set[asyncio.Task[None]] = set()

    def server(self, security: Security = Security.NONE, ca_file: str | None = None) -> Server:
        return Server("127.0.0.1", self.port, security, "alice", ca_file)

    @property
    def accepted(self) -> list[bytes]:
        return [message for dialogue in self.dialogues for message in dialogue.accepted]

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=1 << 26)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        dialogue = Dialogue()
        self.dialogues.append(dialogue)
        with contextlib.suppress(_Gone, OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            if self.script.deaf_after is not None:
                reader = self._deafened(reader, self.script.deaf_after)
            await _Session(self.script, dialogue, reader, writer).run()
        writer.transport.abort()

    def _deafened(self, reader: asyncio.StreamReader, limit: int) -> asyncio.StreamReader:
        """What comes, until so many octets have come."""
        heard = asyncio.StreamReader(limit=1 << 26)

        async def hear() -> None:
            left = limit
            while left and (chunk := (await reader.read(65_536))[:left]):
                left -= len(chunk)
                self.heard += len(chunk)
                heard.feed_data(chunk)
            heard.feed_eof()

        task = asyncio.ensure_future(hear())
        self._tasks.add(task)
        return heard


class _Session:
    def __init__(
        self,
        script: Script,
        dialogue: Dialogue,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self.script, self.dialogue, self.reader, self.writer = script, dialogue, reader, writer
        self.secure = False
        self.said = 0

    async def run(self) -> None:
        await self.answer("greet", b"220 mail.example.test ESMTP")
        async for line in self.lines():
            word = line.split(b" ", 1)[0].upper().decode("ascii", "replace")
            if word == "EHLO":
                await self.answer("EHLO", self.extensions())
            elif word == "STARTTLS":
                await self.start_tls()
            elif word == "RCPT":
                await self.answer("RCPT", self.script.each_recipient(line))
            elif word == "DATA":
                await self.data()
            elif word == "AUTH":
                await self.answer("AUTH", b"235 welcome")
            elif word == "QUIT":
                await self.answer("QUIT", b"221 bye")
                return
            else:
                await self.answer(word, b"250 ok")

    async def lines(self) -> AsyncIterator[Line]:
        while (line := await self.reader.readline()).endswith(b"\n"):
            (self.dialogue.encrypted if self.secure else self.dialogue.clear).append(line.rstrip(b"\r\n"))
            yield line.rstrip(b"\r\n")

    def extensions(self) -> bytes:
        offered = list(self.script.ehlo)
        if self.script.tls is not None and not self.secure:
            offered.append(b"STARTTLS")
        return b"\r\n".join([*(b"250-" + item for item in offered[:-1]), b"250 " + offered[-1]])

    async def start_tls(self) -> None:
        if self.script.tls is None or "STARTTLS" in self.script.replies:
            await self.answer("STARTTLS", b"454 not now")
            return
        self.writer.write(b"220 go ahead\r\n" + self.script.glued)
        await self.writer.start_tls(self.script.tls)
        self.secure = True

    async def data(self) -> None:
        await self.answer("DATA", b"354 go on")
        if "DATA" in self.script.replies:
            return
        if self.script.early:
            self.writer.write(self.script.early + b"\r\n")
        if self.script.drop_in_data:
            await self.reader.readexactly(self.script.drop_in_data)
            raise _Gone
        message = await self.reader.readuntil(b"\r\n.\r\n")
        code = (self.script.replies.get("dot") or b"250")[:3]
        if code == b"250":
            self.dialogue.accepted.append(message.removesuffix(b".\r\n"))
        await self.answer("dot", b"250 queued")
        self.dialogue.answered_at = self.said

    async def answer(self, phase: str, usual: bytes) -> None:
        reply = self.script.replies.get(phase, usual)
        if reply is None:
            raise _Gone
        if reply == b"":
            await asyncio.Event().wait()
        said = reply + b"\r\n"
        if self.script.cut_after is not None:
            said = said[: self.script.cut_after - self.said]
        self.said += len(said)
        self.writer.write(said)
        await self.writer.drain()
        if len(said) < len(reply) + 2:
            self.writer.close()  # what was said still arrives
            raise _Gone
