"""Texts, parts and searches, each fetched only when somebody asks for it."""

import base64
import os
from pathlib import Path

import pytest

from mailtui.model.event import (
    BodyArrived,
    BodyFailed,
    PartArrived,
    PartFailed,
    PartProgressed,
    SearchEnded,
    SearchFound,
)
from mailtui.model.folder import Role
from mailtui.model.intent import CancelFetch, CancelSearch, FetchBody, FetchPart, SearchServer, ShowFolder
from mailtui.model.trouble import Refused
from tests.servers.dovecot import Dovecot, User
from tests.service.running import Running, account_of, message

BIG = os.urandom(3_000_000)


def with_attachment(number: int, octets: bytes) -> bytes:
    encoded = base64.encodebytes(octets).replace(b"\n", b"\r\n")
    return (
        message(number).replace(b"\r\n\r\nHello\r\n", b"\r\nMIME-Version: 1.0\r\n")
        + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
        + b"--b\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n"
        + b"--c\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nGr\xc3\xbc\xc3\x9fe\r\n"
        + b"--c\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Hello <b>HTML</b></p>\r\n--c--\r\n"
        + b"--b\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n"
        + b"Content-Disposition: attachment; filename=a.pdf\r\n\r\n"
        + encoded
        + b"--b--\r\n"
    )


async def test_a_text_comes_without_the_attachments(dovecot: Dovecot, user: User, tmp_path: Path) -> None:
    dovecot.seed(user, "INBOX", [(with_attachment(1, BIG), [])])
    async with Running(tmp_path, account_of(dovecot, user)) as it:
        one = it.named("Number 1").id
        await it.do(FetchBody(one))
        assert (await it.heard(BodyArrived)).message == one
        body = it.read(lambda reader: reader.body(one))
        assert body is not None
        assert body.text.strip() == "Grüße"
        assert sum(len(dialogue.server) for dialogue in dovecot.rawlog(user)) < 50_000
        root = it.read(lambda reader: reader.structure(one))
        assert root is not None
        assert [part.name for part in root.walk() if part.name] == ["a.pdf"]
        mark = len(it.events)
        await it.do(FetchBody(one, html=True))
        await it.heard(BodyArrived, since=mark)
        html = it.read(lambda reader: reader.body(one, html=True))
        assert html is not None
        assert "HTML" in html.text
        assert html.from_html
        assert b"BODY[" not in b"".join(dialogue.client for dialogue in dovecot.rawlog(user)), (
            "reading must not mark as read"
        )


async def test_a_long_text_is_cut_until_the_rest_is_asked_for(
    dovecot: Dovecot, user: User, tmp_path: Path
) -> None:
    lines = "".join(f"line {n}\r\n" for n in range(60_000))
    dovecot.seed(user, "INBOX", [(message(1, body=lines), [])])
    async with Running(tmp_path, account_of(dovecot, user)) as it:
        one = it.named("Number 1").id
        await it.do(FetchBody(one))
        await it.heard(BodyArrived)
        body = it.read(lambda reader: reader.body(one))
        assert body is not None
        assert body.missing == len(lines) - 262_144
        mark = len(it.events)
        await it.do(FetchBody(one, whole=True))
        await it.heard(BodyArrived, since=mark)
        whole = it.read(lambda reader: reader.body(one))
        assert whole is not None
        assert whole.missing == 0
        assert whole.text.rstrip().endswith("line 59999")


