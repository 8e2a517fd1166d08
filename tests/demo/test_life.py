"""The demo lives: mail comes now and then, and people answer in their own voice."""

import asyncio
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from mailtui.demo import life
from mailtui.demo.interface import Accepted, OnAccept
from mailtui.demo.life import Life

ROBIN = "robin@tidewater.example"
NOW = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)


class Shelf:
    """Servers that only remember what was filed where."""

    imap_port = smtp_port = 0

    def __init__(self) -> None:
        self.on_accept: OnAccept
        self.filed: list[tuple[str, str, EmailMessage]] = []
        self.slept: list[float] = []

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    def append(
        self, user: str, folder: str, source: bytes, flags: Sequence[str], when: datetime, *, new: bool = True
    ) -> int:
        message = message_from_bytes(source, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.filed.append((user, folder, message))
        return len(self.filed)

    def clock(self) -> datetime:
        return NOW + timedelta(seconds=sum(self.slept))

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(0)


def lively() -> tuple[Shelf, Life]:
    shelf = Shelf()
    return shelf, Life(shelf, shelf.clock, random.Random(4), shelf.sleep)


async def sent(
    shelf: Shelf, to: str, text: str = "Hello", subject: str = "A word", sender: str = ROBIN, more: str = ""
) -> None:
    source = (
        f"From: Robin Hale <{sender}>\nTo: {to}\nSubject: {subject}\nMessage-ID: <mine@x.example>\n"
        f"References: <old@x.example>\nContent-Type: text/plain; charset=utf-8\n{more}\n{text}\n"
    )
    await shelf.on_accept(Accepted(sender, (to,), source.replace("\n", "\r\n").encode()))
    for _ in range(20):
        await asyncio.sleep(0)


async def test_whoever_is_written_to_answers_and_quotes() -> None:
    shelf, _life = lively()
    await sent(shelf, "ines@tidewater.example", "Is it ready?")
    ((user, folder, answer),) = shelf.filed
    assert (user, folder) == (ROBIN, "INBOX")
    assert answer["From"].addresses[0].addr_spec == "ines@tidewater.example"
    assert answer["Subject"] == "Re: A word"
    assert str(answer["References"]).split() == ["<old@x.example>", "<mine@x.example>"]
    assert "Robin Hale wrote:\n> Is it ready?" in answer.get_content().replace("\r\n", "\n")
    assert life.THINKING[0] <= shelf.slept[0] <= life.THINKING[1]


async def test_an_answer_names_what_was_attached() -> None:
    shelf, _life = lively()
    body = (
        "--b\nContent-Type: text/plain\n\nSee attached.\n--b\nContent-Type: text/plain\n"
        'Content-Disposition: attachment; filename="plan.txt"\n\nx\n--b--'
    )
    source = (
        f"From: {ROBIN}\nTo: tom@tidewater.example\nSubject: Plan\nMIME-Version: 1.0\n"
        f'Content-Type: multipart/mixed; boundary="b"\n\n{body}\n'
    )
    await shelf.on_accept(Accepted(ROBIN, ("tom@tidewater.example",), source.encode()))
    for _ in range(20):
        await asyncio.sleep(0)
    assert "plan.txt" in shelf.filed[0][2].get_content()


async def test_a_stranger_s_answer_says_that_nothing_left_the_machine() -> None:
    shelf, _life = lively()
    await sent(shelf, "someone.else@far.example")
    answer = shelf.filed[0][2]
    assert answer["From"].addresses[0].display_name == "Someone Else"
    assert "this machine" in answer.get_content().replace("\r\n", " ").replace("\n", " ")


async def test_a_list_gets_the_message_back_and_an_answer() -> None:
    shelf, _life = lively()
    await sent(shelf, "sensors-dev@tidewater.example", "I propose a thing.")
    (_, first, own), (_, second, answer) = shelf.filed
    assert first == second == "Lists/sensors-dev"
    assert own["Return-Path"] == f"<{ROBIN}>"
    assert answer["List-Id"]


async def test_mail_to_oneself_is_delivered_and_not_answered() -> None:
    shelf, _life = lively()
    await sent(shelf, "robin@hale.example", "Note to self")
    ((user, folder, message),) = shelf.filed
    assert (user, folder, message["Subject"]) == ("robin@hale.example", "INBOX", "A word")


async def test_where_nobody_reads_there_comes_a_report() -> None:
    shelf, _life = lively()
    await sent(shelf, "no-reply@market.example")
    (report,) = (message for *_, message in shelf.filed)
    assert report.get_content_type() == "multipart/report"
    assert report.get_param("report-type") == "delivery-status"


async def test_leaving_a_list_is_not_answered() -> None:
    shelf, _life = lively()
    await sent(shelf, "leave-8f14e45f@slowloaf.example")
    assert not shelf.filed


async def test_two_machines_do_not_talk_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(life, "THINKING", (0.0, 0.1))
    shelf, _life = lively()
    for _ in range(100):
        await sent(shelf, "ines@tidewater.example")
    assert len(shelf.filed) == 60


async def test_garbage_is_accepted_without_an_answer_to_nobody() -> None:
    shelf, _life = lively()
    await shelf.on_accept(Accepted(ROBIN, ("ines@tidewater.example",), b"\xff\xfe\r\n\r\n\x00"))
    for _ in range(20):
        await asyncio.sleep(0)
    assert len(shelf.filed) == 1


async def test_new_mail_comes_after_a_while_and_keeps_coming() -> None:
    shelf, lives = lively()
    task = asyncio.create_task(lives.arrivals())
    while len(shelf.filed) < 30:
        await asyncio.sleep(0)
    task.cancel()
    assert shelf.slept[0] == life.FIRST
    assert all(life.PAUSE[0] <= pause <= life.PAUSE[1] for pause in shelf.slept[1:])
    first = shelf.filed[0][2]
    assert first["Subject"] == "Re: Station 14 is alive"
    assert str(first["In-Reply-To"]).startswith("<station14.")
    ids = [str(message["Message-ID"]) for *_, message in shelf.filed]
    assert len(set(ids)) == len(ids)
