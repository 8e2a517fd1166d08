"""The full text index: which words a message goes under, put in and taken out the same way.

Scripts written without spaces (Chinese, Japanese, Thai, …) are indexed character by character, so
that any part of a sentence can be found; what a query means as a phrase is checked by `holds`.
"""

import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from mailtui.model.address import Address

BODY_LIMIT = 200_000  # characters of a body that are indexed

_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97f"
    "\uac00-\ud7ff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]"
)
_MARKS = re.compile("[\u0300-\u0331]")  # what the tokenizer's remove_diacritics drops
_WORD_CLASSES = ("L", "N")
_QUOTED_NAME = re.compile(rb'"(?:FILE)?NAME\*?" "((?:[^"\\]|\\.)*)"', re.IGNORECASE)


def spaced(text: str) -> str:
    """The text with a space round every character of a script that is written without them."""
    if text.isascii():
        return text
    return _UNSPACED.sub(r" \g<0> ", text)


def chunks(text: str) -> list[str]:
    """The words of a text as the index cuts them (not yet folded)."""
    cut = spaced(text)
    if cut.isascii():
        return _ascii_words(cut)
    return "".join(character if _in_word(character) else " " for character in cut).split()


def folded(text: str) -> str:
    """The words of a text in lower case without accents, a space before each: what `holds` compares."""
    plain = text
    if not text.isascii():
        plain = unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFD", text)))
    return "".join(f" {word}" for word in chunks(plain.lower()))


def holds(text: str, phrase: str) -> bool:
    """Whether a text has the words of `phrase` (as `folded` gives them) in a row, the last of them
    perhaps only begun."""
    return phrase in folded(text)


def of_people(people: Iterable[Address]) -> str:
    """Names and addresses as words."""
    return " ".join(f"{person.name} {person.address}" for person in people)


def file_names(structure: bytes) -> str:
    """The names of attachments in a BODYSTRUCTURE that nobody has parsed yet, as far as they are
    plain; the parsed tree brings the others."""
    names = {found.decode("utf-8", "replace") for found in _QUOTED_NAME.findall(structure)}
    return " ".join(sorted(names))


def row(texts: Sequence[str], ident: int) -> tuple[int | str, ...]:
    """The parameters of an insert: rowid, subject, sender, recipients, body, files."""
    return (ident, *(spaced(text) for text in texts))


INSERT = "INSERT INTO search (rowid, subject, sender, recipients, body, files) VALUES (?, ?, ?, ?, ?, ?)"
_DELETE = (
    "INSERT INTO search (search, rowid, subject, sender, recipients, body, files)"
    " VALUES ('delete', ?, ?, ?, ?, ?, ?)"
)
_TEXTS = f"""
    SELECT m.subject, m.sender_name || ' ' || m.sender_address || ' ' || d.coauthors, d.people,
           coalesce((SELECT substr(text, 1, {BODY_LIMIT}) FROM body WHERE message = m.id AND html = 0), ''),
           d.files
    FROM message m JOIN detail d ON d.message = m.id WHERE m.id = ?"""


def put(db: sqlite3.Connection, message: int) -> None:
    """Index a message by what the tables say now."""
    for texts in db.execute(_TEXTS, (message,)).fetchall():
        db.execute(INSERT, row(texts, message))


def take(db: sqlite3.Connection, message: int) -> None:
    """Take a message out. Call before the tables change: the same words must go as came."""
    for texts in db.execute(_TEXTS, (message,)).fetchall():
        db.execute(_DELETE, row(texts, message))


def rebuild(db: sqlite3.Connection) -> None:
    """Index everything anew."""
    db.execute("INSERT INTO search (search) VALUES ('delete-all')")
    for (message,) in db.execute("SELECT id FROM message ORDER BY id").fetchall():
        put(db, message)


@lru_cache(maxsize=4096)
def _in_word(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] in _WORD_CLASSES or category in ("Co", "Mn", "Mc")


_NOT_ASCII_WORD = re.compile("[^0-9A-Za-z]+")


def _ascii_words(text: str) -> list[str]:
    return _NOT_ASCII_WORD.sub(" ", text).split()
