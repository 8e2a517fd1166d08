"""A TCP proxy on loopback that delays, stalls and cuts what passes through it."""

import asyncio
import contextlib
import threading
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Self

_CHUNK = 65_536
_UNDER_WAY = 64  # chunks on the line at once


class Proxy:
    """Stands before a port of this machine. Start it with `with`; change the attributes any time.

    `delay` is seconds each way; `rate` is the octets per second that come down each connection (None: as
    they come); `cut_after` ends a connection once so many octets have come down it (None: never); `down`
    and `up` count octets over all connections. `flights` counts how often a client spoke after it had
    heard something: with a `delay`, the answers it waited for.
    """

    host = "127.0.0.1"

    def __init__(self, target: int, *, delay: float = 0, cut_after: int | None = None) -> None:
        self.delay, self.cut_after = delay, cut_after
        self.rate: float | None = None
        self.down = self.up = self.connections = self.flights = 0
        self.port = 0
        self._target = target
        self._loop = asyncio.new_event_loop()
        self._flow = asyncio.Event()
        self._open: set[asyncio.StreamWriter] = set()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._ready = threading.Event()

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cut()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def cut(self) -> None:
        """End every connection now."""
        self._await(self._cut())

    def stall(self) -> None:
        """Let nothing through, without ending anything: a tunnel, a suspended laptop."""
        self._loop.call_soon_threadsafe(self._flow.clear)

    def resume(self) -> None:
        self._loop.call_soon_threadsafe(self._flow.set)

    def _await(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _cut(self) -> None:
        for writer in list(self._open):
            writer.transport.abort()

    def _run(self) -> None:
        self._loop.run_until_complete(self._serve())
        self._loop.run_forever()
        self._loop.run_until_complete(self._end())
        self._loop.close()

    async def _end(self) -> None:
        pending = asyncio.all_tasks() - {asyncio.current_task()}
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)

    async def _serve(self) -> None:
        self._flow.set()
        server = await asyncio.start_server(self._connected, self.host, 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            far_reader, far_writer = await asyncio.open_connection(self.host, self._target)
        except OSError:
            writer.transport.abort()
            return
        both = {writer, far_writer}
        heard = asyncio.Event()
        self._open |= both
        try:
            with contextlib.suppress(asyncio.CancelledError):  # the proxy ends
                await asyncio.gather(
                    self._pass(reader, far_writer, heard, down=False),
                    self._pass(far_reader, writer, heard, down=True),
                )
        finally:
            self._open -= both
            for end in both:
                end.transport.abort()

    async def _pass(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, heard: asyncio.Event, *, down: bool
    ) -> None:
        """Hand octets on in order, each chunk `delay` after it came."""
        queue: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(_UNDER_WAY)
        feeding = asyncio.ensure_future(self._feed(reader, queue, None if down else heard))
        passed = 0
        free = 0.0  # when the line has sent what it was given
        try:
            while True:
                due, chunk = await queue.get()
                if down and self.rate is not None:
                    due = free = max(due, free) + len(chunk) / self.rate
                await asyncio.sleep(max(0.0, due - self._loop.time()))
                await self._flow.wait()
                if down and self.cut_after is not None and passed + len(chunk) >= self.cut_after:
                    writer.write(chunk[: self.cut_after - passed])
                    with contextlib.suppress(OSError):
                        await writer.drain()
                    writer.close()
                    return
                if not chunk or writer.is_closing():
                    writer.close()
                    return
                passed += len(chunk)
                if down:
                    self.down += len(chunk)
                    heard.set()
                else:
                    self.up += len(chunk)
                writer.write(chunk)
                with contextlib.suppress(OSError):
                    await writer.drain()
        finally:
            feeding.cancel()

    async def _feed(
        self,
        reader: asyncio.StreamReader,
        queue: asyncio.Queue[tuple[float, bytes]],
        heard: asyncio.Event | None,
    ) -> None:
        chunk = b"-"
        while chunk:
            try:
                chunk = await reader.read(_CHUNK)
            except OSError:
                chunk = b""
            if chunk and heard is not None and heard.is_set():
                heard.clear()
                self.flights += 1
            await queue.put((self._loop.time() + self.delay, chunk))
