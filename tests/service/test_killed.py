"""Killed at any moment and started again, over and over: the server ends up with what was asked, once."""

import asyncio
import os
import random
import signal
import sqlite3
from asyncio import Task
from collections import Counter

import pytest

from mailtui.link.client import Client
from mailtui.model.folder import Folder, Role
from mailtui.model.intent import (
    ArchiveMessages,
    ChangeFlags,
    CopyMessages,
    Intent,
    MoveMessages,
    StopService,
    TrashMessages,
)
from mailtui.model.message import Flag
from tests.servers.dovecot import Dovecot, User
from tests.service.profile import Profile, synchronised, until
from tests.service.running import flags_there, message, subjects_there

COUNT = 120
ACTIONS = 250
KILLS = 10
PLACES = ("INBOX", "Archive", "Trash", "Junk")


class Wishes:
    """Random wishes, and where every message must be after them."""

    def __init__(self, dice: random.Random, ids: dict[int, str], folders: dict[str, Folder]) -> None:
        self._dice = dice
        self._ids = ids
        self._folders = folders
        self.place = dict.fromkeys(ids, "INBOX")
        self.flagged: dict[int, bool] = dict.fromkeys(ids, False)
        self.copies: Counter[str] = Counter()

    def next(self) -> Intent:
        some = tuple(self._dice.sample(sorted(self._ids), self._dice.randint(1, 6)))
        match self._dice.randrange(5):
            case 0:
                return self._moved(some, "Archive", ArchiveMessages(some))
            case 1:
                return self._moved(some, "Trash", TrashMessages(some))
            case 2:
                target = self._dice.choice(PLACES)
                return self._moved(some, target, MoveMessages(some, self._folders[target].id))
            case 3:
                on = self._dice.random() < 0.5
                self.flagged |= dict.fromkeys(some, on)
                add, remove = (Flag.FLAGGED, Flag.NONE) if on else (Flag.NONE, Flag.FLAGGED)
                return ChangeFlags(some, add=add, remove=remove)
            case _:
                one = some[:1]
                self.copies[self._ids[one[0]]] += 1
                return CopyMessages(one, self._folders["Copies"].id)

    def _moved(self, some: tuple[int, ...], target: str, intent: Intent) -> Intent:
        self.place |= dict.fromkeys(some, target)
        return intent

    def subjects(self, place: str) -> list[str]:
        return sorted(self._ids[ident] for ident, where in self.place.items() if where == place)


async def submit(client: Client, wishes: Wishes) -> None:
    for _ in range(ACTIONS):
        ack = await client.submit(wishes.next())
        assert ack.refusal is None, ack.refusal


async def kill_now_and_then(profile: Profile, client: Client, dice: random.Random, doing: Task[None]) -> int:
    """Until everything was submitted, and some more times while the journal is carried out."""
    kills = 0
    while kills < KILLS or not doing.done():
        await asyncio.sleep(dice.uniform(0.02, 0.9))
        if client.connected and kills < 2 * KILLS:
            os.kill(profile.pid, signal.SIGKILL)
            kills += 1
        await until(lambda: client.connected)
        if doing.done():
            doing.result()
    return kills


@pytest.mark.slow
@pytest.mark.timeout(100)
async def test_nothing_is_lost_and_nothing_done_twice(
    dovecot: Dovecot, user: User, profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mailtui.link.client._TOLERATED", {False: 1000, True: 1000})
    dice = random.Random(20261124)
    dovecot.seed(user, "INBOX", [(message(n), []) for n in range(COUNT)])
    with dovecot.other_client(user) as other:
        other.create("Copies")
    client, heard = await profile.front()
    await synchronised(client, heard)
    with profile.reader() as reader:
        folders = {folder.path: folder for folder in reader.folders("work")}
        inbox = reader.role("work", Role.INBOX)
        assert inbox is not None
        ids = {summary.id: summary.subject for summary in reader.window(inbox.id, 1000)}
    assert len(ids) == COUNT
    wishes = Wishes(dice, ids, folders)
    doing = asyncio.create_task(submit(client, wishes))
    kills = await kill_now_and_then(profile, client, dice, doing)
    await doing
    assert kills >= KILLS

    def drained() -> bool:
        with profile.reader() as reader:
            return reader.waiting("work") == (0, 0)

    await until(drained, 60)
    await synchronised(client, heard)
    with dovecot.other_client(user) as other:
        for place in PLACES:
            assert subjects_there(other, place) == wishes.subjects(place)
            flagged = {
                subject for subject, flags in flags_there(other, place).items() if "\\Flagged" in flags
            }
            wanted = {ids[i] for i, on in wishes.flagged.items() if on and wishes.place[i] == place}
            assert flagged == wanted
        assert Counter(subjects_there(other, "Copies")) == wishes.copies
    with profile.reader() as reader:
        for place in PLACES:
            shown = reader.window(folders[place].id, 1000)
            assert sorted(summary.subject for summary in shown) == wishes.subjects(place)
            assert {summary.id for summary in shown} <= ids.keys()
    await client.submit(StopService())
    await client.close()
    with sqlite3.connect(profile.paths.store) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
