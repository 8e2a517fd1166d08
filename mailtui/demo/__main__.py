"""`python -m mailtui.demo`: the servers with the sample mailbox, for as long as standard input is open.

One line of JSON on standard output says where they are and what the password is.
"""

import argparse
import asyncio
import json
import os
import random
import secrets
import signal
import sys
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic

from mailtui.demo import sample
from mailtui.demo.life import Life
from mailtui.demo.servers import EmbeddedServers
from mailtui.demo.telling import Sample


def main() -> int:
    asked = _arguments()
    start, began = asked.now or datetime.now().astimezone(), monotonic()

    def clock() -> datetime:
        return start + timedelta(seconds=monotonic() - began)

    asyncio.run(_run(clock, asked.seed, quiet=asked.quiet_life))
    return 0


async def _run(clock: Callable[[], datetime], seed: int, *, quiet: bool) -> None:
    stop = asyncio.Event()
    _stop_on_signals_and_end_of_input(stop)
    password = secrets.token_urlsafe(18)
    servers = EmbeddedServers(sample.users(), password)
    await servers.start()
    now = clock()
    for each in sample.mailbox(now, seed):
        _append(servers, each)
    life = Life(servers, clock, random.Random(seed))
    print(json.dumps(_where(servers, password)), flush=True)
    tasks = [asyncio.create_task(_pictures(servers, now))]
    if not quiet:
        tasks.append(asyncio.create_task(life.arrivals()))
    await stop.wait()
    for task in tasks:
        task.cancel()
    await servers.stop()


async def _pictures(servers: EmbeddedServers, now: datetime) -> None:
    for each in await asyncio.to_thread(lambda: list(sample.pictures(now))):
        _append(servers, each)


def _append(servers: EmbeddedServers, each: Sample) -> None:
    owner = sample.OWNERS[each.account].address
    servers.append(owner, each.folder, each.source, each.flags, each.when, new=False)


def _where(servers: EmbeddedServers, password: str) -> dict[str, object]:
    def place(port: int, user: str) -> dict[str, object]:
        return {"host": "127.0.0.1", "port": port, "security": "none", "user": user}

    accounts = [
        {
            "key": key,
            "name": owner.name,
            "address": owner.address,
            "imap": place(servers.imap_port, owner.address),
            "smtp": place(servers.smtp_port, owner.address),
        }
        for key, owner in sample.OWNERS.items()
    ]
    return {"accounts": accounts, "password": password}


def _stop_on_signals_and_end_of_input(stop: asyncio.Event) -> None:
    """When whoever started us is gone, so is their end of our standard input."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)

    def watch() -> None:
        while os.read(0, 4096):
            pass
        loop.call_soon_threadsafe(stop.set)

    threading.Thread(target=watch, daemon=True).start()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m mailtui.demo", description="The servers of mailtui's demo."
    )
    parser.add_argument("--seed", type=int, default=1, help="for what is left to chance")
    parser.add_argument("--now", type=_moment, help="seconds since 1970 that stand for now")
    parser.add_argument("--quiet-life", action="store_true", help="nothing arrives by itself")
    return parser.parse_args()


def _moment(text: str) -> datetime:
    return datetime.fromtimestamp(float(text)).astimezone()


if __name__ == "__main__":
    sys.exit(main())
