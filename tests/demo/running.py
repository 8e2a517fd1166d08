"""The demo's servers as a process, for whoever needs a mailbox that looks like life."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from imapclient import IMAPClient


class Demo:
    """The process and what it said of itself."""

    def __init__(self, *words: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "mailtui.demo", *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert self.process.stdout
        self.told: dict[str, Any] = json.loads(self.process.stdout.readline())

    def client(self, account: int = 0) -> IMAPClient:
        """Signed in to one of the accounts."""
        place = self.told["accounts"][account]["imap"]
        client = IMAPClient(place["host"], port=place["port"], ssl=False, timeout=10)
        client.login(place["user"], self.told["password"])
        return client

    def ended(self) -> tuple[int, bytes]:
        """Its exit status and what it complained of."""
        _, errors = self.process.communicate(timeout=10)
        return self.process.returncode, errors

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


@contextmanager
def demo_servers(*words: str) -> Iterator[Demo]:
    """Running inside the `with`, where no mail arrives by itself."""
    demo = Demo("--quiet-life", *words)
    try:
        yield demo
    finally:
        demo.kill()
