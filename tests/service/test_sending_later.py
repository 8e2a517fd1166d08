"""Messages for later: held here, or by a server that does that, and never sent before their time."""

import email
import time
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from mailtui.model.account import Account
from mailtui.model.draft import Draft, OutboxItem, Stage
from mailtui.model.event import LateSending
from mailtui.model.folder import Role
from mailtui.model.intent import CancelSend, RescheduleSend, SendDraft
from tests.servers.dovecot import Dovecot, User
from tests.servers.smtp import SmtpServer
from tests.service.running import WORLD, Running, account_of, message, subjects_there
from tests.smtp.scripted import EHLO, Script, Scripted

HOUR = 3600
DAY = 24 * HOUR


class Clock:
    """Stands still until it is moved on."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    monkeypatch.setattr("mailtui.service.account._BEAT", 0.2)
    return Clock()


@pytest.fixture
def account(dovecot: Dovecot, user: User, smtp: SmtpServer) -> Account:
    dovecot.seed(user, "INBOX", [(message(1), [])])
    return account_of(dovecot, user, smtp.server())


def draft(account: Account) -> Draft:
    return Draft(
        "d1", account.key, str(account.address), to="bob@example.test", subject="Later", body="Text\n"
    )


def item(it: Running) -> OutboxItem:
    return it.read(lambda reader: reader.outbox())[0]


async def test_it_waits_for_its_time_and_carries_that_time(
    account: Account, smtp: SmtpServer, clock: Clock, tmp_path: Path
) -> None:
    async with Running(tmp_path, account, world=replace(WORLD, clock=clock)) as it:
        when = int(clock.now) + 2 * DAY
        await it.do(SendDraft(draft(account), at=when))
        assert (item(it).later, item(it).not_before, it.waiting()) == (when, when, (1, 0))
        await it.until(lambda: it.subjects(Role.DRAFTS) == ["Later"], "it is a draft until it leaves")
        clock.now += 2 * DAY - 10
        await it.synchronise()
        assert smtp.received == []
        clock.now += 10
        await it.synchronise()
        await it.settled()
        await it.until(lambda: it.subjects(Role.DRAFTS) == [], "it is none any more")
        (received,) = smtp.received
        assert (
            parsedate_to_datetime(str(email.message_from_bytes(received.source)["Date"])).timestamp() == when
        )


async def test_another_time_or_now_or_never(
    account: Account, smtp: SmtpServer, clock: Clock, tmp_path: Path
) -> None:
    async with Running(tmp_path, account, world=replace(WORLD, clock=clock)) as it:
        when = int(clock.now) + 2 * DAY
        await it.do(SendDraft(draft(account), at=when))
        await it.do(RescheduleSend(item(it).id, when + DAY))
        assert item(it).later == when + DAY
        await it.do(CancelSend(item(it).id))
        assert [one.id for one in it.read(lambda reader: reader.drafts())] == ["d1"]
        assert "taken back" in (await it.refused(RescheduleSend(item(it).id))).what
        await it.do(SendDraft(draft(account), at=when))
        await it.do(RescheduleSend(item(it).id))
        await it.settled()
        (received,) = smtp.received
        sent = parsedate_to_datetime(str(email.message_from_bytes(received.source)["Date"])).timestamp()
        assert sent == int(clock.now)


async def test_what_is_overdue_leaves_at_the_next_start_and_that_is_told(
    account: Account, smtp: SmtpServer, clock: Clock, tmp_path: Path
) -> None:
    async with Running(tmp_path, account, world=replace(WORLD, clock=clock)) as it:
        when = int(clock.now) + HOUR
        await it.do(SendDraft(draft(account), at=when))
    clock.now += DAY
    async with Running(tmp_path, account, world=replace(WORLD, clock=clock)) as it:
        told = await it.heard(LateSending)
        assert told == LateSending(("Later",), when)
        await it.settled()
        assert len(smtp.received) == 1


async def test_the_service_does_not_stay_for_days(account: Account, clock: Clock, tmp_path: Path) -> None:
    async with Running(tmp_path, account, world=replace(WORLD, clock=clock)) as it:
        await it.do(SendDraft(draft(account), at=int(clock.now) + DAY))
        await it.service.left_alone()
        await it.until(lambda: item(it).attempts == 1 and item(it).stage is Stage.QUEUED, "it was asked")
        assert item(it).trouble == ""
        await it.until(lambda: it.subjects(Role.DRAFTS) == ["Later"], "the draft is on the server")
        await it.until(lambda: not it.read(lambda reader: reader.operations()), "nothing else is to be done")
        assert not await it.service.can_finish()


HOLDS = (*EHLO, b"FUTURERELEASE 2592000 2100-01-01T00:00:00Z")


async def test_a_server_that_holds_messages_gets_it_when_nobody_is_there_any_more(
    dovecot: Dovecot, user: User, account: Account, tmp_path: Path
) -> None:
    async with Scripted(Script(ehlo=HOLDS)) as server:
        account = replace(account, smtp=server.server())
        async with Running(tmp_path, account) as it:
            when = int(time.time()) + 2 * DAY
            await it.do(SendDraft(draft(account), at=when))
            await it.synchronise()
            assert server.accepted == []  # the user may still think better of it
            await it.service.left_alone()
            await it.settled()
            assert (item(it).stage, item(it).held) == (Stage.DONE, when)
            assert len(server.accepted) == 1
            until = f"HOLDUNTIL={datetime.fromtimestamp(when, UTC):%Y-%m-%dT%H:%M:%SZ}".encode()
            (said,) = [line for line in server.dialogues[-1].lines if line.startswith(b"MAIL")]
            assert until in said
            assert it.read(lambda reader: reader.drafts()) == []
            with dovecot.other_client(user) as other:
                assert subjects_there(other, "Sent") == ["Later"]


async def test_a_server_that_holds_messages_for_an_hour_only_is_left_alone(
    account: Account, tmp_path: Path
) -> None:
    async with Scripted(Script(ehlo=(*EHLO, b"FUTURERELEASE 3600"))) as server:
        account = replace(account, smtp=server.server())
        async with Running(tmp_path, account) as it:
            await it.do(SendDraft(draft(account), at=int(time.time()) + DAY))
            await it.service.left_alone()
            await it.until(lambda: server.dialogues, "it was asked")
            await it.until(lambda: item(it).stage is Stage.QUEUED and item(it).attempts == 1)
            assert server.accepted == []
            assert not any(line.startswith(b"MAIL") for line in server.dialogues[-1].lines)
