"""One row of a list to choose from, and how typed letters find it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import prod
from unicodedata import normalize

from textual.fuzzy import FuzzySearch

_LONGEST = 80  # characters of a row that are searched
_WORK = 20_000  # ways to place the letters above which only whole words count


@dataclass(frozen=True, slots=True)
class Choice:
    """`text` is searched and shown; `detail` stands dim at the right, `mark` before it. `reason` says
    why it can't be chosen now. `also` are other words that find it. `value` is for whoever asked."""

    text: str
    value: object = None
    detail: str = ""
    mark: str = ""
    reason: str = ""
    group: str = ""
    also: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A choice and the positions of the letters that found it."""

    choice: Choice
    letters: tuple[int, ...] = ()


_search = lru_cache(1)(FuzzySearch)


def found(text: str, choices: Sequence[Choice]) -> list[Match]:
    """The choices that have the typed letters in order, best first; all of them, as they come, when
    nothing is typed. What has the typed words themselves comes before what only has the letters; among
    equals what can't be chosen comes last."""
    typed = text.strip()
    if not typed:
        return [Match(choice) for choice in choices]
    scored: list[tuple[bool, bool, float, int, Match]] = []
    for index, choice in enumerate(choices):
        score, letters = _score(typed, choice.text[:_LONGEST])
        named = _begins_word(typed, choice.text) or _begins_word(typed, choice.also)
        if score > 0 or named:
            scored.append((not named, bool(choice.reason), -score, index, Match(choice, letters)))
    scored.sort(key=lambda row: row[:4])
    return [row[4] for row in scored]


def _begins_word(typed: str, text: str) -> bool:
    """Whether the text has what was typed, from the beginning of one of its words."""
    low, wanted = _bare(text[:_LONGEST]), _bare(typed)
    at = low.find(wanted)
    while at > 0 and low[at - 1].isalnum():
        at = low.find(wanted, at + 1)
    return at >= 0


def _score(typed: str, text: str) -> tuple[float, tuple[int, ...]]:
    low, wanted = _bare(text), _bare(typed)
    # Textual's search tries every way to place the letters: name a folder cleverly and it never ends.
    ways = prod(low.count(letter) for letter in wanted)
    if ways > _WORK and wanted not in low:
        return 0.0, ()
    score, letters = _search().match(wanted, low)
    return score, tuple(letters)


def _bare(text: str) -> str:
    """In lower case and without accents, each character still in its place."""
    if text.isascii():
        return text.lower()
    return "".join(lower if len(lower := normalize("NFD", sign)[0].lower()) == 1 else sign for sign in text)
