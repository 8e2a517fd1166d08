"""What others do on the server while our wishes wait: nothing of theirs is lost, and what can't come true
any more is reported."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from mailtui.model.event import OperationFailed
from mailtui.model.folder import Role
from mailtui.model.intent import (
    CopyMessages,
    CreateFolder,
    DeleteFolder,
    MoveMessages,
    RenameFolder,
    SetOnline,
    Undo,
)
from tests.servers.dovecot import Dovecot, User
from tests.service.running import Running, account_of, message, subjects_there
from tests.service.two_clients import Other, Seen


@pytest.fixture(params=["rich", "poor"])
def server(request: pytest.FixtureRequest, dovecot: Dovecot, poor_dovecot: Dovecot) -> Dovecot:
    return dovecot if request.param == "rich" else poor_dovecot


@dataclass(slots=True)
class Meanwhile:
    server: Dovecot
    user: User
    it: Running
    other: Other

    async def back(self) -> list[str]:
        """Online again until everything is settled; ids of the intents that were reported as failed."""
        await self.it.do(SetOnline("work", True))
        await self.it.settled()
        await self.it.synchronise()
        return [event.intent for event in self.it.events if isinstance(event, OperationFailed)]

    def subjects(self, folder: str) -> list[str]:
        with self.server.other_client(self.user) as client:
            return subjects_there(client, folder)

    def seen(self, folder: str, number: int) -> Seen:
        return next(one for one in self.other.inside(folder) if one.mid == f"<m{number}@example.test>")


@pytest.fixture
def mine(server: Dovecot) -> User:
    user = server.new_user()
    server.seed(user, "INBOX", [(message(n), []) for n in range(1, 4)])
    return user


async def test_a_copy_that_was_not_made_is_not_taken_for_what_another_moved_there(
    server: Dovecot, mine: User, tmp_path: Path
) -> None:
    """Undo of the copy once removed the only one there was."""
    async with Running(tmp_path, account_of(server, mine)) as it:
        now = Meanwhile(server, mine, it, Other(lambda: server.other_client(mine)))
        archive = it.role(Role.ARCHIVE)
        two = it.named("Number 2").id
        await it.do(SetOnline("work", False))
        copied = await it.do(CopyMessages((it.named("Number 1").id, two), archive.id))
        now.other.move(now.seen("INBOX", 2), archive.path)
        assert await now.back() == [copied]
        assert now.subjects(archive.path) == ["Number 1", "Number 2"]
        await it.do(Undo(copied))
        await it.settled()
        assert "Number 2" in now.subjects(archive.path)
        await it.synchronise()
        assert it.named("Number 2", archive).id == two


async def test_a_move_of_what_another_took_away_is_reported(
    server: Dovecot, mine: User, tmp_path: Path
) -> None:
    async with Running(tmp_path, account_of(server, mine)) as it:
        now = Meanwhile(server, mine, it, Other(lambda: server.other_client(mine)))
        await it.do(SetOnline("work", False))
        both = (it.named("Number 1").id, it.named("Number 2").id)
        moved = await it.do(MoveMessages(both, it.role(Role.ARCHIVE).id))
        now.other.expunge(now.seen("INBOX", 1))
        assert await now.back() == [moved]
        assert it.subjects(Role.ARCHIVE) == ["Number 2"]
        assert it.subjects(Role.INBOX) == ["Number 3"]


@pytest.mark.parametrize("wish", ["delete", "rename", "move", "copy"])
async def test_a_wish_for_a_folder_that_another_deleted_does_not_wait_for_ever(
    wish: str, server: Dovecot, mine: User, tmp_path: Path
) -> None:
    async with Running(tmp_path, account_of(server, mine)) as it:
        now = Meanwhile(server, mine, it, Other(lambda: server.other_client(mine)))
        await it.do(CreateFolder("work", "Box"))
        await it.settled()
        await it.synchronise()
        box, one = it.folder("Box").id, it.named("Number 1").id
        await it.do(SetOnline("work", False))
        intent = await it.do(
            {
                "delete": DeleteFolder(box),
                "rename": RenameFolder(box, "Tub"),
                "move": MoveMessages((one,), box),
                "copy": CopyMessages((one,), box),
            }[wish]
        )
        now.other.delete("Box")
        assert await now.back() == ([] if wish == "delete" else [intent])
        paths = [folder.path for folder in it.read(lambda reader: reader.folders("work"))]
        assert not {"Box", "Tub"} & set(paths)
        assert it.subjects(Role.INBOX) == ["Number 1", "Number 2", "Number 3"]
