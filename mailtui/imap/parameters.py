"""Parameters of Content-Type and Content-Disposition joined from their pieces (RFC 2231)."""

import re
from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import unquote_to_bytes

_PIECE: Final = re.compile(r"(.+?)(?:\*(\d{1,4}))?(\*)?")
_LENGTH: Final = 2_000  # characters of a value


def joined(pairs: Iterable[tuple[str, bytes]]) -> dict[str, str]:
    """Lower-case name → value: `title*0*=UTF-8''a%20 title*1=b` is {"title": "a b"}. Encoded words are
    left as they stand; octets that are no UTF-8 are read as Latin-1. The RFC 2231 form wins over a
    plain one of the same name, for that is the one made with care."""
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[bytes, bool]]] = {}
    for name, value in pairs:
        match = _PIECE.fullmatch(name.lower())
        if match is None:
            continue
        base, number, encoded = match.groups()
        if number is None and encoded is None:
            plain.setdefault(base, _text(value))
        else:
            pieces.setdefault(base, {}).setdefault(int(number or 0), (value, encoded is not None))
    for base, numbered in pieces.items():
        plain[base] = _assembled(numbered)
    return {name: value[:_LENGTH] for name, value in plain.items()}


def _assembled(numbered: Mapping[int, tuple[bytes, bool]]) -> str:
    """The pieces in order, up to the first that is missing."""
    charset = ""
    found = b""
    for number in range(len(numbered)):
        if number not in numbered or len(found) > 4 * _LENGTH:
            break
        value, encoded = numbered[number]
        if encoded and number == 0 and value.count(b"'") >= 2:
            name, _, value = value.split(b"'", 2)
            charset = name.decode("ascii", "replace")
        found += unquote_to_bytes(value) if encoded else value
    return _text(found, charset)


def _text(value: bytes, charset: str = "") -> str:
    for name in (charset if charset.lower() in _CHARSETS else "", "utf-8"):
        try:
            return value.decode(name) if name else value.decode("ascii")
        except (UnicodeError, LookupError):
            continue
    return value.decode("latin-1")


_CHARSETS: Final = frozenset(
    [
        "us-ascii",
        "utf-8",
        "utf8",
        "iso-8859-1",
        "iso-8859-2",
        "iso-8859-3",
        "iso-8859-4",
        "iso-8859-5",
        "iso-8859-6",
        "iso-8859-7",
        "iso-8859-8",
        "iso-8859-9",
        "iso-8859-10",
        "iso-8859-13",
        "iso-8859-14",
        "iso-8859-15",
        "iso-8859-16",
        "windows-1250",
        "windows-1251",
        "windows-1252",
        "windows-1253",
        "windows-1254",
        "windows-1255",
        "windows-1256",
        "windows-1257",
        "windows-1258",
        "koi8-r",
        "koi8-u",
        "iso-2022-jp",
        "shift_jis",
        "euc-jp",
        "euc-kr",
        "gb2312",
        "gbk",
        "gb18030",
        "big5",
    ]
)
"""Charsets a file name may be in: the standard library has others that are no charsets at all."""
