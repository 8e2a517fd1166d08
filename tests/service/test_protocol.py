"""The protocol log has the talk, and neither secrets nor mail; it is the user's alone and bounded."""

import os
import stat
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from mailtui.model.account import Account, Security, Server
from mailtui.model.draft import Draft
from mailtui.model.event import (
    ActivityReported,
    BodyArrived,
    PartArrived,
    PasswordWanted,
    SearchEnded,
)
from mailtui.model.intent import (
    ArchiveMessages,
    FetchBody,
    FetchPart,
    GivePassword,
    RecordProtocol,
    SearchServer,
    SendDraft,
    SetOnline,
    WatchActivity,
)
from mailtui.model.secret import Secret
from mailtui.service.protocol import ProtocolLog
from tests.servers.dovecot import Dovecot, User
from tests.servers.smtp import SmtpServer
from tests.service.running import WORLD, Running, account_of, message

SUBJECT, BODY, WANTED = "canarysubject", "canarybody", "canarywanted"
WRONG = "canary-wrong-Pässword"


@pytest.fixture
def account(dovecot: Dovecot, user: User, smtp: SmtpServer) -> Account:
    mail = [message(n, subject=f"{SUBJECT} {n}", body=f"{BODY}\r\n") for n in range(1, 4)]
    dovecot.seed(user, "INBOX", [(source, []) for source in mail])
    return account_of(dovecot, user, smtp.server())


def log_of(it: Running, account: str = "work") -> Path:
    return it.store.parent / f"protocol-{account}.log"


async def test_the_talk_is_there_without_secrets_and_mail(
    account: Account, user: User, smtp: SmtpServer, tmp_path: Path
) -> None:
    async with Running(tmp_path, account) as it:
        await it.do(RecordProtocol("work", True))
        await it.do(SetOnline("work", False))
        await it.do(SetOnline("work", True))
        await it.synchronise()
        one = it.named(f"{SUBJECT} 1").id
        await it.do(FetchBody(one))
        await it.heard(BodyArrived)
        await it.do(FetchPart(one, ""))
        await it.heard(PartArrived)
        await it.do(FetchPart(one, "HEADER"))
        for number, text in enumerate((f"subject:{WANTED}", f"body:{WANTED}", f'"{WANTED} ä"')):
            await it.do(SearchServer(str(number), text))
        await it.until(lambda: len([e for e in it.events if isinstance(e, SearchEnded)]) == 3, "searched")
        await it.do(ArchiveMessages((one,)))
        draft = Draft("d1", "work", account.address.address, "bob@example.test")
        await it.do(SendDraft(replace(draft, subject=SUBJECT, body=f"{BODY}\n"), delay=0))
        await it.settled()
        await it.do(RecordProtocol("work", False))
        said = log_of(it).read_text()
    assert smtp.received
    for shown in ("AUTHENTICATE (not shown)", "UID MOVE", "UID SEARCH", "APPEND", " FETCH … ("):
        assert shown in said, shown
    for shown in ("AUTH PLAIN (not shown)", "MAIL FROM", "RCPT TO", "C: DATA", "250 2.0.0 queued", "C: QUIT"):
        assert shown in said, shown
    for lane in ("interactive", "background", "bulk", "sending"):
        assert f" {lane:11} C: " in said, lane
    coded = b64encode(f"\0{user.name}\0{user.password}".encode()).decode()
    for private in (SUBJECT, BODY, WANTED, user.password, coded):
        assert private not in said


async def test_a_refused_password_is_not_in_it(account: Account, dovecot: Dovecot, tmp_path: Path) -> None:
    world = replace(WORLD, find_secret=lambda account: Secret(WRONG))
    async with Running(tmp_path, account, world=world, settle=False) as it:
        await it.do(RecordProtocol("work", True))
        await it.heard(PasswordWanted)
        await it.do(GivePassword("work", Secret(WRONG + WRONG)))
        await it.until(lambda: "NO " in log_of(it).read_text(), "the refusal is written down")
        await it.do(RecordProtocol("work", False))
        said = log_of(it).read_text()
    assert "AUTHENTICATE (not shown)" in said
    for private in (WRONG, b64encode(WRONG.encode()).decode().rstrip("="), WRONG.encode().decode("latin-1")):
        assert private not in said