async def test_a_part_is_streamed_into_a_private_file_and_kept(
    dovecot: Dovecot, user: User, tmp_path: Path
) -> None:
    dovecot.seed(user, "INBOX", [(with_attachment(1, BIG), [])])
    async with Running(tmp_path, account_of(dovecot, user)) as it:
        one = it.named("Number 1").id
        await it.do(FetchPart(one, "2"))
        arrived = await it.heard(PartArrived)
        path = Path(arrived.path)
        assert path.read_bytes() == BIG
        assert path.stat().st_mode & 0o077 == 0
        for section, start in (("", b"From: Bob"), ("HEADER", b"From: Bob")):
            mark = len(it.events)
            await it.do(FetchPart(one, section))
            raw = Path((await it.heard(PartArrived, since=mark)).path).read_bytes()
            assert raw.startswith(start)
        mark = len(it.events)
        await it.do(FetchPart(one, "2"))
        await it.heard(PartArrived, since=mark)
        asked = b"".join(dialogue.client for dialogue in dovecot.rawlog(user))
        assert asked.count(b"BODY.PEEK[2]") == 1


async def test_a_download_can_be_stopped(dovecot: Dovecot, user: User, tmp_path: Path) -> None:
    dovecot.seed(user, "INBOX", [(with_attachment(1, BIG * 12), []), (message(2), [])])
    async with Running(tmp_path, account_of(dovecot, user)) as it:
        one = it.named("Number 1").id
        await it.do(FetchPart(one, "2"))
        await it.heard(PartProgressed)
        await it.do(CancelFetch(one, "2"))
        failed = await it.heard(PartFailed, seconds=5)
        assert failed.section == "2"
        assert it.read(lambda reader: reader.part_path(one, "2")) is None
        assert not list((tmp_path / "data" / "parts").rglob("*.part"))
        await it.do(FetchBody(it.named("Number 2").id))
        await it.heard(BodyArrived)


async def test_what_is_gone_is_said_to_be_gone(dovecot: Dovecot, user: User, tmp_path: Path) -> None:
    dovecot.seed(user, "INBOX", [(message(1), [])])
    async with Running(tmp_path, account_of(dovecot, user)) as it:
        one = it.named("Number 1").id
        assert isinstance(await it.refused(FetchBody(999)), Refused)
        assert isinstance(await it.refused(ShowFolder(999)), Refused)
        with dovecot.other_client(user) as other:
            other.select("INBOX")
            other.store("1", "+FLAGS", "(\\Deleted)")
            other.expunge()
        await it.do(FetchBody(one))
        assert (await it.heard(BodyFailed)).message == one


@pytest.mark.parametrize("scope", ["folder", "account"])
async def test_the_server_is_searched(dovecot: Dovecot, user: User, tmp_path: Path, scope: str) -> None:
    dovecot.seed(user, "INBOX", [(message(n, body=f"the word is zebra{n}\r\n"), []) for n in range(1, 5)])
    dovecot.seed(user, "Work", [(message(9, body="another zebra3 here\r\n"), [])])
    async with Running(tmp_path, account_of(dovecot, user)) as it:
        folder = it.role(Role.INBOX).id if scope == "folder" else None
        await it.do(SearchServer("s1", "body:zebra3", "work", folder))
        ended = await it.heard(SearchEnded)
        assert (ended.search, ended.trouble) == ("s1", "")
        found = [i for event in it.events if isinstance(event, SearchFound) for i in event.messages]
        wanted = {it.named("Number 3").id}
        if scope == "account":
            wanted.add(it.named("Number 9", it.folder("Work")).id)
        assert set(found) == wanted
        assert ended.found == len(wanted)


async def test_a_hostile_search_is_only_a_search(dovecot: Dovecot, user: User, tmp_path: Path) -> None:
    dovecot.seed(user, "INBOX", [(message(1), [])])
    async with Running(tmp_path, account_of(dovecot, user)) as it:
        for number, text in enumerate(['"\r\nX1 DELETE INBOX\r\n"', "\\", "{5}", "Grüße €", "(", ""]):
            mark = len(it.events)
            await it.do(SearchServer(f"s{number}", text))
            await it.heard(SearchEnded, since=mark)
        await it.do(CancelSearch("s1"))
        assert it.subjects(Role.INBOX) == ["Number 1"]
        said = b"".join(dialogue.client for dialogue in dovecot.rawlog(user))
        assert b"\r\nX1 " not in said
