"""A service that only remembers, for tests of the link; as a program it is a whole service process.

`python -m tests.link.recorder SOCKET LOCK VERSION DIARY` writes each intent it takes into DIARY, ends
on StopService, and kills itself when told to synchronise the account "die".
"""

import asyncio
import fcntl
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from mailtui.link.ack import Ack
from mailtui.link.server import Callback, LinkServer
from mailtui.model.account import ConnectionState
from mailtui.model.event import ConnectionChanged, Event, ServiceEnding
from mailtui.model.intent import Intent, StopService, Synchronise
from mailtui.model.trouble import Refused

STATE = ConnectionChanged("work", ConnectionState.ONLINE)


class Recorder:
    """Takes everything, once per id; tells every subscriber what `publish` is given."""

    def __init__(self) -> None:
        self.taken: dict[str, Intent] = {}
        self.callbacks: list[Callback] = []
        self.ended = asyncio.Event()
        self.pause: asyncio.Event | None = None

    async def handle(self, intent_id: str, intent: Intent) -> Ack:
        if self.pause is not None:
            await self.pause.wait()
        if isinstance(intent, Synchronise) and intent.account == "nobody":
            return Ack(intent_id, Refused("There is no account nobody.", "Look at the settings."))
        if isinstance(intent, Synchronise) and intent.account == "fault":
            raise RuntimeError("a mistake")
        self.taken.setdefault(intent_id, intent)
        if isinstance(intent, StopService):
            self.ended.set()
        return Ack(intent_id)

    def subscribe(self, callback: Callback) -> Callable[[], None]:
        self.callbacks.append(callback)
        callback(STATE)
        return lambda: self.callbacks.remove(callback)

    def publish(self, event: Event) -> None:
        for callback in self.callbacks:
            callback(event)


class Diarist(Recorder):
    """Writes intents down as they come, and can be made to die."""

    def __init__(self, diary: Path) -> None:
        super().__init__()
        self._diary = diary

    async def handle(self, intent_id: str, intent: Intent) -> Ack:
        with self._diary.open("a") as diary:
            diary.write(f"{os.getpid()} {intent_id} {type(intent).__name__}\n")
        if isinstance(intent, Synchronise) and intent.account == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        return await super().handle(intent_id, intent)


async def serve(socket: Path, version: str, diary: Path) -> None:
    service = Diarist(diary)
    server = LinkServer(service, version, lambda: None)
    await server.listen(socket)
    await service.ended.wait()
    service.publish(ServiceEnding())
    await server.close()


def main(socket: str, lock: str, version: str, diary: str) -> int:
    if version == "broken":
        print("The settings need a correction.", file=sys.stderr)
        return 78
    with open(lock, "w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return 75
        asyncio.run(serve(Path(socket), version, Path(diary)))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
