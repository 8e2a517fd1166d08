"""Servers and profiles for tests of the service."""

import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from mailtui.config.paths import Paths, ensure
from mailtui.config.writing import add_account
from tests.servers.dovecot import Dovecot, User
from tests.servers.smtp import SmtpServer
from tests.service.profile import Profile
from tests.service.running import account_of


@pytest.fixture
def smtp() -> Iterator[SmtpServer]:
    with SmtpServer() as server:
        yield server


@pytest.fixture
def profile(
    dovecot: Dovecot, user: User, smtp: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Profile]:
    monkeypatch.setenv("MAILTUI_PASSWORD_WORK", user.password)
    with tempfile.TemporaryDirectory(prefix="mailtui-") as root:
        profile = Profile(Paths.below(Path(root)))
        profile.paths.config.mkdir(parents=True)
        add_account(profile.paths.settings, account_of(dovecot, user, smtp.server()))
        ensure(profile.paths)
        yield profile
        for started in profile.started:
            if started.running:
                os.kill(started.pid, signal.SIGKILL)
            while started.running:
                pass
            started.trouble()
