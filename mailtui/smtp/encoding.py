"""What a message needs of a server beyond plain ASCII, and what is done when the server lacks it:
bodies are encoded again (RFC 6152 §3), addresses and header fields are not guessed at."""

import re
from dataclasses import dataclass
from email import policy
from email.encoders import encode_base64, encode_quopri
from email.generator import BytesGenerator
from email.message import Message
from email.parser import BytesParser
from io import BytesIO

from mailtui.model.trouble import Refused

_BLANK_LINE = re.compile(rb"(?:\r\n|\r|\n)(?:\r\n|\r|\n)")
_NOT_IN_ADDRESS = re.compile("[\x00-\x20\x7f-\xa0<>\ud800-\udfff]")
_POLICY = policy.compat32.clone(linesep="\r\n", max_line_length=0)


@dataclass(frozen=True, slots=True)
class Needs:
    """Which of the message's halves go beyond ASCII."""

    header: bool
    body: bool


def needs_of(source: bytes) -> Needs:
    if source.isascii():
        return Needs(header=False, body=False)
    end = _BLANK_LINE.search(source)
    split = end.start() if end else len(source)
    return Needs(header=not source[:split].isascii(), body=not source[split:].isascii())


def envelope_address(address: str) -> str:
    """The address as an envelope carries it: its domain in ASCII (RFC 5891). Raises Refused when it
    can't be one; a line break would be a command."""
    local, at, domain = address.rpartition("@")
    if not at or not local or not domain or _NOT_IN_ADDRESS.search(address) or len(address) > 320:
        raise Refused(f'"{_NOT_IN_ADDRESS.sub("?", address[:80])}" is not a mail address.', "Correct it.")
    if domain.isascii():
        return address
    try:
        return f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError as error:
        raise Refused(f'The domain of "{address[:80]}" is not one that mail can be sent to.') from error


def seven_bit(source: bytes) -> bytes:
    """The message with every eight-bit body encoded so that it is ASCII. Raises Refused when that
    would break a signature."""
    message = BytesParser(policy=_POLICY).parsebytes(source)
    for part in message.walk():
        if part.get_content_type() == "multipart/signed":
            raise Refused(
                "The server takes plain ASCII only, and changing the message would break its signature.",
                "Send it without a signature, or by another server.",
            )
    for part in message.walk():
        if not part.is_multipart():
            _encode(part)
        elif str(part.get("Content-Transfer-Encoding", "")).strip().lower() in ("8bit", "binary"):
            part.replace_header("Content-Transfer-Encoding", "7bit")
    target = BytesIO()
    BytesGenerator(target, mangle_from_=False, maxheaderlen=0, policy=_POLICY).flatten(message)
    return target.getvalue()


def _encode(part: Message) -> None:
    declared = str(part.get("Content-Transfer-Encoding", "")).strip().lower()
    if declared in ("base64", "quoted-printable"):
        return
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes) or content.isascii():
        return
    del part["Content-Transfer-Encoding"]
    part.set_payload(content)
    if part.get_content_maintype() == "text":
        encode_quopri(part)
    else:
        encode_base64(part)
