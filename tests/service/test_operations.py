"""What the user wants happens on the server, exactly that, and can be taken back."""

from pathlib import Path

import pytest

from mailtui.model.event import OperationFailed
from mailtui.model.folder import Role
from mailtui.model.intent import (
    ArchiveMessages,
    ChangeFlags,
    CopyMessages,
    CreateFolder,
    DeleteFolder,
    DestroyMessages,
    MoveMessages,
    RenameFolder,
    TrashMessages,
    Undo,
)
from mailtui.model.message import Flag
from tests.servers.dovecot import Dovecot, User
from tests.service.running import Running, account_of, flags_there, message, subjects_there


@pytest.fixture(params=["rich", "poor"])
def server(request: pytest.FixtureRequest, dovecot: Dovecot, poor_dovecot: Dovecot) -> Dovecot:
    """With everything, and with next to nothing: no MOVE, no UIDPLUS, no IDLE, no SPECIAL-USE."""
    return dovecot if request.param == "rich" else poor_dovecot


@pytest.fixture
def mine(server: Dovecot) -> User:
    user = server.new_user()
    server.seed(user, "INBOX", [(message(n), []) for n in range(1, 6)])
    return user


async def test_flags_and_keywords(server: Dovecot, mine: User, tmp_path: Path) -> None:
    async with Running(tmp_path, account_of(server, mine)) as it:
        one, two = it.named("Number 1").id, it.named("Number 2").id
        await it.do(ChangeFlags((one, two), add=Flag.SEEN | Flag.FLAGGED, add_keywords=("$Forwarded",)))
        await it.do(ChangeFlags((two,), remove=Flag.FLAGGED))
        assert it.named("Number 1").flags == Flag.SEEN | Flag.FLAGGED
        await it.settled()
        with server.other_client(mine) as other:
            flags = flags_there(other, "INBOX")
        assert flags["Number 1"] - {"\\Recent"} == {"\\Seen", "\\Flagged", "$Forwarded"}
        assert flags["Number 2"] - {"\\Recent"} == {"\\Seen", "$Forwarded"}
        assert flags["Number 3"] - {"\\Recent"} == set()


async def test_moves_keep_the_message_and_its_id(server: Dovecot, mine: User, tmp_path: Path) -> None:
    async with Running(tmp_path, account_of(server, mine)) as it:
        one = it.named("Number 1").id
        archive = it.role(Role.ARCHIVE)
        await it.do(MoveMessages((one,), archive.id))
        assert it.subjects(Role.INBOX) == ["Number 2", "Number 3", "Number 4", "Number 5"]
        await it.settled()
        await it.synchronise()
        assert it.named("Number 1", archive).id == one
        with server.other_client(mine) as other:
            assert subjects_there(other, archive.path) == ["Number 1"]
        await it.synchronise()
        assert it.subjects(Role.INBOX) == ["Number 2", "Number 3", "Number 4", "Number 5"]


async def test_archive_trash_and_taking_back(server: Dovecot, mine: User, tmp_path: Path) -> None:
    async with Running(tmp_path, account_of(server, mine)) as it:
        one, two, three = (it.named(f"Number {n}").id for n in (1, 2, 3))
        archived = await it.do(ArchiveMessages((one, two)))
        trashed = await it.do(TrashMessages((three,)))
        await it.settled()
        await it.synchronise()
        with server.other_client(mine) as other:
            assert subjects_there(other, it.role(Role.ARCHIVE).path) == ["Number 1", "Number 2"]
            assert subjects_there(other, it.role(Role.TRASH).path) == ["Number 3"]
        await it.do(Undo(archived))
        await it.do(Undo(trashed))
        assert {summary.id for summary in it.rows(Role.INBOX)} >= {one, two, three}
        await it.settled()
        await it.synchronise()
        assert it.subjects(Role.INBOX) == [f"Number {n}" for n in range(1, 6)]
        with server.other_client(mine) as other:
            assert subjects_there(other, it.role(Role.ARCHIVE).path) == []
            assert subjects_there(other, it.role(Role.TRASH).path) == []


async def test_copies(server: Dovecot, mine: User, tmp_path: Path) -> None:
    async with Running(tmp_path, account_of(server, mine)) as it:
        archive = it.role(Role.ARCHIVE)
        await it.do(CopyMessages((it.named("Number 1").id,), archive.id))
        assert it.subjects(archive) == ["Number 1"]
        await it.settled()
        await it.synchronise()
        assert it.subjects(archive) == ["Number 1"]
        assert "Number 1" in it.subjects(Role.INBOX)
        with server.other_client(mine) as other:
            assert subjects_there(other, archive.path) == ["Number 1"]


async def test_destroying_takes_only_what_was_named(server: Dovecot, mine: User, tmp_path: Path) -> None:
    server.seed(mine, "Trash", [(message(n), []) for n in range(10, 14)])
    async with Running(tmp_path, account_of(server, mine)) as it:
        with server.other_client(mine) as other:
            other.select("Trash")
            other.store("2", "+FLAGS", "(\\Deleted)")  # somebody else's mark
            await it.do(DestroyMessages((it.named("Number 10", Role.TRASH).id,)))
            await it.settled()
            left = flags_there(other, "Trash")
        assert "\\Deleted" in left["Number 11"]
        assert "\\Deleted" in left.get("Number 10", {"\\Deleted"})
        await it.synchronise()
        assert "Number 10" not in it.subjects(Role.TRASH)


async def test_folders(server: Dovecot, mine: User, tmp_path: Path) -> None:
    async with Running(tmp_path, account_of(server, mine)) as it:
        await it.do(CreateFolder("work", "Prj/Übung & Tests/日本語"))
        folder = it.folder("Prj/Übung & Tests/日本語")
        await it.do(MoveMessages((it.named("Number 1").id,), folder.id))
        await it.settled()
        await it.synchronise()
        assert it.subjects(it.folder("Prj/Übung & Tests/日本語")) == ["Number 1"]
        await it.do(RenameFolder(it.folder("Prj/Übung & Tests").id, "Neu/x"))
        assert it.folder("Neu/x/日本語").id == folder.id
        await it.settled()
        await it.synchronise()
        assert it.subjects(it.folder("Neu/x/日本語")) == ["Number 1"]
        await it.do(DeleteFolder(it.folder("Neu/x/日本語").id))
        await it.settled()
        await it.synchronise()
        paths = [one.path for one in it.read(lambda r: r.folders("work"))]
        assert "Neu/x/日本語" not in paths
        with server.other_client(mine) as other:
            assert not any(b"&ZeVnLIqe-" in line for line in other.list()[1] if isinstance(line, bytes))


async def test_a_refused_move_goes_back_and_says_why(server: Dovecot, mine: User, tmp_path: Path) -> None:
    async with Running(tmp_path, account_of(server, mine)) as it:
        await it.do(CreateFolder("work", "Passing"))
        await it.settled()
        await it.synchronise()
        with server.other_client(mine) as other:
            other.delete("Passing")
        folder = it.folder("Passing")
        intent = await it.do(MoveMessages((it.named("Number 1").id,), folder.id))
        failed = await it.heard(OperationFailed)
        assert failed.intent == intent
        assert failed.what
        assert it.subjects(Role.INBOX) == [f"Number {n}" for n in range(1, 6)]
        with server.other_client(mine) as other:
            assert subjects_there(other, "INBOX") == [f"Number {n}" for n in range(1, 6)]
