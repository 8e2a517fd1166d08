"""Drafts become messages, byte for byte what is sent; finished messages are made ready for it."""

import base64
import binascii
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from mailtui.model.account import Account
from mailtui.model.address import Address
from mailtui.model.draft import Attachment, Draft
from mailtui.model.trouble import Trouble
from mailtui.text import fields, headers
from mailtui.text.addresses import typed_addresses
from mailtui.text.sanitize import line

MAX_REFERENCES = 20  # the first, which is the conversation's, and the last ones

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,80}")
_HIDDEN = re.compile(rb"^(?:Resent-)?Bcc[ \t]*:[^\n]*+\n(?:[ \t][^\n]*+\n)*+", re.IGNORECASE | re.MULTILINE)
_DATE = re.compile(rb"^Date[ \t]*:[^\n]*+\n(?:[ \t][^\n]*+\n)*+", re.IGNORECASE | re.MULTILINE)
_ADDRESSED = ("to", "cc", "bcc")


class Written(NamedTuple):
    """A message as it will be sent, and to whom (addr-specs, domains in ASCII, each once)."""

    source: bytes
    recipients: tuple[str, ...]


class Raw(NamedTuple):
    """A finished message made ready: `source` has no Bcc."""

    source: bytes
    recipients: tuple[str, ...]
    message_id: str
    subject: str


def read_file(path: str) -> bytes:
    """The octets of an attachment. Raises Trouble if they can't be had."""
    try:
        return Path(path).read_bytes()
    except OSError as error:
        reason = line(error.strerror or type(error).__name__)
        name = line(Path(path).name, 80)
        raise Trouble(f"The attachment “{name}” can't be read: {reason}.", "Attach it again.") from error


def message_id(address: str, token: str) -> str:
    """A Message-ID in the domain of the sender, so that it says nothing about this machine."""
    domain = fields.ascii_domain(address).rpartition("@")[2]
    return f"<{token}@{domain if re.fullmatch(r'[A-Za-z0-9.-]+', domain) else 'localhost'}>"


def build(
    draft: Draft,
    *,
    account: Account,
    message_id: str,
    date: datetime,
    boundary: str,
    read: Callable[[str], bytes] = read_file,
) -> Written:
    """The message of a draft. Bcc is a recipient and in no header. Raises Trouble if a recipient is
    no address, none is given, or an attachment can't be read."""
    to, cc, bcc = (typed_addresses(typed) for typed in (draft.to, draft.cc, draft.bcc))
    if not (to or cc or bcc):
        raise Trouble("The message has no recipient.", "Fill in To.")
    head = [
        fields.date_field(date),
        fields.address_field("From", (_sender(draft, account),)),
        fields.address_field("To", to) if to else "",
        fields.address_field("Cc", cc) if cc else "",
        "To: undisclosed-recipients:;\r\n" if not (to or cc) else "",
        fields.text_field("Subject", draft.subject),
        fields.id_field("Message-ID", (message_id,)),
        fields.id_field("In-Reply-To", (draft.in_reply_to,)),
        fields.id_field("References", _capped(draft.references)),
        "MIME-Version: 1.0\r\n",
    ]
    attached = [_attachment(attachment, read(attachment.path)) for attachment in draft.attachments]
    return Written(_whole(head, draft, attached, boundary), _recipients((*to, *cc, *bcc)))


def build_draft(
    draft: Draft,
    *,
    account: Account,
    message_id: str,
    date: datetime,
    boundary: str,
    read: Callable[[str], bytes] = read_file,
) -> bytes:
    """The same for the Drafts folder, however unfinished: with Bcc, with what is no address yet as the
    name of an empty group (RFC 5322 §3.4), without attachments that can't be read."""
    head = [
        fields.date_field(date),
        fields.address_field("From", (_sender(draft, account),)),
        *(_unfinished(name, getattr(draft, name.lower())) for name in ("To", "Cc", "Bcc")),
        fields.text_field("Subject", draft.subject),
        fields.id_field("Message-ID", (message_id,)),
        fields.id_field("In-Reply-To", (draft.in_reply_to,)),
        fields.id_field("References", _capped(draft.references)),
        "MIME-Version: 1.0\r\n",
    ]
    attached = []
    for attachment in draft.attachments:
        with suppress(Trouble):  # the draft here still names it, and sending it will say so
            attached.append(_attachment(attachment, read(attachment.path)))
    return _whole(head, draft, attached, boundary)


def redated(source: bytes, date: datetime) -> bytes:
    """A finished message with another Date."""
    head, separator, body = source.partition(b"\r\n\r\n")
    field = fields.date_field(date).encode("ascii")
    return _DATE.sub(lambda _: field, head + b"\r\n", count=1) + separator[2:] + body


def _unfinished(name: str, typed: str) -> str:
    try:
        found = typed_addresses(typed)
    except Trouble:
        words = fields.encoded_words(line(typed).strip(), phrase=True)
        return "\r\n ".join([f"{name}: {words[0]}", *words[1:]]) + ":;\r\n" if words else ""
    return fields.address_field(name, found) if found else ""


