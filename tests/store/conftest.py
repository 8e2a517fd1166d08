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
