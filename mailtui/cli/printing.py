"""What a command prints: safe text for people, ASCII-safe JSON for programs, complaints on stderr."""

import json
import os
import sys
from collections.abc import Iterable

from mailtui.text.sanitize import block, line
from mailtui.text.wrap import wrap


def say(text: str) -> None:
    """Print text that may hold anything a stranger wrote; line breaks stay."""
    print(_encodable(block(text)))


def row(*cells: str) -> None:
    """Print one line made of cells, each of which is one line whatever it holds."""
    print(_encodable("  ".join(line(cell) for cell in cells).rstrip()))


def complain(text: str) -> None:
    """One complaint on stderr, in the manner of a command line."""
    tell(f"mailtui: {text}")


def tell(text: str) -> None:
    """Text for whoever sits there, on stderr: on a terminal its lines are broken at words."""
    shown = block(text)
    if sys.stderr.isatty():
        shown = "\n".join(wrap(shown, os.get_terminal_size(sys.stderr.fileno()).columns or 80))
    print(_encodable(shown), file=sys.stderr)


def as_json(values: Iterable[object] | dict[str, object]) -> None:
    """Print a JSON document. Everything beyond printable ASCII is escaped, also DEL and what a
    terminal would obey, so that it can be shown as it is."""
    document = values if isinstance(values, dict) else list(values)
    print(json.dumps(document, ensure_ascii=True, indent=2).replace("\x7f", "\\u007f"))


def _encodable(text: str) -> str:
    """The text with what stdout's encoding can't hold replaced."""
    encoding = sys.stdout.encoding or "utf-8"
    return text.encode(encoding, "replace").decode(encoding)
