"""`mailtui --demo`: servers of its own with sample mail, a profile in a temporary directory, and nothing
left of either when the screen is closed, by a key or by a signal."""

import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any

from mailtui.cli.crash import REPORTS
from mailtui.cli.ending import stop_service
from mailtui.config.paths import Paths, ensure
from mailtui.model.account import Account, Security, Server
from mailtui.model.address import Address
from mailtui.model.trouble import Unreachable

_READY = 30.0  # seconds that the servers may take to start
_END = 10.0  # seconds that the servers may take to end
_SIGNALS = (signal.SIGTERM, signal.SIGHUP)


def run_demo(*, mailto: str | None = None, account: str | None = None) -> int:
    """Open the screen on the sample mail. Returns the exit status."""
    from mailtui.cli.screen import begin_with, open_screen
    from mailtui.config.settings import load

    with _unwinding_signals(), demo_profile() as paths:
        return open_screen(begin_with(load(paths.settings), account), paths, mailto=mailto, goes_on=False)


@contextmanager
def demo_profile() -> Iterator[Paths]:
    """A profile whose two accounts live on servers that were just started. On the way out the
    service and the servers are ended and every file is removed, but for reports of crashes."""
    root = Path(tempfile.mkdtemp(prefix="mailtui-demo-"))  # 0700
    paths = Paths.below(root)
    servers: subprocess.Popen[bytes] | None = None
    try:
        ensure(paths)
        servers = _start(root / "servers.log")
        _write_settings(paths, _ready(servers))
        yield paths
    finally:
        with _deaf_to_signals():
            stop_service(paths.socket)
            if servers is not None:
                _stop(servers)
            _clear(root, set(paths.state.glob(REPORTS)))


def _clear(root: Path, kept: set[Path]) -> None:
    """Remove all but what the user was told to look at."""
    if not kept:
        shutil.rmtree(root, ignore_errors=True)
        return
    for place, folders, files in os.walk(root, topdown=False):
        for file in files:
            if Path(place, file) not in kept:
                with suppress(OSError):
                    os.unlink(os.path.join(place, file))
        for folder in folders:
            with suppress(OSError):  # a kept file is in it
                os.rmdir(os.path.join(place, folder))


# the servers


def _start(log: Path) -> "subprocess.Popen[bytes]":
    package = str(Path(__file__).resolve().parents[2])
    places = [package, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    log.touch(0o600)
    with log.open("wb") as errors:
        return subprocess.Popen(
            [sys.executable, "-m", "mailtui.demo"],
            stdin=subprocess.PIPE,  # closes when we are gone, whatever became of us, and ends them
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,  # Ctrl-C is the screen's
            cwd="/",  # where nothing can stand that looks like a module
            env={**os.environ, "PYTHONPATH": os.pathsep.join(places)},
        )


def _ready(servers: "subprocess.Popen[bytes]") -> dict[str, Any]:
    """What the servers say of themselves in one line once they listen."""
    assert servers.stdout is not None
    line, end = b"", time.monotonic() + _READY
    while not line.endswith(b"\n") and time.monotonic() < end:
        if select.select([servers.stdout], [], [], 0.2)[0]:
            read = os.read(servers.stdout.fileno(), 65_536)
            if not read:
                break
            line += read
    if not line.endswith(b"\n"):
        raise Unreachable("The demo's servers did not start.")
    found: dict[str, Any] = json.loads(line)
    return found


def _stop(servers: "subprocess.Popen[bytes]") -> None:
    assert servers.stdin is not None
    assert servers.stdout is not None
    servers.stdin.close()
    try:
        servers.wait(_END)
    except subprocess.TimeoutExpired:
        servers.kill()
        servers.wait()
    servers.stdout.close()


# the profile


def _write_settings(paths: Paths, told: dict[str, Any]) -> None:
    from mailtui.config.writing import add_account

    secret = paths.state / "password"
    descriptor = os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(f"{told['password']}\n")
    for account in told["accounts"]:
        add_account(
            paths.settings,
            Account(
                key=account["key"],
                address=Address(account["name"], account["address"]),
                imap=_server(account["imap"]),
                smtp=_server(account["smtp"]),
                password_cmd=("cat", str(secret)),
            ),
        )


def _server(told: dict[str, Any]) -> Server:
    return Server(told["host"], told["port"], Security(told["security"]), told["user"])


# signals


@contextmanager
def _unwinding_signals() -> Iterator[None]:
    """A signal that would end us unwinds instead, so that everything is cleared away. While the
    screen is open its own handlers stand before these."""

    def unwind(number: int, frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    before = {number: signal.signal(number, unwind) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _deaf_to_signals() -> Iterator[None]:
    """Nothing interrupts the clearing away."""
    numbers = (*_SIGNALS, signal.SIGINT)
    before = {number: signal.signal(number, signal.SIG_IGN) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
