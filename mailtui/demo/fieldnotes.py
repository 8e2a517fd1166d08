"""Søren's notes of twelve days on Skerra: a text of nine hundred lines."""

import random
from datetime import datetime, timedelta

from mailtui.demo.when import date_words

_WEATHER = (
    "wind from the west, 6",
    "fog, then not",
    "rain, sideways",
    "clear and very cold",
    "calm, suspiciously",
    "hail",
)
_DOINGS = (
    "checked the well, dry",
    "tightened the third clamp",
    "talked to the harbour office",
    "counted the seals: {seals}",
    "lost the pencil",
    "found the pencil",
    "replaced the fuse, 2 A",
    "slept",
    "soup",
    "wrote this",
)


def notes(now: datetime) -> str:
    """The same twelve days every time, but for their dates."""
    chance = random.Random(1974)
    lines: list[str] = []
    for day in range(12, 0, -1):
        lines += ["", f"{date_words(now - timedelta(days=30 + day))}: {chance.choice(_WEATHER)}", ""]
        for quarter in range(5 * 4, 23 * 4):
            level = 2.4 + 1.8 * (abs((quarter + 7 * day) % 50 - 25) / 12.5 - 1)
            doing = chance.choice(_DOINGS).format(seals=chance.randrange(4, 40))
            clock = f"{quarter // 4:02}:{quarter % 4 * 15:02}"
            lines.append(f"  {clock}  {level:5.2f} m  {chance.uniform(3, 9):4.1f} °C  {doing}")
    return "\n".join([*lines, "", "That is all. You have earned the beer."])
