"""A crash at every moment at which it could matter: after each transaction of ours, before and after each
command of the server's. What is started anew from there ends where the undisturbed run ended."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mailtui.model.draft import Draft, OutboxItem, Stage
from mailtui.model.folder import Role
from mailtui.model.intent import (
    ArchiveMessages,
    ChangeFlags,
    CopyMessages,
    CreateFolder,
    DeleteFolder,
    DestroyMessages,
    Intent,
    MoveMessages,
    RenameFolder,
    SendDraft,
)
from mailtui.model.message import Flag
from tests.servers.mailboxes import CAPABILITY, Mailboxes
from tests.service.moments import Moment, Moments
from tests.service.running import Running, message
from tests.service.toy import Toy, agreed, mailboxes, world_that_sends

ONCE = ("append", "copy", "move", "expunge")
PLAIN = CAPABILITY.replace(b" MOVE", b"")  # a move is COPY, STORE and EXPUNGE


def there(boxes: Mailboxes) -> dict[bytes, list[tuple[str, list[bytes]]]]:
    """Message-IDs and flags by folder."""
    return {
        name: sorted((mail.message_id, sorted(mail.flags)) for mail in box.mail)
        for name, box in boxes.boxes.items()
    }


def ids(it: Running, *numbers: int) -> tuple[int, ...]:
    return tuple(it.named(f"Number {n}").id for n in numbers)


def _destroy(it: Running) -> Intent:
    return DestroyMessages((it.named("Number 20", Role.TRASH).id,))


WISHES: dict[str, Callable[[Running], Intent]] = {
    "flags": lambda it: ChangeFlags(ids(it, 1, 2), add=Flag.SEEN, add_keywords=("later",)),
    "move": lambda it: MoveMessages(ids(it, 1, 2), it.folder("Work").id),
    "archive": lambda it: ArchiveMessages(ids(it, 3)),
    "copy": lambda it: CopyMessages(ids(it, 1, 2), it.folder("Work").id),
    "destroy": _destroy,
    "create": lambda it: CreateFolder("work", "New"),
    "rename": lambda it: RenameFolder(it.folder("Work").id, "Play"),
    "delete": lambda it: DeleteFolder(it.folder("Work").id),
}


def full() -> Mailboxes:
    boxes = mailboxes(4)
    boxes.boxes[b"Work"] = Mailboxes({b"Work": []}).boxes[b"Work"]
    boxes.boxes[b"Trash"].add(message(20))
    return boxes


async def _watched(
    root: Path, boxes: Mailboxes, wish: Callable[[Running], Intent], capability: bytes
) -> tuple[list[Moment], Intent]:
    async with Toy(root, boxes, capability=capability) as it:
        intent = wish(it)
        moments = Moments(it.store, boxes, [])
        with moments.watching():
            await it.do(intent, id="the-wish")
            await it.settled()
        await agreed(it, boxes)
    return moments.taken, intent


@pytest.mark.timeout(120)
@pytest.mark.parametrize("capability", [CAPABILITY, PLAIN], ids=["move", "plain"])
@pytest.mark.parametrize("kind", WISHES)
async def test_an_operation_is_carried_out_once(kind: str, capability: bytes, tmp_path: Path) -> None:
    if capability == PLAIN and kind not in ("move", "archive"):
        pytest.skip("no different without MOVE")
    boxes = full()
    taken, intent = await _watched(tmp_path / "first", boxes, WISHES[kind], capability)
    wanted, done = there(boxes), boxes.done
    assert len(taken) > 3
    for number, moment in enumerate(taken):
        root = tmp_path / str(number)
        moment.restore(root / "data" / "mail.db")
        left = Mailboxes.thawed(moment.server)
        async with Toy(root, left, settle=False, capability=capability) as it:
            await it.do(intent, id="the-wish")  # as a front does that did not hear the answer
            await it.settled()
            await agreed(it, left)
        assert there(left) == wanted, moment.label
        assert [left.done[what] for what in ONCE] == [done[what] for what in ONCE], moment.label


_OVER = (Stage.DONE, Stage.UNKNOWN)


async def _over(it: Running) -> OutboxItem:
    await it.until(lambda: it.read(lambda reader: reader.outbox())[0].stage in _OVER, "it is over")
    return it.read(lambda reader: reader.outbox())[0]


@pytest.mark.timeout(120)
async def test_a_message_leaves_once_and_its_copy_is_kept_once(tmp_path: Path) -> None:
    """Or nobody knows whether it left, and then the user is asked."""
    boxes, sent = full(), list[bytes]()
    draft = Draft("d1", "work", "Alice <alice@example.test>", to="bob@example.test", subject="Hi")
    watched: list[Moments] = []
    busy = world_that_sends(sent, lambda: watched[0].take("while it leaves"))
    async with Toy(tmp_path / "first", boxes, world=busy) as it:
        watched.append(Moments(it.store, boxes, sent))
        with watched[0].watching():
            await it.do(SendDraft(draft, delay=0), id="the-wish")
            await it.settled()
    stages: list[Stage] = []
    for number, moment in enumerate(watched[0].taken):
        root = tmp_path / str(number)
        moment.restore(root / "data" / "mail.db")
        left, gone = Mailboxes.thawed(moment.server), list(moment.sent)
        async with Toy(root, left, world=world_that_sends(gone)) as it:
            await it.do(SendDraft(draft, delay=0), id="the-wish")
            item = await _over(it)
        stages.append(item.stage)
        copies = [mail.source for mail in left.boxes[b"Sent"].mail]
        if item.stage is Stage.DONE:
            assert len(gone) == 1, moment.label
            assert copies == gone, moment.label
        else:
            assert gone == list(moment.sent), moment.label  # not sent again without a question
            assert copies == [], moment.label
    assert set(stages) == {Stage.DONE, Stage.UNKNOWN}
