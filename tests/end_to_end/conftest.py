"""A person's world for whole-program tests: a Dovecot mailbox, an SMTP server, a profile, a terminal."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from mailtui.model.account import Security
from tests.end_to_end.world import World
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer


@pytest.fixture(scope="module")
def smtp(dovecot: Dovecot) -> Iterator[SmtpServer]:
    """TLS from the first byte, by the same authority as Dovecot's."""
    with SmtpServer(Security.TLS, dovecot.certificates.good) as server:
        yield server


@pytest.fixture
def world(dovecot: Dovecot, smtp: SmtpServer) -> Iterator[World]:
    """Somebody who has never used mailtui, and whose service is gone when the test is over."""
    root = Path(tempfile.mkdtemp(prefix="mailtui-e2e-"))
    smtp.received.clear()
    made = World(root, dovecot, smtp)
    try:
        yield made
    finally:
        made.end()
        shutil.rmtree(root, ignore_errors=True)
