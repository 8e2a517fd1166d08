"""Sign-ins that fail: somebody is asked for a password only when it is the password, nobody is locked out,
and a server that was merely busy is come back to."""

from pathlib import Path

import pytest

from mailtui.model.account import ConnectionState
from mailtui.model.event import ConnectionChanged, PasswordWanted
from mailtui.model.folder import Role
from mailtui.model.intent import GivePassword
from mailtui.model.secret import Secret
from tests.servers.lies import EVIL
from tests.servers.scripted import Answer, Command, Talk
from tests.service.running import Running
from tests.service.test_lying_servers import HARMFUL, published
from tests.service.toy import Toy, agreed, mailboxes


def _no(code: str) -> bytes:
    return b"{tag} NO " + (f"[{code}] ".encode() if code else b"") + b"it can not be " + EVIL + b"\r\n"


PASSWORD: dict[str, Answer] = {
    "AUTHENTICATIONFAILED": _no("AUTHENTICATIONFAILED"),
    "EXPIRED": _no("EXPIRED"),
    "without a code": _no(""),
}
LATER: dict[str, Answer] = {
    "UNAVAILABLE": _no("UNAVAILABLE"),
    "INUSE": _no("INUSE"),
    "LIMIT": _no("LIMIT"),
    "too many connections": b"{tag} NO Too many simultaneous connections\r\n",
    "BYE": b"* BYE " + EVIL + b"\r\n",
    "a cut": lambda talk, command: talk.drop(),
    "silence": lambda talk, command: talk.stall(),
    "BAD": b"{tag} BAD what\r\n",
}


def _attempts(toy: Toy) -> int:
    return sum(b"AUTHENTICATE" in line for line in toy.server.lines)


def _asked(it: Running) -> bool:
    return any(isinstance(event, PasswordWanted) for event in it.events)


@pytest.mark.parametrize("answer", PASSWORD)
async def test_a_refused_password_is_asked_for_and_not_offered_again(answer: str, tmp_path: Path) -> None:
    boxes = mailboxes(2)
    boxes.bent["AUTHENTICATE"] = PASSWORD[answer]
    toy = Toy(tmp_path, boxes, settle=False)
    async with toy as it:
        await it.heard(PasswordWanted)
        for _ in range(3):
            assert (await it.synchronise()).trouble
        assert _attempts(toy) <= 3
        assert not any(HARMFUL.search(text) for text in published(it.events))
        boxes.bent.clear()
        await it.do(GivePassword("work", Secret("right")))
        await agreed(it, boxes)


@pytest.mark.parametrize("answer", LATER)
async def test_who_is_merely_busy_is_come_back_to(answer: str, tmp_path: Path) -> None:
    boxes = mailboxes(2)
    boxes.bent["AUTHENTICATE"] = LATER[answer]
    toy = Toy(tmp_path, boxes, settle=False)
    async with toy as it:
        await it.until(lambda: _attempts(toy) >= 3, "it is tried again")
        assert not _asked(it)
        states = [event.state for event in it.events if isinstance(event, ConnectionChanged)]
        assert ConnectionState.WAITING not in states
        boxes.bent.clear()
        await agreed(it, boxes)
        assert not _asked(it)
        assert it.role(Role.INBOX).total == 2
        assert not any(HARMFUL.search(text) for text in published(it.events))


async def test_a_server_that_is_busy_three_times_lets_us_in_without_a_question(tmp_path: Path) -> None:
    boxes = mailboxes(2)
    refused = 0

    def throttle(talk: Talk, command: Command) -> None:
        nonlocal refused
        refused += 1
        if refused <= 3:
            talk.send(command.tag + b" NO [UNAVAILABLE] slow down\r\n")
        else:
            boxes.say(talk, command)

    boxes.bent["AUTHENTICATE"] = throttle
    async with Toy(tmp_path, boxes, settle=False) as it:
        await agreed(it, boxes)
        assert not _asked(it)


@pytest.mark.parametrize("greeting", [b"* PREAUTH welcome", b"* BYE not today", b"HTTP/1.1 200 OK"])
async def test_a_greeting_that_is_none_leaves_the_account_alone(greeting: bytes, tmp_path: Path) -> None:
    """What is here stays readable; nothing was said to whoever that is."""
    boxes = mailboxes(2)
    async with Toy(tmp_path, boxes) as it:
        assert it.role(Role.INBOX).total == 2
    toy = Toy(tmp_path, boxes, settle=False)
    toy.server.greet(greeting + b"\r\n")
    async with toy as it:
        await it.until(
            lambda: any(isinstance(event, ConnectionChanged) and event.reason for event in it.events)
        )
        assert it.role(Role.INBOX).total == 2
        assert toy.server.lines == []
        assert not _asked(it)
