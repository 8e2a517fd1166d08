"""Work without a connection, connections that break, passwords that are refused."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mailtui.model.account import Account, ConnectionState, Security
from mailtui.model.event import BodyFailed, ConnectionChanged, PasswordWanted, SyncEnded
from mailtui.model.folder import Role
from mailtui.model.intent import (
    ArchiveMessages,
    ChangeFlags,
    CopyMessages,
    FetchBody,
    GivePassword,
    MoveMessages,
    SetOnline,
    Synchronise,
    TrashMessages,
    Undo,
)
from mailtui.model.message import Flag
from mailtui.model.secret import Secret
from mailtui.model.trouble import NoSecret, NotKept
from tests.servers.dovecot import Dovecot, User
from tests.service.proxy import Proxy
from tests.service.running import WORLD, Running, account_of, flags_there, message, subjects_there

ALL = [f"Number {n}" for n in range(1, 8)]


@pytest.fixture
def line(dovecot: Dovecot) -> Iterator[Proxy]:
    with Proxy(dovecot.imap) as proxy:
        yield proxy


@pytest.fixture
def account(dovecot: Dovecot, user: User, line: Proxy) -> Account:
    dovecot.seed(user, "INBOX", [(message(n), []) for n in range(1, 8)])
    found = account_of(dovecot, user)
    return replace(found, imap=replace(found.imap, port=line.port))


async def test_what_is_done_offline_is_carried_out_on_return(
    dovecot: Dovecot, user: User, account: Account, tmp_path: Path
) -> None:
    async with Running(tmp_path, account) as it:
        await it.do(SetOnline("work", False))
        await it.until(
            lambda: ConnectionChanged("work", ConnectionState.OFFLINE, "Offline, as you asked.") in it.events
        )
        ids = {n: it.named(f"Number {n}").id for n in range(1, 8)}
        await it.do(ArchiveMessages((ids[1], ids[2])))
        trash = await it.do(TrashMessages((ids[3], ids[4])))
        await it.do(ChangeFlags((ids[5], ids[1]), add=Flag.SEEN))
        await it.do(MoveMessages((ids[2],), it.role(Role.JUNK).id))
        await it.do(Undo(trash))
        assert it.subjects(Role.INBOX) == ["Number 3", "Number 4", "Number 5", "Number 6", "Number 7"]
        assert it.waiting()[0] > 0
        with dovecot.other_client(user) as other:
            assert subjects_there(other, "INBOX") == ALL
            await it.do(SetOnline("work", True))
            await it.settled()
            assert subjects_there(other, "INBOX") == [
                "Number 3",
                "Number 4",
                "Number 5",
                "Number 6",
                "Number 7",
            ]
            assert subjects_there(other, "Archive") == ["Number 1"]
            assert subjects_there(other, "Junk") == ["Number 2"]
            assert subjects_there(other, "Trash") == []
            assert "\\Seen" in flags_there(other, "Archive")["Number 1"]
            assert "\\Seen" in flags_there(other, "INBOX")["Number 5"]


async def test_reading_without_a_connection_says_so(account: Account, line: Proxy, tmp_path: Path) -> None:
    async with Running(tmp_path, account) as it:
        line.down()
        await it.do(FetchBody(it.named("Number 1").id))
        failed = await it.heard(BodyFailed)
        assert failed.what
        mark = len(it.events)
        await it.do(Synchronise())
        assert (await it.heard(SyncEnded, since=mark)).trouble


async def test_a_lost_connection_is_made_again_when_the_user_wants_something(
    dovecot: Dovecot, user: User, account: Account, line: Proxy, tmp_path: Path
) -> None:
    async with Running(tmp_path, account) as it:
        line.down()
        await it.until(
            lambda: any(
                isinstance(event, ConnectionChanged) and event.state is ConnectionState.OFFLINE
                for event in it.events
            )
        )
        dovecot.append(user, "INBOX", message(9))
        line.up()
        await it.synchronise()
        await it.until(lambda: "Number 9" in it.subjects(Role.INBOX))


async def test_a_server_that_can_not_be_trusted_is_told_of_and_looked_at_again(
    dovecot: Dovecot, user: User, tmp_path: Path
) -> None:
    found = account_of(dovecot, user)
    with Proxy(dovecot.imaps) as line:
        strange = replace(found, imap=replace(found.imap, port=line.port, security=Security.TLS))
        async with Running(tmp_path, strange, settle=False) as it:

            def told() -> list[str]:
                changes = [event for event in it.events if isinstance(event, ConnectionChanged)]
                return [change.reason for change in changes if change.state is ConnectionState.WAITING]

            await it.until(told, "the user is told")
            assert "can't be trusted" in told()[0]
            before = line.accepted
            while line.accepted == before:  # an attempt that was only just now is not repeated
                assert "can't be trusted" in (await it.synchronise()).trouble
                await asyncio.sleep(0.02)
    assert dovecot.rawlog(user) == []


@pytest.mark.parametrize("lost", ["answer", "command"])
async def test_a_move_cut_off_happens_once(
    dovecot: Dovecot, user: User, account: Account, line: Proxy, lost: str, tmp_path: Path
) -> None:
    async with Running(tmp_path, account) as it:
        ids = [it.named(f"Number {n}").id for n in (1, 2, 3)]
        (line.lose_answer if lost == "answer" else line.lose_command)(b"UID MOVE")
        await it.do(ArchiveMessages(tuple(ids)))
        await it.settled()
        assert line.cuts
        with dovecot.other_client(user) as other:
            assert subjects_there(other, "Archive") == ALL[:3]
            assert subjects_there(other, "INBOX") == ALL[3:]
        assert sorted(summary.id for summary in it.rows(Role.ARCHIVE)) == sorted(ids)


@pytest.mark.parametrize("lost", ["answer", "command"])
async def test_a_copy_cut_off_happens_once(
    dovecot: Dovecot, user: User, account: Account, line: Proxy, lost: str, tmp_path: Path
) -> None:
    async with Running(tmp_path, account) as it:
        ids = [it.named(f"Number {n}").id for n in (1, 2)]
        (line.lose_answer if lost == "answer" else line.lose_command)(b"UID COPY")
        await it.do(CopyMessages(tuple(ids), it.role(Role.ARCHIVE).id))
        await it.settled()
        assert line.cuts
        with dovecot.other_client(user) as other:
            assert subjects_there(other, "Archive") == ALL[:2]
        await it.synchronise()
        assert it.subjects(Role.ARCHIVE) == ALL[:2]


@pytest.mark.parametrize("word", [b"UID COPY", b"UID STORE", b"UID EXPUNGE"])
async def test_a_move_in_three_steps_cut_off_at_any_of_them_happens_once(
    word: bytes, user: User, tmp_path: Path
) -> None:
    with Dovecot(capability="IMAP4rev1 LITERAL+ UIDPLUS AUTH=PLAIN") as server, Proxy(server.imap) as line:
        mine = server.new_user()
        server.seed(mine, "INBOX", [(message(n), []) for n in range(1, 8)])
        account = account_of(server, mine)
        async with Running(tmp_path, replace(account, imap=replace(account.imap, port=line.port))) as it:
            ids = [it.named(f"Number {n}").id for n in (1, 2)]
            line.lose_answer(word)
            await it.do(ArchiveMessages(tuple(ids)))
            await it.settled()
            assert line.cuts
            with server.other_client(mine) as other:
                assert subjects_there(other, "Archive") == ALL[:2]
                assert sorted(flags_there(other, "INBOX")) == ALL[2:]


async def test_a_wrong_password_is_asked_for_and_the_right_one_used(
    dovecot: Dovecot, user: User, account: Account, line: Proxy, tmp_path: Path
) -> None:
    world = replace(WORLD, find_secret=lambda _: Secret("wrong"))
    async with Running(tmp_path, account, world=world, settle=False) as it:
        wanted = await it.heard(PasswordWanted)
        assert wanted.account == "work"
        await it.heard(ConnectionChanged)
        attempts = line.accepted
        assert attempts <= 2
        await it.do(Synchronise())
        assert (await it.heard(SyncEnded)).trouble
        assert line.accepted == attempts  # nobody is locked out by our stubbornness
        mark = len(it.events)
        await it.do(GivePassword("work", Secret(user.password)))
        await it.do(Synchronise())
        assert (await it.heard(SyncEnded, since=mark)).trouble == ""
        assert it.subjects(Role.INBOX) == ALL


async def test_no_password_is_asked_for(account: Account, user: User, tmp_path: Path) -> None:
    def none(_: Account) -> Secret:
        raise NoSecret("No password is kept.", "Give it.")

    async with Running(tmp_path, account, world=replace(WORLD, find_secret=none), settle=False) as it:
        assert "No password" in (await it.heard(PasswordWanted)).reason
        states = [event.state for event in it.events if isinstance(event, ConnectionChanged)]
        assert states[-1] is ConnectionState.WAITING
        await it.do(GivePassword("work", Secret(user.password)))
        await it.until(lambda: it.subjects(Role.INBOX) == ALL)


async def test_the_end_says_goodbye_on_every_connection(dovecot: Dovecot, user: User, tmp_path: Path) -> None:
    dovecot.seed(user, "INBOX", [(message(1), [])])
    async with Running(tmp_path, account_of(dovecot, user)) as it:
        await it.do(FetchBody(it.named("Number 1").id))
    await it.until(lambda: f"imap({user.name})" in dovecot.log())
    ends = [text for text in dovecot.log().splitlines() if f"imap({user.name})" in text and "in=" in text]
    assert ends
    assert all("Logged out" in text for text in ends)


@pytest.mark.parametrize("keyring", [True, False])
async def test_a_password_that_is_not_kept_is_asked_for_without_complaint(
    account: Account, user: User, tmp_path: Path, keyring: bool
) -> None:
    def not_kept(_: Account) -> Secret:
        raise NotKept("No password is kept.", "Give it.")

    world = replace(WORLD, find_secret=not_kept, can_remember=lambda: keyring)
    async with Running(tmp_path, account, world=world, settle=False) as it:
        wanted = await it.heard(PasswordWanted)
        assert (wanted.reason, wanted.keepable) == ("", keyring)
        await it.do(GivePassword("work", Secret(user.password)))
        await it.until(lambda: it.subjects(Role.INBOX) == ALL)
