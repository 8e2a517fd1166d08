"""Messages for pymap that are taken apart only when someone asks, with right sizes and parameters.

pymap's own counts part headers into sizes, writes a disposition as one string, sends ENVELOPE
decoded, and does not find what is transfer-encoded.
"""

from collections.abc import Collection, Sequence
from email.header import decode_header, make_header
from functools import cached_property
from typing import Self

from pymap.backend.dict import mailbox as dictionary
from pymap.bytes import Writeable, WriteStream
from pymap.mime import MessageContent
from pymap.parsing.primitives import List
from pymap.parsing.response.fetch import BodyStructure, EnvelopeStructure
from pymap.parsing.specials import FetchRequirement

from mailtui.demo import mime, structure


class Content:
    """The octets of a message, shared by its copies, and what was found in them so far."""

    def __init__(self, source: bytes) -> None:
        self.source = source

    @cached_property
    def root(self) -> mime.Entity:
        return mime.parse(self.source)

    @cached_property
    def words(self) -> str:
        """Everything that a text search looks at, decoded and case-folded."""
        found: list[str] = []
        for part in self.root.walk():
            found += [_readable(str(value)) for value in part.header.values()]
            if part.type.startswith("text/"):
                found.append(part.text())
        return "\n".join(found).casefold()


class Message(dictionary.Message):
    """A message of a folder; `copied` gives it another place."""

    __slots__ = ("content",)
    content: Content

    def copied(self, uid: int, *, recent: bool = False, expunged: bool = False) -> Self:
        copy = type(self)(uid, self.internal_date, self.permanent_flags, expunged=expunged, recent=recent)
        copy.content = self.content
        return copy

    async def load_content(self, requirement: FetchRequirement) -> "LoadedMessage":
        return LoadedMessage(self, requirement)


class LoadedMessage(dictionary.LoadedMessage):
    """What FETCH and SEARCH ask of a message."""

    __slots__ = ("_octets",)

    def __init__(self, message: Message, requirement: FetchRequirement) -> None:
        super().__init__(message, requirement, None)
        self._octets = message.content

    def __bytes__(self) -> bytes:
        return self._octets.source

    def get_header(self, name: bytes) -> Sequence[str]:
        values = self._octets.root.header.get_all(name.decode("ascii", "replace"), [])
        return [_readable(str(value)) for value in values]

    def get_headers(self, section: Sequence[int]) -> Writeable:
        part = self._octets.root.find(tuple(section))
        return Writeable.wrap(part.header_bytes if part else b"")

    def get_message_headers(
        self,
        section: Sequence[int] | None = None,
        subset: Collection[bytes] | None = None,
        inverse: bool = False,
    ) -> Writeable:
        message = self._whole(section)
        if message is None:
            return Writeable.empty()
        if subset is None:
            return Writeable.wrap(message.header_bytes)
        wanted = {name.upper() for name in subset}
        kept = b"".join(field for name, field in _fields(message) if inverse != (name in wanted))
        return Writeable.wrap(kept + b"\r\n")

    def get_message_text(self, section: Sequence[int] | None = None) -> Writeable:
        message = self._whole(section)
        return Writeable.wrap(message.body_bytes if message else b"")

    def get_body(self, section: Sequence[int] | None = None, binary: bool = False) -> Writeable:
        if not section:
            return Writeable.wrap(self._octets.source)
        part = self._octets.root.find(tuple(section))
        if part is None:
            return Writeable.empty()
        return Writeable.wrap(part.decoded() if binary else part.body_bytes)

    def get_size(self, section: Sequence[int] | None = None) -> int:
        return len(self.get_body(section)) if section else len(self._octets.source)

    def get_envelope_structure(self) -> EnvelopeStructure:
        return _Envelope(self._octets)

    def get_body_structure(self) -> BodyStructure:
        return _Structure(self._octets.root)

    def contains(self, value: bytes) -> bool:
        return value.decode("utf-8", "replace").casefold() in self._octets.words

    def _whole(self, section: Sequence[int] | None) -> mime.Entity | None:
        """The whole message, or the one in a message/rfc822 part."""
        if not section:
            return self._octets.root
        part = self._octets.root.find(tuple(section))
        return part.children[0] if part and part.type == "message/rfc822" and part.children else None


class _Envelope(EnvelopeStructure):
    """pymap's searches read the decoded fields; clients get the fields as they stand."""

    def __init__(self, content: Content) -> None:
        header = MessageContent.parse(content.root.header_bytes).header.parsed
        super().__init__(
            *(header.date, header.subject, header.from_, header.sender, header.reply_to),
            *(header.to, header.cc, header.bcc, header.in_reply_to, header.message_id),
        )
        self._written = structure.envelope(content.root)

    def __bytes__(self) -> bytes:
        return self._written

    def write(self, writer: WriteStream) -> None:
        writer.write(self._written)


class _Structure(BodyStructure):
    def __init__(self, root: mime.Entity) -> None:
        super().__init__("", "", None, None, None, None)
        self._root = root

    def __bytes__(self) -> bytes:
        return structure.body_structure(self._root, extended=False)

    def write(self, writer: WriteStream) -> None:
        writer.write(bytes(self))

    @property
    def extended(self) -> List:
        return _Written(structure.body_structure(self._root, extended=True))


class _Written(List):
    """A list that is already in its wire form."""

    def __init__(self, written: bytes) -> None:
        super().__init__([])
        self._octets = written

    def __bytes__(self) -> bytes:
        return self._octets

    def write(self, writer: WriteStream) -> None:
        writer.write(self._octets)


def _fields(message: mime.Entity) -> list[tuple[bytes, bytes]]:
    """(NAME, the field with its folded lines) of a header, in order."""
    fields: list[tuple[bytes, bytes]] = []
    for line in message.header_bytes.splitlines(keepends=True):
        if line[:1] in (b" ", b"\t") and fields:
            name, field = fields[-1]
            fields[-1] = (name, field + line)
        elif b":" in line:
            fields.append((line.split(b":", 1)[0].strip().upper(), line))
    return fields


def _readable(value: str) -> str:
    """A header value with its encoded words decoded, as far as that goes."""
    try:
        return str(make_header(decode_header(value)))
    except (ValueError, LookupError):
        return value
