"""Lines for the wire log: what was said, without secrets and without mail."""

import re
from typing import Final

_WIDTH: Final = 300
_CONTROL: Final = re.compile(r"[^ -~]")


def client(tag: bytes, verb: bytes, words: bytes, *, secret: bool) -> str:
    """A command. With `secret`, only its verb."""
    shown = b"(not shown)" if secret else words
    return _clean(b"C: " + b" ".join(part for part in (tag, verb, shown) if part))


def server(response: bytes) -> str:
    """A response. Of FETCH only how much came: it holds subjects and bodies."""
    first = response[:_WIDTH].split(b"\r\n")[0]
    words = first.split(b" ", 3)
    if len(words) > 2 and words[0] == b"*" and words[2].upper() == b"FETCH":
        return f"S: * {_clean(words[1])} FETCH … ({len(response)} octets)"
    return _clean(b"S: " + first)


def _clean(line: bytes) -> str:
    text = _CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", line.decode("latin-1"))
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"
