"""Lines for the wire log: what was said to a submission server, without secrets and without mail."""

import re
from collections.abc import Callable
from typing import Final

WireLog = Callable[[str], None]
_WIDTH: Final = 300
_LINES: Final = 40  # of one reply
_CONTROL: Final = re.compile(r"[^ -~]")
_AUTH: Final = re.compile(r"(?i)(AUTH +[A-Z0-9_-]{1,20})\b.*")


def client(command: bytes, *, secret: bool) -> str:
    """A command. While signing in (`secret`) only which mechanism."""
    line = command.decode("latin-1")
    if secret or line[:4].upper() == "AUTH":
        begun = _AUTH.fullmatch(line)
        line = f"{begun[1]} (not shown)" if begun else "(not shown)"
    return _clean("C: " + line)


def server(code: int, text: str, *, secret: bool) -> list[str]:
    """A reply, a line each. While signing in the text of a challenge (334) belongs to the secret."""
    if secret and code == 334:
        return ["S: 334 (not shown)"]
    said = text.split("\n")
    shown = [_clean(f"S: {code} {line}") for line in said[:_LINES]]
    return shown if len(said) <= _LINES else [*shown, f"S: … ({len(said) - _LINES} lines more)"]


def _clean(line: str) -> str:
    text = _CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", line)
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"
