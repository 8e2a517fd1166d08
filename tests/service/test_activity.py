"""What a front is told of connections, jobs and troubles is so; stopping and trying again work."""

import asyncio
from dataclasses import replace
from pathlib import Path

from mailtui.imap.connection import Connection
from mailtui.imap.types import Budgets, WireLog
from mailtui.model.account import Security, Server
from mailtui.model.activity import JobSeen
from mailtui.model.event import ActivityReported, BodyFailed, PartFailed, PartProgressed, SyncProgressed
from mailtui.model.folder import Role
from mailtui.model.intent import (
    ArchiveMessages,
    DiscardOperations,
    FetchBody,
    FetchPart,
    SetOnline,
    ShowFolder,
    StopJob,
    Synchronise,
    WatchActivity,
)
from mailtui.model.operation import OperationState
from mailtui.model.secret import Secret
from mailtui.service.jobs import TITLES
from tests.servers.dovecot import Dovecot, User
from tests.service.running import WORLD, Running, account_of, message, subjects_there


def impatient(server: Server, secret: Secret, log: WireLog | None) -> Connection:
    """Gives a server that stands still up soon."""
    limits = Budgets(connect=2, greeting=1, login=1, silence=1, command=1, long=1, done=1, logout=0.2)
    return Connection.open(server, secret, log=log, budgets=limits)


IMPATIENT = replace(WORLD, dial=impatient)


def latest(it: Running, account: str = "work") -> ActivityReported:
    """The last word, an empty one if there was none."""
    said = [one for one in it.events if isinstance(one, ActivityReported) and one.account == account]
    return said[-1] if said else ActivityReported(account)


def job(it: Running, title: str) -> JobSeen | None:
    return next((one for one in latest(it).jobs if one.title == title), None)


async def test_connections_are_told_with_what_they_do(dovecot: Dovecot, user: User, tmp_path: Path) -> None:
    dovecot.seed(user, "INBOX", [(message(n), []) for n in range(3)])
    account = account_of(dovecot, user)
    tls = replace(account.imap, port=dovecot.imaps, security=Security.TLS, ca_file=dovecot.ca_file)
    async with Running(tmp_path, replace(account, imap=tls)) as it:
        inbox = it.role(Role.INBOX)
        await it.do(ShowFolder(inbox.id))
        await it.do(WatchActivity())

        def both_rest() -> bool:
            seen = {one.lane: one for one in latest(it).connections}
            watching = seen.get("interactive")
            quiet = watching is not None and watching.folder == inbox.id
            return quiet and set(seen) == {"interactive", "background"} and not latest(it).jobs

        await it.until(both_rest, "both connections rest")
        now = it.service._world.clock()
        for one in latest(it).connections:
            assert one.server == f"{dovecot.host}:{dovecot.imaps}"
            assert one.protection.startswith("TLSv1.")
            assert now - 60 < one.since <= now
            assert one.job == ""
        assert latest(it).troubles == ()


async def test_it_is_told_whether_a_connection_is_compressed(
    compressing_dovecot: Dovecot, tmp_path: Path
) -> None:
    user = compressing_dovecot.new_user()
    async with Running(tmp_path, account_of(compressing_dovecot, user)) as it:
        await it.do(WatchActivity())

        def compressed() -> bool:
            seen = latest(it).connections
            return bool(seen) and all(one.compressed for one in seen)

        await it.until(compressed, "it is told, once the server has answered")


async def test_nothing_is_told_while_nothing_changes_or_nobody_looks(
    dovecot: Dovecot, user: User, tmp_path: Path
) -> None:
    async with Running(tmp_path, account_of(dovecot, user)) as it:
        assert not [event for event in it.events if isinstance(event, ActivityReported)]
        await it.do(WatchActivity())
        await it.until(lambda: latest(it).connections and not latest(it).jobs, "all rests")
        told: list[int] = []
        for _ in range(20):  # it may be some time until all is quiet, on a busy machine
            told.append(len([event for event in it.events if isinstance(event, ActivityReported)]))
            if told[-2:-1] == told[-1:]:
                break
            await asyncio.sleep(0.6)  # two looks and more
        assert told[-2:-1] == told[-1:]


