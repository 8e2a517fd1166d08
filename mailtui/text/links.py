"""Links in readable text: where they stand, where they lead, and whether their text lies about it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from mailtui.model.part import Link
from mailtui.text.sanitize import line, url

MAX_LINKS = 1000

_URL = re.compile(
    r"""(?<![A-Za-z0-9@])(?:https?://|www\.(?=[A-Za-z0-9])|mailto:)[^\s<>"\u2026\u3000-\u3002\u300c-\u300f\uff08-\uff0c]{2,4096}+
    |(?<![A-Za-z0-9._%+=/@-])[A-Za-z0-9._%+=-]{1,64}+@[A-Za-z0-9-]{1,63}+(?:\.[A-Za-z0-9-]{1,63}+){1,8}""",
    re.VERBOSE | re.IGNORECASE,
)
_TRAILING = ".,;:!?'*_~’”»>"
_PAIRS = {")": "(", "]": "[", "}": "{"}
_HOST_LIKE = re.compile(r"(?:https?://)?(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}(?=[/:?#\s]|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Span:
    """A link written out in a line: `line[start:end]` leads to `url`."""

    start: int
    end: int
    url: str


def spans(text: str) -> Iterator[Span]:
    """The web and mail addresses in a text, from left to right. Linear; the text may be one line or
    a whole body."""
    for match in _URL.finditer(text):
        shown = _trimmed(match[0])
        target = url(_with_scheme(shown))
        if target is not None:
            yield Span(match.start(), match.start() + len(shown), target)


def find(text: str) -> tuple[Link, ...]:
    """Every different link of a text in the order of its first appearance, at most MAX_LINKS."""
    found: dict[str, Link] = {}
    for span in spans(text):
        if span.url not in found:
            found[span.url] = Link(line(text[span.start : span.end], 200), span.url)
        if len(found) == MAX_LINKS:
            break
    return tuple(found.values())


def host(target: str) -> str:
    """The host a link leads to, in ASCII; of a mailto link the address."""
    try:
        parts = urlsplit(target)
    except ValueError:
        return ""
    if parts.scheme == "mailto":
        return line(unquote(parts.path), 200)
    return (parts.hostname or "").lower()


def misleading(link: Link) -> bool:
    """Whether the text of a web link names another host than the one it leads to."""
    named = _HOST_LIKE.match(link.text.strip())
    if named is None or not link.url.startswith("http"):
        return False
    shown = url(_with_scheme(named[0]))
    return shown is not None and _registered(host(shown)) != _registered(host(link.url))


def _registered(name: str) -> str:
    """Good enough to tell example.org from evil.example: the last two labels, three under co.uk."""
    labels = name.removeprefix("www.").split(".")
    short = len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3
    return ".".join(labels[-3 if short else -2 :])


def _with_scheme(text: str) -> str:
    if re.match(r"https?://|mailto:", text, re.IGNORECASE):
        return text
    return f"mailto:{text}" if "@" in text and not text.lower().startswith("www.") else f"https://{text}"


def _trimmed(text: str) -> str:
    """Without the punctuation of the sentence around it; brackets stay if they belong to the link."""
    end = len(text)
    surplus = {close: text.count(close) - text.count(opening) for close, opening in _PAIRS.items()}
    while end:
        last = text[end - 1]
        if surplus.get(last, 0) > 0:
            surplus[last] -= 1
        elif last not in _TRAILING:
            break
        end -= 1
    return text[:end]
