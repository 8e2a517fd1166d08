"""The boundary between what strangers wrote and a terminal, a file name or a command line.

What comes out of here holds no control, escape or bidi character, no lone surrogate and nothing
invisible; every function takes time linear in its input and never raises.
"""

import re
import unicodedata
from urllib.parse import quote

MAX_LINE = 2000  # characters; no header line anyone reads is longer
MAX_URL = 8192  # octets; an OSC 8 link must be shorter still (2048)
MAX_FILE_NAME = 240  # octets: 255 less room for " (12)"
_MAX_MARKS = 8  # combining marks on one base character

_CONTROLS = "\x00-\x1f\x7f-\x9f"
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_INVISIBLE = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u2065\u206a-\u206f\u3164"
    "\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_BREAKS = "\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029"
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u0711\u0730-\u074a\u07a6-\u07b0\u07eb-\u07f3\u0816-\u082d\u0859-\u085b\u08ca-\u0902\u093a\u093c"
    "\u0941-\u0948\u094d\u0951-\u0957\u0962\u0963\u0981\u09bc\u09cd\u0a3c\u0a4d\u0bcd\u0c4d\u0d4d\u0e31"
    "\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u0f18\u0f19\u0f35\u0f37\u0f39\u0f71-\u0f84"
    "\u0f86-\u0fbc\u102d-\u1037\u1039\u103a\u135d-\u135f\u17b7-\u17bd\u17c6\u17c9-\u17d3\u1ab0-\u1aff"
    "\u1dc0-\u1dff\u20d0-\u20f0\u302a-\u302d\u3099\u309a\ua66f-\ua67d\ufe00-\ufe0f\ufe20-\ufe2f"
)

_SUSPECT = re.compile(
    f"[{_CONTROLS}{_BIDI}{_INVISIBLE}\u2028\u2029\ud800-\udfff]|[{_MARKS}]{{{_MAX_MARKS + 1},}}"
)
_DEVICE = re.compile("CON|PRN|AUX|NUL|(COM|LPT)[0-9¹²³]", re.IGNORECASE)
_FLOOD = re.compile(f"([{_MARKS}]{{{_MAX_MARKS}}})[{_MARKS}]+")
_LINE_BREAKS = re.compile(f"[{_BREAKS}]+")
_BLOCK_BREAKS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_VANISHING = re.compile(f"(?![\u200c\u200d])[{_BIDI}{_INVISIBLE}]")
_UNREADABLE = re.compile(f"[{_CONTROLS}\ud800-\udfff]")
_BLOCK_UNREADABLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
# Joiners are invisible but carry meaning inside an emoji and inside Arabic and Indic words.
_JOINERS = re.compile("[\u200c\u200d]")
_EMOJI_END = re.compile("[\u203c-\u2bff\ufe0f\U0001f000-\U0001faff]")
_LETTER = re.compile("[\u0620-\u0dff]")
_SPACE = "".join(map(chr, range(33)))  # what browsers strip around a link


def line(text: str, limit: int = MAX_LINE) -> str:
    """One line of at most `limit` characters: line breaks and tabs become a space, other controls
    a visible sign, bidi and invisible characters go."""
    if len(text) > limit:
        text = text[: max(limit - 1, 0)] + "…"
    # the first question is the cheaper one, and most of all text answers it
    if (text.isascii() and text.isprintable()) or not _SUSPECT.search(text):
        return text
    return _clean(_LINE_BREAKS.sub(" ", text), _UNREADABLE)


def block(text: str) -> str:
    """Many lines with `\\n` between them, tabs expanded to eight columns; else with the same care."""
    if not _SUSPECT.search(text):
        return text
    return _clean(_BLOCK_BREAKS.sub("\n", text).expandtabs(8), _BLOCK_UNREADABLE)


def file_name(text: str, fallback: str = "attachment") -> str:
    """A name that stays in the directory it is put in: no path, no leading dot, dash or tilde, no
    device name, at most 240 octets with its extension kept."""
    pieces = re.split(r"[/\\]", line(text.replace("\0", ""), MAX_URL))
    name = next((piece for piece in reversed(pieces) if piece.strip(" .")), "")
    name = unicodedata.normalize("NFC", name)
    name = re.sub(r"\s+", " ", re.sub(r'[<>:"|?*\u2400-\u2426\ufffd]', "_", name))
    name = name.lstrip(" .-~").rstrip(" .")
    if _DEVICE.fullmatch(name.split(".", 1)[0].rstrip()):
        name = "_" + name
    return _shortened(name) or fallback


def url(text: str) -> str | None:
    """The link as percent-encoded ASCII if it is http, https or mailto, else None. A non-ASCII host
    comes out as punycode, so that a lookalike is seen."""
    if len(text) > MAX_URL:
        return None
    text = re.sub(r"[\t\r\n]", "", text).strip(_SPACE)
    match = re.match(r"(https?|mailto):", text, re.IGNORECASE | re.ASCII)
    if match is None:
        return None
    scheme, rest = match[1].lower(), text[match.end() :]
    if scheme == "mailto":
        found: str | None = "mailto:" + _percent(rest)
    else:
        found = _web(scheme, rest.replace("\\", "/"))
    return found if found and len(found) <= MAX_URL and "%00" not in found else None


def _clean(text: str, unreadable: re.Pattern[str]) -> str:
    text = _VANISHING.sub("", text)
    text = _JOINERS.sub(_joiner, text)
    text = unreadable.sub(_picture, text)
    return _FLOOD.sub(r"\1", text)


def _joiner(match: re.Match[str]) -> str:
    start, end = match.span()
    before, after = match.string[max(start - 1, 0) : start], match.string[end : end + 1]
    emoji = match[0] == "\u200d" and _EMOJI_END.match(before) and _EMOJI_END.match(after)
    return match[0] if emoji or (_LETTER.match(before) and _LETTER.match(after)) else ""


def _picture(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else "\ufffd"


def _shortened(name: str) -> str:
    if len(name.encode()) <= MAX_FILE_NAME:
        return name
    stem, dot, extension = name.rpartition(".")
    tail = dot + extension if stem and len(extension.encode()) <= 16 else ""
    stem = (
        name[: len(name) - len(tail)].encode()[: MAX_FILE_NAME - len(tail.encode())].decode("utf-8", "ignore")
    )
    return stem.rstrip(" .") + tail


def _web(scheme: str, rest: str) -> str | None:
    rest = rest.lstrip("/")
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    user, at, place = authority.rpartition("@")
    match = re.fullmatch(r"(\[[0-9A-Fa-f:.]{2,45}\]|[^\s:\[\]]{1,255})(:[0-9]{1,5})?:?", place)
    if match is None:
        return None
    host = match[1] if match[1].startswith("[") else _host(match[1])
    if not host:
        return None
    return f"{scheme}://{_percent(user)}{at}{host}{match[2] or ''}{_percent(rest[len(authority) :])}"


def _host(name: str) -> str | None:
    """The name in ASCII, or None where there is none (RFC 5891 by the standard library's codec)."""
    try:
        name = name if name.isascii() else name.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    return name.lower() if re.fullmatch(r"[A-Za-z0-9._~-]+", name) else None


def _percent(text: str) -> str:
    return quote(text.encode("utf-8", "replace"), safe="%!#$&'()*+,/:;=?@~-._[]")
