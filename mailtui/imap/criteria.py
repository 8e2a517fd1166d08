"""Queries as the server's search keys (RFC 9051 §6.4.4), every word of the user quoted or a literal."""

from collections.abc import Callable, Sequence
from typing import Final

from mailtui.imap import dates
from mailtui.imap.arguments import Argument, keyword, string
from mailtui.imap.types import UID_LIMIT
from mailtui.model.message import FORWARDED
from mailtui.model.query import All, Field, Node, Not, Term
from mailtui.model.trouble import Refused

Key = list[Argument]
"""One search key with its arguments."""

_DEPTH: Final = 50
_STATES: Final[dict[str, Key]] = {
    "unread": [b"UNSEEN"],
    "read": [b"SEEN"],
    "flagged": [b"FLAGGED"],
    "answered": [b"ANSWERED"],
    "forwarded": [b"KEYWORD", FORWARDED.encode()],
}


def words(node: Node) -> list[Argument]:
    """The arguments of SEARCH for a query. Raises Refused when it is nested absurdly deep or holds a
    NUL."""
    return [word for key in _keys(node, 0) for word in key]


def _keys(node: Node, depth: int) -> list[Key]:
    """Keys that all must hold."""
    if depth > _DEPTH:
        raise Refused("That search is nested too deeply.", "Use fewer parentheses.")
    if isinstance(node, Term):
        make = _TERMS.get(node.field)
        return [make(node)] if make else [[b"ALL"]]
    if isinstance(node, Not):
        return [[b"NOT", *_one(_keys(node.part, depth + 1))]]
    parts = [_keys(part, depth + 1) for part in node.parts]
    if isinstance(node, All):
        return [key for part in parts for key in part] or [[b"ALL"]]
    return [_either([_one(part) for part in parts])]


def without_accents(node: Node) -> Node | None:
    """The part of a query that a server which knows ASCII only can answer; None when nothing is left.
    Only conditions that all must hold can be left out: what is found then is too much, never too
    little."""
    if not isinstance(node, All):
        return node if _is_ascii(node) else None
    kept = tuple(part for part in node.parts if _is_ascii(part))
    return All(kept) if kept else None


def _is_ascii(node: Node) -> bool:
    stack = [node]
    while stack:
        part = stack.pop()
        if isinstance(part, Term):
            if not part.value.isascii():
                return False
        elif isinstance(part, Not):
            stack.append(part.part)
        else:
            stack.extend(part.parts)
    return True


def _either(keys: Sequence[Key]) -> Key:
    """OR takes two: (a or b or c) is OR a OR b c."""
    if not keys:
        return [b"NOT", b"ALL"]
    joined: Key = []
    for key in keys[:-1]:
        joined += [b"OR", *key]
    return [*joined, *keys[-1]]


def _one(keys: list[Key]) -> Key:
    """Several keys as one."""
    return keys[0] if len(keys) == 1 else [b"(", *(word for key in keys for word in key), b")"]


def _text(*names: bytes) -> Callable[[Term], Key]:
    """A term that looks into any of these parts of a message."""
    return lambda term: _either([[name, string(term.value)] for name in names])


def _keyword(term: Term) -> Key:
    try:
        return [b"KEYWORD", keyword(term.value)]
    except Refused:
        return [b"NOT", b"ALL"]  # no message can have it


def _size(key: bytes) -> Callable[[Term], Key]:
    return lambda term: [key, str(min(max(0, term.number), UID_LIMIT)).encode()]


def _day(key: bytes) -> Callable[[Term], Key]:
    return lambda term: [key, dates.date(max(0, term.number))]


_TERMS: Final[dict[Field, Callable[[Term], Key]]] = {
    Field.TEXT: _text(b"TEXT"),
    Field.FROM: _text(b"FROM"),
    Field.TO: _text(b"TO", b"CC"),
    Field.SUBJECT: _text(b"SUBJECT"),
    Field.BODY: _text(b"BODY"),
    Field.FILE: _text(b"TEXT"),  # no server looks at file names alone; TEXT sees the parts' headers
    Field.ID: _text(b"HEADER MESSAGE-ID"),
    Field.KEYWORD: _keyword,
    Field.BEFORE: _day(b"BEFORE"),
    Field.AFTER: _day(b"SINCE"),
    Field.LARGER: _size(b"LARGER"),
    Field.SMALLER: _size(b"SMALLER"),
    Field.IS: lambda term: list(_STATES.get(term.value.lower(), [b"ALL"])),
    Field.HAS: lambda _: [b"HEADER", b"CONTENT-TYPE", b"multipart/mixed"],  # as near as IMAP comes
}
