"""A store in a temporary directory, and what fills it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mailtui.store.reading import Reader
from mailtui.store.writing import Writer
from tests.store.making import Clock, Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An account "work" with the usual folders, and a reader beside the writer."""
    clock = Clock()
    writer = Writer(tmp_path / "data" / "mail.db", clock)
    made = Store(writer, Reader(writer.path), clock)
    made.usual_folders()
    yield made
    made.close()
