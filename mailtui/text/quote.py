"""What in a readable text is a quote, its attribution or the signature, line by line."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

_MARKS = re.compile(r" ?(?:> ?)+")
_ORIGINAL = re.compile(
    r"\s*(?:-{2,}\s*(?:Original Message|Forwarded message|Urspr(?:ü|ue)ngliche Nachricht"
    r"|Weitergeleitete Nachricht|Message d'origine|Message transféré|Mensaje original|Messaggio originale"
    r"|Mensagem original|Oorspronkelijk bericht|Ursprungligt meddelande|Oprindelig meddelelse"
    r"|Opprinnelig melding|Исходное сообщение|Alkuperäinen viesti|Wiadomość oryginalna"
    r"|原始邮件|元のメッセージ)\b.{0,40}|_{20,})\s*",
    re.IGNORECASE,
)
_OUTLOOK = re.compile(
    r"\*{0,2}(?:From|Von|De|Da|Van|Från|Fra|От|Lähettäjä|Od|发件人|差出人)\s?[:：]\*{0,2}\s+\S.*"
)
_OUTLOOK_NEXT = re.compile(
    r"\*{0,2}(?:Sent|Gesendet|Date|Datum|To|An|Envoyé|Enviado|Inviato|Verzonden|Skickat|Sendt|Дата"
    r"|Lähetetty|Wysłano|发送时间|送信日時)\s?[:：]\*{0,2}\s.*"
)
_WROTE = re.compile(
    r"(?:wrote|writes|said|schrieb|a écrit|escribió|ha scritto|escreveu|schreef|skrev|kirjoitti|napisał"
    r"|napisał\(a\)|пишет|писал|написал|写道|のメール|작성).{0,120}[:：]\s*$",
    re.IGNORECASE,
)
_BEGINS = re.compile(r"\s*(?:On|Am|Le|El|Il|Em|Op|Den|Dnia|W dniu|В|\d|.{0,200}@)")
_ATTRIBUTION_LINES = 4


class Kind(StrEnum):
    """What a run of lines is."""

    TEXT = "text"
    ATTRIBUTION = "attribution"  # "On … wrote:"
    QUOTE = "quote"
    SIGNATURE = "signature"


@dataclass(frozen=True, slots=True)
class Block:
    """The lines [start, end) of a text, all of one kind. `depth` is the least quote depth in it."""

    kind: Kind
    start: int
    end: int
    depth: int = 0

    @property
    def lines(self) -> int:
        return self.end - self.start


def depth(line: str) -> int:
    """How many times the line was quoted: 0 for one's own words."""
    match = _MARKS.match(line)
    return match[0].count(">") if match else 0


def split(line: str) -> tuple[str, str]:
    """The quote marks of a line, and what was said: "> > hello" is ("> > ", "hello")."""
    match = _MARKS.match(line)
    return (match[0], line[match.end() :]) if match else ("", line)


def blocks(lines: Sequence[str]) -> tuple[Block, ...]:
    """Take a text apart into runs that follow each other without gaps. Quotes hold their blank
    lines; a top-posted original without marks is a quote to its end."""
    kinds = [Kind.QUOTE if depth(line) else Kind.TEXT for line in lines]
    _fill_gaps(lines, kinds)
    _mark_originals(lines, kinds)
    _mark_attributions(lines, kinds)
    _mark_signature(lines, kinds)
    found: list[Block] = []
    start = 0
    for end in range(1, len(lines) + 1):
        if end == len(lines) or kinds[end] is not kinds[start]:
            marked = [depth(line) for line in lines[start:end] if line.strip()]
            found.append(Block(kinds[start], start, end, min(marked, default=0)))
            start = end
    return tuple(found)


def foldable(block: Block, least: int = 6) -> bool:
    """Whether a reader wants the block folded away: a long quote."""
    return block.kind is Kind.QUOTE and block.lines >= least


def own_words(lines: Sequence[str]) -> list[str]:
    """The lines that are neither quote, attribution nor signature."""
    return [
        line for block in blocks(lines) if block.kind is Kind.TEXT for line in lines[block.start : block.end]
    ]


def _fill_gaps(lines: Sequence[str], kinds: list[Kind]) -> None:
    """A blank line between two quoted ones belongs to the quote."""
    last_quote = -2
    for index, kind in enumerate(kinds):
        if kind is Kind.QUOTE:
            if index - last_quote == 2 and not lines[index - 1].strip():
                kinds[index - 1] = Kind.QUOTE
            last_quote = index


def _mark_originals(lines: Sequence[str], kinds: list[Kind]) -> None:
    for index, line in enumerate(lines):
        following = lines[index + 1] if index + 1 < len(lines) else ""
        outlook = _OUTLOOK.fullmatch(line[:300]) and _OUTLOOK_NEXT.match(following[:300])
        if outlook or (_ORIGINAL.fullmatch(line[:200]) and _header_soon(lines, index)):
            kinds[index:] = [Kind.QUOTE] * (len(kinds) - index)
            return


def _header_soon(lines: Sequence[str], index: int) -> bool:
    return any(_OUTLOOK.fullmatch(line[:300]) for line in lines[index + 1 : index + 5])


def _mark_attributions(lines: Sequence[str], kinds: list[Kind]) -> None:
    for index in range(1, len(lines)):
        if kinds[index] is Kind.QUOTE and kinds[index - 1] is Kind.TEXT:
            for at in _attribution(lines, index):
                kinds[at] = Kind.ATTRIBUTION


def _attribution(lines: Sequence[str], quote: int) -> range:
    """The lines above a quote that say whose it is, with the blank one between."""
    last = quote - 1
    if last > 0 and not lines[last].strip():
        last -= 1
    if not _WROTE.search(_flat(lines[max(last - 1, 0) : last + 1])):
        return range(0)
    first = last
    while not _BEGINS.match(lines[first]) and last - first < _ATTRIBUTION_LINES:
        if first == 0 or not lines[first - 1].strip() or depth(lines[first - 1]):
            break
        first -= 1
    return range(first if _BEGINS.match(lines[first]) else last, quote)


def _flat(lines: Sequence[str]) -> str:
    return " ".join(line[-300:].strip() for line in lines)


def _mark_signature(lines: Sequence[str], kinds: list[Kind]) -> None:
    """From the last "-- " of one's own words to the end of them (RFC 3676 §4.3)."""
    for index in range(len(lines) - 1, -1, -1):
        if kinds[index] is Kind.TEXT and lines[index] in ("-- ", "--"):
            for at in range(index, len(lines)):
                if kinds[at] is not Kind.TEXT:
                    break
                kinds[at] = Kind.SIGNATURE
            return
