"""A server that lies about its mail: no text is ever shown under another's header, nothing that the server
says stops the account for good, and once it tells the truth the local copy is right."""

import logging
import re
from dataclasses import fields
from functools import partial
from pathlib import Path

import pytest

from mailtui.model.event import BodyArrived, BodyFailed, Event
from mailtui.model.folder import Role
from mailtui.model.intent import FetchBody
from mailtui.model.part import Body
from mailtui.store.reading import Reader
from tests.servers.lies import FOLDER_LIES, ROW_LIES, STREAM_LIES, Lie
from tests.service.running import Running
from tests.service.toy import Toy, agreed, mailboxes

LIES = {**FOLDER_LIES, **ROW_LIES, **STREAM_LIES}
HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f]")


async def _bodies_fit(it: Running) -> int:
    """Ask for every text of the inbox; what comes belongs to its header. How many came."""
    came = 0
    for row in it.rows(Role.INBOX):
        mark = len(it.events)
        await it.do(FetchBody(row.id))

        def answered(mark: int = mark) -> Event | None:
            told = (one for one in it.events[mark:] if isinstance(one, BodyArrived | BodyFailed))
            return next(told, None)

        await it.until(answered, f"an answer about {row.subject}")
        body, header = it.read(partial(_body_and_header, row.id))
        number = re.search(r"\d+", header)
        if isinstance(answered(), BodyArrived) and body is not None and number and not body.trouble:
            assert body.text.strip() == f"This is body {number[0]}."
            came += 1
    return came


def _body_and_header(ident: int, reader: Reader) -> tuple[Body | None, str]:
    message = reader.message(ident)
    return reader.body(ident), message.header.message_id if message is not None else ""


def published(events: list[Event]) -> list[str]:
    """All text in them."""
    values = [getattr(event, one.name) for event in events for one in fields(event)]
    return [value for value in values if isinstance(value, str)]


@pytest.mark.parametrize("lie", LIES)
async def test_the_truth_wins(
    lie: str, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mailtui.imap.index._SILENCE", 1.0)
    caplog.set_level(logging.INFO)
    boxes = mailboxes(6)
    told: Lie = LIES[lie]
    boxes.bent.update(told(boxes))
    toy = Toy(tmp_path, boxes, settle=False)
    async with toy as it:
        await it.synchronise()
        await _bodies_fit(it)
        assert len(toy.server.heard) < 500  # nobody asks the same for ever
        boxes.bent.clear()
        await it.synchronise()
        await _bodies_fit(it)  # opening a message is a chance for what could not be read before
        await agreed(it, boxes)
        assert await _bodies_fit(it) == 6
        assert it.role(Role.INBOX).total == 6
        assert not any(HARMFUL.search(text) for text in published(it.events))
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR], caplog.text
