"""Connections and certificates for the tests of this room."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from mailtui.imap import selecting
from mailtui.imap.connection import Connection
from tests.imap.opening import messages, open_dovecot
from tests.servers.certificates import Certificates, make_certificates
from tests.servers.dovecot import Dovecot, User


@pytest.fixture(scope="session")
def certificates() -> Iterator[Certificates]:
    directory = Path(tempfile.mkdtemp(prefix="mailtui-certificates-"))
    yield make_certificates(directory)
    shutil.rmtree(directory)


@pytest.fixture
def conn(dovecot: Dovecot, user: User) -> Iterator[Connection]:
    """Signed in to a Dovecot that offers everything, as `user`, whose INBOX is empty."""
    connection = open_dovecot(dovecot, user)
    yield connection
    connection.logout()


@pytest.fixture
def ten(dovecot: Dovecot, user: User) -> Iterator[Connection]:
    """The same with ten messages (UIDs 1 to 10) in the selected INBOX, the even ones \\Seen."""
    dovecot.seed(user, "INBOX", messages(10))
    connection = open_dovecot(dovecot, user)
    selecting.select(connection, b"INBOX")
    yield connection
    connection.logout()


@pytest.fixture
def poor_ten(poor_dovecot: Dovecot, poor_user: User) -> Iterator[Connection]:
    """The same on the poor Dovecot."""
    poor_dovecot.seed(poor_user, "INBOX", messages(10))
    connection = open_dovecot(poor_dovecot, poor_user)
    selecting.select(connection, b"INBOX")
    yield connection
    connection.logout()
