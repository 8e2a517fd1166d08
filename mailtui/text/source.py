"""A whole raw message taken apart, where no server's BODYSTRUCTURE is at hand. Linear and without
recursion, with caps on nesting and parts; numbered as IMAP numbers sections (RFC 9051 §6.4.5)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from mailtui.model.message import Header
from mailtui.model.part import Part
from mailtui.text import headers, parameters
from mailtui.text.sanitize import file_name, line

MAX_DEPTH = 50
MAX_PARTS = 500
_MAX_HEAD = 1_000_000
_TEXT = parameters.Value("text/plain")
_NEWLINE = re.compile(rb"\r?\n")
_HEADER_END = re.compile(rb"\r?\n\r?\n")
_FIELD = re.compile(rb">?From |[!-9;-~]{1,200}[ \t]*:")


@dataclass(frozen=True, slots=True)
class Source:
    """A message in parts. `spans` says where the octets of each leaf and of each attached message
    stand, by section; `cut` that there was more than the caps allow."""

    header: Header
    root: Part
    octets: bytes
    spans: dict[str, tuple[int, int]]
    cut: bool = False

    def body(self, part: Part) -> bytes:
        """The octets of a part as they stand in the message, still encoded."""
        start, end = self.spans.get(part.section, (0, 0))
        return self.octets[start:end]


@dataclass(slots=True)
class _Node:
    """A part while its children are still being found: its header and its body as spans."""

    section: str
    head: tuple[int, int]
    body: tuple[int, int]
    depth: int
    digest: bool = False
    kind: parameters.Value = _TEXT
    fields: dict[str, str] = field(default_factory=dict)
    children: list["_Node"] = field(default_factory=list)


def parse(octets: bytes) -> Source:
    """Take a message apart. Never raises; what can't be understood is one text part."""
    if b"\n" not in octets[:100_000]:
        octets = octets.replace(b"\r", b"\n")
    root = _node(octets, "", 0, len(octets), 0)
    spans: dict[str, tuple[int, int]] = {}
    count, cut = 1, False
    queue = [root]
    while queue:
        node = queue.pop()
        _read(octets, node)
        room = MAX_PARTS - count
        if node.depth >= MAX_DEPTH:
            cut |= node.kind.value.startswith("multipart/")
        else:
            found = _children(octets, node, room + 1)
            cut |= len(found) > room
            node.children = found[:room]
            count += len(node.children)
            queue += node.children
        if not node.children or node.kind.value == "message/rfc822":
            spans.setdefault(node.section or "1", node.body)
    return Source(headers.decode(octets[slice(*root.head)]), _frozen(root), octets, spans, cut)


def _node(octets: bytes, section: str, start: int, end: int, depth: int, *, digest: bool = False) -> _Node:
    """The part in octets[start:end]. A body without header begins at once."""
    first = _NEWLINE.match(octets, start, end)
    match = None if first else _HEADER_END.search(octets, start, end)
    if first:
        head, body = (start, start), (first.end(), end)
    elif match:
        head, body = (start, match.start()), (match.end(), end)
    elif _FIELD.match(octets, start, end):
        head, body = (start, end), (end, end)
    else:
        head, body = (start, start), (start, end)
    return _Node(section, head, body, depth, digest)


def _read(octets: bytes, node: _Node) -> None:
    """What the part's own header says it is."""
    start, end = node.head
    for count, (name, value) in enumerate(headers.raw_fields(octets[start : min(end, start + _MAX_HEAD)])):
        if count == headers.MAX_FIELDS:
            break
        if name.startswith("content-"):
            node.fields.setdefault(name, value)
    default = "message/rfc822" if node.digest else "text/plain"
    said = parameters.parse(node.fields.get("content-type", default))
    if re.fullmatch(r"[^/\s]+/[^/\s]+", said.value):
        node.kind = said
    else:
        kind = "text/plain" if said.value in ("text", "") else "application/octet-stream"
        node.kind = parameters.Value(kind, said.parameters)


def _children(octets: bytes, node: _Node, most: int) -> list[_Node]:
    """The parts of a multipart or of an attached message; none for a leaf."""
    kind = node.kind.value
    if kind == "message/rfc822" and _encoding(node) not in ("base64", "quoted-printable"):
        return [_attached(octets, node)]
    boundary = node.kind.parameters.get("boundary", "").rstrip()
    if not kind.startswith("multipart/") or not boundary:
        return []
    prefix = f"{node.section}." if node.section else ""
    digest = kind == "multipart/digest"
    found: list[_Node] = []
    for start, end in _pieces(octets, node.body, boundary):
        section = f"{prefix}{len(found) + 1}"
        found.append(_node(octets, section, start, end, node.depth + 1, digest=digest))
        if len(found) == most:
            break
    return found


def _attached(octets: bytes, node: _Node) -> _Node:
    """The message inside a message/rfc822. A multipart there has the section of the attachment and
    its parts are numbered below it; a single part is number one below it."""
    inner = _node(octets, node.section, *node.body, node.depth + 1)
    _read(octets, inner)
    if not inner.kind.value.startswith("multipart/"):
        inner.section = f"{node.section}.1" if node.section else "1"
    return inner


def _pieces(octets: bytes, within: tuple[int, int], boundary: str) -> Iterator[tuple[int, int]]:
    mark = re.escape(b"--" + boundary.encode("utf-8", "replace")[:200])
    delimiter = re.compile(rb"(?<![^\n])" + mark + rb"(--)?[ \t]*+(?:\r?\n|\Z)")
    start: int | None = None
    for match in delimiter.finditer(octets, *within):
        if start is not None:
            end = match.start() - (2 if octets[match.start() - 2 : match.start()] == b"\r\n" else 1)
            yield start, max(start, end)
        if match[1]:
            return
        start = match.end()
    if start is not None:
        yield start, within[1]


def _encoding(node: _Node) -> str:
    return line(node.fields.get("content-transfer-encoding", ""), 60).strip().lower()


def _frozen(root: _Node) -> Part:
    """The finished tree, leaves first."""
    order: list[_Node] = []
    stack = [root]
    while stack:
        node = stack.pop()
        order.append(node)
        stack += node.children
    done: dict[int, Part] = {}
    for node in reversed(order):
        done[id(node)] = _part(node, tuple(done[id(child)] for child in node.children))
    return done[id(root)]


def _part(node: _Node, children: tuple[Part, ...]) -> Part:
    said = node.kind.parameters
    disposition = parameters.parse(node.fields.get("content-disposition", ""))
    name = disposition.parameters.get("filename") or said.get("name", "")
    return Part(
        section=node.section or ("" if children else "1"),
        type=line(node.kind.value, 100),
        size=node.body[1] - node.body[0],
        charset=line(said.get("charset", ""), 60),
        encoding=_encoding(node),
        disposition=line(disposition.value, 60),
        name=file_name(name) if name.strip() else "",
        content_id=line(node.fields.get("content-id", ""), 300).strip(" <>"),
        flowed=said.get("format", "").strip().lower() == "flowed",
        delsp=said.get("delsp", "").strip().lower() == "yes",
        children=children,
    )