def _whole(head: list[str], draft: Draft, attached: list[bytes], boundary: str) -> bytes:
    text = _text_part(draft.body)
    body = _mixed([text, *attached], boundary) if attached else text
    return "".join(head).encode("utf-8", "replace") + body


def raw_message(source: bytes, *, message_id: str = "", date: datetime | None = None) -> Raw:
    """Make a finished message ready to be sent: CRLF line ends, no Bcc, and a Message-ID and Date if
    it has none and they are given. Recipients are those of To, Cc and Bcc. Raises Trouble if it has
    no From."""
    source = re.sub(rb"\r\n|\r|\n", b"\n", source)
    source = re.sub(rb"\A>?From [^\n]*\n", b"", source)
    head, separator, body = source.partition(b"\n\n")
    head += b"\n"
    found: dict[str, list[str]] = {}
    for name, value in headers.raw_fields(head):
        found.setdefault(name, []).append(value)
    if not any(address.address for address in headers.addresses(", ".join(found.get("from", ())))):
        raise Trouble("The message has no From field with an address.", "Add one and send it again.")
    written = _HIDDEN.sub(b"", head)
    if "message-id" not in found and message_id:
        written = fields.id_field("Message-ID", (message_id,)).replace("\r", "").encode() + written
    if "date" not in found and date is not None:
        written = fields.date_field(date).replace("\r", "").encode() + written
    decoded = headers.decode(written + b"\n")
    addressed = ", ".join(value for name in _ADDRESSED for value in found.get(name, ()))
    everyone = [address for address in headers.addresses(addressed) if "@" in address.address]
    whole = (written + b"\n" + body if separator else written + b"\n").replace(b"\n", b"\r\n")
    return Raw(whole, _recipients(everyone), decoded.message_id, decoded.subject)


def _sender(draft: Draft, account: Account) -> Address:
    found = typed_addresses(draft.sender)
    return found[0] if found else account.address


def _recipients(addresses: list[Address] | tuple[Address, ...]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for address in addresses:
        written = fields.ascii_domain(address.address)
        found.setdefault(written.lower(), written)
    return tuple(found.values())


def _capped(references: tuple[str, ...]) -> tuple[str, ...]:
    if len(references) <= MAX_REFERENCES:
        return references
    return (references[0], *references[1 - MAX_REFERENCES :])


def _text_part(text: str) -> bytes:
    """The text as a part: 7bit where it can be, else quoted-printable, else base64."""
    text = _CONTROL.sub("", re.sub(r"\r\n|[\r\v\f\x85\u2028\u2029]", "\n", text)).rstrip("\n") + "\n"
    octets = text.encode("utf-8", "replace")
    charset = "us-ascii" if octets.isascii() else "utf-8"
    lines = text.split("\n")
    clean = octets.isascii() and all(len(one) <= 998 for one in lines)
    if clean and not any(one.endswith((" ", "\t")) and one != "-- " for one in lines):
        encoding, body = "7bit", octets
    elif sum(octet > 126 for octet in octets) * 3 > len(octets):
        encoding, body = "base64", base64.encodebytes(octets.replace(b"\n", b"\r\n"))
    else:
        encoding, body = "quoted-printable", binascii.b2a_qp(octets, istext=True)
    head = f"Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return head.encode() + body.replace(b"\n", b"\r\n")


def _attachment(attachment: Attachment, octets: bytes) -> bytes:
    kind = attachment.type.lower() if _TYPE.fullmatch(attachment.type.lower()) else "application/octet-stream"
    if kind.startswith(("multipart/", "message/")):
        kind, octets = _message_part(kind, octets)
    encoding = "7bit" if kind == "message/rfc822" else "base64"
    body = octets if encoding == "7bit" else base64.encodebytes(octets).replace(b"\n", b"\r\n")
    head = (
        fields.file_field("Content-Type", kind, "name", attachment.name)
        + fields.file_field("Content-Disposition", "attachment", "filename", attachment.name)
        + f"Content-Transfer-Encoding: {encoding}\r\n\r\n"
    )
    return head.encode("ascii") + body


def _message_part(kind: str, octets: bytes) -> tuple[str, bytes]:
    """An attached message may not be encoded (RFC 2046 §5.2.1): only one that travels as it is keeps
    its type, any other goes as a file."""
    lined = re.sub(rb"\r\n|\r|\n", b"\r\n", octets)
    short = all(len(one) <= 998 for one in lined.split(b"\r\n"))
    if kind == "message/rfc822" and lined.isascii() and b"\0" not in lined and short:
        return kind, lined
    return "application/octet-stream", octets


def _mixed(parts: list[bytes], boundary: str) -> bytes:
    while any(boundary.encode() in part for part in parts):
        boundary += "="
    mark = f"--{boundary}".encode()
    head = f'Content-Type: multipart/mixed; boundary="{boundary}"\r\n\r\n'.encode()
    # The line break before a boundary belongs to it, so each part keeps its own last one.
    return head + b"".join(mark + b"\r\n" + part + b"\r\n" for part in parts) + mark + b"--\r\n"
