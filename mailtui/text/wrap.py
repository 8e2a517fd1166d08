"""Long lines broken to a width in terminal cells, quote marks repeated, links whole where possible."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from mailtui.text.quote import split

_WORD = re.compile(r"\s*+\S++|\s++$")
_LEAST = 10  # cells left for words behind quote marks, else the marks are given up
# Between these a line may break although there is no space; but not before closing punctuation.
_WIDE = "\u2e80-\u303f\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uff60\U00020000-\U0003fffd"
_CLOSING = "\u3001\u3002\u3009\u300b\u300d\u300f\u3011\u3015\uff01\uff09\uff0c\uff0e\uff1a\uff1b\uff1f\u30fc"
_BREAKABLE = re.compile(f"(?<=[{_WIDE}])(?![{_CLOSING}])|(?<=\\S)(?=[{_WIDE}])(?![{_CLOSING}])")
_CLUSTER = re.compile(
    "\\s|[^\\s](?:[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0900-\u0903\u093a-\u094f\u0e31"
    "\u0e34-\u0e3a\u0e47-\u0e4e\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f\U0001f3fb-\U0001f3ff]"
    "|\u200d[^\\s]|\u200c)*"
)

Cells = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Row:
    """One row on the screen: `marks` (repeated quote marks or indent) and `line[start:end]`."""

    marks: str
    start: int
    end: int


def rows(line: str, width: int, cells: Cells) -> list[Row]:
    """Break one line so that no row is wider than `width` cells (a single cluster may be). The first
    row starts at 0 with its own marks in the text; later ones carry them in `marks`."""
    if len(line) <= width and (line.isascii() or cells(line) <= width):
        return [Row("", 0, len(line))]
    marks = split(line)[0] or _indent(line)
    if width - len(marks) < min(_LEAST, width):
        marks = ""
    return list(_rows(line, len(marks), marks, max(width - len(marks), 1), cells))


def wrap(text: str, width: int, cells: Cells = len) -> list[str]:
    """A whole text as rows of text."""
    return [
        row.marks + line[row.start : row.end] for line in text.split("\n") for row in rows(line, width, cells)
    ]


def _rows(line: str, offset: int, marks: str, room: int, cells: Cells) -> Iterator[Row]:
    """Rows of `line`, whose own marks end at `offset`: greedy, each piece measured once or twice."""
    shown, start, end, used = "", 0, offset, 0  # the row so far is line[start:end], its words `used` wide
    for first, last in _pieces(line, offset):
        wide = _measure(line[first:last], cells)
        if used and used + wide > room:
            yield Row(shown, start, end)
            word = last - len(line[first:last].lstrip())  # the blanks are where the line breaks
            shown, start, end, used = marks, word, word, 0
            wide = _measure(line[word:last], cells)
        if used + wide <= room:
            end, used = last, used + wide
            continue
        for cut, rest in _cuts(line, end, last, room, cells):
            if rest is None:
                yield Row(shown, start, cut)
                shown, start = marks, cut
            else:
                end, used = cut, rest
    if end > start:
        yield Row(shown, start, end)


def _pieces(line: str, offset: int) -> Iterator[tuple[int, int]]:
    for match in _WORD.finditer(line, offset):
        first = match.start()
        if not line[first : match.end()].isascii():
            for place in _BREAKABLE.finditer(line, first, match.end()):
                if first < place.start() < match.end():
                    yield first, place.start()
                    first = place.start()
        yield first, match.end()


def _cuts(line: str, first: int, last: int, room: int, cells: Cells) -> Iterator[tuple[int, int | None]]:
    """Break a piece that is wider than a row: (cut, None) ends a row there, (end, cells) is the rest."""
    used = 0
    for match in _CLUSTER.finditer(line, first, last):
        wide = _measure(match[0], cells)
        if used and used + wide > room:
            yield match.start(), None
            used = 0
        used += wide
    yield last, used


def _measure(text: str, cells: Cells) -> int:
    return len(text) if text.isascii() else cells(text)


def _indent(line: str) -> str:
    """The blank beginning of a list item or an indented line, to hang the next rows from."""
    match = re.match(r" {0,12}(?:[-*•–] {1,3}|\d{1,3}[.)] {1,2})?", line)
    return " " * len(match[0]) if match else ""
