"""Mail from the machines at work: builds of the firmware, and the weekly backup."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from mailtui.demo.composing import Letter, build
from mailtui.demo.correspondents import PEOPLE, WORK
from mailtui.demo.telling import Sample, arrival
from mailtui.demo.when import moment

_NEWEST = 1184
_CHANGES = (
    # what was changed, and whether the tests passed; newest first
    ("compare sequence numbers, not times", True),
    ("compare sequence numbers, not times (typo)", False),
    ("manual: submerge it", True),
    ("late readings: patience per station", True),
    ("late readings: mark them", True),
    ("keep the time of arrival", True),
    ("clock: 12 pF it is", True),
    ("clock: measure before believing", True),
    ("a gull may knock twice", True),
    ("a gull may knock twice (test first)", False),
    ("regulator sleeps between readings", True),
    ("channels: anchorage and open sea", True),
    ("channels: remove 'harbour' again", True),
    ("channels: harbour", False),
    ("say which linker is missing", True),
    ("join keeps the last reading", True),
    ("update translations (uk, ja, ar)", True),
    ("page for the captain of Odesa", True),
)
_HTML = """<html><body style="font-family:sans-serif">
<h2 style="color:{colour}">petrel #{number} {verdict}</h2>
<table cellpadding="4"><tr><td>branch</td><td>main</td></tr>
<tr><td>change</td><td><code>{what}</code></td></tr>
<tr><td>tests</td><td>{tests}</td></tr><tr><td>time</td><td>{time}</td></tr></table>
<p><a href="https://ci.tidewater.example/petrel/{number}">Look at the log</a></p></body></html>"""
_TEXT = """petrel #{number} {verdict} in {time}

  branch   main
  change   {what}
  tests    {tests}

https://ci.tidewater.example/petrel/{number}
"""
_BACKUP = """gannet: weekly backup

  started   02:00
  finished  02:{minute}
  size      {size:.1f} GB
  changed   {changed:.1f} GB
  errors    0
"""


def samples(now: datetime, chance: random.Random) -> Iterator[Sample]:
    """Eighteen builds of the last week and twelve backups of the last quarter."""
    for back, (what, good) in enumerate(_CHANGES):
        date = now - timedelta(hours=1 + 9 * back, minutes=chance.randrange(50))
        letter = build_letter(_NEWEST - back, what, date, chance, good=good)
        flags = () if back < 4 else ("\\Seen",)
        yield Sample("work", "Projects/Petrel/Builds", build(letter), flags, arrival(date))
    sender = PEOPLE["backup"]
    for week in range(12):
        text = _BACKUP.format(
            minute=chance.randrange(20, 58),
            size=412.0 - week * 3.1 + chance.random(),
            changed=chance.uniform(2, 9),
        )
        date = moment(f"{week * 7 + 2}d 03:00", now)
        subject = "gannet: backup finished without errors"
        letter = Letter(sender, [WORK], subject, date, f"<backup-{week}@{sender.domain}>", text)
        yield Sample("work", "Archive", build(letter), ("\\Seen",), arrival(date))


def build_letter(number: int, what: str, date: datetime, chance: random.Random, *, good: bool) -> Letter:
    """The news of one build."""
    sender = PEOPLE["builds"]
    seconds = chance.randrange(140, 320)
    values = {
        "number": number,
        "what": what,
        "verdict": "passed" if good else "FAILED",
        "colour": "#2e7d32" if good else "#c62828",
        "time": f"{seconds // 60} min {seconds % 60:02} s",
        "tests": f"{chance.randrange(812, 840)}, of which failed {0 if good else chance.randrange(1, 4)}",
    }
    return Letter(
        sender=sender,
        to=[WORK],
        subject=f"[build] petrel #{number} {values['verdict']}: {what}",
        date=date,
        message_id=f"<build-{number}@{sender.domain}>",
        text=_TEXT.format(**values),
        html=_HTML.format(**values),
        headers=(("Auto-Submitted", "auto-generated"),),
    )
