"""A store in a temporary directory."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.making import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An account "work" with the usual folders, a reader beside the writer, and a journal."""
    made = Store.make(tmp_path / "data" / "mail.db")
    yield made
    made.close()


@pytest.fixture(scope="module")
def store_of_all(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One store for all tests of a file, for those that try many inputs."""
    made = Store.make(tmp_path_factory.mktemp("store") / "mail.db")
    yield made
    made.close()
