"""Ending the account service of a profile that is going away: its graceful end, and then no process."""

import asyncio
import os
import time
from pathlib import Path

from mailtui.model.trouble import Trouble

_END = 15.0  # seconds that it may take: it signs out of every server


def stop_service(socket: Path) -> None:
    """Ask the service that listens at `socket` to end, and wait until its process is gone. Without
    one there is nothing to do."""
    if not socket.exists():
        return
    try:
        pid = asyncio.run(_ask_to_end(socket))
    except (OSError, Trouble):
        return  # it is gone already, or does not answer; its files go all the same
    end = time.monotonic() + _END
    while pid and time.monotonic() < end and _alive(pid):
        time.sleep(0.02)


async def _ask_to_end(socket: Path) -> int:
    """The pid of the service that is ending now."""
    from mailtui.link.dialing import end
    from mailtui.link.wire import LONGEST, StreamWire

    reader, writer = await asyncio.open_unix_connection(socket, limit=LONGEST)
    wire = StreamWire(reader, writer)
    hello = await wire.read()
    await end(wire, _END)
    return int((hello or {}).get("pid", 0))


def _alive(pid: int) -> bool:
    try:
        if os.waitpid(pid, os.WNOHANG) != (0, 0):
            return False  # our own child, and it has ended
    except ChildProcessError:
        pass  # started by an editor's mailtui or the like: somebody else's child
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True
