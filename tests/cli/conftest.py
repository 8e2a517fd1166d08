"""A user of mailtui on a real Dovecot and a real SMTP server, driven from the shell."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mailtui.cli.ending import stop_service
from mailtui.model.account import Security
from tests.cli.messages import SEEDED
from tests.cli.shell import Shell
from tests.servers.dovecot import Dovecot, User
from tests.servers.smtp import SmtpServer


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    """A user without settings."""
    shell = Shell(tmp_path / "user")
    yield shell
    stop_service(shell.paths.socket)


@pytest.fixture(scope="package")
def smtp(dovecot: Dovecot) -> Iterator[SmtpServer]:
    with SmtpServer(Security.STARTTLS, dovecot.certificates.good) as server:
        yield server


@pytest.fixture(scope="package")
def mailbox(dovecot: Dovecot) -> User:
    """A user with some mail, for tests that change nothing."""
    user = dovecot.new_user("cli")
    for folder, messages in SEEDED.items():
        dovecot.seed(user, folder, messages)
    return user


@pytest.fixture(scope="package")
def synced(
    tmp_path_factory: pytest.TempPathFactory, dovecot: Dovecot, smtp: SmtpServer, mailbox: User
) -> Iterator[Shell]:
    """A user whose local copy has the whole mailbox, and whose server can't be reached any more."""
    shell = Shell(tmp_path_factory.mktemp("cli") / "user")
    shell.sign_up(dovecot, smtp, mailbox)
    done = shell.run("sync")
    assert done.returncode == 0, done.stderr
    stop_service(shell.paths.socket)
    settings = shell.paths.settings.read_text()
    shell.paths.settings.write_text(settings.replace(f"port = {dovecot.imaps}", "port = 1"))
    yield shell
    stop_service(shell.paths.socket)
