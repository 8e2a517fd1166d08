"""The DATA phase: the message goes out in slices, with progress, and it is known exactly whether its
final dot has left (RFC 5321 §4.1.1.4)."""

import asyncio
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import cast

from aiosmtplib import SMTPException, SMTPResponse, SMTPServerDisconnected
from aiosmtplib.protocol import SMTPProtocol

from mailtui.model.trouble import Garbled, Trouble, Unreachable
from mailtui.smtp.delivery import Budgets, OutcomeUnknown
from mailtui.smtp.session import Session
from mailtui.smtp.trouble import from_library, refusal

_SLICE = 65_536  # octets
_BARE = re.compile(rb"\r(?!\n)|(?<!\r)\n")
_START_INPUT, _COMPLETED = 354, 250

Progress = Callable[[int, int], object]


def wire_size(source: bytes) -> int:
    """Octets of the message with CR LF line ends, without stuffed dots: what SIZE means (RFC 1870)."""
    pairs = source.count(b"\r\n")
    bare = source.count(b"\n") + source.count(b"\r") - 2 * pairs
    return len(source) + bare + (0 if not source or source.endswith((b"\n", b"\r")) else 2)


def wire_slices(source: bytes, size: int = _SLICE) -> Iterator[bytes]:
    """The message as it goes over the wire but for the final dot: lines end in CR LF and no line
    is a lone dot. A bare CR or LF would let a message smuggle in another."""
    position, line_start, last = 0, True, b"\r\n"
    while position < len(source):
        end = position + size
        while source[end - 1 : end] == b"\r":
            end += 1  # CR LF stays together
        piece = _BARE.sub(b"\r\n", source[position:end])
        stuffed = piece.replace(b"\n.", b"\n..")
        yield b"." + stuffed if line_start and piece.startswith(b".") else stuffed
        position, line_start, last = end, piece.endswith(b"\n"), piece[-2:]
    if not last.endswith(b"\n"):
        yield b"\r\n"


@dataclass(slots=True)
class Upload:
    """One DATA command on a connection that has a sender and recipients. The protocol object is
    aiosmtplib's; what it keeps to itself is needed here because it can only write a message whole."""

    host: str
    protocol: SMTPProtocol
    budgets: Budgets
    talk: Session
    progress: Progress | None = None

    async def send(self, source: bytes, size: int) -> str:
        """`size` is the message's wire_size. Returns what the server said when it took the message.
        Raises OutcomeUnknown when that answer did not come, any other Trouble when the message was
        certainly not taken."""
        try:
            transport = cast("asyncio.WriteTransport", self.protocol.transport)
            await self._begin()
            await self._write(source, size, transport)
        except (SMTPException, OSError) as error:
            raise from_library(error, self.host, "sending the message") from error
        response = await self._finish(size)
        if response.code != _COMPLETED:
            raise self._verdict(response)
        return response.message

    async def _begin(self) -> None:
        self.protocol._response_pending = True
        self.talk.saying(b"DATA")
        self.protocol.write(b"DATA\r\n")
        response = await self.protocol.read_response(timeout=self.budgets.command)
        self.talk.heard(response)
        if response.code != _START_INPUT:
            raise refusal(self.host, "the message", response.code, response.message)

    async def _write(self, source: bytes, total: int, transport: asyncio.WriteTransport) -> None:
        """Everything but the dot."""
        self.protocol._response_pending = True  # an answer now is early, and must be seen
        done = 0
        # hardly a buffer, so that drained means gone and progress is honest
        transport.set_write_buffer_limits(high=1, low=0)
        for piece in wire_slices(source):
            self.protocol.write(piece)
            async with asyncio.timeout(self.budgets.slice):
                await self.protocol._drain_helper()
            await asyncio.sleep(0)  # a fast connection drains at once; others have their turn
            self._heed_early_answer()
            done = min(done + len(piece), total)
            if self.progress is not None:
                self.progress(done, total)
        if not self.protocol.is_connected:
            raise SMTPServerDisconnected("lost before the final dot")

    def _heed_early_answer(self) -> None:
        waiter = self.protocol._response_waiter
        if waiter is not None and waiter.done():
            response: SMTPResponse | None = waiter.result()  # or the loss of the connection, raised
        else:  # what came in one piece with the answer to DATA
            response = self.protocol._read_response_from_buffer()
        if response is None:
            return
        if response.code >= 400:
            raise refusal(self.host, "the message", response.code, response.message)
        raise Garbled(
            f"{self.host} answered before it had the whole message.",
            "It was not sent. The connection was closed.",
        )

    async def _finish(self, size: int) -> SMTPResponse:
        try:
            self.talk.note(f"the message, {size} octets, and its final dot")
            self.protocol.write(b".\r\n")
            response = await self.protocol.read_response(timeout=self.budgets.answer_to(size))
            self.talk.heard(response)
            return response
        except (SMTPException, OSError) as error:
            raise OutcomeUnknown(
                f"{self.host} did not say whether it took the message.",
                "It may have been sent. Look whether it arrived before you send it again.",
            ) from error

    def _verdict(self, response: SMTPResponse) -> Trouble:
        trouble = refusal(self.host, "the message", response.code, response.message)
        if isinstance(trouble, Garbled | Unreachable):
            return OutcomeUnknown(
                f"{self.host} gave an answer to the message that means nothing.",
                "It may have been sent. Look whether it arrived before you send it again.",
            )
        return trouble
