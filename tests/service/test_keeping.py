"""What is kept here: texts are here before anybody asks, as far as the settings say, and go again."""

import base64
import os
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from mailtui.config.settings import Settings, load
from mailtui.config.writing import add_account
from mailtui.imap.connection import Connection
from mailtui.imap.texts import Found, Sections, fetch_texts
from mailtui.model.event import BodyArrived, BodyFailed, KeepChanged, KeptChanged
from mailtui.model.folder import Folder, Role
from mailtui.model.intent import FetchBody, KeepHere, RenameFolder, ShowMessage, Undo
from mailtui.model.keeping import EVERYTHING, HEADERS, Keep
from mailtui.service import keeping
from mailtui.service.service import AccountService
from mailtui.service.settings_file import SettingsFile
from tests.servers.dovecot import Dovecot, User
from tests.service.proxy import Proxy
from tests.service.running import Running, account_of, delivered, message

ALL = Keep(10_000)
DAY = 86_400


def with_file(number: int, octets: bytes) -> bytes:
    return (
        message(number).replace(b"\r\n\r\nHello\r\n", b"\r\nMIME-Version: 1.0\r\n")
        + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nSee the file.\r\n"
        + b"--b\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n"
        + b"Content-Disposition: attachment; filename=a.pdf\r\n\r\n"
        + base64.encodebytes(octets).replace(b"\n", b"\r\n")
        + b"--b--\r\n"
    )


def texts(it: Running, place: Role | Folder = Role.INBOX) -> list[str]:
    """The subjects of messages whose text is here."""
    rows = it.rows(place)
    return it.read(lambda reader: sorted(row.subject for row in rows if reader.body(row.id)))


async def complete(it: Running, since: int = 0) -> None:
    """Until the service says that all is here that is wanted."""
    await it.until(lambda: KeptChanged("work", complete=True) in it.events[since:], "all is here")


def numbers(*which: int) -> list[str]:
    return [f"Number {n}" for n in which]


def file_of(it: Running, number: int) -> str | None:
    one = it.named(f"Number {number}").id
    return it.read(lambda reader: reader.part_path(one, "2"))


def asked(server: Dovecot, user: User) -> bytes:
    return b"".join(dialogue.client for dialogue in server.rawlog(user))


async def test_texts_of_messages_never_opened_can_be_read_when_the_server_is_gone(
    dovecot: Dovecot, user: User, tmp_path: Path
) -> None:
    dovecot.seed(user, "INBOX", [(message(n, body=f"secret{n}\r\n"), []) for n in range(1, 40)])
    dovecot.seed(user, "Work", [(message(50), [])])
    dovecot.seed(user, "Trash", [(message(60), [])])
    with Proxy(dovecot.imap) as line:
        account = account_of(dovecot, user, keep=ALL)
        account = replace(account, imap=replace(account.imap, port=line.port))
        async with Running(tmp_path, account) as it:
            await complete(it)
            line.down()
            assert len(texts(it)) == 39
            assert texts(it, it.folder("Work")) == numbers(50)
            assert texts(it, Role.TRASH) == []
            one = it.named("Number 7").id
            await it.do(FetchBody(one))
            assert (await it.heard(BodyArrived)).message == one
            body = it.read(lambda reader: reader.body(one))
            assert body is not None
            assert body.text.strip() == "secret7"
            inbox = it.role(Role.INBOX)
            assert (inbox.texts, inbox.total) == (39, 39)
            thrown = it.rows(Role.TRASH)[0].id
            await it.do(FetchBody(thrown))
            failed = await it.heard(BodyFailed)
            assert failed.message == thrown
            assert "not kept here" in failed.what
            assert "What is kept here" in failed.advice
    assert asked(dovecot, user).count(b"BODY.PEEK[1]") <= 4, "many messages in a turn"
    assert b"BODY[" not in asked(dovecot, user), "nothing is marked as read"


async def test_only_the_days_of_the_setting_come_and_no_long_texts(
    dovecot: Dovecot, user: User, tmp_path: Path
) -> None:
    lines = "".join(f"line {n}\r\n" for n in range(60_000))
    with dovecot.other_client(user) as other:
        for number, days, body in ((1, 40, "old\r\n"), (2, 20, "new\r\n"), (3, 1, lines), (4, 1, "new\r\n")):
            when = time.time() - days * DAY
            other.append("INBOX", "", when, message(number, body=body))
    async with Running(tmp_path, account_of(dovecot, user, keep=Keep(30))) as it:
        await complete(it)
        assert texts(it) == numbers(2, 4)


