"""The account service as a process: one per profile, for as long as a front is there or something durable
can still be finished."""

import asyncio
import fcntl
import logging
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from mailtui import __version__
from mailtui.config.paths import Paths, ensure
from mailtui.config.settings import NoSettings, Settings, SettingsTrouble, load
from mailtui.link.server import LinkServer
from mailtui.link.starting import ALREADY_RUNNING, SETTINGS
from mailtui.model.trouble import Trouble
from mailtui.service.log import begin_log
from mailtui.service.service import AccountService
from mailtui.service.settings_file import SettingsFile

_log = logging.getLogger(__name__)

_FAILED = 70


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: for another service to let go of the profile, for the first front to come, for another
    one after the last has left, for jobs at the end."""

    lock: float = 2.0
    first: float = 20.0
    next: float = 4.0
    end: float = 5.0


def run(paths: Paths, patience: Patience | None = None) -> int:
    """Serve until nobody needs it. Returns an exit status; its reason is said on stderr, which the
    front that started it reads. Calls for a process of its own: it changes signals and logging."""
    waits = patience or Patience()
    try:
        ensure(paths)
        with _profile(paths, waits.lock) as ours:
            if not ours:
                return ALREADY_RUNNING
            file = SettingsFile(paths.settings)
            settings = load(paths.settings)
            begin_log(paths.log)
            asyncio.run(_serve(paths, settings, file, waits))
    except (SettingsTrouble, NoSettings) as trouble:
        return _say(str(trouble), SETTINGS)
    except Trouble as trouble:
        return _say(str(trouble), _FAILED)
    except Exception:  # noqa: BLE001 - the last place where a fault can be written down
        _log.exception("The service failed.")
        return _say("The account service failed; its log says how.", _FAILED)
    return 0


def _say(text: str, status: int) -> int:
    with suppress(OSError, ValueError):
        print(text, file=sys.stderr, flush=True)
    return status


@contextmanager
def _profile(paths: Paths, seconds: float) -> Iterator[bool]:
    """Hold the profile's lock; False when somebody else does for longer than `seconds`."""
    descriptor = os.open(paths.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    deadline = time.monotonic() + seconds
    try:
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    yield False
                    return
                time.sleep(0.05)
            else:
                yield True
                return
    finally:
        os.close(descriptor)


async def _serve(paths: Paths, settings: Settings, file: SettingsFile, patience: Patience) -> None:
    service = AccountService.of_profile(settings, paths, file)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, service.stopped.set)
    loop.add_signal_handler(signal.SIGHUP, lambda: None)  # the terminal is the front's business
    changed = asyncio.Event()
    server = LinkServer(service, __version__, changed.set)
    await service.start()
    await server.listen(paths.socket)
    _let_go()
    _log.info("Serving %d accounts.", len(settings.accounts))
    try:
        await _until_idle(service, server, changed, patience, file)
    finally:
        stopping = asyncio.create_task(service.stop(patience.end))
        await asyncio.sleep(0)
        await server.close()
        await stopping
        with suppress(FileNotFoundError):
            paths.socket.unlink()
        _log.info("Ended.")


def _let_go() -> None:
    """From here on nobody reads what we say."""
    with open(os.devnull, "r+b") as nothing:
        for descriptor in (0, 1, 2):
            os.dup2(nothing.fileno(), descriptor)


async def _until_idle(
    service: AccountService,
    server: LinkServer,
    changed: asyncio.Event,
    patience: Patience,
    settings: SettingsFile,
) -> None:
    """Until somebody wants the end, or no front is there and nothing can be finished. A front that
    comes after the settings were changed gets a service that knows them."""
    alone_since = time.monotonic()
    grace = patience.first
    fronts, left = 0, False
    while not service.stopped.is_set():
        if server.fronts > fronts and settings.differs:
            _log.info("The settings were changed.")
            return
        fronts = server.fronts
        if fronts:
            alone_since, grace, left = time.monotonic(), patience.next, False
        elif time.monotonic() - alone_since >= grace:
            if not left:
                left = True
                await service.left_alone()
            if not await service.can_finish():
                return
        await _either(changed, service.stopped, 1.0 if not fronts else None)


async def _either(changed: asyncio.Event, stopped: asyncio.Event, seconds: float | None) -> None:
    waiting = [asyncio.create_task(changed.wait()), asyncio.create_task(stopped.wait())]
    await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    changed.clear()
    for task in waiting:
        task.cancel()
