"""The body of a message as rows of a width: quotes, headings and signature told apart, long quotes
folded, a piece at a time so that length costs nothing before it is scrolled to. Pure."""

import re
from array import array
from dataclasses import dataclass

from rich.cells import cell_len

from mailtui.model.part import Body
from mailtui.text import prose, quote, wrap
from mailtui.text.sanitize import block
from mailtui.ui.widgets.message_view_tones import Tone

PORTION = 32_768  # characters taken apart at once
LONGEST = 8192  # characters of a line that are wrapped as one
FOLDED = 6  # quoted lines from which on a quote is folded
KEPT = 2  # lines of a folded quote that stay

_HEADING = re.compile(r"((?:> ?)*)#{1,6} (?=\S)")


_TONES = tuple(Tone)
_QUOTES = (Tone.QUOTE_1, Tone.QUOTE_2, Tone.QUOTE_3)
_KINDS = {quote.Kind.ATTRIBUTION: Tone.ATTRIBUTION, quote.Kind.SIGNATURE: Tone.SIGNATURE}


@dataclass(frozen=True, slots=True)
class BodyRow:
    """One row: `text` begins with `marks` characters that only repeat the quote marks or indent of
    `line[start:end]`. For a fold `fold` is its number and `text` empty."""

    text: str
    tone: Tone
    marks: int = 0
    line: int = -1
    start: int = 0
    end: int = 0
    fold: int = -1


@dataclass(frozen=True, slots=True)
class Fold:
    """The lines [start, end) that are not shown while the fold is closed; `count` as they were written."""

    start: int
    end: int
    count: int


