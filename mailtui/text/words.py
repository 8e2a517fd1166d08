"""Encoded words of header fields (RFC 2047), read tolerantly and in linear time."""

import binascii
import re

from mailtui.text.charset import to_text

# A raw "?" inside is tolerated if it can't be the start or end of a word; the bound keeps it linear.
_WORD = re.compile(
    r"=\?([^?\s]{1,60})\?([BbQq])\?([^?]*+(?:(?<!=)\?(?!=)[^?]*+){0,8})\?=(?:\s*+(?==\?[^?\s]{1,60}\?[BbQq]\?))?"
)


def decode(value: str) -> str:
    """The field's text with its encoded words decoded. Nothing is sanitised yet."""
    if "=?" not in value:
        return value
    out: list[str] = []
    held, held_charset, position = bytearray(), "", 0
    for match in _WORD.finditer(value):
        charset = match[1].split("*", 1)[0].lower()
        if held and (match.start() != position or charset != held_charset):
            out.append(to_text(bytes(held), held_charset))
            held.clear()
        out.append(value[position : match.start()])
        held += _octets(match[2], match[3])  # a character may be split over two words
        held_charset, position = charset, match.end()
    if held:
        out.append(to_text(bytes(held), held_charset))
    out.append(value[position:])
    return "".join(out)


def _octets(encoding: str, text: str) -> bytes:
    raw = text.encode("utf-8", "replace")
    if encoding in "Qq":
        return binascii.a2b_qp(raw, header=True)
    clean = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
    if len(clean) % 4 == 1:
        clean = clean[:-1]
    return binascii.a2b_base64(clean + b"=" * (-len(clean) % 4))
