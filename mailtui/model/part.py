"""The parts of a message, and which of them is its text."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """A node of the MIME tree. `section` is IMAP's part number ("1.2", "" for a multipart root);
    `type` is lower case ("text/plain"); `size` is in encoded octets."""

    section: str
    type: str
    size: int = 0
    charset: str = ""
    encoding: str = ""
    disposition: str = ""
    name: str = ""  # file name as the sender gave it, decoded and safe to show
    content_id: str = ""
    children: tuple["Part", ...] = ()
    flowed: bool = False  # text/plain with format=flowed (RFC 3676)
    delsp: bool = False

    @property
    def octets(self) -> int:
        """About how large it is once decoded: base64 has 78 octets a line for every 57 (RFC 2045)."""
        return self.size * 57 // 78 if self.encoding.lower() == "base64" else self.size

    def walk(self) -> Iterator["Part"]:
        """This part and all below it, in order, without recursion (nesting is hostile)."""
        stack = [self]
        while stack:
            part = stack.pop()
            yield part
            stack.extend(reversed(part.children))


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a body: what is shown for it and where it leads."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Body:
    """The readable text of a message: safe to paint, `\\n` between lines, quotes as "> ".

    `from_html` tells that it was converted; `blocked` counts remote images not fetched, `trackers`
    those of them that nobody was meant to see; `missing` is the number of octets not fetched.
    """

    text: str
    links: tuple[Link, ...] = ()
    from_html: bool = False
    blocked: int = 0
    trackers: int = 0
    missing: int = 0
    trouble: str = ""  # why it could not be rendered; the raw view still works


def is_attachment(part: Part) -> bool:
    """Whether a reader would call this leaf an attachment rather than text of the message."""
    if part.children or part.type.startswith("multipart/"):
        return False
    if part.disposition == "attachment":
        return True
    return part.type not in ("text/plain", "text/html") or bool(part.name)


def attachments(root: Part) -> tuple[Part, ...]:
    """Every leaf that is an attachment, in the order of the message. Bodies of attached messages
    belong to the attached message, which is one attachment."""
    found: list[Part] = []
    stack = [root]
    while stack:
        part = stack.pop()
        if part.type == "message/rfc822":
            found.append(part)
            continue
        if is_attachment(part):
            found.append(part)
        stack.extend(reversed(part.children))
    return tuple(found)


def text_parts(root: Part, *, prefer_html: bool = False) -> tuple[Part, ...]:
    """The leaves that make up the readable text: of alternatives the plain one (or the HTML one),
    of mixed parts each text that is not an attachment."""
    chosen: list[Part] = []
    stack = [root]
    while stack:
        part = stack.pop()
        if part.type == "multipart/alternative" and part.children:
            stack.append(_best(part.children, prefer_html))
        elif part.type == "multipart/related" and part.children:
            stack.append(part.children[0])
        elif part.type != "message/rfc822" and part.children:
            stack.extend(reversed(part.children))
        elif part.type in ("text/plain", "text/html") and not is_attachment(part):
            chosen.append(part)
    return tuple(chosen)


def _best(children: tuple[Part, ...], prefer_html: bool) -> Part:
    def kinds(part: Part) -> set[str]:
        return {leaf.type for leaf in part.walk() if not is_attachment(leaf)}

    order = ("text/html", "text/plain") if prefer_html else ("text/plain", "text/html")
    for wanted in order:
        for child in children:
            if wanted in kinds(child):
                return child
    return children[-1]
