"""A download that the line cuts goes on where it was, whole to the last octet."""

import asyncio
import base64
import hashlib
import quopri
import random
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from mailtui.model.account import Account, ConnectionState, Security, Server
from mailtui.model.address import Address
from mailtui.model.event import ConnectionChanged, PartArrived, PartFailed, PartProgressed
from mailtui.model.intent import CancelFetch, FetchPart
from tests.servers.dovecot import Dovecot, User
from tests.servers.proxy import Proxy
from tests.servers.scripted import Answer, Command, Scripted, Talk
from tests.service.running import WORLD, Running, account_of, message

FILE = random.Random(11).randbytes(1_500_000)
TEXT = "".join(f"Zeile {n}: grün = schön\n" for n in range(40_000)).encode()


def with_file(encoding: str, encoded: bytes) -> bytes:
    return (
        message(1).replace(b"\r\n\r\nHello\r\n", b"\r\nMIME-Version: 1.0\r\n")
        + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHi\r\n"
        + b"--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\n"
        + f"Content-Transfer-Encoding: {encoding}\r\n\r\n".encode()
        + encoded.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        + b"\r\n--b--\r\n"
    )


def through(proxy: Proxy, dovecot: Dovecot, user: User) -> Account:
    account = account_of(dovecot, user)
    return replace(account, imap=replace(account.imap, port=proxy.port))


@pytest.mark.parametrize("pieces", [2, 4])
@pytest.mark.parametrize(
    ("encoding", "encode", "content"),
    [
        ("base64", base64.encodebytes, FILE),
        ("quoted-printable", quopri.encodestring, TEXT),
        ("7bit", lambda text: text, FILE.hex("\n", 64).encode() + b"\n"),
    ],
)
async def test_it_goes_on_where_it_was_cut(
    dovecot: Dovecot,
    user: User,
    tmp_path: Path,
    pieces: int,
    encoding: str,
    encode: Callable[[bytes], bytes],
    content: bytes,
) -> None:
    source = with_file(encoding, encode(content))
    dovecot.seed(user, "INBOX", [(source, [])])
    with Proxy(dovecot.imap) as proxy:
        async with Running(tmp_path, through(proxy, dovecot, user)) as it:
            one = it.named("Number 1").id
            before, proxy.cut_after = proxy.down, len(source) // pieces + 7_001
            told = await fetched(it, one)
            got = Path(told.path).read_bytes()
            if encoding != "base64":  # lines, which end as mail has them
                got = got.replace(b"\r\n", b"\n").rstrip(b"\n") + b"\n"
            assert hashlib.sha256(got).digest() == hashlib.sha256(content).digest()
            assert proxy.down - before < 1.3 * len(source) + 100_000
            reports = [event for event in it.events if isinstance(event, PartProgressed)]
            assert all(report.done <= report.total <= len(source) for report in reports)
    said = b"".join(dialogue.client for dialogue in dovecot.rawlog(user))
    offsets = [int(found) for found in re.findall(rb"BODY\.PEEK\[2\]<(\d+)\.", said)]
    assert len(offsets) >= 1
    assert offsets == sorted(offsets)


def offline(it: Running) -> bool:
    states = [event.state for event in it.events if isinstance(event, ConnectionChanged)]
    return ConnectionState.OFFLINE in states


async def fetched(it: Running, one: int) -> PartArrived:
    """By a user who asks again whenever it has failed."""
    for _ in range(100):
        mark = len(it.events)
        await it.do(FetchPart(one, "2"))
        told: list[PartArrived | PartFailed] = []

        def ended(since: int = mark, told: list[PartArrived | PartFailed] = told) -> bool:
            told += [event for event in it.events[since:] if isinstance(event, PartArrived | PartFailed)]
            return bool(told)

        await it.until(ended, "the download has ended", 60)
        if isinstance(told[0], PartArrived):
            return told[0]
        await asyncio.sleep(WORLD.pause)
    raise AssertionError("it never arrived")


