"""The search language: what the user types, as a value.

budget from:ana -subject:"re: old" (is:unread OR is:flagged) after:2026-01-01 larger:2M has:attachment in:all
"""

from dataclasses import dataclass
from enum import StrEnum


class Field(StrEnum):
    """What a term looks at. TEXT is a bare word: subject, from, to or body."""

    TEXT = "text"
    FROM = "from"
    TO = "to"  # To, Cc
    SUBJECT = "subject"
    BODY = "body"
    FILE = "file"
    ID = "id"  # Message-ID
    KEYWORD = "keyword"
    BEFORE = "before"
    AFTER = "after"
    LARGER = "larger"
    SMALLER = "smaller"
    IS = "is"  # unread read flagged answered forwarded
    HAS = "has"  # attachment
    IN = "in"  # a folder's name or role, or "all"


@dataclass(frozen=True, slots=True)
class Term:
    """One condition. BEFORE/AFTER carry `number` = seconds since the epoch (UTC midnight),
    LARGER/SMALLER `number` = octets; the others only `value`, lower case kept as typed."""

    field: Field
    value: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class Not:
    part: "Node"


@dataclass(frozen=True, slots=True)
class Any:
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class All:
    """Every part must hold; no parts: everything matches."""

    parts: tuple["Node", ...]


Node = Term | Not | Any | All


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query. `places` are the values of in: terms, which choose folders and are not
    part of `root`; `troubles` are sentences about what was not understood: a person who
    sees them may get what the rest finds, a program may not."""

    root: Node
    places: tuple[str, ...] = ()
    troubles: tuple[str, ...] = ()
