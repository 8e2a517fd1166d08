"""The parts of a message become the text that is read: decoded, converted, joined, safe to paint."""

import re
from collections.abc import Iterable
from dataclasses import replace

from mailtui.model.part import Body, Link, Part, attachments, text_parts
from mailtui.text import plain
from mailtui.text.charset import to_text
from mailtui.text.source import Source
from mailtui.text.transfer import decode

MAX_TEXT = 4_000_000  # octets of one part that are looked at
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)


def readable_parts(root: Part, *, html: bool = False) -> tuple[Part, ...]:
    """Which leaves to fetch for the readable text: those of the model's choice, else any text at all,
    so that no message with words in it shows an empty pane."""
    chosen = text_parts(root, prefer_html=html)
    if chosen:
        return chosen
    leaves = [part for part in root.walk() if not part.children]
    words = [
        part for part in leaves if part.type.startswith("text/") or part.type == "message/delivery-status"
    ]
    inline = [part for part in words if part.disposition != "attachment" and part.type != "text/calendar"]
    return tuple((inline or words)[:1])


def absent(root: Part) -> str:
    """Why a message without readable parts has none, in a sentence; "" if it has some."""
    if readable_parts(root):
        return ""
    kinds = {part.type for part in root.walk()}
    if "multipart/encrypted" in kinds or kinds & {"application/pkcs7-mime", "application/x-pkcs7-mime"}:
        return "This message is encrypted."
    return "This message has no text, only attachments." if attachments(root) else "This message is empty."


def body(parts: Iterable[tuple[Part, bytes]]) -> Body:
    """The readable text of some leaves, in order. Each comes with its octets as fetched, still
    encoded, perhaps cut short: what is lacking from the part's size is counted in `missing`."""
    rendered = [_rendered(part, octets) for part, octets in parts]
    texts: list[str] = []
    links: list[Link] = []
    for found in rendered:
        if found.text:
            texts.append(
                _renumbered(found.text, len(found.links), len(links)) if found.from_html else found.text
            )
        links += found.links
    return Body(
        text="\n\n".join(texts),
        links=tuple(links),
        from_html=any(found.from_html for found in rendered),
        blocked=sum(found.blocked for found in rendered),
        trackers=sum(found.trackers for found in rendered),
        missing=sum(found.missing for found in rendered),
    )


def whole(source: Source, *, html: bool = False) -> Body:
    """The readable text of a message that is here as a whole."""
    found = body((part, source.body(part)) for part in readable_parts(source.root, html=html))
    return replace(found, trouble=absent(source.root))


def _rendered(part: Part, octets: bytes) -> Body:
    missing = max(part.size - len(octets), 0)
    data = decode(octets, part.encoding)
    missing += max(len(data) - MAX_TEXT, 0)
    data = data[:MAX_TEXT]
    if part.type == "text/html":
        from mailtui.text import html

        match = None if part.charset else _META_CHARSET.search(data[:4096])
        charset = match[1].decode("ascii", "replace") if match else part.charset
        found = html.readable(to_text(data, charset))
    else:
        found = plain.readable(to_text(data, part.charset), flowed=part.flowed, delsp=part.delsp)
    return Body(found.text, found.links, found.from_html, found.blocked, found.trackers, missing)


def _renumbered(text: str, count: int, before: int) -> str:
    """The text of a later part, whose links are numbered on from those before it."""
    if not before:
        return text

    def moved(match: re.Match[str]) -> str:
        number = int(match[1])
        return f"[{number + before}]" if 1 <= number <= count else match[0]

    return re.sub(r"\[(\d{1,4})\]", moved, text)