async def test_headers_only_is_headers_only(dovecot: Dovecot, user: User, tmp_path: Path) -> None:
    dovecot.seed(user, "INBOX", [(message(1), [])])
    dovecot.seed(user, "Work", [(message(2), [])])
    account = account_of(dovecot, user, keep=HEADERS).with_keep("Work", ALL)
    async with Running(tmp_path, account) as it:
        await complete(it)
        assert texts(it) == []
        assert texts(it, it.folder("Work")) == numbers(2)


async def test_new_mail_has_its_text_at_once(dovecot: Dovecot, user: User, tmp_path: Path) -> None:
    dovecot.seed(user, "INBOX", [(message(1), [])])
    async with Running(tmp_path, account_of(dovecot, user, keep=Keep(14))) as it:
        await complete(it)
        delivered(dovecot, user, message(2))
        await it.until(lambda: texts(it) == numbers(1, 2), "the new text is here")


async def test_attachments_come_where_everything_is_wanted(
    dovecot: Dovecot, user: User, tmp_path: Path
) -> None:
    big = os.urandom(1_500_000)
    dovecot.seed(user, "INBOX", [(with_file(1, big), []), (with_file(2, b"small"), []), (message(3), [])])
    dovecot.seed(user, "Work", [(with_file(4, b"not wanted"), [])])
    account = account_of(dovecot, user, keep=EVERYTHING).with_keep("Work", ALL)
    async with Running(tmp_path, account) as it:
        await complete(it)
        for number, octets in ((1, big), (2, b"small")):
            path = file_of(it, number)
            assert path is not None
            assert Path(path).read_bytes() == octets
        work = it.folder("Work")
        assert (work.texts, work.part_octets) == (1, 0)
        assert it.role(Role.INBOX).part_octets == len(big) + 5
        assert not list((tmp_path / "data" / "parts").rglob("*.ahead"))


async def test_a_connection_that_breaks_over_texts_is_gone_on_with(
    dovecot: Dovecot, user: User, tmp_path: Path
) -> None:
    dovecot.seed(user, "INBOX", [(message(n), []) for n in range(1, 6)])
    with Proxy(dovecot.imap) as line:
        account = account_of(dovecot, user, keep=ALL)
        account = replace(account, imap=replace(account.imap, port=line.port))
        async with Running(tmp_path, account, settle=False) as it:
            line.lose_answer(b"BODY.PEEK[1]")
            await it.synchronise()
            await it.until(lambda: len(texts(it)) == 5, "all texts are here")
            assert line.cuts


async def test_a_message_that_always_breaks_the_connection_stops_no_other(
    dovecot: Dovecot, user: User, tmp_path: Path
) -> None:
    poison = message(4).partition(b"\r\n\r\n")[0] + (
        b"\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: image/png\r\n\r\nx\r\n--b\r\n\r\npoison\r\n--b--\r\n"
    )
    dovecot.seed(user, "INBOX", [(poison if n == 4 else message(n), []) for n in range(1, 9)])
    with Proxy(dovecot.imap) as line:
        account = account_of(dovecot, user, keep=ALL)
        account = replace(account, imap=replace(account.imap, port=line.port))

        def others() -> bool:
            line.lose_answer(b"BODY.PEEK[2]")  # every time
            return KeptChanged("work", complete=True) in it.events

        async with Running(tmp_path, account, settle=False) as it:
            await it.until(lambda: others() and len(texts(it)) == 7, "the others are here", 60)
            assert texts(it) == numbers(1, 2, 3, 5, 6, 7, 8)
            assert line.cuts >= 2


