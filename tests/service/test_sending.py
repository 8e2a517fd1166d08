"""What is sent leaves once, is kept in Sent once, and is never lost."""

import base64
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mailtui.model.account import Account, Server
from mailtui.model.draft import Attachment, Draft, Stage
from mailtui.model.event import DraftsChanged, OutboxChanged, PasswordWanted
from mailtui.model.folder import Role
from mailtui.model.intent import (
    CancelSend,
    DiscardDraft,
    GivePassword,
    MarkSent,
    RetrySend,
    SaveDraft,
    SendDraft,
    SendRaw,
    SetOnline,
)
from mailtui.model.message import FORWARDED, Flag
from mailtui.model.secret import Secret
from mailtui.model.trouble import Refused, Trouble
from mailtui.smtp.delivery import Delivery, OutcomeUnknown
from mailtui.smtp.wirelog import WireLog
from tests.servers.dovecot import Dovecot, User
from tests.servers.smtp import SmtpServer
from tests.service.running import WORLD, Running, account_of, message, subjects_there
from tests.smtp.scripted import Script, Scripted


@pytest.fixture
def smtp() -> Iterator[SmtpServer]:
    with SmtpServer(refuse={"nobody@example.test": "550 5.1.1 No such user"}) as server:
        yield server


@pytest.fixture
def account(dovecot: Dovecot, user: User, smtp: SmtpServer) -> Account:
    dovecot.seed(user, "INBOX", [(message(1), [])])
    return account_of(dovecot, user, smtp.server())


def draft(account: Account, **fields: object) -> Draft:
    values = {"to": "bob@example.test", "subject": "Hi", "body": "Text\n", **fields}
    return Draft("d1", account.key, str(account.address), **values)  # type: ignore[arg-type]  # by name


def stages(it: Running) -> list[Stage]:
    return [event.stage for event in it.events if isinstance(event, OutboxChanged)]