async def test_it_is_off_until_wanted_and_ends_when_not_wanted_any_more(
    account: Account, tmp_path: Path
) -> None:
    async with Running(tmp_path, account) as it:
        await it.synchronise()
        assert not log_of(it).exists()
        await it.do(RecordProtocol("work", True))
        await it.synchronise()
        await it.until(lambda: "LIST" in log_of(it).read_text(), "a connection that was there is heard")
        await it.do(WatchActivity())
        report = await it.heard(ActivityReported)
        assert report.recording == str(log_of(it))
        mode = stat.S_IMODE(log_of(it).stat().st_mode)
        assert mode == 0o600
        await it.do(RecordProtocol("work", False))
        before = log_of(it).read_bytes()
        await it.synchronise()
        assert log_of(it).read_bytes() == before


async def test_where_it_can_not_be_written_the_user_is_told(account: Account, tmp_path: Path) -> None:
    async with Running(tmp_path, account) as it:
        log_of(it).symlink_to(tmp_path / "elsewhere")
        refusal = await it.refused(RecordProtocol("work", True))
        assert "protocol log can't be written" in refusal.what
        assert not (tmp_path / "elsewhere").exists()


SERVER = Server("mail.example.test", 993, Security.TLS, "alice")


def fail(what: str, advice: str) -> None:
    raise AssertionError(what)


@pytest.fixture
def log(tmp_path: Path) -> ProtocolLog:
    return ProtocolLog(tmp_path, "../w ork", lambda: 1_800_000_000.25, fail)


def test_its_name_stays_in_its_directory(log: ProtocolLog, tmp_path: Path) -> None:
    log.begin()
    log.end()
    assert [path.name for path in tmp_path.iterdir()] == ["protocol-..%2Fw%20ork.log"]


def test_what_a_server_repeats_of_the_secret_is_taken_out(log: ProtocolLog) -> None:
    log.begin()
    wire = log.wire("bulk", SERVER, Secret('pässword"1'))
    assert wire is not None
    wire('S: M1 BAD unknown command: LOGIN alice "p\\xc3\\xa4ssword\\"1"')
    wire("S: NO " + b64encode('\0alice\0pässword"1'.encode()).decode())
    wire('S: NO pässword"1')
    log.end()
    said = log.path.read_text()
    assert said.count("(not shown)") == 3
    assert "ssword" not in said


def test_no_control_character_gets_into_it(log: ProtocolLog) -> None:
    log.begin()
    wire = log.wire("bulk", SERVER, Secret("secret"))
    assert wire is not None
    wire("S: * OK \x1b]0;title\x07 \x9b31m \u202e evil\r\nforged line")
    log.end()
    said = log.path.read_bytes()
    assert said.count(b"\n") == 1
    assert all(letter.isprintable() for letter in said.decode().removesuffix("\n"))


def test_it_does_not_grow_for_ever(log: ProtocolLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailtui.service.protocol._SIZE", 5_000)
    log.begin()
    wire = log.wire("bulk", SERVER, None)
    assert wire is not None
    for number in range(1000):
        wire(f"S: {number} " + "x" * 60)
    log.end()
    files = sorted(log.path.parent.iterdir())
    assert len(files) == 2
    assert all(path.stat().st_size < 6_000 for path in files)
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in files)
    assert "S: 999 " in log.path.read_text()


def test_a_disk_that_fails_ends_it_and_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []

    def full(descriptor: int, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    log = ProtocolLog(tmp_path, "work", lambda: 0.0, lambda what, advice: told.append(what))
    log.begin()
    wire: Callable[[str], None] | None = log.wire("bulk", SERVER, None)
    assert wire is not None
    monkeypatch.setattr("mailtui.service.protocol._write_all", full)
    monkeypatch.setattr("mailtui.service.protocol._PATIENCE", 20.0)
    for number in range(10):
        wire(f"S: {number}")
    log.end()
    assert told == ["The protocol log can't be written: No space left on device."]
    assert not log.on


def test_a_slow_disk_leaves_lines_out_and_says_so(log: ProtocolLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailtui.service.protocol._WAITING", 3)
    gate, opened = os.pipe()
    write = os.write

    def slow(descriptor: int, data: bytes) -> int:
        os.read(gate, 1)
        return write(descriptor, data)

    log.begin()
    wire = log.wire("bulk", SERVER, None)
    assert wire is not None
    monkeypatch.setattr("mailtui.service.protocol.os.write", slow)
    for number in range(10):
        wire(f"S: {number}")
    write(opened, b"." * 100)
    monkeypatch.undo()
    log.end()
    os.close(gate)
    os.close(opened)
    said = log.path.read_text()
    assert "S: 0" in said
    assert "lines were left out" in said
