"""Operations that a server refuses, half does, or does and hangs up: nothing is deleted that was not to be,
what was refused comes back into view with a reason, and nothing happens twice."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from mailtui.model.draft import Draft, OutboxItem, Stage
from mailtui.model.event import OperationFailed
from mailtui.model.folder import Role
from mailtui.model.intent import ChangeFlags, CopyMessages, Intent, MoveMessages, SendDraft
from mailtui.model.message import Flag
from tests.servers.mailboxes import CAPABILITY, Mailboxes
from tests.servers.scripted import Answer, Command, Talk
from tests.service.running import Running
from tests.service.toy import Toy, agreed, mailboxes, world_that_sends

NO_MOVE = CAPABILITY.replace(b" MOVE", b"")
_PLAIN_EXPUNGE = re.compile(rb"^\S+ (?:EXPUNGE|CLOSE)\b")


def refuse(code: str, *verbs: str) -> Mapping[str, Answer]:
    return dict.fromkeys(verbs, f"{{tag}} NO [{code}] no\r\n".encode())


def half(boxes: Mailboxes) -> Mapping[str, Answer]:
    """COPY does it to the first message and then says no."""

    def say(talk: Talk, command: Command) -> None:
        first = command.words.replace(b":", b",").split(b",")[0].split(b" ")[0]
        rest = command.words.partition(b" ")[2]
        boxes.reply(talk, Command(command.tag, command.verb, first + b" " + rest))
        talk.send(command.tag + b" NO [OVERQUOTA] that is all\r\n")

    return {"UID COPY": say}


def read_only(boxes: Mailboxes) -> Mapping[str, Answer]:
    def say(talk: Talk, command: Command) -> None:
        talk.send(boxes.reply(talk, command).replace(b"OK [READ-WRITE]", b"OK [READ-ONLY]"))

    return {"SELECT": say, **refuse("READ-ONLY", "UID STORE", "UID MOVE", "UID EXPUNGE")}


def after(boxes: Mailboxes, verb: str, *, done: bool) -> Mapping[str, Answer]:
    """Hang up instead of answering, once, with the command carried out or not."""

    def say(talk: Talk, command: Command) -> None:
        del boxes.bent[verb]
        if done:
            boxes.reply(talk, command)
        talk.drop()

    return {verb: say}


@dataclass(frozen=True, slots=True)
class Case:
    """What is bent, the wish, and how many messages end up in Archive."""

    bent: Mapping[str, Answer]
    wish: Intent
    archived: int
    failed: bool
    capability: bytes = CAPABILITY


def cases(boxes: Mailboxes, two: tuple[int, ...], archive: int) -> dict[str, Case]:
    move, copy = MoveMessages(two, archive), CopyMessages(two, archive)
    flag = ChangeFlags(two, add=Flag.FLAGGED)
    return {
        "a move over quota": Case(refuse("OVERQUOTA", "UID MOVE"), move, 0, failed=True),
        "a copy over quota": Case(refuse("OVERQUOTA", "UID COPY"), copy, 0, failed=True),
        "a target that is gone": Case(refuse("TRYCREATE", "UID MOVE"), move, 0, failed=True),
        "a move without leave": Case(refuse("NOPERM", "UID MOVE"), move, 0, failed=True),
        "flags of a folder that is read only": Case(read_only(boxes), flag, 0, failed=True),
        "a move out of a folder that is read only": Case(read_only(boxes), move, 0, failed=True),
        "a copy that stops half way": Case(half(boxes), copy, 1, failed=True),
        "a move that stops half way": Case(half(boxes), move, 1, failed=True, capability=NO_MOVE),
        "MOVE that is only promised": Case({"UID MOVE": b"{tag} BAD what\r\n"}, move, 0, failed=True),
        "a move that was done": Case(after(boxes, "UID MOVE", done=True), move, 2, failed=False),
        "a move that was not done": Case(after(boxes, "UID MOVE", done=False), move, 2, failed=False),
        "a copy that was done": Case(after(boxes, "UID COPY", done=True), copy, 2, failed=False),
        "a copy that was not done": Case(after(boxes, "UID COPY", done=False), copy, 2, failed=False),
    }


NAMES = tuple(cases(mailboxes(1), (1, 2), 3))
CAPABILITIES = {name: case.capability for name, case in cases(mailboxes(1), (1, 2), 3).items()}


def _failed(it: Running) -> list[str]:
    return [event.intent for event in it.events if isinstance(event, OperationFailed)]


@pytest.mark.parametrize("name", NAMES)
async def test_nothing_is_lost_and_it_is_told(name: str, tmp_path: Path) -> None:
    boxes = mailboxes(4)
    boxes.boxes[b"INBOX"].mail[3].flags.add(b"\\Deleted")  # somebody else's mark
    toy = Toy(tmp_path, boxes, capability=CAPABILITIES[name])
    async with toy as it:
        two = (it.named("Number 1").id, it.named("Number 2").id)
        case = cases(boxes, two, it.role(Role.ARCHIVE).id)[name]
        boxes.bent |= case.bent
        intent = await it.do(case.wish)
        await it.until(lambda: it.waiting()[0] == 0, "nothing waits")
        if case.failed:
            await it.until(lambda: intent in _failed(it), "it is told")
        assert (intent in _failed(it)) == case.failed
        boxes.bent.clear()
        there = boxes.there()
        assert len(there["Archive"]) == case.archived
        assert {mid for some in there.values() for mid in some} == {
            f"<m{n}@example.test>" for n in range(1, 5)
        }
        copied = isinstance(case.wish, CopyMessages) * case.archived
        assert sum(len(some) for some in there.values()) == 4 + copied
        assert "<m4@example.test>" in there["INBOX"]
        if it.waiting() == (0, 0):
            await agreed(it, boxes)
    assert not [line for line in toy.server.lines if _PLAIN_EXPUNGE.match(line)]


class Sending:
    """Draft d1 leaves by an SMTP that always works."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.world = world_that_sends(self.sent)

    async def begin(self, it: Running) -> None:
        draft = Draft("d1", "work", "Alice <alice@example.test>", to="bob@example.test", subject="Hi")
        await it.do(SendDraft(draft, delay=0))

    async def reached(self, it: Running, stage: Stage) -> OutboxItem:
        await it.until(lambda: it.read(lambda reader: reader.outbox())[0].stage is stage, f"it is {stage}")
        return it.read(lambda reader: reader.outbox())[0]


