"""Tables of data laid out in padded columns; numbers stand at the right."""

import re
import unicodedata
from collections.abc import Sequence

MAX_WIDTH = 100  # cells; wider tables are not padded
_MAX_CELL = 40
_NUMBER = re.compile(r"[-+−]?[^\w\s]?\s?\d[\d.,'\u2009 ]*\s?(?:[%€$£¥]|[A-Z]{3})?")


def laid_out(rows: Sequence[Sequence[str]], header: bool) -> list[str]:
    """The lines of a table; each cell is one line of safe text. With `header` the first row is
    underlined."""
    rows = [row for row in rows if any(row)]
    if not rows:
        return []
    count = max(len(row) for row in rows)
    rows = [[*row, *[""] * (count - len(row))] for row in rows]
    widths = [min(max(_cells(row[at]) for row in rows), _MAX_CELL) for at in range(count)]
    if sum(widths) + 3 * (count - 1) > MAX_WIDTH:
        return [" │ ".join(cell for cell in row if cell) for row in rows]
    right = [_numbers([row[at] for row in (rows[1:] if header else rows)]) for at in range(count)]
    lines = ["   ".join(map(_padded, row, widths, right)).rstrip() for row in rows]
    if header and len(lines) > 1:
        lines.insert(1, "   ".join("─" * width for width in widths))
    return lines


def _numbers(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return bool(filled) and all(_NUMBER.fullmatch(cell[:60]) for cell in filled)


def _padded(cell: str, width: int, right: bool) -> str:
    space = " " * max(width - _cells(cell), 0)
    return space + cell if right else cell + space


def _cells(text: str) -> int:
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(unicodedata.combining(character) > 0 for character in text)
