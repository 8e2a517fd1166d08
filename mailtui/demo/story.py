"""Reads threads/*.mail: the sample mail as plain text that is pleasant to write and to review.

=== Subject
account: work            folder: Projects/Petrel      (each on a line of its own)
list: sensors-dev        (optional: the thread lives on a mailing list)
with: priya, tom         (optional: others who get copies)
id: petrel               (optional: a name for it, so that later mail can continue it)

--- ines, 6d 09:12, unread, attach pdf Plan.pdf
The text, a paragraph to a line. Long lines are wrapped, but quotes and indented lines are kept.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_PLACE = Path(__file__).parent / "threads"
_KEPT = re.compile(r"[ >|+@]|-- ")
_WIDTH = 72


@dataclass(frozen=True, slots=True)
class Post:
    """One message: the key of who wrote it, when, and words that say more (flags, files, ...)."""

    by: str
    when: str
    marks: tuple[str, ...]
    text: str

    def argument(self, mark: str) -> str:
        """What follows `mark` in one of the words, for instance "in INBOX" → "INBOX"."""
        return next((each[len(mark) + 1 :] for each in self.marks if each.startswith(mark + " ")), "")

    def arguments(self, mark: str) -> list[str]:
        return [each[len(mark) + 1 :] for each in self.marks if each.startswith(mark + " ")]


@dataclass(frozen=True, slots=True)
class Thread:
    """A subject and what was written about it, oldest first. `id` is unique."""

    id: str
    subject: str
    account: str
    folder: str
    posts: tuple[Post, ...]
    list: str = ""
    others: tuple[str, ...] = ()
    continues: str = ""  # the id of a thread that this goes on with


@cache
def read(name: str) -> tuple[Thread, ...]:
    """The threads of threads/<name>.mail."""
    source = (_PLACE / f"{name}.mail").read_text(encoding="utf-8")
    return tuple(_threads(name, source))


def _threads(name: str, source: str) -> Iterator[Thread]:
    for number, chunk in enumerate(re.split(r"^=== ", source, flags=re.MULTILINE)[1:]):
        head, *posts = re.split(r"^--- ", chunk, flags=re.MULTILINE)
        subject, *lines = head.strip().split("\n")
        fields = dict(line.split(": ", 1) for line in lines if ": " in line)
        others = tuple(key.strip() for key in fields.get("with", "").split(",") if key.strip())
        yield Thread(
            id=fields.get("id", f"{name}-{number}"),
            subject=subject.strip(),
            account=fields["account"],
            folder=fields.get("folder", "INBOX"),
            posts=tuple(_post(post) for post in posts),
            list=fields.get("list", ""),
            others=others,
            continues=fields.get("continues", ""),
        )


def _post(chunk: str) -> Post:
    head, _, text = chunk.partition("\n")
    by, when, *marks = (word.strip() for word in head.split(","))
    return Post(by, when, tuple(marks), wrapped(text.strip("\n")))


def wrapped(text: str, width: int = _WIDTH) -> str:
    """Each long line filled to `width`; lines that look laid out by hand stay as they are."""
    lines: list[str] = []
    for line in text.split("\n"):
        lines += [line] if len(line) <= width or _KEPT.match(line) else _filled(line.split(), width)
    return "\n".join(lines)


def _filled(words: list[str], width: int) -> list[str]:
    lines: list[str] = []
    line = ""
    for word in words:
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return [*lines, line]
