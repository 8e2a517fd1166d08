"""Header fields written: encoded, folded, and with no way to smuggle in another (RFC 2047, 5322, 2231)."""

import base64
import re
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import quote

from mailtui.model.address import Address
from mailtui.text.sanitize import file_name, line

_WIDTH = 76
_WORD = 75 - len("=?utf-8?q??=")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:[ .][A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_ID = re.compile(r"<[!-;=?-~]{1,900}>")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def text_field(name: str, value: str) -> str:
    """An unstructured field such as Subject."""
    value = line(value).strip()
    if _is_plain(value):
        return _folded(name, re.split(r"(?<=\S)(?= )", value))
    return _folded(name, [word if at == 0 else f" {word}" for at, word in enumerate(encoded_words(value))])


def address_field(name: str, addresses: Iterable[Address]) -> str:
    """A list of mailboxes. Domains are written in ASCII; a non-ASCII local part stays UTF-8 (RFC 6532)."""
    pieces: list[str] = []
    for address in addresses:
        if pieces:
            pieces[-1] += ","
        words = _phrase(address.name)
        addr_spec = ascii_domain(address.address)
        mailbox = [*words, f"<{addr_spec}>"] if words else [addr_spec]
        pieces += [word if not (at or pieces) else f" {word}" for at, word in enumerate(mailbox)]
    return _folded(name, pieces)


def id_field(name: str, ids: Iterable[str]) -> str:
    """Message ids; what is none is left out. Empty if there are none."""
    found = [identifier for identifier in ids if _ID.fullmatch(identifier)]
    return _folded(name, [word if at == 0 else f" {word}" for at, word in enumerate(found)]) if found else ""


def date_field(moment: datetime) -> str:
    """The Date field; `moment` knows its time zone. English whatever the locale."""
    zone = moment.strftime("%z")[:5] or "-0000"
    day, month = _DAYS[moment.weekday()], _MONTHS[moment.month - 1]
    return f"Date: {day}, {moment.day} {month} {moment.year:04} {moment:%H:%M:%S} {zone}\r\n"


def file_field(name: str, value: str, parameter: str, file: str) -> str:
    """A field whose parameter is a file name, in continuations if it is long or not ASCII."""
    safe = file_name(file)
    if _is_plain(safe) and len(safe) <= 60:
        escaped = safe.replace("\\", "\\\\").replace('"', '\\"')
        return _folded(name, [f"{value};", f' {parameter}="{escaped}"'])
    octets = "utf-8''" + quote(safe, safe="!#$&+-.^_`|~")
    pieces = re.findall(r"(?:%..|[^%]){1,20}", octets)
    if len(pieces) == 1:
        return _folded(name, [f"{value};", f" {parameter}*={octets}"])
    last = len(pieces) - 1
    continued = [f" {parameter}*{at}*={piece}{';' if at < last else ''}" for at, piece in enumerate(pieces)]
    return _folded(name, [f"{value};", *continued])


def encoded_words(value: str, *, phrase: bool = False) -> list[str]:
    """The text in encoded words of at most 75 characters, none of them splitting a character."""
    octets = value.encode("utf-8", "replace")
    dense = sum(octet > 126 for octet in octets) * 3 > len(octets)
    words: list[str] = []
    held = ""
    for character in value:
        if held and _encoded_length(held + character, dense, phrase) > _WORD:
            words.append(_encoded(held, dense, phrase))
            held = ""
        held += character
    return [*words, _encoded(held, dense, phrase)] if held else words


def ascii_domain(address: str) -> str:
    """The address with its domain as punycode where it has to be."""
    local, at, domain = address.rpartition("@")
    try:
        return f"{local}{at}{domain if domain.isascii() else domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        return address


def _phrase(name: str) -> list[str]:
    """A display name as the words it is folded between."""
    name = line(name).strip()
    if not name:
        return []
    if not _is_plain(name):
        return encoded_words(name, phrase=True)
    if _ATOMS.fullmatch(name) and "." not in name:
        return name.split(" ")
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return [f'"{escaped}"']


def _is_plain(value: str) -> bool:
    return value.isascii() and "=?" not in value and all(len(word) < 900 for word in value.split())


def _encoded_length(text: str, dense: bool, phrase: bool) -> int:
    if dense:
        return (len(text.encode("utf-8", "replace")) + 2) // 3 * 4
    return len(_quoted(text, phrase))


def _encoded(text: str, dense: bool, phrase: bool) -> str:
    if dense:
        return f"=?utf-8?b?{base64.b64encode(text.encode('utf-8', 'replace')).decode('ascii')}?="
    return f"=?utf-8?q?{_quoted(text, phrase)}?="


def _quoted(text: str, phrase: bool) -> str:
    allowed = rb"A-Za-z0-9!*+/-" if phrase else rb"!-<>@-^`-~"

    def escape(match: re.Match[bytes]) -> bytes:
        return b"_" if match[0] == b" " else b"=%02X" % match[0][0]

    return re.sub(rb"[^" + allowed + rb"]", escape, text.encode("utf-8", "replace")).decode("ascii")


def _folded(name: str, pieces: list[str]) -> str:
    """The field with line breaks between pieces that begin with a blank, so that no line is longer
    than 76 characters if that can be had."""
    lines, used = [f"{name}: "], len(name) + 2
    for piece in pieces:
        if used + len(piece) > _WIDTH and piece.startswith(" ") and piece.strip() and lines[-1].strip():
            lines.append("\r\n")
            used = 0
        lines.append(piece)
        used += len(piece)
    return "".join(lines).rstrip(" ") + "\r\n"
