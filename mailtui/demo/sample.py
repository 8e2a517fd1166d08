"""The sample mailbox: about 300 messages in two accounts, told by a moment and a seed."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from mailtui.demo import bounce, builds, fieldnotes, money, newsletters, picture, story
from mailtui.demo.composing import File, build
from mailtui.demo.correspondents import HOME, WORK
from mailtui.demo.interface import User
from mailtui.demo.telling import Sample, Told, arrival, tell

OWNERS = {"work": WORK, "home": HOME}
ROLES = {name: name for name in ("Drafts", "Sent", "Archive", "Junk", "Trash")}
FOLDERS = {
    "work": (
        *ROLES,
        *("Invoices", "Lists/sensors-dev", "Lists/tide-users", "Lists/Small Tools", "Projects/Petrel"),
        *("Projects/Petrel/Builds", "Projects/Skerra", "書類"),
    ),
    "home": (
        *ROLES,
        *("Family", "Garden", "Newsletters", "Receipts", "Lists/choir", "Lists/wheelers"),
        *("Travel/Lisbon", "Entwürfe 2025"),
    ),
}
STORIES = ("welcome", "work", "lists", "home", "machines", "weekly")


def users() -> tuple[User, ...]:
    """The two accounts as the servers know them."""
    return tuple(User(OWNERS[key].address, FOLDERS[key], dict(ROLES)) for key in FOLDERS)


def mailbox(now: datetime, seed: int) -> list[Sample]:
    """Everything but the big picture, oldest first. `now` has a time zone; all mail is older."""
    found = [_sample(account, told, now) for account, told in _told(now) if "picture" not in told.post.marks]
    found += newsletters.samples(now)
    found += builds.samples(now, random.Random(seed))
    found += money.samples(now)
    found.append(bounce.sample(now))
    return sorted(found, key=lambda sample: (sample.when, sample.source))


def pictures(now: datetime) -> Iterator[Sample]:
    """The big ones, which take a moment to make."""
    for account, told in _told(now):
        if "picture" in told.post.marks:
            data = picture.dusk(1184, 886, level=0)
            letter = replace(told.letter, files=(File("Skerra slipway, dusk.png", "image/png", data),))
            yield Sample(account, told.folder, build(letter), told.flags, arrival(letter.date))


def _told(now: datetime) -> Iterator[tuple[str, Told]]:
    for name in STORIES:
        for thread in story.read(name):
            for told in tell(thread, now):
                yield thread.account, told


def _sample(account: str, told: Told, now: datetime) -> Sample:
    letter = told.letter
    if "long" in told.post.marks:
        letter = replace(letter, text=letter.text + "\n" + fieldnotes.notes(now))
    return Sample(account, told.folder, build(letter), told.flags, arrival(letter.date))
