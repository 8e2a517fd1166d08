"""Nothing is lost and nothing is done twice when screen and service are killed in the middle of work."""

import random
import re
import time

import pytest

from mailtui.model.message import Flag
from mailtui.store.reading import Reader
from tests.end_to_end.terminal import Terminal
from tests.end_to_end.world import World, letter

_MESSAGES = 150
_SECONDS = 25.0  # of work, kills included
_WISHES = {"a": "Archive", "d": "Trash"}


class Asked:
    """What was asked for by keys: number of the message → folder, and which were flagged."""

    def __init__(self) -> None:
        self.folder: dict[int, str] = {}
        self.flagged: set[int] = set()
        self.forgotten = 0

    def keep_what_is_durable(self, world: World) -> None:
        """The screen was killed: a wish that had not reached the store was never acknowledged."""
        with Reader(world.profile.paths.store) as reader:
            for place in reader.folders("work"):
                for row in reader.summaries(reader.ids(place.id)):
                    number = int(row.subject.split()[1])
                    if self.folder.get(number, "INBOX") != place.path:
                        self.forgotten += self.folder.pop(number, None) is not None
                    if number in self.flagged and not row.flags & Flag.FLAGGED:
                        self.forgotten += 1
                        self.flagged.discard(number)


@pytest.mark.slow
def test_after_kill_9_at_random_moments_the_server_has_exactly_what_was_asked(world: World) -> None:
    chance = random.Random(11)
    world.seed([letter(number) for number in range(1, _MESSAGES + 1)])
    terminal, asked = _ready(world), Asked()
    end = time.monotonic() + _SECONDS
    screens = services = 0
    while time.monotonic() < end:
        for _ in range(chance.randrange(4, 10)):
            _wish(terminal, asked, chance)
        time.sleep(chance.random() * 0.3)
        if chance.random() < 0.6:
            world.kill_service()
            services += 1
        if chance.random() < 0.4:
            terminal.kill()
            screens += 1
            time.sleep(0.3)  # a living service may still be reading what the screen sent last
            asked.keep_what_is_durable(world)
            terminal = _ready(world)
    terminal.settle(0.3)
    assert min(screens, services) >= 2
    assert len(asked.folder) + len(asked.flagged) > 2 * asked.forgotten
    _settled(world)
    found = {folder: world.there(folder) for folder in ("INBOX", "Archive", "Trash")}
    for number in range(1, _MESSAGES + 1):
        name, wanted = f"<m{number}@example.test>", asked.folder.get(number, "INBOX")
        assert [folder for folder in found if name in found[folder]] == [wanted], number
        assert ("\\Flagged" in found[wanted][name]) == (number in asked.flagged), number
    terminal.wait_for(rf"/{len(found['INBOX'])} ─")


def _wish(terminal: Terminal, asked: Asked, chance: random.Random) -> None:
    """Flag, archive or trash the message under the cursor, and write down that this was asked."""
    number = _cursor(terminal)
    if chance.random() < 0.25:
        terminal.press("F", "j")
        asked.flagged ^= {number}
    else:
        key = chance.choice("ad")
        terminal.press(key)
        asked.folder[number] = _WISHES[key]
    end = time.monotonic() + 5
    while _cursor(terminal) == number:
        assert time.monotonic() < end, terminal.text


def _cursor(terminal: Terminal) -> int:
    """The number of the message that the cursor is on."""
    row = re.compile(r"│❯[^│]*Number (\d+)")
    found = row.search(terminal.wait_for(row.pattern, 5))
    assert found
    return int(found[1])


@pytest.mark.slow
def test_a_reply_leaves_once_although_everything_is_killed_as_it_leaves(world: World) -> None:
    chance = random.Random(5)
    world.seed([letter(number) for number in range(1, 9)])
    terminal = _ready(world)
    for turn in range(4):
        terminal.press("j", "r")
        terminal.wait_for("wrote:")
        terminal.type(f"Answer {turn}")
        terminal.press("esc")
        terminal.wait_for("Send this to 1 recipient")
        terminal.press("y")
        terminal.wait_until_gone("Send this to 1 recipient")
        terminal.wait_for("leaves in|Sent")
        time.sleep(chance.random() * 1.6)
        world.kill_service()
        if chance.random() < 0.5:
            terminal.kill()
            terminal = _ready(world)
    _settled(world)
    ids = [str(message["Message-ID"]) for message in world.sent()]
    assert len(ids) == len(set(ids))
    unknown = terminal.text
    assert len(ids) == 4, unknown
    assert set(world.there("Sent")) == set(ids)


def test_a_draft_survives_the_terminal(world: World) -> None:
    world.seed([letter(1)])
    terminal = _ready(world)
    terminal.press("m")
    terminal.wait_for("Subject")
    terminal.type("carol@example.test")
    terminal.press("enter")
    terminal.type("The long way round")
    terminal.settle(0.1)
    terminal.hang_up()  # SIGHUP, a moment after the last key
    terminal.ended()
    again = _ready(world)
    again.press("g", "w")
    again.wait_for("carol@example.test")
    assert not world.sent()


def _ready(world: World) -> Terminal:
    """A new screen that shows the list and is connected."""
    terminal = world.open()
    terminal.wait_for(r"❯ .*Number \d+")
    terminal.wait_for("online|syncing")
    return terminal


def _settled(world: World) -> None:
    """Everything that waits was carried out."""

    def nothing_waits() -> bool:
        with Reader(world.profile.paths.store) as reader:
            return reader.waiting("work") == (0, 0)

    world.until(nothing_waits, "everything was carried out", 40)
