"""The search language: what the user types becomes a Query. Never raises; what is not understood is
searched as text and said so.

Words that stand side by side must all match; OR binds weaker than that, parentheses group, a dash
or NOT negates what follows it.
"""

import calendar
import difflib
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from mailtui.model.query import All, Any, Field, Node, Not, Query, Term
from mailtui.text.sanitize import line

MAX_TEXT = 4000
MAX_TERMS = 100
MAX_DEPTH = 20

_TOKEN = re.compile(
    r"""\s*+(?:(?P<open>-?\()|(?P<close>\))
    |(?P<term>(?P<minus>-?)(?:(?P<field>[A-Za-z]++):(?!//))?(?:"(?P<quoted>(?:[^"\\]++|\\.)*+)(?:"|\\?$)
    |(?P<word>[^\s()"]*+))))""",
    re.VERBOSE,
)
_ALSO = {
    "since": Field.AFTER,
    "filename": Field.FILE,
    "attachment": Field.FILE,
    "cc": Field.TO,
    "folder": Field.IN,
    "tag": Field.KEYWORD,
    "label": Field.KEYWORD,
}
_NAMES = {**{field.value: field for field in Field if field is not Field.TEXT}, **_ALSO}
_IS = {
    **{name: name for name in ("unread", "read", "flagged", "answered", "forwarded")},
    "unseen": "unread",
    "new": "unread",
    "seen": "read",
    "starred": "flagged",
    "replied": "answered",
}
_HAS = {"attachment": "attachment", "attachments": "attachment", "file": "attachment"}
_UNITS = {"": 1, "b": 1, "k": 1024, "m": 1024**2, "g": 1024**3}


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # "(", ")", "or", "not", "term"
    negated: bool = False
    field: str = ""
    value: str = ""
    quoted: bool = False


def parse(text: str, today: date) -> Query:
    """Read a query. `today` is what today, yesterday and ages like 3d count from."""
    tokens = _tokens(line(text, MAX_TEXT))
    parser = _Parser(tokens, today)
    root = parser.alternatives(0)
    return Query(root, tuple(parser.places), tuple(dict.fromkeys(parser.troubles)))


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None or match.end() == position:
            position += 1
            continue
        position = match.end()
        if match["open"]:
            tokens.append(_Token("(", negated=match["open"] == "-("))
        elif match["close"]:
            tokens.append(_Token(")"))
        elif token := _term(match):
            tokens.append(token)
    return tokens


def _term(match: re.Match[str]) -> _Token | None:
    name, quoted = match["field"] or "", match["quoted"] is not None
    value = re.sub(r"\\(.)", r"\1", match["quoted"]) if quoted else match["word"]
    plain = not (quoted or name or match["minus"])
    if plain and value in ("OR", "|", "||"):
        return _Token("or")
    if plain and value == "NOT":
        return _Token("not")
    if (plain and value in ("AND", "&", "&&")) or not (value or name):
        return None
    return _Token("term", bool(match["minus"]), name, value, quoted)


