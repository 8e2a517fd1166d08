"""A message as one row of a list: pieces of text, each told what it is, exactly as many cells as the
row is wide whatever strangers wrote."""

import re
from dataclasses import dataclass
from datetime import tzinfo
from enum import StrEnum
from typing import NamedTuple

from mailtui.model.message import FORWARDED, Flag, Summary
from mailtui.ui import glyphs
from mailtui.ui.cells import cell, width
from mailtui.ui.wording import when

ROOMY = 100  # cells from which on a row has room for everything
NARROW = 70  # cells below which columns shrink and signs share a place
TINY = 40  # cells below which only sender, subject and date are left

_SENDER = {"roomy": 24, "medium": 18, "narrow": 12}
_PLACE = {"roomy": 18, "medium": 14}
_DATE, _SHORT_DATE = 8, 7

# A joined emoji is as wide as each terminal thinks; its first member is two cells everywhere.
_JOINED = re.compile("(?<=[\u2190-\u2bff\ufe0f\U0001f000-\U0001faff])(?:\u200d[^\u200d\\s]\ufe0f?)+")
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
# Terminals that reorder right-to-left text would carry it across the columns. A blank of the Braille
# block looks like a space but counts as a left-to-right letter, so each column stays where it is.
_FENCE = "\u2800"


class Ink(StrEnum):
    """What a piece of a row is; the widget decides how that looks."""

    PLAIN = "plain"
    CURSOR = "cursor"
    SELECTED = "selected"
    UNREAD = "unread"
    STATE = "state"
    SENDER = "sender"
    SUBJECT = "subject"
    MISSING = "missing"  # words of ours where there is nothing to show
    PLACE = "place"
    FLAGGED = "flagged"
    ATTACHED = "attached"
    DATE = "date"
    PENDING = "pending"
    RULE = "rule"


class Piece(NamedTuple):
    text: str
    ink: Ink


@dataclass(frozen=True, slots=True)
class Columns:
    """The cells each column takes, its gap included; together `width`."""

    width: int
    lead: int
    sender: int
    subject: int
    place: int
    signs: int
    date: int
    trail: int


@dataclass(frozen=True, slots=True)
class Now:
    """When the row is looked at: seconds since the epoch and the zone dates are shown in (None: the
    machine's)."""

    seconds: float
    zone: tzinfo | None = None


@dataclass(frozen=True, slots=True)
class Marks:
    """What the list says of the row, the message does not."""

    cursor: bool = False
    selected: bool = False
    recipients: bool = False  # show whom it is to: Sent, Drafts
    place: str = ""  # the folder's name, where rows come from many


def base(text: str) -> str:
    """Every joined emoji replaced by its first member."""
    return text if text.isascii() else _JOINED.sub("", text)