async def test_a_copy_that_can_not_be_kept_is_told_of(tmp_path: Path) -> None:
    sending, boxes = Sending(), mailboxes(1)
    boxes.bent |= refuse("OVERQUOTA", "APPEND")
    async with Toy(tmp_path, boxes, world=sending.world) as it:
        await sending.begin(it)
        assert (await sending.reached(it, Stage.DONE)).trouble
    assert len(sending.sent) == 1
    assert boxes.boxes[b"Sent"].mail == []


@pytest.mark.parametrize("stored", [False, True])
async def test_a_copy_whose_storing_was_cut_off_is_kept_once(stored: bool, tmp_path: Path) -> None:
    sending, boxes = Sending(), mailboxes(1)
    boxes.bent |= after(boxes, "APPEND", done=stored)
    async with Toy(tmp_path, boxes, world=sending.world) as it:
        await sending.begin(it)
        await it.until(lambda: not boxes.bent, "it was cut off")
    async with Toy(tmp_path, boxes, world=sending.world) as it:
        await sending.reached(it, Stage.DONE)
    assert len(sending.sent) == 1
    assert len(boxes.boxes[b"Sent"].mail) == 1


async def test_a_missing_folder_for_sent_mail_is_made(tmp_path: Path) -> None:
    sending, boxes = Sending(), mailboxes(1)
    async with Toy(tmp_path, boxes, world=sending.world) as it:
        del boxes.boxes[b"Sent"]
        await sending.begin(it)
        await sending.reached(it, Stage.DONE)
    assert len(sending.sent) == 1
    assert len(boxes.boxes[b"Sent"].mail) == 1
