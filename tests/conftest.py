"""The servers that tests share. One of each per test process; ask for a new user per test."""

from collections.abc import Iterator

import pytest

from tests.servers.dovecot import POOR, Dovecot, User


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """A Dovecot with everything it offers."""
    with Dovecot() as server:
        yield server


@pytest.fixture(scope="session")
def poor_dovecot() -> Iterator[Dovecot]:
    """A Dovecot that advertises next to nothing; its folders have names but no roles."""
    with Dovecot(capability=POOR, special_use=False) as server:
        yield server


@pytest.fixture(scope="session")
def compressing_dovecot() -> Iterator[Dovecot]:
    """A Dovecot with everything, compression too."""
    with Dovecot(compress=True) as server:
        yield server


@pytest.fixture
def user(dovecot: Dovecot) -> User:
    """A user of `dovecot` that nobody had before, with an empty mailbox."""
    return dovecot.new_user()


@pytest.fixture
def poor_user(poor_dovecot: Dovecot) -> User:
    """The same on `poor_dovecot`."""
    return poor_dovecot.new_user()