async def test_it_waits_for_the_line_and_goes_on_by_itself(
    dovecot: Dovecot, user: User, tmp_path: Path
) -> None:
    dovecot.seed(user, "INBOX", [(with_file("base64", base64.encodebytes(FILE)), [])])
    with Proxy(dovecot.imap) as proxy:
        async with Running(tmp_path, through(proxy, dovecot, user)) as it:
            one = it.named("Number 1").id
            proxy.rate = 500_000
            await it.do(FetchPart(one, "2"))
            await it.heard(PartProgressed)
            proxy.cut_after = 0
            proxy.cut()
            await it.until(lambda: offline(it), "the line is known to be lost")
            proxy.cut_after = proxy.rate = None
            arrived = await it.heard(PartArrived, seconds=60)
            assert Path(arrived.path).read_bytes() == FILE
            assert not any(isinstance(event, PartFailed) for event in it.events)


async def test_what_was_stopped_while_it_waited_for_the_line_is_over(
    dovecot: Dovecot, user: User, tmp_path: Path
) -> None:
    dovecot.seed(user, "INBOX", [(with_file("base64", base64.encodebytes(FILE)), [])])
    with Proxy(dovecot.imap) as proxy:
        async with Running(tmp_path, through(proxy, dovecot, user)) as it:
            one = it.named("Number 1").id
            proxy.rate = 500_000
            await it.do(FetchPart(one, "2"))
            await it.heard(PartProgressed)
            proxy.cut_after = 0
            proxy.cut()
            await it.until(lambda: offline(it), "the line is known to be lost")
            await it.do(CancelFetch(one, "2"))
            await it.heard(PartFailed)
            await it.until(lambda: not list((tmp_path / "data").rglob("*.part")), "nothing is left")


async def test_a_part_that_has_become_another_is_begun_anew(tmp_path: Path) -> None:
    """By a script, because no real server changes a message."""
    first, second = b"a" * 50_000, b"b" * 50_000
    asked: list[bytes] = []

    def fetch(talk: Talk, command: Command) -> None:
        asked.append(command.words)
        if b"BODY.PEEK[2]" not in command.words:
            talk.send(row(talk, command))
            return
        offset = re.search(rb"<(\d+)\.", command.words)
        if len([words for words in asked if b"BODY.PEEK[2]" in words]) == 1:
            talk.send(b"* 1 FETCH (UID 1 BODY[2] {50000}\r\n" + first[:30_000])
            talk.drop()
        at = int(offset[1]) if offset else 0
        origin = b"<%d>" % at if offset else b""
        talk.send(b"* 1 FETCH (UID 1 BODY[2]%s {%d}\r\n" % (origin, 50_000 - at) + second[at:] + b")\r\n")
        talk.send(command.tag + b" OK done\r\n")

    def row(talk: Talk, command: Command) -> bytes:
        del talk
        header = b"From: bob@example.test\r\nSubject: Number 1\r\nMessage-ID: <m1@example.test>\r\n\r\n"
        structure = (
            b'(("text" "plain" NIL NIL NIL "7bit" 2 1)'
            b'("application" "pdf" ("name" "a.pdf") NIL NIL "7bit" 50000 NIL ("attachment" NIL)) "mixed")'
        )
        return (
            b'* 1 FETCH (UID 1 FLAGS () RFC822.SIZE 60000 INTERNALDATE "05-Oct-2026 10:00:00 +0000"'
            b" BODYSTRUCTURE " + structure + b" BODY[HEADER.FIELDS (FROM)] {%d}\r\n" % len(header) + header
        ) + b")\r\n%s OK done\r\n" % command.tag

    select = b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 2] ok\r\n{tag} OK [READ-WRITE] done\r\n"
    search = b'* ESEARCH (TAG "{tag}") UID ALL 1\r\n{tag} OK done\r\n'
    status = b"* STATUS INBOX (MESSAGES 1 UNSEEN 1 UIDNEXT 2 UIDVALIDITY 7)\r\n{tag} OK done\r\n"
    answers: dict[str, Answer] = {
        "UID FETCH": fetch,
        "FETCH": fetch,
        "SELECT": select,
        "UID SEARCH": search,
        "STATUS": status,
    }
    with Scripted(answers) as server:
        account = account_of_script(server)
        async with Running(tmp_path, account) as it:
            one = it.named("Number 1").id
            told = await fetched(it, one)
            assert Path(told.path).read_bytes() == second


def account_of_script(server: Scripted) -> Account:
    return Account(
        key="work",
        address=Address("Alice", "alice@example.test"),
        imap=Server(server.host, server.port, Security.NONE, "alice"),
        files_sent=False,
    )
