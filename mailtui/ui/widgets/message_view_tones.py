"""What the pieces of an open message are; the painter decides how that looks."""

from enum import StrEnum
from typing import NamedTuple


class Tone(StrEnum):
    """What a row of the text is; the widget decides how that looks."""

    TEXT = "text"
    HEADING = "heading"
    ATTRIBUTION = "attribution"
    QUOTE_1 = "quote-1"
    QUOTE_2 = "quote-2"
    QUOTE_3 = "quote-3"
    SIGNATURE = "signature"
    FOLD = "fold"


class Trim(StrEnum):
    """What a piece of the card is."""

    SUBJECT = "subject"
    NAME = "name"
    ADDRESS = "address"
    PEOPLE = "people"
    LABEL = "label"
    DATE = "date"
    FILE = "file"
    DETAIL = "detail"
    NOTICE = "notice"
    WARNING = "warning"
    RULE = "rule"


class Trimming(NamedTuple):
    text: str
    trim: Trim


CardRow = list[Trimming]
