"""Helps to type a search: the fields there are, and what may stand behind each. Pure."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from mailtui.model.address import Address

FIELDS = {
    "from:": "",
    "to:": "",
    "subject:": "",
    "body:": "",
    "file:": "",
    "before:": "2026-01-31",
    "after:": "2026-01-31",
    "larger:": "2M",
    "smaller:": "2M",
    "is:": "",
    "has:": "",
    "in:": "",
    "keyword:": "",
    "id:": "",
}
_VALUES: dict[str, tuple[str, ...]] = {
    "is": ("unread", "read", "flagged", "answered", "forwarded"),
    "has": ("attachment",),
    "before": ("today", "yesterday", "1w", "1m", "1y"),
    "after": ("today", "yesterday", "1w", "1m", "1y"),
    "larger": ("500k", "2M", "10M"),
    "smaller": ("500k", "2M", "10M"),
}
PEOPLE = ("from", "to", "cc")
_WORD = re.compile(r'[-(]*(?:(?P<field>[A-Za-z]+):)?(?P<value>"[^"]*|[^\s"]*)$')


@dataclass(frozen=True, slots=True)
class Typed:
    """The word before the cursor: `-from:an` is field "from", value "an", which begins at `start`."""

    field: str
    value: str
    start: int


def typed(text: str, cursor: int) -> Typed:
    """What is being typed at the cursor."""
    match = _WORD.search(text[:cursor])
    if match is None:
        return Typed("", "", cursor)
    value = match["value"]
    return Typed((match["field"] or "").lower(), value.lstrip('"'), match.start("value"))


def candidates(word: Typed, folders: Sequence[str], people: Iterable[Address]) -> list[str]:
    """What Tab may put in the place of the value, best first."""
    begun = word.value.lower()
    if not word.field:
        return [name for name in FIELDS if begun and name.startswith(begun)]
    if word.field in PEOPLE:
        return list(dict.fromkeys(address.address for address in people))
    if word.field == "in":
        named = [name for name in ("all", *folders) if begun in name.lower()]
        return sorted(dict.fromkeys(named), key=lambda name: not name.lower().startswith(begun))
    return [value for value in _VALUES.get(word.field, ()) if value.startswith(begun) and value != begun]


def completed(text: str, cursor: int, word: Typed, choice: str) -> tuple[str, int]:
    """The text with the choice taken, and where the cursor goes."""
    ended = bool(word.field)
    shown = f'"{choice}"' if " " in choice else choice
    rest = text[cursor:]
    shown += " " if ended and not rest.startswith(" ") else ""
    return text[: word.start] + shown + rest, word.start + len(shown)


def hints(fits: Callable[[str], bool]) -> str:
    """The names of as many fields as there is room for."""
    shown = ""
    for name in FIELDS:
        more = f"{shown}  {name}" if shown else name
        if not fits(more):
            break
        shown = more
    return shown
