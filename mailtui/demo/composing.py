"""Letters into the octets of RFC 5322 and MIME messages, the same every time."""

import base64
import binascii
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from enum import StrEnum
from urllib.parse import quote

from mailtui.demo.correspondents import MailingList, Person

_WIDTH = 76
_WORD = 45  # octets of text in one encoded word, so that the word stays below 75


class Encoding(StrEnum):
    """How a text travels. AUTO: as plainly as its characters allow."""

    AUTO = "auto"
    EIGHT_BIT = "8bit"
    QUOTED = "quoted-printable"
    BASE64 = "base64"
    LATIN_1 = "latin-1"  # raw octets
    FLOWED = "flowed"  # RFC 3676


@dataclass(frozen=True, slots=True)
class File:
    """Something attached, or shown in the HTML when it has a content id."""

    name: str
    type: str
    data: bytes
    content_id: str = ""
    parameters: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message before it is octets. With both text and HTML they are alternatives."""

    sender: Person
    to: Sequence[Person | MailingList]
    subject: str
    date: datetime
    message_id: str
    text: str = ""
    html: str = ""
    files: Sequence[File] = ()
    cc: Sequence[Person | MailingList] = ()
    references: Sequence[str] = ()
    headers: Sequence[tuple[str, str]] = ()
    encoding: Encoding = Encoding.AUTO
    calendar: File | None = field(default=None)  # an invitation: an alternative of the text


def build(letter: Letter) -> bytes:
    """The message, CR LF at the end of each line."""
    fields = [
        ("From", address(letter.sender)),
        ("To", ", ".join(address(each) for each in letter.to)),
        ("Cc", ", ".join(address(each) for each in letter.cc)),
        ("Subject", words(letter.subject)),
        ("Date", format_datetime(letter.date)),
        ("Message-ID", letter.message_id),
        ("In-Reply-To", letter.references[-1] if letter.references else ""),
        ("References", " ".join(letter.references)),
        *letter.headers,
        ("MIME-Version", "1.0"),
    ]
    head = b"".join(_fold(name, value) for name, value in fields if value)
    return head + _body(letter)


def address(who: Person | MailingList) -> str:
    """As it stands in a From or To field."""
    name = who.name if isinstance(who, Person) else who.title
    if not name.isascii():
        name = words(name)
    elif any(sign in '()<>[]:;@\\,."' for sign in name):
        name = f'"{name}"'
    return f"{name} <{who.address}>"


def words(text: str) -> str:
    """RFC 2047 encoded words if the text needs them, cut between characters."""
    if text.isascii():
        return text
    found: list[str] = []
    piece = b""
    for character in text:
        octets = character.encode()
        if len(piece) + len(octets) > _WORD:
            found.append(_word(piece))
            piece = b""
        piece += octets
    return " ".join([*found, _word(piece)])


def _word(octets: bytes) -> str:
    return f"=?utf-8?b?{base64.b64encode(octets).decode()}?="


def _fold(name: str, value: str) -> bytes:
    lines, line = [], f"{name}:"
    for word in value.split(" "):
        if len(line) + 1 + len(word) > _WIDTH and line != f"{name}:":
            lines.append(line)
            line = ""
        line += f" {word}"
    return ("\r\n".join([*lines, line]) + "\r\n").encode()


def _body(letter: Letter) -> bytes:
    """From the first Content-Type field to the end."""
    texts = []
    if letter.text or not letter.html:
        texts.append(_text("plain", letter.text, letter.encoding))
    if letter.html:
        texts.append(_html(letter))
    if letter.calendar:
        texts.append(_part(letter.calendar, "inline"))
    mark = f"{zlib.crc32(letter.message_id.encode()):08x}"
    whole = texts[0] if len(texts) == 1 else _multipart("alternative", f"alt-{mark}", texts)
    attached = [_part(each, "attachment") for each in letter.files if not each.content_id]
    return _multipart("mixed", f"mix-{mark}", [whole, *attached]) if attached else whole


def _html(letter: Letter) -> bytes:
    html = _text("html", letter.html, Encoding.QUOTED)
    shown = [_part(each, "inline") for each in letter.files if each.content_id]
    if not shown:
        return html
    mark = f"rel-{zlib.crc32(letter.message_id.encode()):08x}"
    return _multipart("related", mark, [html, *shown])


def multipart(subtype: str, mark: str, parts: Sequence[bytes], parameters: str = "") -> bytes:
    """A multipart body with its Content-Type; each part brings its own header."""
    head = f'Content-Type: multipart/{subtype};{parameters} boundary="{mark}"\r\n\r\n'
    inner = b"".join(b"--" + mark.encode() + b"\r\n" + part + b"\r\n" for part in parts)
    return head.encode() + inner + f"--{mark}--\r\n".encode()


_multipart = multipart


def _text(subtype: str, text: str, encoding: Encoding) -> bytes:
    text = text.rstrip("\n") + "\n"
    if encoding is Encoding.AUTO:
        encoding = _fitting(text)
    charset = "iso-8859-1" if encoding is Encoding.LATIN_1 else "utf-8"
    octets = text.replace("\n", "\r\n").encode(charset)
    kind = f"text/{subtype}; charset={charset}"
    if encoding is Encoding.FLOWED:
        kind += "; format=flowed; delsp=no"
    if encoding is Encoding.BASE64:
        how, octets = "base64", _base64(octets)
    elif encoding is Encoding.QUOTED:
        how, octets = "quoted-printable", binascii.b2a_qp(octets, istext=True)
        octets = octets.replace(b"=\n", b"=\r\n")
    else:
        how = "7bit" if octets.isascii() else "8bit"
    return f"Content-Type: {kind}\r\nContent-Transfer-Encoding: {how}\r\n\r\n".encode() + octets


def _fitting(text: str) -> Encoding:
    strange = sum(not character.isascii() for character in text)
    if strange * 4 > len(text):
        return Encoding.BASE64
    long = any(len(line) > 900 for line in text.split("\n"))
    return Encoding.QUOTED if strange or long else Encoding.EIGHT_BIT


def _part(file: File, disposition: str) -> bytes:
    parameters = f"; {file.parameters}" if file.parameters else ""
    name = f'filename="{file.name}"' if file.name.isascii() else f"filename*=utf-8''{quote(file.name)}"
    fields = [f"Content-Type: {file.type}{parameters}", "Content-Transfer-Encoding: base64"]
    fields.append(f"Content-Disposition: {disposition};\r\n {name}")
    if file.content_id:
        fields.append(f"Content-ID: <{file.content_id}>")
    return "\r\n".join(fields).encode() + b"\r\n\r\n" + _base64(file.data)


def _base64(data: bytes) -> bytes:
    encoded = base64.b64encode(data)
    return b"".join(encoded[at : at + 76] + b"\r\n" for at in range(0, len(encoded), 76))
