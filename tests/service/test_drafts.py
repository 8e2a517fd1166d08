"""A draft lies on the server as it was written last, once, whatever breaks meanwhile."""

import email
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from imaplib import IMAP4
from pathlib import Path

import pytest

from mailtui.model.account import Account
from mailtui.model.draft import Attachment, Draft
from mailtui.model.event import DraftDiverged, OperationFailed
from mailtui.model.folder import Role
from mailtui.model.intent import (
    CancelSend,
    DestroyMessages,
    DiscardDraft,
    FetchPart,
    RetryOperations,
    SaveDraft,
    SendDraft,
    SetOnline,
    TrashMessages,
    Undo,
)
from mailtui.model.operation import OperationKind
from tests.servers.dovecot import Dovecot, User
from tests.servers.smtp import SmtpServer
from tests.service.proxy import Proxy
from tests.service.running import Running, account_of, flags_there, message, subjects_there


@pytest.fixture
def line(dovecot: Dovecot) -> Iterator[Proxy]:
    with Proxy(dovecot.imap) as proxy:
        yield proxy


@pytest.fixture
def account(
    dovecot: Dovecot, user: User, line: Proxy, smtp: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> Account:
    monkeypatch.setattr("mailtui.service.account._BEAT", 0.2)
    dovecot.seed(user, "INBOX", [(message(1), [])])
    found = account_of(dovecot, user, smtp.server())
    return replace(found, imap=replace(found.imap, port=line.port))


def draft(account: Account, ident: str = "d1", **fields: object) -> Draft:
    values = {"to": "bob@example.test", "subject": "Half", "body": "A thought\n", **fields}
    return Draft(ident, account.key, str(account.address), **values)  # type: ignore[arg-type]  # by name


def waiting(it: Running) -> int:
    """Operations on drafts that are still to be carried out."""
    found = it.read(lambda reader: reader.operations())
    return sum(one.kind is OperationKind.DRAFT for one in found)


async def kept(it: Running) -> None:
    await it.until(lambda: waiting(it) == 0, "the server's copies are as they should be")


def sources(client: IMAP4) -> list[bytes]:
    """What lies in Drafts, as another program reads it."""
    client.select("Drafts", readonly=True)
    numbers = client.search(None, "UNDELETED")[1][0].decode().replace(" ", ",")
    if not numbers:
        return []
    return [part[1] for part in client.fetch(numbers, "(BODY.PEEK[])")[1] if isinstance(part, tuple)]


def bodies(client: IMAP4) -> list[str]:
    return sorted(str(email.message_from_bytes(one).get_payload()).strip() for one in sources(client))


async def test_another_program_sees_the_draft_as_it_was_written_last(
    dovecot: Dovecot, user: User, account: Account, tmp_path: Path
) -> None:
    async with Running(tmp_path, account) as it:
        await it.do(SaveDraft(draft(account, bcc="eve@example.test", to="bob@"), settled=True))
        await kept(it)
        with dovecot.other_client(user) as other:
            assert flags_there(other, "Drafts")["Half"] >= {"\\Draft", "\\Seen"}
            (source,) = sources(other)
            first = email.message_from_bytes(source)
            assert first["Bcc"] == "eve@example.test"  # sent to nobody yet, so nothing is given away
            assert "bob=40" in str(first["To"])  # no address yet, but not lost
        for number in range(3):
            await it.do(SaveDraft(draft(account, body=f"Version {number}\n"), settled=True))
        await kept(it)
        with dovecot.other_client(user) as other:
            assert bodies(other) == ["Version 2"]

        def shown() -> bool:
            found = it.rows(Role.DRAFTS)
            return len(found) == 1 and it.read(lambda reader: reader.draft_of(found[0].id)) == "d1"

        await it.until(shown, "the list shows it once, as the draft that it is")


async def test_the_copy_follows_when_typing_pauses(
    dovecot: Dovecot, user: User, account: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mailtui.store.drafts.QUIET", 0)
    async with Running(tmp_path, account) as it:
        await it.do(SaveDraft(draft(account)))
        await kept(it)
        with dovecot.other_client(user) as other:
            assert bodies(other) == ["A thought"]


async def test_nothing_goes_to_the_server_while_one_types(
    dovecot: Dovecot, user: User, account: Account, tmp_path: Path
) -> None:
    async with Running(tmp_path, account) as it:
        for number in range(5):
            await it.do(SaveDraft(draft(account, body=f"{number}")))
        assert waiting(it) == 1
        assert it.waiting() == (0, 0)
        await it.synchronise()
        with dovecot.other_client(user) as other:
            assert sources(other) == []


@pytest.mark.parametrize("lost", ["answer", "command"])
@pytest.mark.parametrize(
    ("before", "word"), [(False, "APPEND"), (True, "APPEND"), (True, "UID STORE"), (True, "UID EXPUNGE")]
)
async def test_cut_off_anywhere_there_is_one_in_the_end_and_never_none(
    dovecot: Dovecot,
    user: User,
    account: Account,
    line: Proxy,
    before: bool,
    word: str,
    lost: str,
    tmp_path: Path,
) -> None:
    async with Running(tmp_path, account) as it:
        if before:
            await it.do(SaveDraft(draft(account, body="Old"), settled=True))
            await kept(it)
        (line.lose_answer if lost == "answer" else line.lose_command)(word.encode())
        await it.do(SaveDraft(draft(account, body="New"), settled=True))
        await kept(it)
        assert line.cuts
        with dovecot.other_client(user) as other:
            assert bodies(other) == ["New"]
        assert not [event for event in it.events if isinstance(event, DraftDiverged)]


async def test_what_is_written_offline_is_there_later(
    dovecot: Dovecot, user: User, account: Account, tmp_path: Path
) -> None:
    async with Running(tmp_path, account) as it:
        await it.do(SetOnline("work", False))
        for number in range(4):
            await it.do(SaveDraft(draft(account, body=f"Version {number}"), settled=True))
        await it.do(SaveDraft(draft(account, "d2", body="Not so good"), settled=True))
        await it.do(DiscardDraft("d2"))
        assert waiting(it) == 1
        await it.do(SetOnline("work", True))
        await kept(it)
        with dovecot.other_client(user) as other:
            assert bodies(other) == ["Version 3"]


async def test_the_copy_goes_when_the_message_has_left_and_not_before(
    dovecot: Dovecot, user: User, account: Account, smtp: SmtpServer, tmp_path: Path
) -> None:
    async with Running(tmp_path, account) as it:
        await it.do(SaveDraft(draft(account), settled=True))
        await kept(it)
        await it.do(SendDraft(draft(account), delay=600))
        (item,) = it.read(lambda reader: reader.outbox())
        await it.do(CancelSend(item.id))
        with dovecot.other_client(user) as other:
            assert bodies(other) == ["A thought"]
        await it.do(SendDraft(draft(account), delay=0))
        await it.settled()
        await kept(it)
        with dovecot.other_client(user) as other:
            assert sources(other) == []
            assert subjects_there(other, "Sent") == ["Half"]
        assert b"X-" not in smtp.received[0].source.partition(b"\r\n\r\n")[0]


async def test_a_draft_thrown_away_is_gone_everywhere(
    dovecot: Dovecot, user: User, account: Account, tmp_path: Path
) -> None:
    async with Running(tmp_path, account) as it:
        await it.do(SaveDraft(draft(account), settled=True))
        await kept(it)
        await it.do(DiscardDraft("d1"))
        await kept(it)
        with dovecot.other_client(user) as other:
            assert sources(other) == []
        await it.until(lambda: it.subjects(Role.DRAFTS) == [])


async def test_what_another_program_made_of_it_meanwhile_is_kept_beside_it(
    dovecot: Dovecot, user: User, account: Account, tmp_path: Path
) -> None:
    async with Running(tmp_path, account) as it:
        await it.do(SaveDraft(draft(account), settled=True))
        await kept(it)
        with dovecot.other_client(user) as other:
            other.select("Drafts")
            other.store("1", "+FLAGS", "(\\Deleted)")
            other.expunge()
            other.append(
                "Drafts", "(\\Draft)", "", b"Subject: Half\r\nMessage-ID: <p@h>\r\n\r\nFrom the phone\r\n"
            )
        await it.do(SaveDraft(draft(account, body="From here"), settled=True))
        await kept(it)
        told = await it.heard(DraftDiverged)
        assert told.subject == "Half"
        with dovecot.other_client(user) as other:
            assert bodies(other) == ["From here", "From the phone"]


async def test_a_draft_taken_elsewhere_is_still_here_and_known_to_be_taken(
    dovecot: Dovecot, user: User, account: Account, tmp_path: Path
) -> None:
    async with Running(tmp_path, account) as it:
        await it.do(SaveDraft(draft(account), settled=True))
        await kept(it)
        await it.until(lambda: it.subjects(Role.DRAFTS) == ["Half"])
        assert not it.read(lambda reader: reader.draft_taken("d1"))
        with dovecot.other_client(user) as other:
            other.select("Drafts")
            other.store("1", "+FLAGS", "(\\Deleted)")
            other.expunge()
        await it.synchronise()
        await it.until(lambda: it.read(lambda reader: reader.draft_taken("d1")), "it is known")
        assert [one.id for one in it.read(lambda reader: reader.drafts())] == ["d1"]


FOREIGN = (
    b"From: Alice <alice@example.test>\r\nTo: bob@example.test\r\nSubject: Begun elsewhere\r\n"
    b"Message-ID: <phone@example.test>\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nThe text\r\n"
    b"--b\r\nContent-Type: text/plain; name=notes.txt\r\n"
    b"Content-Disposition: attachment; filename=notes.txt\r\n\r\nThe notes\r\n--b--\r\n"
)


async def test_a_draft_begun_elsewhere_is_gone_on_with_and_replaced(
    dovecot: Dovecot, user: User, account: Account, smtp: SmtpServer, tmp_path: Path
) -> None:
    dovecot.append(user, "Drafts", FOREIGN)
    async with Running(tmp_path, account) as it:
        await it.until(lambda: it.subjects(Role.DRAFTS) == ["Begun elsewhere"])
        ident = it.rows(Role.DRAFTS)[0].id
        await it.do(FetchPart(ident, "2"))
        await it.until(lambda: it.read(lambda reader: reader.part_path(ident, "2")), "the notes are here")
        notes = Attachment(
            str(it.read(lambda reader: reader.part_path(ident, "2"))), "notes.txt", "text/plain"
        )
        written = draft(account, subject="Begun elsewhere", attachments=(notes,), replaces=ident)
        await it.do(SaveDraft(written, settled=True))
        await kept(it)
        with dovecot.other_client(user) as other:
            (source,) = sources(other)
        assert b"phone@" not in source
        await it.until(
            lambda: ident not in [row.id for row in it.rows(Role.DRAFTS)], "the message it was is gone"
        )
        (stored,) = it.read(lambda reader: reader.drafts())
        assert Path(stored.attachments[0].path).read_bytes().strip() == b"The notes"
        await it.do(SendDraft(stored, delay=0))
        await it.settled()
        await kept(it)
        sent = email.message_from_bytes(smtp.received[0].source)
        assert [part.get_filename() for part in sent.walk()][-1] == "notes.txt"
        with dovecot.other_client(user) as other:
            assert sources(other) == []
        assert not Path(stored.attachments[0].path).exists()


@pytest.mark.parametrize("intent", [TrashMessages, DestroyMessages])
async def test_a_copy_filed_elsewhere_is_no_draft_any_more(
    dovecot: Dovecot, user: User, account: Account, intent: type, tmp_path: Path
) -> None:
    async with Running(tmp_path, account) as it:
        await it.do(SaveDraft(draft(account), settled=True))
        await kept(it)
        await it.until(lambda: it.subjects(Role.DRAFTS) == ["Half"])
        done = await it.do(intent((it.named("Half", Role.DRAFTS).id,)))
        assert it.read(lambda reader: reader.drafts()) == []
        await it.settled()
        with dovecot.other_client(user) as other:
            assert sources(other) == []
        if intent is TrashMessages:
            await it.do(Undo(done))
            await it.settled()
            with dovecot.other_client(user) as other:
                assert bodies(other) == ["A thought"]


async def test_what_is_left_of_a_draft_thrown_away_can_be_gone_on_with(
    dovecot: Dovecot, user: User, account: Account, tmp_path: Path
) -> None:
    async with Running(tmp_path, account) as it:
        await it.do(SaveDraft(draft(account), settled=True))
        await kept(it)
        await it.until(lambda: it.subjects(Role.DRAFTS) == ["Half"])
        await it.do(SetOnline("work", False))
        await it.do(DiscardDraft("d1"))
        ident = it.named("Half", Role.DRAFTS).id
        assert it.read(lambda reader: reader.draft_of(ident)) is None
        await it.do(SaveDraft(draft(account, "d2", body="After all", replaces=ident), settled=True))
        await it.do(SetOnline("work", True))
        await kept(it)
        with dovecot.other_client(user) as other:
            assert bodies(other) == ["After all"]


async def test_newer_text_is_not_lost_with_the_copy_of_older_text(account: Account, tmp_path: Path) -> None:
    async with Running(tmp_path, account) as it:
        await it.do(SaveDraft(draft(account), settled=True))
        await kept(it)
        await it.until(lambda: it.subjects(Role.DRAFTS) == ["Half"])
        await it.do(SaveDraft(draft(account, body="More of it")))
        await it.do(TrashMessages((it.named("Half", Role.DRAFTS).id,)))
        assert [one.body for one in it.read(lambda reader: reader.drafts())] == ["More of it"]


async def test_without_a_folder_for_drafts_one_is_made(
    dovecot: Dovecot, user: User, account: Account, tmp_path: Path
) -> None:
    with dovecot.other_client(user) as other:
        other.delete("Drafts")
    async with Running(tmp_path, account) as it:
        await it.do(SaveDraft(draft(account), settled=True))
        await kept(it)
        with dovecot.other_client(user) as other:
            assert bodies(other) == ["A thought"]


async def test_a_draft_that_the_server_does_not_take_is_parked_kept_and_told(
    dovecot: Dovecot, user: User, account: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mailtui.service.journal._FIRST_PAUSE", 0)
    async with Running(tmp_path, account) as it:
        await it.do(SaveDraft(draft(account), settled=True))
        await kept(it)
        with locked(dovecot, user):
            await it.do(SaveDraft(draft(account, body="More"), settled=True))
            await it.until(lambda: it.waiting() == (0, 1), "it is parked")
            told = await it.heard(OperationFailed)
            assert told.what.startswith("A draft is kept here, but not on the server: ")
            assert it.read(lambda reader: reader.drafts())[0].body == "More"
            with dovecot.other_client(user) as other:
                assert bodies(other) == ["A thought"]
        (parked,) = it.read(lambda reader: reader.operations())
        await it.do(RetryOperations((parked.id,)))
        await kept(it)
        with dovecot.other_client(user) as other:
            assert bodies(other) == ["More"]


@contextmanager
def locked(dovecot: Dovecot, user: User) -> Iterator[None]:
    """The server can't write into Drafts."""
    place = dovecot.root / "home" / user.name / "Maildir" / "Drafts" / "tmp"
    place.chmod(0o500)
    try:
        yield
    finally:
        place.chmod(0o700)


async def test_a_server_without_uidplus_is_never_told_to_expunge(tmp_path: Path) -> None:
    with Dovecot(capability="IMAP4rev1 LITERAL+ AUTH=PLAIN") as server:
        mine = server.new_user()
        account = account_of(server, mine)
        async with Running(tmp_path, account) as it:
            for body in ("Old", "New"):
                await it.do(SaveDraft(draft(account, body=body), settled=True))
                await kept(it)
            with server.other_client(mine) as other:
                assert bodies(other) == ["New"]  # the old one is marked as deleted
        said = b"".join(dialogue.client for dialogue in server.rawlog(mine))
        assert b"+FLAGS" in said
        assert b"EXPUNGE" not in said
        assert b"CLOSE" not in said
