"""BODYSTRUCTURE and ENVELOPE of a message, as RFC 3501 §7.4.2 wants them on the wire."""

from email.message import Message
from email.utils import collapse_rfc2231_value, getaddresses
from urllib.parse import quote

from mailtui.demo.mime import Entity

_ADDRESS_FIELDS = ("from", "sender", "reply-to", "to", "cc", "bcc")
_FROM_STANDS_IN = {"sender", "reply-to"}


def body_structure(part: Entity, *, extended: bool) -> bytes:
    """The structure of the part and all below it; `extended` is BODYSTRUCTURE, else BODY."""
    header = part.header
    if part.is_multipart:
        parts = b"".join(body_structure(child, extended=extended) for child in part.children)
        fields = [parts + b" " + _string(header.get_content_subtype())]
        if extended:
            fields += [_parameters(header, "content-type"), *_where(header)]
        return b"(" + b" ".join(fields) + b")"
    main = "text" if part.type.startswith("multipart/") else header.get_content_maintype()
    subtype = "plain" if part.type.startswith("multipart/") else header.get_content_subtype()
    fields = [
        _string(main),
        _string(subtype),
        _parameters(header, "content-type"),
        _field(header, "content-id"),
        _field(header, "content-description"),
        _string(str(header.get("content-transfer-encoding", "7bit")).strip()),
        b"%d" % part.size,
    ]
    if part.type == "message/rfc822" and part.children:
        inner = part.children[0]
        fields += [envelope(inner), body_structure(inner, extended=extended), b"%d" % part.lines]
    elif main == "text":
        fields.append(b"%d" % part.lines)
    if extended:
        fields += [_field(header, "content-md5"), *_where(header)]
    return b"(" + b" ".join(fields) + b")"


def envelope(message: Entity) -> bytes:
    """Header fields as they stand in the message, encoded words and all."""
    header = message.header
    addresses = [_addresses(header, name) for name in _ADDRESS_FIELDS]
    fields = [
        _field(header, "date"),
        _field(header, "subject"),
        *addresses,
        _field(header, "in-reply-to"),
        _field(header, "message-id"),
    ]
    return b"(" + b" ".join(fields) + b")"


def _where(header: Message) -> list[bytes]:
    disposition = header.get_content_disposition()
    written = b"NIL"
    if disposition:
        written = b"(%b %b)" % (_string(disposition), _parameters(header, "content-disposition"))
    return [written, _field(header, "content-language"), _field(header, "content-location")]


def _parameters(header: Message, field: str) -> bytes:
    found = header.get_params(header=field) or []
    words: list[bytes] = []
    for name, value in found[1:]:
        text = collapse_rfc2231_value(value)
        if text.isascii():
            words += [_string(name), _string(text)]
        else:
            words += [_string(name + "*"), _string("utf-8''" + quote(text))]
    return b"(" + b" ".join(words) + b")" if words else b"NIL"


def _addresses(header: Message, name: str) -> bytes:
    values = [str(value) for value in header.get_all(name, [])]
    if not values and name in _FROM_STANDS_IN:
        values = [str(value) for value in header.get_all("from", [])]
    written: list[bytes] = []
    for display, address in getaddresses([_unfold(value) for value in values]):
        local, _, domain = address.rpartition("@")
        if address:
            shown = _string(display) if display else b"NIL"
            written.append(b"(%b NIL %b %b)" % (shown, _string(local), _string(domain)))
    return b"(" + b"".join(written) + b")" if written else b"NIL"


def _field(header: Message, name: str) -> bytes:
    value = header.get(name)
    return b"NIL" if value is None else _string(_unfold(str(value)).strip())


def _unfold(value: str) -> str:
    return value.replace("\r", "").replace("\n", "")


def _string(text: str) -> bytes:
    octets = text.encode("utf-8", "surrogateescape")
    if any(octet > 126 or octet < 32 for octet in octets):
        return b"{%d}\r\n%b" % (len(octets), octets)
    return b'"' + octets.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'
