"""Sets of UIDs as the protocol writes them (sequence-set of RFC 9051), compressed and kept short."""

import re
from array import array
from collections.abc import Iterable, Iterator
from typing import Final

from mailtui.imap.types import UID_LIMIT

Ranges = tuple[tuple[int, int], ...]
_RANGE: Final = re.compile(rb"(\d{1,10})(?::(\d{1,10}))?")


def uid_set(uids: Iterable[int]) -> str:
    """`1:3,7`: ascending (hMail misreads descending sets), without repetition."""
    return ",".join(_text(first, last) for first, last in runs(uids))


def runs(uids: Iterable[int]) -> Iterator[tuple[int, int]]:
    """The maximal ranges of consecutive UIDs, ascending."""
    ordered = sorted(set(uids))
    if not ordered:
        return
    first = last = ordered[0]
    for uid in ordered[1:]:
        if uid != last + 1:
            yield first, last
            first = uid
        last = uid
    yield first, last


def chunks(uids: Iterable[int], characters: int) -> Iterator[list[int]]:
    """The UIDs, ascending, in pieces whose uid_set has at most `characters` characters."""
    chunk: list[int] = []
    used = 0
    for first, last in runs(uids):
        size = len(_text(first, last)) + 1
        if chunk and used + size > characters:
            yield chunk
            chunk, used = [], 0
        chunk.extend(range(first, last + 1))
        used += size
    if chunk:
        yield chunk


def parse_set(text: bytes) -> Ranges:
    """`9:7,12` → ((7, 9), (12, 12)). What is no UID is left out; ranges may be huge, so they are not
    spelled out."""
    found: list[tuple[int, int]] = []
    for piece in text.split(b","):
        match = _RANGE.fullmatch(piece.strip())
        if match is None:
            continue
        one, other = int(match[1]), int(match[2] or match[1])
        first, last = min(one, other), max(one, other)
        if first > 0 and last <= UID_LIMIT:
            found.append((first, last))
    return tuple(found)


def count(ranges: Ranges) -> int:
    return sum(last - first + 1 for first, last in ranges)


def spelled_out(ranges: Ranges) -> "array[int]":
    """Every UID of the ranges, ascending and once, as unsigned 32-bit numbers."""
    found = array("I")
    for first, last in sorted(ranges):
        begin = max(first, found[-1] + 1) if found else first
        found.extend(range(begin, last + 1))
    return found


def _text(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}:{last}"