class _Parser:
    def __init__(self, tokens: list[_Token], today: date) -> None:
        self.tokens = tokens
        self.today = today
        self.position = 0
        self.terms = 0
        self.places: list[str] = []
        self.troubles: list[str] = []

    def alternatives(self, depth: int) -> Node:
        """Up to the end, or to the parenthesis that closes this level."""
        choices: list[Node] = []
        together: list[Node] = []
        while (token := self.take()) is not None:
            if token.kind == ")":
                if depth:
                    break
                continue
            if token.kind == "or":
                choices += [_all(together)] if together else []
                together = []
                continue
            node = self.one(token, depth)
            if node is not None:
                together.append(node)
        if together:
            choices.append(_all(together))
        if not choices:
            return All(())
        return choices[0] if len(choices) == 1 else Any(tuple(choices))

    def take(self) -> _Token | None:
        if self.position == len(self.tokens):
            return None
        self.position += 1
        return self.tokens[self.position - 1]

    def one(self, token: _Token | None, depth: int) -> Node | None:
        """A term or group, with the negations before it."""
        negated = False
        while token is not None and token.kind == "not":
            negated, token = not negated, self.take()
        if token is None or token.kind in (")", "or"):
            if token is not None:
                self.position -= 1
            return None
        if token.kind == "(":
            node: Node | None = self.group(depth)
        else:
            node = self.term(token)
        return Not(node) if node is not None and negated != token.negated else node

    def group(self, depth: int) -> Node | None:
        if depth >= MAX_DEPTH:
            self.trouble("The parentheses are nested too deep; some were left out.")
            return None
        node = self.alternatives(depth + 1)
        return None if node == All(()) else node

    def term(self, token: _Token) -> Term | None:
        self.terms += 1
        if self.terms > MAX_TERMS:
            self.trouble(f"Only the first {MAX_TERMS} words are searched for.")
            return None
        if not token.field:
            return Term(Field.TEXT, token.value)
        field = _NAMES.get(token.field.lower())
        value = token.value
        if field is None:
            return self.unknown(token)
        if not value and not token.quoted:
            value = self.next_word()
        if not value:
            self.trouble(f"“{token.field}:” needs a word after it.")
            return None
        if field is Field.IN:
            self.place(value, negated=token.negated)
            return None
        return self.checked(field, value, token)

    def unknown(self, token: _Token) -> Term:
        if token.value:
            near = difflib.get_close_matches(token.field.lower(), _NAMES, n=1)
            hint = f" Did you mean “{near[0]}:”?" if near else ""
            self.trouble(f"“{token.field}:” is no search field; in quotes it is text.{hint}")
        return Term(Field.TEXT, f"{token.field}:{token.value}")

    def next_word(self) -> str:
        """The word after `from: `: a space slips in easily."""
        if self.position < len(self.tokens):
            token = self.tokens[self.position]
            if token.kind == "term" and not token.field and not token.negated:
                self.position += 1
                return token.value
        return ""

    def place(self, value: str, *, negated: bool) -> None:
        if negated:
            self.trouble("“-in:” is not understood; name the folder to search instead.")
        else:
            self.places.append(value)

    def checked(self, field: Field, value: str, token: _Token) -> Term:
        """The term with its value understood, or the text of it with a trouble."""
        number: int | None = 0
        known = {Field.IS: _IS, Field.HAS: _HAS}.get(field)
        problem = ""
        if field in (Field.BEFORE, Field.AFTER):
            number = _day(value, self.today)
            problem = f"“{value}” is no date; write 2026-01-31, 2026-01, yesterday or 2w."
        elif field in (Field.LARGER, Field.SMALLER):
            number = _size(value)
            problem = f"“{value}” is no size; write 500k or 2M."
        elif known is not None:
            problem = f"“{field}:” takes {_listed(known)}."
            found = known.get(value.lower())
            number, value = (0, found) if found else (None, value)
        if number is not None:
            return Term(field, value, number)
        self.trouble(problem)
        return Term(Field.TEXT, f"{token.field}:{value}")

    def trouble(self, sentence: str) -> None:
        self.troubles.append(line(sentence, 300))


def _all(parts: list[Node]) -> Node:
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def _listed(known: dict[str, str]) -> str:
    names = list(dict.fromkeys(known.values()))
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _day(text: str, today: date) -> int | None:
    """UTC midnight of the day in seconds since the epoch; a month or year means its first day."""
    text = text.lower()
    try:
        if text in ("today", "yesterday"):
            return _midnight(today - timedelta(days=text == "yesterday"))
        if match := re.fullmatch(r"(\d{1,5})([dwmy])", text, re.ASCII):
            return _midnight(_ago(today, int(match[1]), match[2]))
        if match := re.fullmatch(r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?", text, re.ASCII):
            return _midnight(date(int(match[1]), int(match[2] or 1), int(match[3] or 1)))
    except (ValueError, OverflowError):
        return None
    return None


def _ago(today: date, count: int, unit: str) -> date:
    if unit in "dw":
        return today - timedelta(days=count * (7 if unit == "w" else 1))
    months = today.year * 12 + today.month - 1 - count * (12 if unit == "y" else 1)
    year, month = divmod(months, 12)
    if year < 1:
        return date.min
    return date(year, month + 1, min(today.day, calendar.monthrange(year, month + 1)[1]))


def _midnight(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def _size(text: str) -> int | None:
    match = re.fullmatch(r"(\d{1,12}(?:\.\d{1,6})?)([bkmg]?)(?:i?b)?", text.lower(), re.ASCII)
    return int(float(match[1]) * _UNITS[match[2]]) if match else None
