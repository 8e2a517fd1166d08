"""Content-Type and Content-Disposition taken apart, with their continuations (RFC 2045, RFC 2231)."""

import re
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from mailtui.text import words
from mailtui.text.charset import to_text

MAX_FIELD = 65_536
MAX_PARAMETERS = 200

_PARAMETER = re.compile(
    r"""[;\s]*+([^=;\s"]{1,200})\s*+=\s*+(?:"((?:[^"\\]++|\\.)*+)"?|([^;\r\n]*+))|[;\s]++|[^;]++""", re.DOTALL
)
_NAME = re.compile(r"([^*]+)(?:\*(\d{1,4}))?(\*)?")


@dataclass(frozen=True, slots=True)
class Value:
    """The value in lower case, and its parameters, decoded but not sanitised."""

    value: str
    parameters: dict[str, str] = field(default_factory=dict)


def parse(text: str) -> Value:
    """Read a structured field. Never raises; of repeated parameters the first counts."""
    value, _, rest = text[:MAX_FIELD].partition(";")
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for count, match in enumerate(_PARAMETER.finditer(rest)):
        if count >= MAX_PARAMETERS * 2:
            break
        name = _NAME.fullmatch((match[1] or "").lower())
        if name is None:
            continue
        quoted = match[2]
        said = re.sub(r"\\(.)", r"\1", quoted, flags=re.DOTALL) if quoted is not None else match[3].strip()
        if name[2] is None and name[3] is None:
            plain.setdefault(name[1], words.decode(said))
        elif len(pieces.setdefault(name[1], {})) < MAX_PARAMETERS:
            pieces[name[1]].setdefault(int(name[2] or 0), (said, bool(name[3])))
    for parameter, numbered in pieces.items():
        plain[parameter] = _joined(numbered)
    kind = re.sub(r"\s+", "", re.sub(r"\([^()]*\)", "", value)).lower()
    return Value(kind[:200], plain)


def _joined(numbered: dict[int, tuple[str, bool]]) -> str:
    """Continuations in their order; the charset stands before the first (RFC 2231 §4.1)."""
    charset = ""
    octets: list[bytes] = []
    for index, number in enumerate(sorted(numbered)):
        said, encoded = numbered[number]
        if encoded and index == 0 and said.count("'") >= 2:
            charset, _, said = said.split("'", 2)
        raw = said.encode("utf-8", "replace")
        octets.append(unquote_to_bytes(raw) if encoded else raw)
    return to_text(b"".join(octets), charset)
