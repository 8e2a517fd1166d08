"""Lines for the wire log: what was said, without secrets and without mail. What a server says is shown
only where its kind is known to hold neither."""

import re
from typing import Final

_WIDTH: Final = 300
_CONTROL: Final = re.compile(r"[^ -~]")
_QUOTED: Final = re.compile(rb'"(?:[^"\\]|\\.)*"')
_SPOKEN: Final = frozenset({b"OK", b"NO", b"BAD", b"BYE", b"PREAUTH"})
_HARMLESS: Final = _SPOKEN | {
    b"CAPABILITY",
    b"ENABLED",
    b"ESEARCH",
    b"FLAGS",
    b"ID",
    b"LIST",
    b"LSUB",
    b"NAMESPACE",
    b"QUOTA",
    b"QUOTAROOT",
    b"SEARCH",
    b"SORT",
    b"STATUS",
    b"THREAD",
    b"VANISHED",
    b"XLIST",
}
_COUNTS: Final = frozenset({b"EXISTS", b"EXPUNGE", b"RECENT"})
_TAG: Final = re.compile(rb"[A-Za-z0-9]{1,20}")


def client(tag: bytes, verb: bytes, words: bytes, *, secret: bool) -> str:
    """A command. With `secret`, only its verb; of a search not what is searched for."""
    shown = b"(not shown)" if secret else words
    if b"SEARCH" in verb.upper():
        shown = _QUOTED.sub(b'"..."', shown)
    return _clean(b"C: " + b" ".join(part for part in (tag, verb, shown) if part))


def server(response: bytes) -> str:
    """A response. Of what may hold mail (FETCH, or a line of no known kind) only how much came, of an
    invitation nothing: while signing in it belongs to the secret."""
    first = response[:_WIDTH].split(b"\r\n")[0]
    head, _, rest = first.partition(b" ")
    if head.startswith(b"+"):
        return f"S: + ({len(response)} octets)"
    words = [word.upper() for word in rest.split(b" ", 2)]
    name = words[1] if len(words) > 1 and words[0].isdigit() else words[0]
    if head == b"*":
        if name in (_COUNTS if words[0].isdigit() else _HARMLESS):
            return _clean(b"S: " + first)
        number = f"{_clean(words[0])} " if words[0].isdigit() else ""
        known = "FETCH " if name == b"FETCH" else ""
        return f"S: * {number}{known}… ({len(response)} octets)"
    if _TAG.fullmatch(head) and words[0] in _SPOKEN:
        return _clean(b"S: " + first)
    return f"S: … ({len(response)} octets)"


def _clean(line: bytes) -> str:
    text = _CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", line.decode("latin-1"))
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"
