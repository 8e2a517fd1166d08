"""Address lists of header fields and of what the user types (RFC 5322 §3.4), in one linear pass.

Encoded words are decoded in names only and after the list was taken apart, so that nobody can hide
an address in one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from mailtui.model.address import Address
from mailtui.model.trouble import Trouble
from mailtui.text import words
from mailtui.text.sanitize import line

MAX_ADDRESSES = 500
_MAX_FIELD = 65_536
_MAX_NAME = 300

_PLAIN = re.compile(r'\s*+"?([^"<>,;:()\\@=]*+)"?\s*+<([^\s<>"(),:;\\@]++@[^\s<>"(),:;\\@]++)>\s*')
_BARE = re.compile(r"\s*+([^\s<>@]++@[^\s<>@]++)\s*")
_SPECIAL = re.compile(r'["();:\\=]')
_TOKEN = re.compile(
    r"""(?P<space>\s++)|"(?P<quoted>(?:[^"\\]++|\\.)*+)(?:"|\\?$)|(?P<special>[(<>,;:)])|(?P<atom>[^\s"(<>,;:)]++)""",
    re.DOTALL,
)
_SPACED_AT = re.compile(r"\s*+@\s*+")
_COMMENT = re.compile(r"[^()\\]++|\\.?|[()]", re.DOTALL)
_ADDR_SPEC = re.compile(
    r'("[^"\\\x00-\x1f]+"|[^\s"(),:;<>@\\\[\]]+)@([^\s"(),:;<>@\\\[\]]+|\[[0-9A-Za-z:.]+\])'
)


def addresses(value: str) -> tuple[Address, ...]:
    """Every mailbox of an address list, groups flattened, at most MAX_ADDRESSES. Never raises; what
    is no address comes with an empty `address`."""
    value = value[:_MAX_FIELD]
    simple = _simple(value)
    if simple is not None:
        return simple
    found: list[Address] = []
    for mailbox in _mailboxes(value):
        found.append(_address(words.decode(mailbox.name), mailbox.address))
        if len(found) == MAX_ADDRESSES:
            break
    return tuple(found)


def _simple(value: str) -> tuple[Address, ...] | None:
    """The list if every mailbox in it is of the everyday kind, else None."""
    if match := _PLAIN.fullmatch(value):
        return (_address(match[1], match[2]),)
    if _SPECIAL.search(value) or not value:
        return None if value else ()
    found: list[Address] = []
    for piece in value.split(",", MAX_ADDRESSES)[:MAX_ADDRESSES]:
        if match := _BARE.fullmatch(piece):
            found.append(_address("", match[1]))
        elif match := _PLAIN.fullmatch(piece):
            found.append(_address(match[1], match[2]))
        else:
            return None
    return tuple(found)


def typed_addresses(value: str) -> tuple[Address, ...]:
    """Recipients as the user typed them, separated by commas, semicolons or line breaks. Raises
    Trouble naming the piece that is no address."""
    found: list[Address] = []
    for mailbox in _mailboxes(re.sub(r"[\r\n]+", ",", value)):
        address = line(mailbox.address).strip()
        wrong = not _ADDR_SPEC.fullmatch(address) or ".." in address or address.endswith(".")
        if wrong or mailbox.loose:
            shown = line(f"{mailbox.name} {mailbox.address}", 60).strip()
            raise Trouble(
                f"“{shown}” is not an address.", "Write it as name@example.org or Name <name@example.org>."
            )
        found.append(_address(mailbox.name, address))
    return tuple(found)


@dataclass(slots=True)
class _Mailbox:
    """The words of one mailbox as they are collected: each a list of pieces that touch."""

    words: list[list[str]] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    angle: str | None = None
    touching: bool = False
    loose: bool = False  # a bare address with other words beside it

    def add(self, piece: str) -> None:
        if self.touching:
            self.words[-1].append(piece)
        else:
            self.words.append([piece])
        self.touching = True

    @property
    def name(self) -> str:
        phrase = " ".join("".join(word) for word in self.words)
        return phrase or " ".join(self.comments)

    @property
    def address(self) -> str:
        return self.angle or ""


def _mailboxes(value: str) -> Iterator[_Mailbox]:
    box = _Mailbox()
    position = 0
    while position < len(value):
        match = _TOKEN.match(value, position)
        if match is None:  # a stray backslash or quote at the end
            break
        position = match.end()
        kind, text = match.lastgroup, match[0]
        if kind == "quoted":
            local_part = value[position : position + 1] == "@"
            box.add(text if local_part else _unescaped(match["quoted"]))
        elif kind == "atom":
            box.add(text)
        elif kind == "space":
            box.touching = False
        elif text == "(":
            comment, position = _comment(value, position)
            box.comments.append(comment)
        elif text == "<":
            if box.angle is not None:
                yield from _finished(box)
                box = _Mailbox()
            box.angle, position = _angle(value, position)
        elif text in ",;":
            yield from _finished(box)
            box = _Mailbox()
        elif text == ":":
            box = _Mailbox()  # the name of a group
    yield from _finished(box)


def _comment(value: str, position: int) -> tuple[str, int]:
    depth, pieces = 1, []
    while match := _COMMENT.match(value, position):
        position = match.end()
        depth += {"(": 1, ")": -1}.get(match[0], 0)
        if not depth:
            break
        pieces.append(match[0])
    return _unescaped("".join(pieces)), position


def _unescaped(quoted: str) -> str:
    return re.sub(r"\\(.)", r"\1", quoted, flags=re.DOTALL)


def _angle(value: str, position: int) -> tuple[str, int]:
    end = value.find(">", position)
    text = value[position : end if end >= 0 else len(value)]
    if text.lstrip().startswith("@"):  # an obsolete route
        text = text.rpartition(":")[2]
    return re.sub(r"\s+|\([^()]*+\)", "", text), end + 1 if end >= 0 else len(value)


def _finished(box: _Mailbox) -> Iterator[_Mailbox]:
    """The mailbox that was collected; a bare address is found among its words."""
    if box.angle is not None:
        yield box
        return
    spaced = ["".join(word) for word in box.words]
    if "@" in spaced or any(word.startswith("@") or word.endswith("@") for word in spaced):
        spaced = _SPACED_AT.sub("@", " ".join(spaced)).split()
    spoken = [word for word in spaced if "@" not in word]
    found = [word.strip("'") for word in spaced if "@" in word]
    for address in found:
        yield _Mailbox([spoken] if spoken else [], box.comments, address, loose=bool(spoken))
    if not found and (box.words or box.comments):
        yield box


def _address(name: str, address: str) -> Address:
    address = line(address, _MAX_NAME + 20)
    if not name:
        return Address("", address)
    name = line(name, _MAX_NAME).strip()
    if "  " in name:
        name = " ".join(name.split())
    if name.strip("'\"").lower() == address.lower():
        name = ""
    return Address(name, address)
