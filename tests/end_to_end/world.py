"""One person: their mailbox on a real server, their settings, and their screen."""

import fcntl
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from mailtui.config.writing import add_account
from mailtui.model.account import Account, Security, Server
from mailtui.model.address import Address
from tests.end_to_end.profile import Profile
from tests.end_to_end.terminal import Terminal
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer


class World:
    """`open` starts the program; the other methods look at what the servers have."""

    def __init__(self, root: Path, dovecot: Dovecot, smtp: SmtpServer) -> None:
        self.profile = Profile(root)
        self.dovecot, self.smtp = dovecot, smtp
        self.user = dovecot.new_user("person")
        self._terminals: list[Terminal] = []
        ca_file = dovecot.ca_file
        account = Account(
            key="work",
            address=Address("Alice Example", f"{self.user.name}@example.test"),
            imap=Server(dovecot.host, dovecot.imaps, Security.TLS, self.user.name, ca_file),
            smtp=replace(smtp.server(self.user.name), ca_file=ca_file),
            files_sent=False,
        )
        add_account(self.profile.paths.settings, account)
        self.configure("undo_send = 1")

    def configure(self, line: str) -> None:
        """Put a line at the top of the settings."""
        settings = self.profile.paths.settings
        settings.write_text(f"{line}\n{settings.read_text()}")

    def open(self, *words: str, columns: int = 120, lines: int = 40) -> Terminal:
        """mailtui in a new terminal."""
        environment = self.profile.environment({"work": self.user.password})
        command = [sys.executable, "-m", "mailtui", *words]
        terminal = Terminal(command, environment, columns=columns, lines=lines)
        self._terminals.append(terminal)
        return terminal

    # what the servers have

    def seed(self, sources: Sequence[bytes], folder: str = "INBOX", flags: Sequence[str] = ()) -> None:
        self.dovecot.seed(self.user, folder, [(source, flags) for source in sources])

    def there(self, folder: str) -> dict[str, set[str]]:
        """Message-ID → flags, of everything in a folder of the server. A message that is there twice
        fails the test."""
        found: dict[str, set[str]] = {}
        with self.dovecot.other_client(self.user) as client:
            state, count = client.select(f'"{folder}"', readonly=True)
            if state != "OK" or count == [b"0"]:
                return {}
            _, answers = client.fetch("1:*", "(FLAGS BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])")
            for answer in answers:
                if isinstance(answer, tuple):
                    flags = answer[0].decode().split("FLAGS (")[1].split(")")[0].split()
                    name = str(message_from_bytes(answer[1])["Message-ID"]).strip()
                    assert name not in found, f"{name} is twice in {folder}"
                    found[name] = set(flags) - {"\\Recent"}
        return found

    def sent(self) -> list[EmailMessage]:
        """What the SMTP server took, in order."""
        messages = [message_from_bytes(each.source, policy=policy.default) for each in self.smtp.received]
        return [message for message in messages if isinstance(message, EmailMessage)]

    # the service

    def service(self) -> int:
        """The process id of the profile's service, 0 if there is none."""
        place = self.profile.paths.socket
        try:
            with socket.socket(socket.AF_UNIX) as link:
                link.settimeout(5)
                link.connect(str(place))
                with link.makefile("rb") as stream:
                    return int(json.loads(stream.readline())["pid"])
        except (OSError, ValueError, KeyError):
            return 0

    def service_is_gone(self) -> bool:
        """Whether nobody holds the profile's lock."""
        try:
            descriptor = os.open(self.profile.paths.lock, os.O_RDWR)
        except FileNotFoundError:
            return True
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        else:
            return True
        finally:
            os.close(descriptor)

    def kill_service(self) -> None:
        """kill -9."""
        if pid := self.service():
            os.kill(pid, signal.SIGKILL)

    def until(self, happened: Callable[[], object], what: str, seconds: float = 20) -> None:
        """Wait until it is so. Fails with `what` and what the screens show."""
        end = time.monotonic() + seconds
        while not happened():
            if time.monotonic() > end:
                pictures = "\n".join(terminal.text for terminal in self._terminals)
                raise AssertionError(f"not within {seconds} s: {what}\n{pictures}")
            time.sleep(0.05)

    def end(self) -> None:
        for terminal in self._terminals:
            terminal.close()
        if pid := self.service():
            os.kill(pid, signal.SIGTERM)
            self.until(self.service_is_gone, "the service ended")


def letter(number: int, subject: str = "", body: str = "", *, sender: str = "Bob Builder") -> bytes:
    """A plain message. The higher the number, the newer."""
    return (
        f"From: {sender} <bob@example.test>\nTo: alice@example.test\n"
        f"Subject: {subject or f'Number {number}'}\nMessage-ID: <m{number}@example.test>\n"
        f"Date: Mon, 5 Oct 2026 10:{number // 60 % 60:02d}:{number % 60:02d} +0000\n\n"
        f"{body or f'This is the text of number {number}.'}\n"
    ).encode()
