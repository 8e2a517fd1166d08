"""FETCH responses taken apart fast: top-level items only, BODYSTRUCTURE left raw. What the fast
scanner does not expect goes to the tolerant tokenizer."""

import re
from typing import Final

from mailtui.imap import tokens

Items = dict[bytes, bytes | None]
"""Upper-case item name → value: a string's content, an atom or number as it stands, a list raw with
its parentheses; None for NIL or a value that was left out. Section names are cut to the bracket's
first word: `BODY[HEADER.FIELDS (FROM)]` is BODY[HEADER.FIELDS, `BODY[1]<0>` is BODY[1."""


class Odd(Exception):  # a signal between two functions, not an error
    """The fast scanner gives up on this response."""


_QUOTED: Final = rb'"(?:[^"\\]++|\\.)*+"'


def _nested(depth: int) -> bytes:
    """A regular expression for balanced parentheses to a depth, quoted strings respected."""
    inner = rb'[^()"{]++|' + _QUOTED
    pattern = rb"\((?:" + inner + rb")*+\)"
    for _ in range(depth):
        pattern = rb"\((?:" + inner + rb"|" + pattern + rb")*+\)"
    return pattern


_START: Final = re.compile(rb"\* \d+ FETCH \(", re.IGNORECASE)
_ITEM: Final = re.compile(
    rb" ?(?P<key>[A-Za-z0-9.\-_]++)(?:\[(?P<section>[^\[\] ]*+)[^\[\]]*+\])?+(?:<\d++>)?+ "
    rb'(?:~?\{(?P<literal>\d+)\}\r\n|(?P<atom>[^\s()"{]+)|(?P<list>'
    + _nested(12)
    + rb')|"(?P<quoted>(?:[^"\\]++|\\.)*+)")',
    re.DOTALL,
)
_KEY: Final = re.compile(
    rb"UID|FLAGS|RFC822(?:\.(?:SIZE|HEADER|TEXT))?|INTERNALDATE|MODSEQ|ENVELOPE|BODYSTRUCTURE|BODY"
    rb"|(?:BODY|BINARY)(?:\.PEEK)?\[[^\]]*\](?:<\d+>)?",
    re.IGNORECASE,
)


def items(response: bytes) -> tuple[Items, bool]:
    """The items of a FETCH response, and whether it was well-formed. Never raises."""
    try:
        return scan(response), True
    except Odd:
        return salvage(response), False


def scan(response: bytes) -> Items:
    """The fast way. Raises Odd on anything unexpected."""
    start = _START.match(response)
    if start is None:
        raise Odd
    found: Items = {}
    at = start.end()
    while match := _ITEM.match(response, at):
        at = match.end()
        kind = match.lastgroup
        key = match["key"].upper()
        section = match["section"]
        if section is not None:
            key += b"[" + section.upper()
        value: bytes | None
        if kind == "literal":
            size = int(match["literal"])
            value = response[at : at + size]
            at += size
        elif kind == "quoted":
            value = tokens.unescaped(match["quoted"])
        elif kind == "list":
            value = match["list"]
        else:
            value = match["atom"]
            if value == b"NIL":
                value = None
        if key in found:
            raise Odd
        found[key] = value
    if response[at:].rstrip(b" ") != b")":
        raise Odd
    return found


def salvage(response: bytes) -> Items:
    """The slow way: whatever can be told to be an item. The first of two values counts."""
    found: Items = {}
    reader = tokens.Tokens(response, response.find(b"(") + 1)
    pending: bytes | None = None
    while True:
        begin = reader.at
        read = reader.next()
        if read is None:
            break
        (node,) = read
        key = _known(node)
        if key is not None:
            if pending is not None:
                found.setdefault(pending, None)
            pending = key
        elif pending is not None:
            found.setdefault(pending, _value(node, response[begin : reader.at]))
            pending = None
    if pending is not None:
        found.setdefault(pending, None)
    return found


def _known(node: tokens.Node) -> bytes | None:
    if not isinstance(node, str):
        return None
    word = node.encode("latin-1")
    if not _KEY.fullmatch(word):
        return None
    head, bracket, section = word.upper().replace(b".PEEK", b"").partition(b"[")
    return head + bracket + section.split(b"]")[0].split(b" ")[0]


def _value(node: tokens.Node, raw: bytes) -> bytes | None:
    if isinstance(node, str):
        return node.encode("latin-1")
    if isinstance(node, list):
        return raw.strip()
    return node
