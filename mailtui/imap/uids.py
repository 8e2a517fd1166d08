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
    yield from spans(sorted(set(uids)))


def spans(ascending: Iterable[int]) -> Iterator[tuple[int, int]]:
    """The same of UIDs that are ascending and different already."""
    first = last = 0
    for uid in ascending:
        if last and uid != last + 1:
            yield first, last
        if uid != last + 1 or not last:
            first = uid
        last = uid
    if last:
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


def parse_whole_set(text: bytes) -> Ranges | None:
    """The same, but None when any of it can't be read, or there is nothing: for sets whose gaps would be
    taken for something else."""
    found = parse_set(text)
    return found if found and len(found) == text.count(b",") + 1 else None


def joined(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """Ascending, each UID once, as few ranges as can be."""
    found: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1] + 1:
            found[-1] = found[-1][0], max(last, found[-1][1])
        else:
            found.append((first, last))
    return tuple(found)


def without(ranges: Ranges, others: Ranges) -> Ranges:
    """What of `ranges` is in none of `others`; both as `joined` gives them."""
    found: list[tuple[int, int]] = []
    taken = iter(others)
    other = next(taken, None)
    for first, last in ranges:
        begin = first
        while other is not None and other[1] < begin:
            other = next(taken, None)
        while other is not None and other[0] <= last:
            if other[0] > begin:
                found.append((begin, other[0] - 1))
            begin = other[1] + 1
            if begin > last:
                break
            other = next(taken, None)
        if begin <= last:
            found.append((begin, last))
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
