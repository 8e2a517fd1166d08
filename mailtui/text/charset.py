"""Octets to text by an allow-list of charsets: as declared if that works, else UTF-8, else a guess.

Never raises. Only real charsets are asked: Python's codec names would also unpack or unescape.
"""

import re
from collections.abc import Callable

_WESTERN = "cp1252"  # what senders mean by US-ASCII and ISO 8859-1 (WHATWG Encoding Standard)
_UTF16 = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be")

_CODECS: dict[str, str] = {
    "utf8": "utf-8",
    "utf8mb4": "utf-8",
    "unicode11utf8": "utf-8",
    "utf7": "utf-7",
    "unicode11utf7": "utf-7",
    "usascii": _WESTERN,
    "ascii": _WESTERN,
    "ansix341968": _WESTERN,
    "iso646us": _WESTERN,
    "latin1": _WESTERN,
    "latin2": "iso8859-2",
    "latin9": "iso8859-15",
    "iso885915": "iso8859-15",
    "iso88598i": "iso8859-8",
    "iso88598e": "iso8859-8",
    "koi8r": "koi8-r",
    "koi8u": "koi8-u",
    "macintosh": "mac-roman",
    "macroman": "mac-roman",
    "xmacroman": "mac-roman",
    "xmaccyrillic": "mac-cyrillic",
    "tis620": "cp874",
    "gb2312": "gb18030",
    "gb231280": "gb18030",
    "euccn": "gb18030",
    "gbk": "gb18030",
    "xgbk": "gb18030",
    "cp936": "gb18030",
    "gb18030": "gb18030",
    "hzgb2312": "hz",
    "big5": "big5hkscs",
    "big5hkscs": "big5hkscs",
    "cp950": "cp950",
    "shiftjis": "cp932",
    "sjis": "cp932",
    "xsjis": "cp932",
    "mskanji": "cp932",
    "windows31j": "cp932",
    "cp932": "cp932",
    "eucjp": "euc_jp",
    "xeucjp": "euc_jp",
    "iso2022jp": "iso2022_jp_ext",
    "iso2022jp1": "iso2022_jp_1",
    "iso2022jp2": "iso2022_jp_2",
    "iso2022jp3": "iso2022_jp_3",
    "iso2022kr": "iso2022_kr",
    "euckr": "cp949",
    "ksc56011987": "cp949",
    "ksc5601": "cp949",
    "windows949": "cp949",
    "uhc": "cp949",
    "cp949": "cp949",
    "johab": "johab",
    **{name.replace("-", ""): name for name in _UTF16},
    **{f"iso8859{n}": f"iso8859-{n}" for n in (*range(2, 9), 10, 13, 14, 16)},
    "iso88591": _WESTERN,
    "iso88599": "cp1254",
    "iso885911": "cp874",
    **{f"{prefix}{n}": f"cp{n}" for prefix in ("windows", "cp", "xcp") for n in (874, *range(1250, 1259))},
    **{f"{prefix}{n}": f"cp{n}" for prefix in ("ibm", "cp") for n in (437, 850, 852, 855, 858, 866)},
}


def codec(charset: str) -> str | None:
    """The Python codec for a charset name as found in a message, None if it is unknown or unwanted."""
    name = charset[:60].split("*", 1)[0].lower()
    return _CODECS.get(re.sub(r"[^a-z0-9]", "", name))


def to_text(data: bytes, charset: str = "") -> str:
    """Decode a whole body or header. What can't be read becomes U+FFFD; nothing is sanitised yet."""
    name = codec(charset)
    if data.isascii() and b"\x1b" not in data and name in (None, "utf-8", _WESTERN):
        return data.decode("ascii")
    if name is None or name == _WESTERN:
        # Declared Western but valid UTF-8 is UTF-8: accented pairs that make it so by chance don't occur.
        return _escaped_japanese(data) or _strict(data, "utf-8") or _guess(data)
    if name == "utf-8":
        return _utf8(data)
    return (
        _strict(data, name) or (_strict(data, "utf-8") if name not in _UTF16 else "") or _lenient(data, name)
    )


def _strict(data: bytes, name: str) -> str:
    """The text, or "" if a single octet does not fit."""
    try:
        return data.decode(name)
    except (UnicodeError, ValueError):
        return ""


def _lenient(data: bytes, name: str) -> str:
    try:
        return data.decode(name, "replace")
    except (UnicodeError, ValueError):  # stateful codecs may refuse although told to replace
        return data.decode(_WESTERN, "replace")


def _utf8(data: bytes) -> str:
    """UTF-8, unless it has more broken octets than characters that prove it."""
    text = _lenient(data, "utf-8")
    bad = text.count("\ufffd")
    if not bad:
        return text
    proof = len(data.decode("utf-8", "ignore").encode()) - len(data.decode("utf-8", "ignore"))
    return text if proof >= bad else _guess(data)


def _escaped_japanese(data: bytes) -> str:
    telling = data.isascii() and re.search(rb"\x1b\$[@B]", data)
    return _strict(data, "iso2022_jp_ext") if telling else ""


def _guess(data: bytes) -> str:
    """Undeclared and not UTF-8: Japanese and Korean give themselves away, the rest is Western."""
    for name, looks_right in _TELLING:
        text = _strict(data, name)
        if text and looks_right(text):
            return text
    return _lenient(data, _WESTERN)


def _share(pattern: str) -> Callable[[str], bool]:
    """Whether at least half of the characters beyond ASCII, and three of them, match."""
    wanted, beyond = re.compile(pattern), re.compile(r"[^\x00-\x7f\s]")

    def looks_right(text: str) -> bool:
        found = len(wanted.findall(text))
        return found >= 3 and found * 2 >= len(beyond.findall(text))

    return looks_right


_TELLING: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("euc_jp", _share("[\u3040-\u30ff]")),
    ("cp932", _share("[\u3040-\u30ff]")),
    ("cp949", _share("[\uac00-\ud7a3]")),
)
