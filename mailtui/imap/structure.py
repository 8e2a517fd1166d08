"""BODYSTRUCTURE → Part (RFC 9051 §7.5.2), from whatever a server made of it. Never raises."""

from collections.abc import Sequence
from typing import Final

from mailtui.imap import tokens
from mailtui.imap.parameters import joined
from mailtui.imap.types import NUMBER_LIMIT
from mailtui.model.part import Part

DEPTH: Final = 50  # levels; what is nested deeper is left out
PARTS: Final = 500
_UNKNOWN: Final = Part("1", "text/plain")
_WORD: Final = 100  # characters of a type, a charset, an encoding


def parse(raw: bytes) -> Part:
    """The tree of a raw BODYSTRUCTURE. `name` is joined by RFC 2231 but may hold encoded words and
    anything a stranger may write: decode and sanitise it. What can't be read is a text/plain part "1"."""
    first = tokens.Tokens(raw).next()
    if first is None or not isinstance(first[0], list) or not first[0]:
        return _UNKNOWN
    return _Reader().part(first[0], "", 0) or _UNKNOWN


class _Reader:
    """Counts parts while it descends, at most DEPTH levels."""

    def __init__(self) -> None:
        self._left = PARTS

    def part(self, node: Sequence[tokens.Node], section: str, depth: int) -> Part | None:
        self._left -= 1
        if depth > DEPTH or self._left < 0 or not node:
            return None
        return (
            self._multipart(node, section, depth) if _is_list(node[0]) else self._leaf(node, section, depth)
        )

    def _multipart(self, node: Sequence[tokens.Node], section: str, depth: int) -> Part:
        count = next((at for at, item in enumerate(node) if not _is_list(item)), len(node))
        children = []
        for number, child in enumerate(node[:count], 1):
            if isinstance(child, list):
                part = self.part(child, f"{section}.{number}" if section else str(number), depth + 1)
                if part is not None:
                    children.append(part)
        disposition, _ = _disposition(_at(node, count + 2))
        kind = "multipart/" + (_word(_at(node, count)) or "mixed")
        return Part(section, kind, disposition=disposition, children=tuple(children))

    def _leaf(self, node: Sequence[tokens.Node], section: str, depth: int) -> Part:
        section = section or "1"
        kind = f"{_word(node[0]) or 'application'}/{_word(_at(node, 1)) or 'octet-stream'}"
        if kind.startswith("multipart/"):  # without children: Dovecot says so of an empty one
            return Part(section if section != "1" or depth else "", kind)
        details = _parameters(_at(node, 2))
        children: tuple[Part, ...] = ()
        after = 7  # where the extension data begin: the MD5, then the disposition
        if kind == "message/rfc822" and isinstance(_at(node, 8), list):
            children = self._message(node[8], section, depth)
            after = 10
        elif kind.startswith("text/"):
            after = 8
        disposition, more = _disposition(_at(node, after + 1))
        if not disposition:
            disposition, more = _any_disposition(node[7:])
        return Part(
            section,
            kind,
            size=_number(_at(node, 6)),
            charset=details.get("charset", "")[:_WORD].lower(),
            encoding=_word(_at(node, 5)),
            disposition=disposition,
            name=more.get("filename") or details.get("name") or "",
            content_id=_text(_at(node, 3)).strip("<> "),
            children=children,
            flowed=details.get("format", "").lower() == "flowed",
            delsp=details.get("delsp", "").lower() == "yes",
        )

    def _message(self, inner: tokens.Node, section: str, depth: int) -> tuple[Part, ...]:
        """The body of an attached message. A multipart in it takes over the section of the message."""
        if not isinstance(inner, list) or not inner:
            return ()
        below = section if _is_list(inner[0]) else f"{section}.1"
        part = self.part(inner, below, depth + 1)
        return (part,) if part is not None else ()


def _is_list(node: tokens.Node) -> bool:
    return isinstance(node, list)


def _at(node: Sequence[tokens.Node], index: int) -> tokens.Node:
    return node[index] if index < len(node) else None


def _text(node: tokens.Node) -> str:
    if isinstance(node, bytes):
        return node.decode("utf-8", "replace")
    return node if isinstance(node, str) else ""


def _word(node: tokens.Node) -> str:
    """A type, a subtype, an encoding: lower case, without anything that is no token."""
    word = _text(node)[:_WORD].lower()
    return "".join(character for character in word if character.isalnum() or character in "!#$&-^_.+")


def _number(node: tokens.Node) -> int:
    text = _text(node)
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0
    return number if number <= NUMBER_LIMIT else 0


def _parameters(node: tokens.Node) -> dict[str, str]:
    if not isinstance(node, list):
        return {}
    values = [item if isinstance(item, bytes) else _text(item).encode() for item in node]
    names = [value.decode("latin-1") for value in values[::2]]
    return joined(zip(names, values[1::2], strict=False))


def _disposition(node: tokens.Node) -> tuple[str, dict[str, str]]:
    """("attachment", {"filename": …}); Exchange sends a bare string instead of the list."""
    if isinstance(node, list):
        return _word(_at(node, 0)), _parameters(_at(node, 1))
    return (_word(node), {}) if _word(node) in ("inline", "attachment") else ("", {})


def _any_disposition(extension: Sequence[tokens.Node]) -> tuple[str, dict[str, str]]:
    """For servers that count the fields differently: the first thing that looks like one."""
    for node in extension:
        disposition, more = _disposition(node)
        if disposition in ("inline", "attachment"):
            return disposition, more
    return "", {}
