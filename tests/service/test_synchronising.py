"""The local copy becomes what the server has, and stays so."""

from dataclasses import replace
from functools import partial
from pathlib import Path

from mailtui.imap.connection import Connection
from mailtui.imap.types import WireLog
from mailtui.model.account import Server
from mailtui.model.event import BodyArrived, BodyFailed, PartArrived, SyncEnded
from mailtui.model.folder import Role
from mailtui.model.intent import ArchiveMessages, FetchBody, FetchPart, ShowFolder
from mailtui.model.secret import Secret
from mailtui.model.trouble import ServerBusy
from tests.servers.dovecot import Dovecot, User
from tests.service.running import WORLD, Running, account_of, message, subjects_there


async def test_a_first_round_brings_every_folder(dovecot: Dovecot, user: User, tmp_path: Path) -> None:
    dovecot.seed(user, "INBOX", [(message(n), ["\\Seen"] if n % 2 else []) for n in range(250)])
    dovecot.seed(user, "Work/2026", [(message(900), [])])
    async with Running(tmp_path, account_of(dovecot, user)) as it:
        inbox = it.role(Role.INBOX)
        assert (inbox.total, inbox.unread, inbox.complete) == (250, 125, True)
        assert it.subjects(it.folder("Work/2026")) == ["Number 900"]
        assert {folder.role for folder in it.read(lambda r: r.folders("work"))} >= {
            Role.INBOX,
            Role.SENT,
            Role.TRASH,
            Role.DRAFTS,
            Role.JUNK,
            Role.ARCHIVE,
        }
        assert [event.trouble for event in it.events if isinstance(event, SyncEnded)] == [""]


async def test_the_newest_messages_of_a_new_folder_cost_one_select_and_one_fetch(
    dovecot: Dovecot, user: User, tmp_path: Path
) -> None:
    dovecot.seed(user, "INBOX", [(message(n), []) for n in range(300)])
    async with Running(tmp_path, account_of(dovecot, user)):
        lines = dovecot.rawlog(user)[0].client.splitlines()
        said = [b" ".join(line.split(b" ")[2:]) for line in lines]
    selected = said.index(b"SELECT INBOX")
    assert said[selected + 1].startswith(b"FETCH 201:* (")
    assert {line for line in said if line.startswith(b"SELECT ")} == {b"SELECT INBOX"}  # others are empty


async def test_a_round_without_changes_visits_nothing(dovecot: Dovecot, user: User, tmp_path: Path) -> None:
    dovecot.seed(user, "INBOX", [(message(n), []) for n in range(20)])
    dovecot.seed(user, "Work", [(message(n), []) for n in range(20, 40)])
    async with Running(tmp_path, account_of(dovecot, user)):
        pass
    before = len(dovecot.rawlog(user))
    async with Running(tmp_path, account_of(dovecot, user)) as it:
        await it.synchronise()
        said = b"".join(dialogue.client for dialogue in dovecot.rawlog(user)[before:])
    assert b"FETCH" not in said, said.decode()
    assert b"SEARCH" not in said
    assert b"SELECT Work" not in said


async def test_an_index_that_was_interrupted_goes_on_where_it_was(
    dovecot: Dovecot, user: User, tmp_path: Path
) -> None:
    dovecot.seed(user, "INBOX", [(message(n), []) for n in range(4000)])
    async with Running(tmp_path, account_of(dovecot, user), settle=False) as it:
        await it.until(lambda: it.read(lambda r: r.role("work", Role.INBOX)) is not None)
        await it.until(lambda: it.role(Role.INBOX).total > 500, "some are here")
    before = it.role(Role.INBOX).total
    assert before < 4000
    done = len(dovecot.rawlog(user))
    async with Running(tmp_path, account_of(dovecot, user)) as it:
        inbox = it.role(Role.INBOX)
        assert (inbox.total, inbox.complete) == (4000, True)
    again = b"".join(dialogue.server for dialogue in dovecot.rawlog(user)[done:])
    assert again.count(b" FETCH (") <= 4000 - before + 1000


async def test_a_click_does_not_wait_for_the_index(dovecot: Dovecot, user: User, tmp_path: Path) -> None:
    dovecot.seed(user, "INBOX", [(message(n), []) for n in range(6000)])
    async with Running(tmp_path, account_of(dovecot, user), settle=False) as it:
        await it.until(lambda: len(it.rows(Role.INBOX)) >= 100, "the first are here")
        await it.do(FetchBody(it.rows(Role.INBOX)[0].id))
        await it.heard(BodyArrived)
        assert not it.role(Role.INBOX).complete
        await it.until(lambda: it.role(Role.INBOX).complete, "the index is complete", 60)
        assert it.role(Role.INBOX).total == 6000


async def test_when_the_server_allows_one_connection_everything_is_done_by_that(
    dovecot: Dovecot, user: User, tmp_path: Path
) -> None:
    dovecot.seed(user, "INBOX", [(message(n), []) for n in range(1, 30)])
    open_now: list[Connection] = []

    def dial(server: Server, secret: Secret, log: WireLog | None) -> Connection:
        open_now[:] = [connection for connection in open_now if not connection.closed]
        if open_now:
            raise ServerBusy("Too many connections.")
        open_now.append(Connection.open(server, secret, log=log))
        return open_now[0]

    async with Running(tmp_path, account_of(dovecot, user), world=replace(WORLD, dial=dial)) as it:
        assert it.role(Role.INBOX).total == 29
        await it.do(ShowFolder(it.role(Role.INBOX).id))
        one = it.named("Number 1").id
        await it.do(FetchBody(one))
        await it.heard(BodyArrived)
        await it.do(FetchPart(one, ""))
        await it.heard(PartArrived)
        await it.do(ArchiveMessages((one,)))
        await it.settled()
        with dovecot.other_client(user) as other:
            assert subjects_there(other, "Archive") == ["Number 1"]


async def test_one_bad_message_stops_no_other(dovecot: Dovecot, user: User, tmp_path: Path) -> None:
    bad = (
        b"\x00\x00\xff\xfe garbage",
        b"",
        b"Subject: =?utf-8?b?////?=\r\n" * 500,
        b"From: " + b"<" * 70_000,
    )
    dovecot.seed(user, "INBOX", [*((source, []) for source in bad), (message(1), [])])
    async with Running(tmp_path, account_of(dovecot, user)) as it:
        assert it.role(Role.INBOX).total == 5
        assert it.role(Role.INBOX).complete
        for summary in it.rows(Role.INBOX):
            mark = len(it.events)
            await it.do(FetchBody(summary.id))
            await it.until(partial(answered, it, mark))


def answered(it: Running, mark: int) -> bool:
    return any(isinstance(event, BodyArrived | BodyFailed) for event in it.events[mark:])