async def test_an_index_under_way_tells_how_far_it_is(dovecot: Dovecot, user: User, tmp_path: Path) -> None:
    dovecot.seed(user, "INBOX", [(message(n), []) for n in range(5000)])
    async with Running(tmp_path, account_of(dovecot, user), settle=False) as it:
        await it.do(WatchActivity())

        def half_way() -> bool:
            found = job(it, "reading the index")
            return found is not None and found.running and 0 < found.done < found.total == 5000

        await it.heard(SyncProgressed)
        with dovecot.frozen():
            await it.until(half_way, "the index is under way")
            found = job(it, "reading the index")
            assert found is not None
            assert found.folder == it.role(Role.INBOX).id
            assert not found.stoppable
            assert "can't be stopped" in (await it.refused(StopJob("work", found.number))).what
        await it.until(lambda: job(it, "reading the index") is None, "it is done", 60)
        assert all(one.title in TITLES.values() for one in latest(it).jobs)


async def test_what_waits_for_a_server_that_stands_still_is_told_and_done_afterwards(
    dovecot: Dovecot, user: User, tmp_path: Path
) -> None:
    dovecot.seed(user, "INBOX", [(message(n), []) for n in range(1, 4)])
    async with Running(tmp_path, account_of(dovecot, user), world=IMPATIENT) as it:
        await it.do(WatchActivity())
        with dovecot.frozen():
            await it.do(ArchiveMessages((it.named("Number 1").id,)))
            await it.until(lambda: latest(it).troubles and not latest(it).connections, "it is noticed")
            trouble = latest(it).troubles[0]
            assert "does not answer" in trouble.what or "too slowly" in trouble.what
            assert trouble.when >= it.service._world.clock() - 60
            await it.until(lambda: latest(it).next_try, "the next attempt has a time")
            (operation,) = it.read(lambda reader: reader.operations("work"))
            assert operation.state in (OperationState.QUEUED, OperationState.SENT)
            assert operation.created
        await it.do(Synchronise("work"))
        await it.settled()
        await it.until(lambda: latest(it).connections and latest(it).next_try == 0, "it is connected again")
        with dovecot.other_client(user) as other:
            assert subjects_there(other, "Archive") == ["Number 1"]


async def test_what_waits_can_be_given_up(dovecot: Dovecot, user: User, tmp_path: Path) -> None:
    dovecot.seed(user, "INBOX", [(message(n), []) for n in range(1, 4)])
    async with Running(tmp_path, account_of(dovecot, user)) as it:
        await it.do(SetOnline("work", False))
        await it.do(WatchActivity())
        await it.until(lambda: not latest(it).connections, "nobody is connected")
        assert latest(it).troubles == ()  # it was the user's own wish
        await it.do(ArchiveMessages((it.named("Number 1").id,)))
        (operation,) = it.read(lambda reader: reader.operations("work"))
        await it.do(DiscardOperations((operation.id,)))
        assert it.subjects(Role.INBOX) == ["Number 1", "Number 2", "Number 3"]
        assert it.waiting() == (0, 0)


async def test_a_text_that_does_not_come_can_be_stopped(dovecot: Dovecot, user: User, tmp_path: Path) -> None:
    dovecot.seed(user, "INBOX", [(message(n), []) for n in range(1, 4)])
    async with Running(tmp_path, account_of(dovecot, user)) as it:
        await it.do(ShowFolder(it.role(Role.INBOX).id))
        await it.do(WatchActivity())
        await it.until(lambda: len(latest(it).connections) == 2 and not latest(it).jobs, "all rests")
        with dovecot.frozen():
            await it.do(FetchBody(it.named("Number 1").id))
            await it.until(lambda: job(it, "fetching a text"), "it is under way")
            found = job(it, "fetching a text")
            assert found is not None
            assert found.stoppable
            assert found.message == it.named("Number 1").id
            await it.do(StopJob("work", found.number))
            await it.heard(BodyFailed)
            await it.until(lambda: job(it, "fetching a text") is None, "it is gone")
            assert latest(it).troubles == ()  # it was the user's own wish


async def test_a_download_can_be_stopped(dovecot: Dovecot, user: User, tmp_path: Path) -> None:
    dovecot.seed(user, "INBOX", [(message(1, body=("x" * 76 + "\r\n") * 20_000), [])])
    async with Running(tmp_path, account_of(dovecot, user)) as it:
        await it.do(WatchActivity())
        with dovecot.frozen():
            await it.do(FetchPart(it.named("Number 1").id, ""))
            await it.until(lambda: job(it, "fetching the source"), "it is under way")
            found = job(it, "fetching the source")
            assert found is not None
            await it.do(StopJob("work", found.number))
            failed = await it.heard(PartFailed)
            assert "stopped" in failed.what
        assert not [event for event in it.events if isinstance(event, PartProgressed)]


async def test_what_is_over_can_not_be_stopped(dovecot: Dovecot, user: User, tmp_path: Path) -> None:
    async with Running(tmp_path, account_of(dovecot, user)) as it:
        assert "over" in (await it.refused(StopJob("work", 10**6))).what
