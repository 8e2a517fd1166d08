"""A user of mailtui at a shell: a profile of its own and the commands typed on it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from mailtui.config.writing import add_account
from mailtui.model.account import Account, Security, Server
from mailtui.model.address import Address
from tests.end_to_end.profile import Profile
from tests.servers.dovecot import Dovecot, User
from tests.servers.smtp import SmtpServer

Done = subprocess.CompletedProcess[str]


class Shell:
    """Without settings until `sign_up` or `mailtui account add` writes some."""

    def __init__(self, root: Path) -> None:
        self.profile = Profile(root)
        self.paths = self.profile.paths
        self.password = root / "password"

    def run(self, *words: str, stdin: str = "", **environment: str) -> Done:
        """`python -m mailtui` with these words, in no terminal."""
        return subprocess.run(
            [sys.executable, "-m", "mailtui", *words],
            input=stdin,
            env={**self.profile.environment(), **environment},
            cwd="/",
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )

    def sign_up(self, dovecot: Dovecot, smtp: SmtpServer, user: User, key: str = "work") -> None:
        """Write an account of this user into the settings; the password is in a file."""
        self.password.write_text(user.password)
        self.password.chmod(0o600)
        imap = Server(dovecot.host, dovecot.imaps, Security.TLS, user.name, dovecot.ca_file)
        sending = smtp.server(user.name, dovecot.ca_file)
        address = Address("Alice Example", f"{user.name}@example.test")
        command = ("cat", str(self.password))
        add_account(self.paths.settings, Account(key, address, imap, sending, password_cmd=command))


def as_list(done: Done) -> list[dict[str, Any]]:
    """The JSON that a command printed: ASCII, a list of objects."""
    assert done.returncode == 0, done.stderr
    assert done.stdout.isascii()
    found = json.loads(done.stdout)
    assert isinstance(found, list)
    return found
