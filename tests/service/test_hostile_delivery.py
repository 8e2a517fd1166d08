"""SMTP servers that refuse, hang up or say nonsense, seen from the outbox: what waits, what is given up,
what nobody knows, and that nothing ever leaves twice by itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from mailtui.model.draft import Draft, OutboxItem, Stage
from mailtui.model.event import OutboxChanged, PasswordWanted
from mailtui.model.intent import SendDraft, SetOnline
from tests.servers.lies import EVIL
from tests.service.running import Running
from tests.service.test_lying_servers import HARMFUL
from tests.service.toy import TOY_WORLD, mailboxes, toy_account
from tests.smtp.scripted import Script, Scripted


@dataclass(frozen=True, slots=True)
class Fault:
    replies: Mapping[str, bytes | None]
    stage: Stage
    accepted: int = 0
    ehlo: tuple[bytes, ...] | None = None
    asked: bool = False
    extra: Mapping[str, bytes] = field(default_factory=dict)


_LATER = {
    f"later at {phase}": Fault({phase: b"451 later " + EVIL}, Stage.QUEUED)
    for phase in ("MAIL", "RCPT", "DATA", "dot")
}
_NEVER = {
    f"never at {phase}": Fault({phase: b"550 5.7.1 never " + EVIL}, Stage.FAILED)
    for phase in ("MAIL", "RCPT", "DATA", "dot")
}
_GONE = {
    f"gone at {phase}": Fault({phase: None}, Stage.QUEUED)
    for phase in ("greet", "EHLO", "AUTH", "MAIL", "RCPT", "DATA")
}
FAULTS: dict[str, Fault] = {
    **_LATER,
    **_NEVER,
    **_GONE,
    "gone before the answer to the dot": Fault({"dot": None}, Stage.UNKNOWN, accepted=1),
    "gone after it": Fault({"QUIT": None}, Stage.DONE, accepted=1),
    "nonsense after the dot": Fault({"dot": b"2xx what"}, Stage.UNKNOWN),
    "a sign-in later": Fault({"AUTH": b"454 4.7.0 later"}, Stage.QUEUED),
    "a wrong password": Fault({"AUTH": b"535 5.7.8 wrong"}, Stage.QUEUED, asked=True),
    "a password asked for without end": Fault({"AUTH": b"334 Pw=="}, Stage.QUEUED),
    "nonsense for a greeting": Fault({"greet": b"\x00\xff" * 50}, Stage.QUEUED),
    "a code that is none": Fault({"MAIL": b"2x0 fine"}, Stage.QUEUED),
    "two answers to one command": Fault({"MAIL": b"250 ok\r\n250 ok again"}, Stage.QUEUED),
    "two thousand lines": Fault({"MAIL": b"550-no\r\n" * 2000 + b"550 no"}, Stage.FAILED),
    "a line without end": Fault({"EHLO": b"250-" + b"x" * 10_000_000}, Stage.QUEUED),
    "too large": Fault({}, Stage.FAILED, ehlo=(b"mail.example.test", b"SIZE 10", b"AUTH PLAIN")),
}


def _stage(it: Running) -> OutboxItem:
    return it.read(lambda reader: reader.outbox())[0]


@pytest.mark.parametrize("name", FAULTS)
async def test_the_outbox_knows_what_became_of_it(name: str, tmp_path: Path) -> None:
    fault = FAULTS[name]
    script = Script(dict(fault.replies))
    script.ehlo = fault.ehlo or script.ehlo
    boxes = mailboxes(1)
    with boxes.server() as imap:
        async with Scripted(script) as smtp:
            account = replace(toy_account(imap), smtp=smtp.server())
            async with Running(tmp_path, account, world=TOY_WORLD) as it:
                draft = Draft("d1", "work", "Alice <alice@example.test>", to="bob@example.test", subject="Hi")
                await it.do(SendDraft(draft, delay=0))
                await it.until(lambda: _tried(it), "it was tried")
                await it.until(lambda: _stage(it).stage is fault.stage, f"it is {fault.stage}")
                item = _stage(it)
                assert len(smtp.accepted) == fault.accepted
                assert bool(item.trouble) == (fault.stage is not Stage.DONE)
                assert not HARMFUL.search(item.trouble)
                assert len(item.trouble) < 1000
                assert any(isinstance(event, PasswordWanted) for event in it.events) == fault.asked
                if fault.stage is not Stage.DONE:
                    assert it.read(lambda reader: reader.draft("d1")) is not None
                await it.do(SetOnline("work", True))  # which tries everything that waits again
                await it.synchronise()
                if fault.stage in (Stage.UNKNOWN, Stage.FAILED, Stage.DONE):
                    assert len(smtp.accepted) == fault.accepted


def _tried(it: Running) -> bool:
    """SENDING was seen, and something after it."""
    stages = [event.stage for event in it.events if isinstance(event, OutboxChanged)]
    return Stage.SENDING in stages[:-1]