async def test_a_click_does_not_wait_for_texts_that_come_slowly(
    dovecot: Dovecot, user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dovecot.seed(user, "INBOX", [(message(n), []) for n in range(1, 4)])
    begun, gate = Event(), Event()

    def slow(conn: Connection, wanted: Mapping[int, Sections], *, limit: int, octets: int) -> Found:
        begun.set()
        gate.wait(60)
        return fetch_texts(conn, wanted, limit=limit, octets=octets)

    monkeypatch.setattr(keeping, "fetch_texts", slow)
    async with Running(tmp_path, account_of(dovecot, user, keep=ALL)) as it:
        await it.until(begun.is_set, "texts are on their way")
        one = it.named("Number 2").id
        await it.do(FetchBody(one))
        assert (await it.heard(BodyArrived)).message == one
        assert texts(it) == numbers(2)
        gate.set()
        await complete(it)
        assert texts(it) == numbers(1, 2, 3)


async def test_a_changed_setting_is_written_down_and_taken_on(
    dovecot: Dovecot, user: User, tmp_path: Path
) -> None:
    dovecot.seed(user, "INBOX", [(message(n), []) for n in range(1, 4)])
    dovecot.seed(user, "Work", [(message(9), [])])
    path = tmp_path / "config.toml"
    add_account(path, account_of(dovecot, user))
    path.write_text("# mine\n" + path.read_text())
    async with _Filed(tmp_path, path) as it:
        assert texts(it) == []
        await it.do(KeepHere("work", "", "5000 days"))
        await it.until(lambda: texts(it) == numbers(1, 2, 3), "texts come")
        assert KeepChanged("work", "", "5000 days") in it.events
        await it.do(KeepHere("work", "Work", "headers"))
        assert load(path).accounts[0].keep_folders == (("Work", HEADERS),)
        assert path.read_text().startswith("# mine\n")
        assert not it.file.differs
        refusal = await it.refused(KeepHere("work", "", "for ever"))
        assert "for ever" in refusal.what
        assert "no account" in (await it.refused(KeepHere("home", "", "headers"))).what
        path.write_text("nonsense")
        assert "can't be written" in (await it.refused(KeepHere("work", "", "headers"))).what


async def test_a_renamed_folder_takes_its_setting_along(dovecot: Dovecot, user: User, tmp_path: Path) -> None:
    dovecot.seed(user, "Work", [(message(1), [])])
    path = tmp_path / "config.toml"
    add_account(path, account_of(dovecot, user))
    async with _Filed(tmp_path, path) as it:
        await it.do(KeepHere("work", "Work", "everything"))
        await it.until(lambda: texts(it, it.folder("Work")) == numbers(1), "the text is here")
        renaming = await it.do(RenameFolder(it.folder("Work").id, "Old work"))
        await it.until(lambda: load(path).accounts[0].keep_folders == (("Old work", EVERYTHING),))
        await it.settled()
        await it.do(Undo(renaming))
        await it.until(lambda: load(path).accounts[0].keep_folders == (("Work", EVERYTHING),))
        await it.settled()
        assert texts(it, it.folder("Work")) == numbers(1)


async def test_a_smaller_setting_lets_texts_go_but_not_the_one_on_the_screen(
    dovecot: Dovecot, user: User, tmp_path: Path
) -> None:
    with dovecot.other_client(user) as other:
        for number in range(1, 5):
            other.append("INBOX", "", time.time() - (50 - number) * DAY, message(number))
    async with Running(tmp_path, account_of(dovecot, user, keep=EVERYTHING)) as it:
        await complete(it)
        assert len(texts(it)) == 4
        await it.do(ShowMessage(it.named("Number 2").id))
        await it.do(KeepHere("work", "", "headers"))
        await it.until(lambda: texts(it) == numbers(2), "the others go")
        assert it.role(Role.INBOX).texts == 1
        await it.do(KeepHere("work", "Inbox", "10000 days"))
        await it.until(lambda: len(texts(it)) == 4, "they come back")


async def test_with_little_room_the_newest_stay_and_nothing_goes_round_in_circles(
    dovecot: Dovecot, user: User, tmp_path: Path
) -> None:
    with dovecot.other_client(user) as other:
        for number in range(1, 41):
            body = f"{number} says " + "words " * 8000 + "\r\n"
            other.append("INBOX", "", time.time() - (50 - number) * DAY, message(number, body=body))
    limit = 1_000_000
    async with Running(tmp_path, account_of(dovecot, user, keep=ALL), keep_size=limit) as it:
        await complete(it)
        assert 0.6 * limit < it.role(Role.INBOX).kept <= limit
        first = texts(it)
        assert "Number 40" in first
        assert "Number 1" not in first
        await it.do(FetchBody(it.named("Number 1").id))
        await it.until(lambda: "Number 1" in texts(it), "what is asked for comes all the same")
        for number in range(41, 50):
            delivered(dovecot, user, message(number, body="words " * 8000))
        await it.until(lambda: {f"Number {n}" for n in range(41, 50)} <= set(texts(it)), "new mail, too")
        assert it.service._sweeping.sweep() > 0
        assert it.role(Role.INBOX).kept <= limit
        assert {"Number 49", "Number 1"} <= set(texts(it))
        before = asked(dovecot, user).count(b"BODY.PEEK[1]")
        for _ in range(3):
            mark = len(it.events)
            await it.synchronise()
            await complete(it, mark)
        assert asked(dovecot, user).count(b"BODY.PEEK[1]") == before


class _Filed(Running):
    """A service that knows its settings file."""

    def __init__(self, root: Path, path: Path) -> None:
        super().__init__(root, *load(path).accounts)
        self.file = SettingsFile(path)

    def make(self, settings: Settings) -> AccountService:
        parts = self._root / "data" / "parts"
        return AccountService(settings, self.store, parts, self._world, file=self.file)
