"""The demo lives: mail arrives now and then, and whoever is written to answers."""

import asyncio
import random
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import datetime
from email.utils import format_datetime

from mailtui.demo import answers, bounce, story
from mailtui.demo.builds import build_letter
from mailtui.demo.composing import Letter, build
from mailtui.demo.correspondents import LISTS_BY_ADDRESS
from mailtui.demo.interface import Accepted, MailServers
from mailtui.demo.sample import OWNERS, STORIES
from mailtui.demo.telling import Told, reply_subject, tell

FIRST = 20.0  # seconds until the first new mail
PAUSE = (45.0, 120.0)
THINKING = (3.0, 8.0)
_PER_HOUR = 60  # of new mail and of answers, each
_ANSWERS_PER_MAIL = 3
_SILENT = ("leave", "unsubscribe")
_UNREAD_BY_ANYONE = ("no-reply", "noreply", "mailer-daemon", "builds", "tracker", "root", "offers", "news")

Sleep = Callable[[float], Awaitable[None]]


class Life:
    """Gives `servers` new mail. Clock, sleep and chance are passed in, so that tests need not wait."""

    def __init__(
        self,
        servers: MailServers,
        clock: Callable[[], datetime],
        chance: random.Random,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._servers, self._clock, self._chance, self._sleep = servers, clock, chance, sleep
        self._answered: deque[datetime] = deque(maxlen=_PER_HOUR)
        self._tasks: set[asyncio.Task[None]] = set()
        servers.on_accept = self.accepted

    async def arrivals(self) -> None:
        """New mail, for ever: what the story has left, then the builds of a busy afternoon."""
        await self._sleep(FIRST)
        for account, folder, letter in self._coming():
            self._file(OWNERS[account].address, folder, letter)
            await self._sleep(self._chance.uniform(*PAUSE))

    async def accepted(self, mail: Accepted) -> None:
        """Somebody sent something: deliver what is for our own accounts, and let the others answer."""
        written = answers.read(mail.source, self._clock())
        own = {owner.address for owner in OWNERS.values()}
        others = [address.lower() for address in mail.recipients if address.lower() not in own]
        for address in own.intersection(address.lower() for address in mail.recipients):
            self._deliver(address, "INBOX", mail)
        author = written.sender.address if written.sender.address in own else mail.sender.lower()
        if author not in own:
            return
        for address in others:
            if address in LISTS_BY_ADDRESS:
                self._deliver(author, self._list_folder(address), mail)
        task = asyncio.create_task(self._answers(written, author, mail, others[:_ANSWERS_PER_MAIL]))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answers(
        self, written: answers.Written, author: str, mail: Accepted, addresses: list[str]
    ) -> None:
        for address in addresses:
            local = address.partition("@")[0]
            if local.startswith(_SILENT) or not self._may_answer():
                continue
            await self._sleep(self._chance.uniform(*THINKING))
            now = self._clock()
            if local in _UNREAD_BY_ANYONE:
                report = bounce.report(written.sender, address, mail.source, written.message_id, now)
                self._servers.append(author, "INBOX", report, (), now)
                continue
            folder = self._list_folder(address) if address in LISTS_BY_ADDRESS else "INBOX"
            letter = answers.answer(written, address, now, self._chance)
            self._servers.append(author, folder, build(letter), (), now)

    def _may_answer(self) -> bool:
        """Whether the hour's answers are not used up: two machines must not talk for ever."""
        now = self._clock()
        full = len(self._answered) == _PER_HOUR
        if full and (now - self._answered[0]).total_seconds() < 3600:
            return False
        self._answered.append(now)
        return True

    def _coming(self) -> Iterator[tuple[str, str, Letter]]:
        for thread in story.read("life"):
            last = _last_of(thread.continues, self._clock()) if thread.continues else None
            for told in tell(thread, self._clock()):
                yield thread.account, told.folder, _continuing(told.letter, last)
        number = 1184
        while True:
            number += 1
            what = self._chance.choice(("rebuild with the new linker", "update translations", "say please"))
            letter = build_letter(number, what, self._clock(), self._chance, good=self._chance.random() > 0.2)
            yield "work", "Projects/Petrel/Builds", letter

    def _file(self, address: str, folder: str, letter: Letter) -> None:
        now = self._clock()
        letter = replace(letter, date=now.astimezone(letter.sender.zone))
        self._servers.append(address, folder, build(letter), (), now)

    def _deliver(self, address: str, folder: str, mail: Accepted) -> None:
        now = self._clock()
        trace = f"Return-Path: <{mail.sender}>\r\nReceived: by demo.example; {format_datetime(now)}\r\n"
        self._servers.append(address, folder, trace.encode() + mail.source, (), now)

    @staticmethod
    def _list_folder(address: str) -> str:
        return f"Lists/{LISTS_BY_ADDRESS[address].key}"


def _last_of(name: str, now: datetime) -> Told:
    """The latest message of the thread with this id."""
    threads = [thread for each in STORIES for thread in story.read(each)]
    thread = next(each for each in threads if each.id == name)
    return [told for told in tell(thread, now) if "draft" not in told.post.marks][-1]


def _continuing(letter: Letter, last: Told | None) -> Letter:
    if last is None:
        return letter
    before = last.letter
    return replace(
        letter,
        subject=reply_subject(before.subject),
        references=[*before.references, before.message_id],
        message_id=letter.message_id.replace("<", "<more-", 1),
    )
