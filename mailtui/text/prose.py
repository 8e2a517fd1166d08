"""Prose that was broken by hand at some 70 columns, told from lists, tables, verses and code: where there is
less room its lines may be joined and broken anew. Cautious: what is not surely prose stays as it is."""

import re
from collections.abc import Iterator, Sequence

from mailtui.text.quote import split

_NARROWEST, _WIDEST = 45, 80  # characters that the longest line of a paragraph has
_EVEN = 0.85  # of the longest line: about as long
_SURE = 3  # lines about as long after which nobody doubts
_LONGEST = 8000  # characters of a joined paragraph

_BEGINS = re.compile(r"[\w“”„\"'‘’«(\[]")
_ITEM = re.compile(r"(?:[-*•–+o] |\(?(?:\d{1,3}|[A-Za-z])[.)] |\[\d+\])")
_LAID_OUT = re.compile(r"(?<![.!?:])  |\t|\||[{};\\]$|(?:[-=_*#~]){3,}")
_HEADER = re.compile(r"[A-Za-z-]{1,20}: ")
_ENDS = re.compile(r"[.!?:][\"'”’»)\]]*$")


def paragraphs(lines: Sequence[str]) -> list[tuple[int, int]]:
    """Runs [start, end) of at least two lines that are one paragraph, in order, quoted ones among them."""
    return [group for start, end in _runs(lines) for group in _groups(lines, start, end)]


def joined(lines: Sequence[str]) -> tuple[str, tuple[int, ...]]:
    """One line made of a paragraph's, with the marks of the first, and where each of the others begins."""
    text, begins = lines[0], list[int]()
    for line in lines[1:]:
        begins.append(len(text) + 1)
        text += " " + split(line)[1]
    return text, tuple(begins)


def _runs(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Neighbours that have the same quote marks and look like prose, each by itself."""
    start = 0
    for at in range(1, len(lines) + 1):
        goes_on = at < len(lines) and _prose(lines[at]) and split(lines[at])[0] == split(lines[at - 1])[0]
        if goes_on and _prose(lines[at - 1]):
            continue
        if at - start > 1:
            yield start, at
        start = at


def _prose(line: str) -> bool:
    said = split(line)[1]
    if not said or len(said) > _WIDEST or not _BEGINS.match(said):
        return False
    if said[0] > "\u2e7f" or said[-1] > "\u2e7f":  # scripts without blanks between words
        return False
    return not (_ITEM.match(said) or _LAID_OUT.search(said) or _HEADER.match(said))


def _groups(lines: Sequence[str], start: int, end: int) -> Iterator[tuple[int, int]]:
    said = [split(line)[1].rstrip() for line in lines[start:end]]
    longest = max(map(len, said))
    if longest < _NARROWEST:
        return
    sure = sum(len(one) >= _EVEN * longest for one in said) >= _SURE
    first = size = 0
    for at in range(len(said)):
        size += len(said[at]) + 1
        follows = (
            at + 1 < len(said) and size < _LONGEST and _goes_on(said[at], said[at + 1], longest, sure=sure)
        )
        if follows:
            continue
        if at > first:
            yield start + first, start + at + 1
        first, size = at + 1, 0


def _goes_on(line: str, following: str, longest: int, *, sure: bool) -> bool:
    """Whether the line ended because the next word had no room, not because its writer wanted that."""
    word = following.split(maxsplit=1)[0]
    if len(line) + 1 + len(word) <= longest or len(line) < longest // 2:
        return False
    return sure or word[0].islower() or not _ENDS.search(line)
