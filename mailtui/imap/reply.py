"""What kind of response a line is, before anyone looks inside (RFC 9051 §7)."""

import re
from dataclasses import dataclass
from typing import Final

_STATUS: Final = re.compile(
    rb"(OK|NO|BAD|BYE|PREAUTH)(?: \[([A-Za-z0-9_.\-/]{1,64})(?: ([^\]]*))?\])?(?: (.*))?$", re.I | re.DOTALL
)
_HEAD: Final = re.compile(rb"\* (?:(\d{1,10}) +)?([A-Za-z][A-Za-z0-9.\-]*)")


@dataclass(frozen=True, slots=True)
class Status:
    """OK, NO, BAD, BYE or PREAUTH with its response code, both upper case; `code` "" if none."""

    kind: str
    code: str
    arguments: bytes
    text: bytes


def status(line: bytes) -> Status | None:
    """Read what follows `* ` or a tag as a status; None if it is something else."""
    match = _STATUS.match(line)
    if match is None:
        return None
    kind, code, arguments, text = match.groups(default=b"")
    return Status(kind.decode().upper(), code.decode().upper(), arguments, text)


def head(response: bytes) -> tuple[int, bytes]:
    """(number or -1, upper-case name) of an untagged response: `* 5 FETCH (…` is (5, b"FETCH").
    The name is b"" when the line is none."""
    match = _HEAD.match(response)
    if match is None:
        return -1, b""
    return int(match[1]) if match[1] else -1, match[2].upper()


def rest(response: bytes) -> bytes:
    """What follows the name of an untagged response."""
    match = _HEAD.match(response)
    return response[match.end() :].lstrip(b" ") if match else b""
