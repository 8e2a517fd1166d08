"""What other programs do shows by itself: by IDLE where it works, by looking where it does not."""

import asyncio
from pathlib import Path

from mailtui.model.event import NewMail
from mailtui.model.folder import Role
from mailtui.model.intent import ShowFolder
from mailtui.model.message import Flag
from tests.servers.dovecot import Dovecot, User
from tests.service.running import Running, account_of, delivered, message


async def test_new_mail_shows_while_the_inbox_is_on_the_screen(
    dovecot: Dovecot, user: User, tmp_path: Path
) -> None:
    dovecot.seed(user, "INBOX", [(message(1), [])])
    async with Running(tmp_path, account_of(dovecot, user)) as it:
        inbox = it.role(Role.INBOX)
        await it.do(ShowFolder(inbox.id))
        await it.until(lambda: b" IDLE" in dovecot.rawlog(user)[0].client + dovecot.rawlog(user)[-1].client)
        delivered(dovecot, user, message(2))
        news = await it.heard(NewMail)
        assert news.folder == inbox.id
        assert [it.named("Number 2").id] == list(news.messages)


async def test_new_mail_shows_while_another_folder_is_on_the_screen(
    dovecot: Dovecot, user: User, tmp_path: Path
) -> None:
    async with Running(tmp_path, account_of(dovecot, user)) as it:
        await it.do(ShowFolder(it.role(Role.ARCHIVE).id))
        delivered(dovecot, user, message(2))
        await it.heard(NewMail)
        assert it.subjects(Role.INBOX) == ["Number 2"]


async def test_flags_and_removals_of_another_program_show(
    dovecot: Dovecot, user: User, tmp_path: Path
) -> None:
    dovecot.seed(user, "INBOX", [(message(n), []) for n in range(1, 4)])
    async with Running(tmp_path, account_of(dovecot, user)) as it:
        await it.do(ShowFolder(it.role(Role.INBOX).id))
        with dovecot.other_client(user) as other:
            other.select("INBOX")
            other.store("1", "+FLAGS", "(\\Seen \\Flagged)")
            await it.until(lambda: it.named("Number 1").flags == Flag.SEEN | Flag.FLAGGED, "the flags show")
            other.store("2", "+FLAGS", "(\\Deleted)")
            other.expunge()
            await it.until(lambda: it.subjects(Role.INBOX) == ["Number 1", "Number 3"], "the removal shows")


async def test_without_idle_a_round_finds_what_changed(
    poor_dovecot: Dovecot, poor_user: User, tmp_path: Path
) -> None:
    poor_dovecot.seed(poor_user, "INBOX", [(message(n), []) for n in range(1, 5)])
    async with Running(tmp_path, account_of(poor_dovecot, poor_user)) as it:
        with poor_dovecot.other_client(poor_user) as other:
            other.select("INBOX")
            other.store("1", "+FLAGS", "(\\Seen)")
            other.store("2", "+FLAGS", "(\\Deleted)")
            other.expunge()
        delivered(poor_dovecot, poor_user, message(9))
        await it.synchronise()
        assert it.subjects(Role.INBOX) == ["Number 1", "Number 3", "Number 4", "Number 9"]
        assert it.named("Number 1").flags == Flag.SEEN
        assert not any(b"IDLE" in dialogue.client for dialogue in poor_dovecot.rawlog(poor_user))


async def test_a_folder_that_another_program_makes_or_deletes(
    dovecot: Dovecot, user: User, tmp_path: Path
) -> None:
    async with Running(tmp_path, account_of(dovecot, user)) as it:
        with dovecot.other_client(user) as other:
            other.create("Elsewhere")
            other.append("Elsewhere", "", "", message(5))
            await it.synchronise()
            assert it.subjects(it.folder("Elsewhere")) == ["Number 5"]
            other.delete("Elsewhere")
            await it.synchronise()
            assert "Elsewhere" not in [one.path for one in it.read(lambda r: r.folders("work"))]


async def test_a_message_moved_by_another_program_keeps_its_id_and_text(
    dovecot: Dovecot, user: User, tmp_path: Path
) -> None:
    dovecot.seed(user, "INBOX", [(message(n), []) for n in range(1, 4)])
    async with Running(tmp_path, account_of(dovecot, user)) as it:
        before = it.named("Number 2").id
        with dovecot.other_client(user) as other:
            other.select("INBOX")
            other.uid("MOVE", "2", "Archive")
        await it.synchronise()
        await it.until(lambda: it.subjects(Role.ARCHIVE) == ["Number 2"], "the move shows")
        assert it.named("Number 2", Role.ARCHIVE).id == before
        assert it.subjects(Role.INBOX) == ["Number 1", "Number 3"]


async def test_a_folder_made_anew_is_indexed_anew(dovecot: Dovecot, user: User, tmp_path: Path) -> None:
    dovecot.seed(user, "Work", [(message(n), []) for n in range(1, 4)])
    async with Running(tmp_path, account_of(dovecot, user)) as it:
        kept = it.named("Number 2", it.folder("Work")).id
        with dovecot.other_client(user) as other:
            other.delete("Work")
            other.create("Work")
            other.append("Work", "", '"05-Oct-2026 10:00:00 +0000"', message(7))
            other.append("Work", "", "", message(2))
        for _ in range(100):  # what is nowhere goes when a later second's round has not seen it either
            await it.synchronise()
            if it.subjects(it.folder("Work")) == ["Number 2", "Number 7"]:
                break
            await asyncio.sleep(0.05)
        assert it.subjects(it.folder("Work")) == ["Number 2", "Number 7"]
        assert it.named("Number 2", it.folder("Work")).id == kept