async def test_a_draft_leaves_and_a_copy_is_kept(
    dovecot: Dovecot, user: User, account: Account, smtp: SmtpServer, tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_text("attached")
    async with Running(tmp_path, account) as it:
        attached = Attachment(str(tmp_path / "notes.txt"), "notes.txt", "text/plain")
        one = it.named("Number 1").id
        written = draft(account, bcc="carol@example.test", attachments=(attached,), answers=one, forwards=one)
        intent = await it.do(SendDraft(written, delay=0))
        await it.do(SendDraft(written, delay=0), id=intent)  # a front that did not hear the answer
        await it.until(lambda: stages(it)[-1:] == [Stage.DONE], "it is done")
        await it.settled()
        (received,) = smtp.received
        assert received.recipients == ("bob@example.test", "carol@example.test")
        assert b"carol" not in received.source
        with dovecot.other_client(user) as other:
            assert subjects_there(other, "Sent") == ["Hi"]
        await it.until(lambda: it.subjects(Role.SENT) == ["Hi"], "the copy shows")
        assert it.rows(Role.SENT)[0].flags & Flag.SEEN
        assert it.named("Number 1").flags & Flag.ANSWERED
        assert FORWARDED in it.named("Number 1").keywords
        assert it.read(lambda reader: reader.drafts()) == []
        (item,) = it.read(lambda reader: reader.outbox())
        assert item.stage is Stage.DONE


async def test_undo_send_gives_the_draft_back(account: Account, smtp: SmtpServer, tmp_path: Path) -> None:
    async with Running(tmp_path, account) as it:
        await it.do(SendDraft(draft(account), delay=60))
        (item,) = it.read(lambda reader: reader.outbox())
        await it.do(CancelSend(item.id))
        assert stages(it)[-1] is Stage.CANCELLED
        assert [one.id for one in it.read(lambda reader: reader.drafts())] == ["d1"]
        assert it.waiting() == (0, 0)
    assert smtp.received == []


async def test_drafts_are_kept_and_thrown_away(account: Account, tmp_path: Path) -> None:
    async with Running(tmp_path, account) as it:
        await it.do(SaveDraft(draft(account, subject="half")))
        assert it.read(lambda reader: reader.drafts())[0].subject == "half"
        await it.do(DiscardDraft("d1"))
        assert it.read(lambda reader: reader.drafts()) == []
        await it.heard(DraftsChanged)


async def test_a_finished_message_is_sent_as_it_is(
    dovecot: Dovecot, user: User, account: Account, smtp: SmtpServer, tmp_path: Path
) -> None:
    source = (
        b"From: Alice <a@example.test>\nTo: bob@example.test\nBcc: eve@example.test\nSubject: raw\n\nHi\n"
    )
    async with Running(tmp_path, account) as it:
        await it.do(SendRaw("work", base64.b64encode(source).decode()))
        await it.settled()
        (received,) = smtp.received
        assert received.recipients == ("bob@example.test", "eve@example.test")
        assert b"eve" not in received.source
        with dovecot.other_client(user) as other:
            assert subjects_there(other, "Sent") == ["raw"]
        assert isinstance(await it.refused(SendRaw("work", "???")), Refused)
        assert isinstance(await it.refused(SendRaw("nobody", "")), Refused)
        assert isinstance(await it.refused(SendDraft(draft(account, to="not an address"))), Trouble)


async def test_refused_recipients_are_named(account: Account, smtp: SmtpServer, tmp_path: Path) -> None:
    async with Running(tmp_path, account) as it:
        await it.do(SendDraft(draft(account, to="nobody@example.test"), delay=0))
        await it.until(lambda: Stage.FAILED in stages(it), "it failed")
        (item,) = it.read(lambda reader: reader.outbox())
        assert "No such user" in item.trouble
        assert it.waiting() == (0, 1)
        assert [one.id for one in it.read(lambda reader: reader.drafts())] == ["d1"]
        both = replace(draft(account, to="nobody@example.test, bob@example.test"), id="d2")
        await it.do(SendDraft(both, delay=0))
        await it.until(lambda: Stage.DONE in stages(it), "it is done")
        item = it.read(lambda reader: reader.outbox())[0]
        assert item.refused == ("nobody@example.test",)
        assert "No such user" in item.trouble


async def test_offline_it_waits(account: Account, smtp: SmtpServer, tmp_path: Path) -> None:
    async with Running(tmp_path, account) as it:
        await it.do(SetOnline("work", False))
        await it.do(SendDraft(draft(account), delay=0))
        assert it.waiting() == (1, 0)
        await it.do(SetOnline("work", True))
        await it.settled()
        assert len(smtp.received) == 1


async def test_an_unknown_outcome_is_never_repeated_by_itself(account: Account, tmp_path: Path) -> None:
    attempts: list[bytes] = []

    async def send(
        server: Server,
        secret: Secret,
        sender: str,
        recipients: object,
        source: bytes,
        *,
        hold_until: int = 0,
        log: WireLog | None = None,
    ) -> Delivery:
        attempts.append(source)
        raise OutcomeUnknown("The connection was lost at the last moment.", "Look into Sent.")

    async with Running(tmp_path, account, world=replace(WORLD, send=send)) as it:
        await it.do(SendDraft(draft(account), delay=0))
        await it.until(lambda: Stage.UNKNOWN in stages(it), "it is unknown")
        (item,) = it.read(lambda reader: reader.outbox())
        assert it.waiting() == (0, 1)
        await it.synchronise()
        assert len(attempts) == 1
        await it.do(RetrySend(item.id))
        await it.until(lambda: stages(it).count(Stage.UNKNOWN) == 2, "it is unknown again")
        assert attempts[0] == attempts[1]  # the same Message-ID
        await it.do(MarkSent(item.id))
        await it.settled()
        assert it.subjects(Role.SENT) == ["Hi"] or await it.synchronise()
        assert it.subjects(Role.SENT) == ["Hi"]
        assert len(attempts) == 2


async def test_what_was_being_sent_when_the_service_died_is_unknown_until_its_copy_is_found(
    dovecot: Dovecot, user: User, account: Account, tmp_path: Path
) -> None:
    from mailtui.store.outbox import Outbox
    from mailtui.store.writing import Writer

    async with Running(tmp_path, account) as it:
        await it.do(SendDraft(draft(account), delay=600))
        store = it.store
        item = it.read(lambda reader: reader.outbox())[0]
    writer = Writer(store, parts=tmp_path / "data" / "parts")
    outbox = Outbox(writer)
    outbox.stage(item.id, Stage.SENDING)
    source = outbox.source(item.id)
    writer.close()
    async with Running(tmp_path, account) as it:
        assert it.read(lambda reader: reader.outbox())[0].stage is Stage.UNKNOWN
        dovecot.append(user, "Sent", source)
    async with Running(tmp_path, account) as it:
        await it.until(lambda: it.read(lambda r: r.outbox())[0].stage is Stage.DONE, "its copy is found")
        with dovecot.other_client(user) as other:
            assert subjects_there(other, "Sent") == ["Hi"]


async def test_a_copy_that_was_not_filed_before_a_crash_is_filed_once(
    dovecot: Dovecot, user: User, account: Account, smtp: SmtpServer, tmp_path: Path
) -> None:
    for there_already in (False, True):
        async with Running(tmp_path, account) as it:
            await it.do(SendDraft(replace(draft(account), id=f"d{there_already}"), delay=600))
            store = it.store
            item = it.read(lambda reader: reader.outbox())[0]
        from mailtui.store.outbox import Outbox
        from mailtui.store.writing import Writer

        writer = Writer(store, parts=tmp_path / "data" / "parts")
        outbox = Outbox(writer)
        outbox.stage(item.id, Stage.SENDING)
        outbox.stage(item.id, Stage.SENT_UNFILED)
        if there_already:
            dovecot.append(user, "Sent", outbox.source(item.id))
        writer.close()
        async with Running(tmp_path, account) as it:
            await it.settled()
    with dovecot.other_client(user) as other:
        assert subjects_there(other, "Sent") == ["Hi", "Hi"]
    assert smtp.received == []


async def test_a_provider_that_files_copies_itself_is_left_to_it(
    dovecot: Dovecot,
    user: User,
    account: Account,
    smtp: SmtpServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("mailtui.service.account.PATIENCE", 0.5)
    async with Running(tmp_path, replace(account, files_sent=True)) as it:
        await it.do(SendDraft(draft(account), delay=0))
        await it.until(lambda: bool(smtp.received), "it was sent")
        dovecot.append(user, "Sent", smtp.received[0].source)
        await it.settled()
        with dovecot.other_client(user) as other:
            assert subjects_there(other, "Sent") == ["Hi"]


async def test_a_refused_password_for_sending_is_asked_for(
    account: Account, smtp: SmtpServer, tmp_path: Path
) -> None:
    assert account.smtp is not None
    other = replace(account, smtp=replace(account.smtp, user="someone"))
    async with Running(tmp_path, other) as it:
        await it.do(SendDraft(draft(account), delay=0))
        await it.heard(PasswordWanted)
        assert it.waiting() == (1, 0)
        assert smtp.received == []
        await it.do(GivePassword("work", Secret("someone-pass")))
        await it.until(lambda: len(smtp.received) == 1, "it was sent")


async def test_who_was_refused_can_be_tried_again_alone(
    dovecot: Dovecot, user: User, account: Account, smtp: SmtpServer, tmp_path: Path
) -> None:
    async with Running(tmp_path, account) as it:
        await it.do(SendDraft(draft(account, to="nobody@example.test, bob@example.test"), delay=0))
        await it.until(lambda: it.waiting() == (0, 1), "one recipient needs the user")
        (item,) = it.read(lambda reader: reader.outbox())
        smtp.refuse.clear()
        await it.do(RetrySend(item.id))
        await it.settled()
        assert [one.recipients for one in smtp.received] == [("bob@example.test",), ("nobody@example.test",)]
        assert smtp.received[0].source == smtp.received[1].source
        with dovecot.other_client(user) as other:
            assert subjects_there(other, "Sent") == ["Hi"]
        rest, first = it.read(lambda reader: reader.outbox())
        assert (rest.stage, first.stage, first.refused) == (Stage.DONE, Stage.DONE, ())


async def test_who_was_refused_can_be_left_out(account: Account, smtp: SmtpServer, tmp_path: Path) -> None:
    async with Running(tmp_path, account) as it:
        await it.do(SendDraft(draft(account, to="nobody@example.test, bob@example.test"), delay=0))
        await it.until(lambda: it.waiting() == (0, 1))
        (item,) = it.read(lambda reader: reader.outbox())
        await it.do(MarkSent(item.id))
        assert it.waiting() == (0, 0)
    assert len(smtp.received) == 1


async def test_who_was_put_off_gets_it_later_by_itself_and_nobody_twice(
    dovecot: Dovecot,
    user: User,
    account: Account,
    smtp: SmtpServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("mailtui.service.sending.PAUSES", (1,))
    smtp.refuse["busy@example.test"] = "450 4.2.0 Greylisted"
    async with Running(tmp_path, account) as it:
        await it.do(SendDraft(draft(account, to="busy@example.test, bob@example.test"), delay=0))
        await it.until(lambda: len(it.read(lambda reader: reader.outbox())) == 2, "the rest is queued")
        smtp.refuse.clear()
        await it.settled()
        assert [one.recipients for one in smtp.received] == [("bob@example.test",), ("busy@example.test",)]
        with dovecot.other_client(user) as other:
            assert subjects_there(other, "Sent") == ["Hi"]


async def test_an_answer_leaves_the_message_read(account: Account, smtp: SmtpServer, tmp_path: Path) -> None:
    async with Running(tmp_path, account) as it:
        one = it.named("Number 1")
        assert one.unread
        await it.do(SendDraft(draft(account, answers=one.id), delay=0))
        await it.settled()
        assert it.named("Number 1").flags >= Flag.ANSWERED | Flag.SEEN


@pytest.mark.parametrize("phase", ["greet", "MAIL", "RCPT", "DATA", "dot"])
async def test_what_is_refused_for_now_waits_visibly_and_leaves_once(
    account: Account, phase: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mailtui.service.sending.PAUSES", (1,))
    async with Scripted(Script({phase: b"451 4.3.0 Not now"})) as server:
        account = replace(account, smtp=server.server())
        async with Running(tmp_path, account) as it:
            await it.do(SendDraft(draft(account), delay=0))
            await it.until(lambda: Stage.QUEUED in stages(it)[1:], "it waits")
            item = it.read(lambda reader: reader.outbox())[0]
            assert "Not now" in item.trouble
            assert it.waiting() == (1, 0)
            del server.script.replies[phase]
            await it.settled()
            assert len(server.accepted) == 1


@pytest.mark.parametrize("phase", ["MAIL", "RCPT", "DATA", "dot"])
async def test_what_is_refused_for_good_waits_for_the_user_and_keeps_the_draft(
    account: Account, phase: str, tmp_path: Path
) -> None:
    async with Scripted(Script({phase: b"554 5.7.1 Never"})) as server:
        account = replace(account, smtp=server.server())
        async with Running(tmp_path, account) as it:
            await it.do(SendDraft(draft(account), delay=0))
            await it.until(lambda: Stage.FAILED in stages(it), "it failed")
            (item,) = it.read(lambda reader: reader.outbox())
            assert "Never" in item.trouble
            assert [one.id for one in it.read(lambda reader: reader.drafts())] == ["d1"]
            del server.script.replies[phase]
            await it.do(RetrySend(item.id))
            await it.settled()
            assert len(server.accepted) == 1


async def test_a_message_whose_file_is_gone_is_told_and_stops_no_other(
    account: Account, smtp: SmtpServer, tmp_path: Path
) -> None:
    async with Running(tmp_path, account) as it:
        await it.do(SetOnline("work", False))
        await it.do(SendDraft(draft(account, body="long " * 20_000), delay=0))
        for file in (tmp_path / "data" / "parts" / "outbox").iterdir():
            file.unlink()
        await it.do(SendDraft(replace(draft(account, subject="Short"), id="d2"), delay=0))
        await it.do(SetOnline("work", True))
        await it.until(lambda: it.waiting() == (0, 1), "the short one has left")
        assert len(smtp.received) == 1
        assert "can't be read" in it.read(lambda reader: reader.outbox())[1].trouble
