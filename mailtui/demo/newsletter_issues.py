"""Reads threads/newsletters.txt: what the newsletters say, issue by issue, oldest first.

=== loaf 143
subject: …          (and preheader, title, lead, perhaps button)
* headline | text
| cell | cell       (a table; its first row is the head)
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "threads" / "newsletters.txt"


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue: a lead, stories of (headline, text), perhaps a table with a head row."""

    key: str
    number: int
    subject: str
    preheader: str
    title: str
    lead: str
    button: str
    stories: tuple[tuple[str, str], ...]
    table: tuple[tuple[str, ...], ...]


@cache
def issues() -> tuple[Issue, ...]:
    """Every issue of every newsletter; `key` says of which."""
    chunks = re.split(r"^=== ", _FILE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return tuple(_issue(chunk.strip().split("\n")) for chunk in chunks)


def _issue(lines: list[str]) -> Issue:
    key, number = lines[0].split()
    fields = dict(line.split(": ", 1) for line in lines[1:] if line[0] not in "*|")
    stories = [_cells(line) for line in lines if line.startswith("* ")]
    return Issue(
        key=key,
        number=int(number),
        subject=fields["subject"],
        preheader=fields["preheader"],
        title=fields["title"],
        lead=fields["lead"],
        button=fields.get("button", "Read on"),
        stories=tuple((headline, text) for headline, text in stories),
        table=tuple(_cells(line) for line in lines if line.startswith("| ")),
    )


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line[2:].split(" | "))
