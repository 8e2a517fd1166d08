"""The whole service, cut off after any octet of a session in which mail is listed, read, flagged, moved,
copied and filed: what comes of it is what comes of an undisturbed one."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from mailtui.model.draft import Draft, Stage
from mailtui.model.event import BodyArrived, BodyFailed
from mailtui.model.folder import Role
from mailtui.model.intent import (
    ArchiveMessages,
    ChangeFlags,
    CopyMessages,
    FetchBody,
    SendDraft,
)
from mailtui.model.message import Flag
from tests.servers.mailboxes import Mailboxes
from tests.service.running import Running
from tests.service.toy import Toy, agreed, mailboxes, world_that_sends

_STAGES = (Stage.DONE, Stage.FAILED, Stage.UNKNOWN)


@dataclass(slots=True)
class Session:
    """One run; `said` and `heard` are the octets of the mail server's side."""

    root: Path
    cut_after: int | None = None
    deaf_after: int | None = None
    boxes: Mailboxes = field(default_factory=lambda: mailboxes(3))
    sent: list[bytes] = field(default_factory=list)
    said: int = 0
    heard: int = 0

    async def run(self) -> None:
        toy = Toy(self.root, self.boxes, world=world_that_sends(self.sent), settle=False)
        toy.server.cut_after, toy.server.deaf_after = self.cut_after, self.deaf_after
        async with toy as it:
            await agreed(it, self.boxes)
            one, two, three = (it.named(f"Number {n}").id for n in (1, 2, 3))
            await self._read(it, two)
            draft = Draft("d1", "work", "Alice <alice@example.test>", to="bob@example.test", subject="Hi")
            await it.do(SendDraft(draft, delay=0))
            await it.do(ChangeFlags((one, two), add=Flag.SEEN))
            await it.do(CopyMessages((three,), it.role(Role.ARCHIVE).id))
            await it.do(ArchiveMessages((one, two)))
            await it.until(lambda: it.read(lambda reader: reader.operations("work")) == [], "it is done")
            await agreed_but_for_filing(it, self.boxes)
            self.said, self.heard = toy.server.said, toy.server.listened
        async with Toy(self.root, self.boxes, world=world_that_sends(self.sent)) as it:
            await it.until(lambda: it.read(lambda reader: reader.outbox())[0].stage in _STAGES, "it is filed")
            await agreed(it, self.boxes)

    async def _read(self, it: Running, message: int) -> None:
        mark = len(it.events)
        await it.do(FetchBody(message))
        await it.until(
            lambda: any(isinstance(event, BodyArrived | BodyFailed) for event in it.events[mark:]), "a text"
        )
        body = it.read(lambda reader: reader.body(message))
        assert body is None or body.text.strip() == "This is body 2."

    def outcome(self) -> object:
        return (
            {
                name: sorted((m.message_id, frozenset(m.flags)) for m in box.mail)
                for name, box in self.boxes.boxes.items()
                if name != b"Sent"
            },
            [mail.source for mail in self.boxes.boxes[b"Sent"].mail] == self.sent,
            len(self.sent),
            {what: self.boxes.done[what] for what in ("append", "copy", "move", "expunge")},
        )


async def agreed_but_for_filing(it: Running, boxes: Mailboxes) -> None:
    """As far as it goes while a copy of what was sent waits for its next try."""
    await it.until(lambda: it.waiting()[0] <= 1, "only a copy waits")


def offsets(whole: int, tries: int) -> range:
    """So many of them, spread evenly, not always at the same places of a line."""
    return range(7, whole, max(whole // tries, 1) | 1)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("tries", [12, pytest.param(150, marks=pytest.mark.slow)])
@pytest.mark.parametrize("side", ["cut_after", "deaf_after"])
async def test_nothing_is_lost_and_nothing_happens_twice(side: str, tries: int, tmp_path: Path) -> None:
    undisturbed = Session(tmp_path / "whole")
    await undisturbed.run()
    whole = undisturbed.said if side == "cut_after" else undisturbed.heard
    for octets in offsets(whole, tries):
        cut, deaf = (octets, None) if side == "cut_after" else (None, octets)
        session = Session(tmp_path / str(octets), cut, deaf)
        await session.run()
        assert session.outcome() == undisturbed.outcome(), octets
