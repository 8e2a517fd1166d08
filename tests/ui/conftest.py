"""Fixtures of the screen's tests: a filled store, and the application on it without a real service."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mailtui.ui.app import MailtuiApp
from tests.ui.mailbox import Mailbox, Recorder, application, fill


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pilot looks every 20 ms whether all is quiet, and a key rests before it is; most of a test would be
    that."""
    monkeypatch.setattr("mailtui.ui.typeahead.REST", 0.001)
    monkeypatch.setattr("textual._wait.SLEEP_GRANULARITY", 1 / 250)


@pytest.fixture
def mailbox(tmp_path: Path) -> Iterator[Mailbox]:
    mailbox = fill(tmp_path / "mail.db")
    yield mailbox
    mailbox.writer.close()


@pytest.fixture
def recorder(mailbox: Mailbox) -> Recorder:
    return Recorder(mailbox)


@pytest.fixture
def app(recorder: Recorder) -> MailtuiApp:
    return application(recorder)
