"""The local copy becomes what the server has, and stays so."""

from pathlib import Path

from mailtui.model.event import SyncEnded
from mailtui.model.folder import Role
from tests.servers.dovecot import Dovecot, User
from tests.service.running import Running, account_of, message


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
