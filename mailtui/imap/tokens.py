"""The tolerant tokenizer: reads whatever a server may have meant as lists, strings and atoms. It
never raises, never recurses and takes linear time."""

import re
from collections.abc import Iterator
from typing import Final

Node = None | str | bytes | list["Node"]
"""NIL, an atom (str), a quoted string or literal (bytes), or a list."""

DEPTH: Final = 100  # lists nested deeper are left out
_COUNT: Final = 200_000  # tokens of one response that are looked at

_QUOTED: Final = rb'"(?P<quoted>(?:[^"\\]++|\\.)*+)" | '
_OTHERS: Final = rb"""
    (?P<space>[ \t]+)
    | ~?\{(?P<literal>\d{1,10})\+?\}\r\n
    | (?P<open>\()
    | (?P<close>\))
    | (?P<atom>(?:[^\s()"\[\]{}]++|\[[^\[\]]{0,1000}\]|[\[\]])+)
    | (?P<junk>.)
    """
_TOKEN: Final = re.compile(_QUOTED + _OTHERS, re.VERBOSE | re.DOTALL)
_QUOTELESS: Final = re.compile(_OTHERS, re.VERBOSE | re.DOTALL)
_ESCAPE: Final = re.compile(rb"\\(.)", re.DOTALL)


class Tokens:
    """Reads nodes from `data` one after the other; `at` is where the next begins."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data = data
        self.at = at
        self._pattern = _TOKEN
        self._left = _COUNT

    def __iter__(self) -> Iterator[Node]:
        while (found := self.next()) is not None:
            yield found[0]

    def next(self) -> tuple[Node] | None:
        """The next node, wrapped because NIL is one too; None at the end. Lists never closed end
        with the data."""
        stack: list[list[Node]] = []
        skipped = 0  # open parentheses below DEPTH
        while (match := self._pattern.match(self.data, self.at)) and self._left > 0:
            self._left -= 1
            self.at = match.end()
            kind = match.lastgroup
            if kind == "open":
                if skipped or len(stack) >= DEPTH:
                    skipped += 1
                else:
                    stack.append([])
                continue
            if kind == "space" or kind == "junk" or (kind == "close" and not stack):
                if match["junk"] == b'"':
                    # never closed: to look for the end of each further one would take square time
                    self._pattern = _QUOTELESS
                continue
            if kind == "close" and skipped:
                skipped -= 1
                continue
            node = stack.pop() if kind == "close" else self._leaf(match)
            if not stack:
                return (node,)
            if not skipped:
                stack[-1].append(node)
        self.at = len(self.data)
        return _unfinished(stack)

    def _leaf(self, match: re.Match[bytes]) -> Node:
        if match.lastgroup == "quoted":
            return unescaped(match["quoted"])
        if match.lastgroup == "literal":
            begin, self.at = self.at, min(len(self.data), self.at + int(match["literal"]))
            return self.data[begin : self.at]
        word: bytes = match["atom"]
        return None if word.upper() == b"NIL" else word.decode("latin-1")


def nodes(data: bytes, at: int = 0) -> list[Node]:
    """Every node from `at` on."""
    return list(Tokens(data, at))


def unescaped(quoted: bytes) -> bytes:
    """The content of a quoted string without its backslashes."""
    return _ESCAPE.sub(rb"\1", quoted) if b"\\" in quoted else quoted


def _unfinished(stack: list[list[Node]]) -> tuple[Node] | None:
    while len(stack) > 1:
        inner = stack.pop()
        stack[-1].append(inner)
    return (stack[0],) if stack else None