class Document:
    """Rows of a body. Only the first portion is taken apart at once: `more` goes on with it."""

    def __init__(self, body: Body, width: int) -> None:
        self._text = body.text
        self._html = body.from_html
        self._position = 0
        self._lines: list[str] = []
        self._tones = bytearray()  # places in _TONES, one a line
        self._breaks: dict[int, tuple[int, ...]] = {}  # of a line that was several: where the others begin
        self.folds: list[Fold] = []
        self._open: set[int] = set()
        self._begins: dict[int, int] = {}  # first line of a fold → its number
        self.width = width
        self._rewrap(width)

    # size

    @property
    def height(self) -> int:
        """Rows known so far."""
        return len(self._row_line)

    def __len__(self) -> int:
        """Characters of the text."""
        return len(self._text)

    @property
    def complete(self) -> bool:
        return self._position >= len(self._text) and self._next >= len(self._lines)

    @property
    def likely_height(self) -> int:
        """How many rows there will be: exact once `complete`."""
        if self.complete:
            return self.height
        taken = self._position * self._next / max(len(self._lines), 1)
        return max(self.height, round(self.height * len(self._text) / max(taken, 1)))

    def more(self, characters: int = PORTION) -> None:
        """Wrap some more lines, taking the text apart as far as that needs."""
        while characters > 0 and not self.complete:
            if self._next >= len(self._lines):
                self._parse()
            characters -= self._wrap_next()

    def resize(self, width: int) -> None:
        """Wrap to another width, as far as the first portion; `more` goes on."""
        if width != self.width:
            self._rewrap(width)

    # rows

    def reach(self, index: int) -> bool:
        """Wrap on until the row is known; whether there is one."""
        while index >= self.height and not self.complete:
            self.more()
        return index < self.height

    def row(self, index: int) -> BodyRow:
        """A known row."""
        line = self._row_line[index]
        if line < 0:
            return BodyRow("", Tone.FOLD, fold=-1 - line)
        start, end = self._row_start[index], self._row_end[index]
        marks = self._marks.get(index, "")
        text = self._lines[line]
        return BodyRow(marks + text[start:end], _TONES[self._tones[line]], len(marks), line, start, end)

    def line(self, number: int) -> str:
        return self._lines[number]

    def row_of(self, line: int) -> int:
        """The first row of a line (or of the fold it is in), wrapping on as far as it takes."""
        while self._next <= line and not self.complete:
            self.more()
        low, high = 0, self.height
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if self._line_at(middle) < line else (low, middle)
        if low and (low == self.height or self._line_at(low) > line):
            low -= 1
        return low

    def _line_at(self, index: int) -> int:
        line = self._row_line[index]
        return line if line >= 0 else self.folds[-1 - line].start

    def line_of(self, index: int) -> int:
        """The line that a row is of, of a fold its first; 0 beyond the text."""
        return self._line_at(index) if 0 <= index < self.height else 0

    # folds

    def unfold(self, fold: int) -> None:
        """Show the lines of one fold."""
        self._open.add(fold)
        self._rewrap(self.width)

    def toggle_folds(self) -> bool:
        """Unfold everything, or fold it again. Whether quotes are shown in full now."""
        self._open = set() if self.unfolded else set(range(len(self.folds)))
        self._rewrap(self.width)
        return self.unfolded

    @property
    def unfolded(self) -> bool:
        return len(self._open) == len(self.folds)

    # copying

    def extract(self, first: tuple[int, int], last: tuple[int, int]) -> str:
        """The text from (row, character) to (row, character); wrapped lines come out whole again."""
        found: list[str] = []
        for index in range(max(first[0], 0), min(last[0] + 1, self.height)):
            row = self.row(index)
            low = first[1] if index == first[0] else 0
            high = last[1] if index == last[0] else len(row.text)
            low = max(low, row.marks) if row.start and not self._begins_line(row) else low
            found.append(row.text[low:high])
            if index < last[0]:
                found.append(self._between(row, index + 1))
        return "".join(found)

    def _between(self, row: BodyRow, following: int) -> str:
        """What stands between a row and the next one."""
        after = self.row(following) if following < self.height else None
        if after is None or row.line < 0 or row.line != after.line or self._begins_line(after):
            return "\n"
        return self._lines[row.line][row.end : after.start]

    def _begins_line(self, row: BodyRow) -> bool:
        """Whether a row begins a line as it was written, in a paragraph that is shown so."""
        return row.start in self._breaks.get(row.line, ()) and self._has_room(row.line)

    # taking apart

    def _parse(self) -> None:
        """Take the next portion of the text, up to the end of a line."""
        end = self._text.find("\n", self._position + PORTION)
        end = len(self._text) if end < 0 else end
        portion = block(self._text[self._position : end]).split("\n")
        self._position = end + 1
        lines = [part for line in portion for part in _parts(line)]
        blocks = quote.blocks(lines)
        whole = any(block.kind is quote.Kind.TEXT and _words(lines, block) for block in blocks)
        for one in blocks:
            if not (whole and quote.foldable(one, FOLDED)):
                self._take(lines[one.start : one.end], one)
                continue
            self._take(lines[one.start : one.start + KEPT], one)
            begin = len(self._lines)
            self._take(lines[one.start + KEPT : one.end], one)
            self._begins[begin] = len(self.folds)
            self.folds.append(Fold(begin, len(self._lines), one.lines - KEPT))

    def _take(self, lines: list[str], one: quote.Block) -> None:
        """Lines of a block; a paragraph of prose becomes one line that knows where it was broken."""
        prosaic = not self._html and one.kind in (quote.Kind.TEXT, quote.Kind.QUOTE)
        ends = dict(prose.paragraphs(lines)) if prosaic else {}
        at = 0
        while at < len(lines):
            end = ends.get(at, at + 1)
            line, breaks = prose.joined(lines[at:end])
            if breaks:
                self._breaks[len(self._lines)] = breaks
            at = end
            tone = _KINDS.get(one.kind, Tone.TEXT)
            depth = quote.depth(line)
            if depth or one.kind is quote.Kind.QUOTE:
                tone = _QUOTES[max(depth - 1, 0) % len(_QUOTES)]
            if self._html and (heading := _HEADING.match(line)):
                tone, line = Tone.HEADING, heading[1] + line[heading.end() :]
            self._lines.append(line)
            self._tones.append(_TONES.index(tone))

    # wrapping

    def _rewrap(self, width: int) -> None:
        self.width = width
        self._row_line = array("l")
        self._row_start = array("L")
        self._row_end = array("L")
        self._marks: dict[int, str] = {}
        self._next = 0  # the first line that is not wrapped yet
        self.more()

    def _wrap_next(self) -> int:
        """Wrap the next line or pass over a fold; roughly how many characters that was."""
        number = self._next
        fold = self._begins.get(number)
        if fold is not None and fold not in self._open:
            self._add(-1 - fold, 0, 0, "")
            self._next = self.folds[fold].end
            return 1
        line = self._lines[number]
        as_written = self._has_room(number)
        for row in self._written(number) if as_written else wrap.rows(line, self.width, cell_len):
            self._add(number, row.start, row.end, row.marks)
        self._next += 1
        return len(line) + 1

    def _written(self, number: int) -> list[wrap.Row]:
        """The rows of a paragraph as its writer broke it."""
        line, breaks = self._lines[number], self._breaks.get(number, ())
        marks = quote.split(line)[0]
        ends = [*(begin - 1 for begin in breaks), len(line)]
        return [
            wrap.Row(marks if begin else "", begin, end)
            for begin, end in zip((0, *breaks), ends, strict=True)
        ]

    def _has_room(self, number: int) -> bool:
        """Whether a paragraph that was broken by hand fits as it is."""
        if number not in self._breaks:
            return False
        line = self._lines[number]
        return all(
            cell_len(row.marks + line[row.start : row.end]) <= self.width for row in self._written(number)
        )

    def _add(self, line: int, start: int, end: int, marks: str) -> None:
        if marks:
            self._marks[self.height] = marks
        self._row_line.append(line)
        self._row_start.append(start)
        self._row_end.append(end)


def _parts(line: str) -> list[str]:
    """A line, or pieces of one that nobody can have written by hand."""
    if len(line) <= LONGEST:
        return [line]
    return [line[start : start + LONGEST] for start in range(0, len(line), LONGEST)]


def _words(lines: list[str], block: quote.Block) -> bool:
    return any(line.strip() for line in lines[block.start : block.end])
