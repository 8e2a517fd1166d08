"""Which line of a TOML text a key stands on: tomllib does not tell, and an error without a line is
no help. Knows just enough of the syntax to walk over strings, comments and brackets."""

import re

Key = tuple[str, ...]

_SKIP = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}'  # multi-line strings first
    r"|'''.*?'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'"
    r"|\#[^\n]*",
    re.DOTALL,
)
_BARE = r"[A-Za-z0-9_-]+"
_PART = rf"(?:{_BARE}|\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*')"
_DOTTED = rf"{_PART}(?:[ \t]*\.[ \t]*{_PART})*"
_TABLE = re.compile(rf"[ \t]*\[\[?[ \t]*({_DOTTED})[ \t]*\]")
_ASSIGNMENT = re.compile(rf"[ \t]*({_DOTTED})[ \t]*=")


def key_lines(text: str) -> dict[Key, int]:
    """Line numbers (from 1) of every table header and every key at the start of a line."""
    found: dict[Key, int] = {}
    table: Key = ()
    position, number = 0, 1
    while position < len(text):
        header = _TABLE.match(text, position)
        assignment = None if header else _ASSIGNMENT.match(text, position)
        if header:
            table = _parts(header[1])
            for length in range(1, len(table) + 1):
                found.setdefault(table[:length], number)
        elif assignment:
            found.setdefault(table + _parts(assignment[1]), number)
        match = header or assignment
        end = _end_of_value(text, match.end() if match else position)
        number += text.count("\n", position, end)
        position = end
    return found


def line_of(lines: dict[Key, int], key: Key) -> int:
    """The line of the key, else of the nearest thing around it (an inline table), else 1."""
    while key:
        if key in lines:
            return lines[key]
        key = key[:-1]
    return 1


def _end_of_value(text: str, position: int) -> int:
    """The start of the line after the value that begins at `position`; brackets span lines."""
    depth = 0
    while position < len(text):
        skipped = _SKIP.match(text, position)
        if skipped:
            position = skipped.end()
            continue
        character = text[position]
        position += 1
        if character in "[{":
            depth += 1
        elif character in "]}":
            depth = max(depth - 1, 0)
        elif character == "\n" and depth == 0:
            break
    return position


def _parts(dotted: str) -> Key:
    return tuple(
        part[1:-1] if part[0] in "\"'" else part
        for part in (match[0] for match in re.finditer(_PART, dotted))
    )
