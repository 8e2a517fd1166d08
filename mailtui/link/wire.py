"""Lines of JSON between two ends: over a stream of a Unix socket, or in memory."""

import asyncio
import json
from typing import Any, Protocol

from mailtui.model.trouble import Garbled

LONGEST = 64 * 1024 * 1024  # octets of a line: a message of some 48 MB in base64
_LARGE = 1024 * 1024  # octets from which a line is taken apart in a thread

Frame = dict[str, Any]


class Wire(Protocol):
    """One end. Frames arrive whole and in order."""

    async def read(self) -> Frame | None:
        """The next frame, None when the other end is gone. Raises Garbled."""

    async def write(self, *frames: Frame) -> None:
        """Returns when the other end keeps up. What can't be delivered is forgotten: `read` tells."""

    def close(self) -> None: ...


class StreamWire:
    """Over asyncio's streams, opened with `limit=LONGEST`."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def read(self) -> Frame | None:
        try:
            line = await self._reader.readuntil(b"\n")
        except asyncio.LimitOverrunError as error:
            raise Garbled("A line on the link was too long.") from error
        except (asyncio.IncompleteReadError, OSError):
            return None  # half a line is no line: its sender has no acknowledgement and repeats it
        return await asyncio.to_thread(parse, line) if len(line) > _LARGE else parse(line)

    async def write(self, *frames: Frame) -> None:
        if self._writer.is_closing():
            return
        try:
            for frame in frames:
                self._writer.write(line_of(frame))
            await self._writer.drain()
        except OSError:
            self.close()  # the reading end sees it and says so

    def close(self) -> None:
        self._writer.close()


class MemoryWire:
    """One end in this process; frames go through their lines all the same."""

    def __init__(self, inbound: "asyncio.Queue[bytes]", outbound: "asyncio.Queue[bytes]") -> None:
        self._inbound = inbound
        self._outbound = outbound
        self._closed = False

    async def read(self) -> Frame | None:
        line = b"" if self._closed else await self._inbound.get()
        return parse(line) if line else None

    async def write(self, *frames: Frame) -> None:
        for frame in frames:
            self._outbound.put_nowait(line_of(frame))

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._outbound.put_nowait(b"")
            self._inbound.put_nowait(b"")


def memory_pair() -> tuple[MemoryWire, MemoryWire]:
    """Two ends that hear each other."""
    there: asyncio.Queue[bytes] = asyncio.Queue()
    back: asyncio.Queue[bytes] = asyncio.Queue()
    return MemoryWire(back, there), MemoryWire(there, back)


def line_of(frame: Frame) -> bytes:
    """Raises Garbled when the frame is longer than the other end would read."""
    line = json.dumps(frame, separators=(",", ":")).encode("ascii") + b"\n"
    if len(line) > LONGEST:
        raise Garbled("This is too large to hand to the account service.", "Send less than 45 MB at once.")
    return line


def parse(line: bytes) -> Frame:
    """Raises Garbled."""
    try:
        frame = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Garbled("The link carried a line that is not JSON.") from error
    if not isinstance(frame, dict):
        raise Garbled("The link carried a line that is no frame.")
    return frame
