"""Command arguments that can't become commands: nothing with NUL is sent, nothing with CR or LF but
as a literal (RFC 9051 §4)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mailtui.model.message import Flag
from mailtui.model.trouble import Refused

_ATOM: Final = re.compile(rb"[A-Za-z0-9!#$&'+,./:;<=>?@^_`|~\-]+")  # fewer than the RFC allows
_QUOTABLE: Final = re.compile(rb"[ -~]*")
_PLAIN_LIMIT: Final = 200  # octets; longer words are literals, so that lines stay short
_KEYWORD: Final = re.compile(r"[!#$&'+,\-./0-9:;<=>?@A-Z^_`a-z|}~]+", re.ASCII)
_SYSTEM: Final = (
    (Flag.SEEN, b"\\Seen"),
    (Flag.ANSWERED, b"\\Answered"),
    (Flag.FLAGGED, b"\\Flagged"),
    (Flag.DELETED, b"\\Deleted"),
    (Flag.DRAFT, b"\\Draft"),
)


@dataclass(frozen=True, slots=True)
class Literal:
    """Octets sent by their number; may hold anything but NUL (RFC 9051 literal)."""

    data: bytes


Argument = bytes | Literal


def plain(data: bytes) -> bytes:
    """Text of a command as it stands. Raises Refused when it could end the line."""
    if b"\r" in data or b"\n" in data or b"\0" in data:
        raise Refused("That has a line break or a NUL in it, which can't be sent to the server.")
    return data


def astring(value: bytes | str) -> Argument:
    """An atom, a quoted string or a literal, whichever is the first that can hold the value."""
    data = value.encode("utf-8", "replace") if isinstance(value, str) else value
    if b"\0" in data:
        raise Refused("That has a NUL in it, which can't be sent to the server.")
    if len(data) <= _PLAIN_LIMIT and _ATOM.fullmatch(data) and data.upper() != b"NIL":
        return data
    return string(data)


def string(value: bytes | str) -> Argument:
    """A quoted string, or a literal for 8-bit, line breaks and what is very long."""
    data = value.encode("utf-8", "replace") if isinstance(value, str) else value
    if b"\0" in data:
        raise Refused("That has a NUL in it, which can't be sent to the server.")
    if len(data) <= _PLAIN_LIMIT and _QUOTABLE.fullmatch(data):
        return b'"' + data.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'
    return Literal(data)


def keyword(name: str) -> bytes:
    """A keyword as an atom. Raises Refused for anything else: a flag has no quoted form."""
    if not _KEYWORD.fullmatch(name):
        raise Refused(f"“{name[:60]}” can't be a keyword: it must be plain letters, digits or - _ . $")
    return name.encode()


def flag_list(flags: Flag, keywords: Sequence[str] = ()) -> bytes:
    """`(\\Seen $Forwarded)`"""
    words = [name for flag, name in _SYSTEM if flags & flag]
    words += [keyword(name) for name in keywords]
    return b"(" + b" ".join(words) + b")"