def columns(cells: int, *, places: bool = False) -> Columns:
    """How a row of `cells` cells is divided; `places` asks for a column with the folder's name."""
    if cells >= NARROW:
        layout = "roomy" if cells >= ROOMY else "medium"
        sender = _SENDER[layout] + (max(0, cells - 120) // 8)
        place = _PLACE[layout] if places else 0
        return _divided(cells, lead=4, sender=sender + 2, place=place, signs=4, date=_DATE, trail=2)
    if cells >= TINY:
        roomier = cells >= 50
        sender, lead = _SENDER["narrow"] - 2 + 2 * roomier, 2 + roomier
        signs = 2 + roomier
        return _divided(cells, lead=lead, sender=sender + 1, place=0, signs=signs, date=_SHORT_DATE, trail=1)
    date = _SHORT_DATE if cells >= 28 else 0
    return _divided(cells, lead=2, sender=cells // 3, place=0, signs=min(date, 1), date=date, trail=0)


def _divided(cells: int, *, lead: int, sender: int, place: int, signs: int, date: int, trail: int) -> Columns:
    subject = cells - (lead + sender + place + signs + date + trail)
    if subject < 0:
        lead = min(lead, max(cells, 0))
        return Columns(max(cells, 0), lead, 0, max(cells, 0) - lead, 0, 0, 0, 0)
    return Columns(cells, lead, sender, subject, place, signs, date, trail)


def row(summary: Summary, layout: Columns, now: Now, marks: Marks) -> list[Piece]:
    """The pieces of one message's row, in order; their cells add up to `layout.width`."""
    people, people_ink = _people(summary, marks.recipients)
    subject = base(summary.subject).strip()
    fence = _FENCE if _RIGHT_TO_LEFT.search(people + subject + marks.place) else " "
    pieces = _lead(summary, layout.lead, marks, fence)
    if layout.sender:
        gap = 2 if layout.lead == 4 else 1
        pieces.append(Piece(_column(people, layout.sender, gap, fence), people_ink))
    if subject:
        pieces.append(Piece(cell(subject, layout.subject), Ink.SUBJECT))
    else:
        pieces.append(Piece(cell("(no subject)", layout.subject), Ink.MISSING))
    if layout.place:
        pieces.append(Piece(fence + _column(base(marks.place), layout.place - 1, 0, fence), Ink.PLACE))
    pieces += _signs(summary, layout, fence)
    if layout.date:
        pieces.append(Piece(_date(summary.received, now, layout.date), Ink.DATE))
    if layout.trail:
        sign = glyphs.PENDING if summary.pending else " "
        pieces.append(Piece(sign + " " * (layout.trail - 1), Ink.PENDING))
    return [piece for piece in pieces if piece.text]


def rule(text: str, cells: int) -> list[Piece]:
    """A line that divides a list, with a few words in it."""
    words = cell(f" {text} ", min(width(f" {text} "), max(0, cells - 4)))
    lead = min(2, max(cells, 0))
    rest = max(0, cells - lead - width(words))
    return [Piece(glyphs.RULE * lead + words + glyphs.RULE * rest, Ink.RULE)]


def waiting(layout: Columns) -> list[Piece]:
    """A row whose message is still being looked up."""
    return [Piece(" " * layout.lead + cell(glyphs.MORE, layout.width - layout.lead), Ink.MISSING)]


def _people(summary: Summary, recipients: bool) -> tuple[str, Ink]:
    if recipients:
        to = base(summary.recipients).strip()
        return (f"To: {to}", Ink.SENDER) if to else ("(no recipients)", Ink.MISSING)
    sender = base(summary.sender.short).strip()
    return (sender, Ink.SENDER) if sender else ("(no sender)", Ink.MISSING)


def _lead(summary: Summary, cells: int, marks: Marks, fence: str) -> list[Piece]:
    state, ink = _state(summary)
    cursor = Piece(glyphs.CURSOR if marks.cursor else fence, Ink.CURSOR)
    chosen = Piece(glyphs.SELECTED, Ink.SELECTED)
    if cells < 4:
        return [cursor, chosen if marks.selected else Piece(state, ink), Piece(" ", Ink.PLAIN)][:cells]
    return [
        cursor,
        chosen if marks.selected else Piece(" ", Ink.PLAIN),
        Piece(state, ink),
        Piece(" ", Ink.PLAIN),
    ]


def _state(summary: Summary) -> tuple[str, Ink]:
    if summary.unread:
        return glyphs.UNREAD, Ink.UNREAD
    if summary.flags & Flag.ANSWERED:
        return glyphs.ANSWERED, Ink.STATE
    if FORWARDED in summary.keywords:
        return glyphs.FORWARDED, Ink.STATE
    return " ", Ink.PLAIN


def _signs(summary: Summary, layout: Columns, fence: str) -> list[Piece]:
    flagged = bool(summary.flags & Flag.FLAGGED)
    if layout.signs >= 3:
        star = Piece(fence + (glyphs.FLAGGED if flagged else " "), Ink.FLAGGED)
        gap = " " * (layout.signs - 3)
        return [star, Piece((glyphs.ATTACHED if summary.attachments else " ") + gap, Ink.ATTACHED)]
    if layout.signs == 2:
        if flagged:
            return [Piece(fence + glyphs.FLAGGED, Ink.FLAGGED)]
        return [Piece(fence + (glyphs.ATTACHED if summary.attachments else " "), Ink.ATTACHED)]
    return [Piece(fence * layout.signs, Ink.PLAIN)]


def _date(received: int, now: Now, cells: int) -> str:
    text = when(received, now.seconds, now.zone)
    if width(text) > cells:
        text = text[-4:]  # of a month in an earlier year only the year
    return cell(text, cells, "right")


def _column(text: str, cells: int, gap: int, fence: str) -> str:
    gap = min(gap, cells)
    return cell(text, cells - gap) + fence * gap
