"""What a pager shows of a fetched file: headers decoded, a raw source, a part as the text it is. All of it
safe to paint. Blocks: for a thread."""

from dataclasses import replace
from pathlib import Path

from mailtui.model.part import Part
from mailtui.text import headers, sanitize
from mailtui.text.render import body, whole
from mailtui.text.source import parse
from mailtui.ui.wording import size

MOST = 2_000_000  # octets shown; the whole can be saved
_READ = ("message/rfc822", "message/global")


def readable(part: Part) -> bool:
    """Whether a part is text for people, whatever program it might be opened with."""
    return part.type.startswith(("text/", "message/"))


def source(path: Path) -> list[str]:
    """The lines as they came."""
    raw, rest = _octets(path)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    return [*sanitize.block(text).split("\n"), *_and_more(rest)]


def fields(path: Path) -> list[str]:
    """Every header field with its value decoded, one line each."""
    raw, rest = _octets(path)
    return [*(f"{name}: {value}" for name, value in headers.fields(raw)), *_and_more(rest)]


def part(path: Path, kind: Part) -> list[str]:
    """A part that was fetched, and so decoded, as text: HTML converted, an attached message with what
    stands above it."""
    raw, rest = _octets(path)
    if kind.type in _READ:
        return [*_message(raw), *_and_more(rest)]
    plain = kind if kind.type == "text/html" else replace(kind, type="text/plain")
    shown = body([(replace(plain, encoding="", size=len(raw)), raw)]).text
    return [*shown.split("\n"), *_and_more(rest)]


def _message(raw: bytes) -> list[str]:
    found = parse(raw)
    wanted = {"from", "to", "cc", "date", "subject"}
    above = [f"{name}: {value}" for name, value in headers.fields(raw) if name.lower() in wanted]
    text = whole(found)
    return [*above, "", *(text.text or text.trouble).split("\n")]


def _octets(path: Path) -> tuple[bytes, int]:
    """The beginning of the file, and how much more there is."""
    with path.open("rb") as file:
        raw = file.read(MOST)
    return raw, path.stat().st_size - len(raw)


def _and_more(rest: int) -> list[str]:
    return ["", f"… and {size(rest)} more. Save it to have all of it."] if rest > 0 else []
