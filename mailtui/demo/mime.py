"""A message as octets with marks on it: where each part's header and body begin and end."""

from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32
from functools import cached_property

_headers = BytesHeaderParser(policy=compat32)
_DEEPEST = 20


@dataclass(frozen=True)
class Entity:
    """One node of the MIME tree: source[start:body] is its header with the empty line, source[body:end]
    its body. `is_message` holds for the root and for what lies in a message/rfc822 part."""

    source: bytes
    start: int
    body: int
    end: int
    depth: int = 0
    is_message: bool = True

    @property
    def header_bytes(self) -> bytes:
        return self.source[self.start : self.body]

    @property
    def body_bytes(self) -> bytes:
        return self.source[self.body : self.end]

    @property
    def size(self) -> int:
        """Octets of the body, as BODYSTRUCTURE counts them (RFC 3501 §7.4.2)."""
        return self.end - self.body

    @property
    def lines(self) -> int:
        return self.source.count(b"\n", self.body, self.end)

    @cached_property
    def header(self) -> Message:
        return _headers.parsebytes(self.header_bytes)

    @property
    def type(self) -> str:
        return self.header.get_content_type()

    @property
    def is_multipart(self) -> bool:
        return self.type.startswith("multipart/") and bool(self.children)

    @cached_property
    def children(self) -> tuple["Entity", ...]:
        """The parts of a multipart, or the one message of a message/rfc822."""
        if self.depth >= _DEEPEST:
            return ()
        if self.type == "message/rfc822":
            return (_entity(self.source, self.body, self.end, self.depth + 1, is_message=True),)
        boundary = self.header.get_boundary()
        if not self.type.startswith("multipart/") or not boundary:
            return ()
        return tuple(
            _entity(self.source, start, end, self.depth + 1, is_message=False)
            for start, end in _between(self.source, self.body, self.end, boundary.encode("utf-8", "replace"))
        )

    def walk(self) -> Iterator["Entity"]:
        yield self
        for child in self.children:
            yield from child.walk()

    def find(self, section: tuple[int, ...]) -> "Entity | None":
        """The part with this number (RFC 3501 §6.4.5), or None."""
        found = self
        for number in section:
            holder = found.children[0] if found.type == "message/rfc822" and found.children else found
            if holder.is_multipart:
                if not 1 <= number <= len(holder.children):
                    return None
                found = holder.children[number - 1]
            elif number == 1 and holder.is_message:
                found = holder
            else:
                return None
        return found

    def decoded(self) -> bytes:
        """The body without its transfer encoding; as it is where that is broken."""
        message = _headers.parsebytes(self.header_bytes)
        message.set_payload(self.body_bytes.decode("ascii", "surrogateescape"))
        payload = message.get_payload(decode=True)
        return payload if isinstance(payload, bytes) else self.body_bytes

    def text(self) -> str:
        """The decoded body as text, for searching."""
        charset = self.header.get_content_charset() or "utf-8"
        try:
            return self.decoded().decode(charset, "replace")
        except LookupError:
            return self.decoded().decode("utf-8", "replace")


def parse(source: bytes) -> Entity:
    """The tree of a whole message, taken apart only as far as it is looked at."""
    return _entity(source, 0, len(source), 0, is_message=True)


def _entity(source: bytes, start: int, end: int, depth: int, *, is_message: bool) -> Entity:
    return Entity(source, start, _body_start(source, start, end), end, depth, is_message)


def _body_start(source: bytes, start: int, end: int) -> int:
    for empty in (b"\r\n", b"\n"):
        if source.startswith(empty, start, end):
            return start + len(empty)
    ends = [
        at + len(empty) for empty in (b"\r\n\r\n", b"\n\n") if (at := source.find(empty, start, end)) >= 0
    ]
    return min(ends, default=end)


def _between(source: bytes, start: int, end: int, boundary: bytes) -> Iterator[tuple[int, int]]:
    """What lies between the delimiter lines; the line end before a delimiter belongs to the delimiter
    (RFC 2046 §5.1.1)."""
    mark = b"--" + boundary
    opened = -1
    at = source.find(mark, start, end)
    while at >= 0:
        line_end = source.find(b"\n", at, end)
        line_end = end if line_end < 0 else line_end + 1
        rest = source[at + len(mark) : line_end].rstrip()
        if (at == start or source[at - 1 : at] == b"\n") and rest in (b"", b"--"):
            if opened >= 0:
                yield opened, _without_line_end(source, opened, at)
            opened = -1 if rest else line_end
            if rest:
                return
        at = source.find(mark, line_end, end)
    if opened >= 0:
        yield opened, end


def _without_line_end(source: bytes, start: int, end: int) -> int:
    for mark in (b"\r\n", b"\n"):
        if end - len(mark) >= start and source.endswith(mark, start, end):
            return end - len(mark)
    return end
