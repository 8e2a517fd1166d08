"""A search as SQL: every node of a query becomes a condition on a row of `message m`.

What the user typed is only ever a bound parameter; within full text expressions each word is quoted.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from mailtui.model.message import FORWARDED
from mailtui.model.query import All, Any, Field, Node, Not, Term
from mailtui.store import words
from mailtui.store.ids import ident_of

LEAVES = 100  # terms of a query that are looked at
DEPTH = 30  # brackets within brackets
_LONGEST = 1000  # characters of a term
_CHUNKS = 32  # words of a term
_PREFIX = 3  # letters from which a last word also finds what begins with it

_COLUMNS = {
    Field.TEXT: "{subject sender recipients body}",
    Field.SUBJECT: "subject",
    Field.FROM: "sender",
    Field.TO: "recipients",
    Field.BODY: "body",
    Field.FILE: "files",
}
_DETAIL = "(SELECT {} FROM detail WHERE message = m.id)"
_SENDER = f"m.sender_name || ' ' || m.sender_address || ' ' || {_DETAIL.format('coauthors')}"
_BODY = (
    f"coalesce((SELECT substr(text, 1, {words.BODY_LIMIT}) FROM body WHERE message = m.id AND html = 0), '')"
)
_TEXTS: dict[Field, tuple[str, ...]] = {
    Field.SUBJECT: ("m.subject",),
    Field.FROM: (_SENDER,),
    Field.TO: (_DETAIL.format("people"),),
    Field.BODY: (_BODY,),
    Field.FILE: (_DETAIL.format("files"),),
}
_TEXTS[Field.TEXT] = (
    *_TEXTS[Field.SUBJECT],
    *_TEXTS[Field.FROM],
    *_TEXTS[Field.TO],
    *_TEXTS[Field.BODY],
)

_IS = {
    "unread": "m.flags & 1 = 0",
    "unseen": "m.flags & 1 = 0",
    "read": "m.flags & 1 = 1",
    "seen": "m.flags & 1 = 1",
    "answered": "m.flags & 2 = 2",
    "replied": "m.flags & 2 = 2",
    "flagged": "m.flags & 4 = 4",
    "starred": "m.flags & 4 = 4",
    "deleted": "m.flags & 8 = 8",
    "draft": "m.flags & 16 = 16",
    "forwarded": f"instr(lower(m.keywords), ' {FORWARDED.lower()} ')",
}


@dataclass(frozen=True, slots=True)
class Condition:
    """SQL with its parameters. `match` is set when a full text expression alone says the same."""

    sql: str
    values: tuple[str | int, ...] = ()
    match: str = ""


TRUE = Condition("1")
FALSE = Condition("0")
IGNORED = Condition("")  # beyond what is looked at: as if it had not been typed


class Compiler:
    """Makes conditions of nodes. `indexed` false: without the full text index (slow, never wrong),
    for words that it would cut in another way than we do."""

    def __init__(self, *, indexed: bool) -> None:
        self._indexed = indexed
        self._leaves = 0

    def condition(self, node: Node, depth: int = 0) -> Condition:
        if depth > DEPTH:
            return IGNORED
        match node:
            case Term():
                return self._term(node)
            case Not(part):
                inner = self.condition(part, depth + 1)
                return Condition(f"NOT ({inner.sql})", inner.values) if inner.sql else IGNORED
            case Any(parts):
                return _join("OR", [self.condition(part, depth + 1) for part in parts], FALSE)
            case All(parts):
                return _join("AND", [self.condition(part, depth + 1) for part in parts], TRUE)

    def conjuncts(self, node: Node) -> list[Condition]:
        """Conditions that must all hold: as many as the top of the query gives. A phrase gives two,
        its words and their order, so that the index finds what the order is checked on."""
        parts: Iterable[Node] = node.parts if isinstance(node, All) else (node,)
        found: list[Condition] = []
        for part in parts:
            if isinstance(part, All):
                found.extend(self.conjuncts(part))
            elif isinstance(part, Term) and part.field in _COLUMNS:
                found.extend(self._text(part))
            else:
                found.append(self.condition(part))
        return [condition for condition in found if condition.sql]

    def _term(self, term: Term) -> Condition:
        if term.field in _COLUMNS:
            return _join("AND", self._text(term), IGNORED)
        self._leaves += 1
        if self._leaves > LEAVES:
            return IGNORED
        return _PLAIN[term.field](term)

    def _text(self, term: Term) -> list[Condition]:
        self._leaves += 1
        value = clean(term.value)[:_LONGEST].strip()
        if self._leaves > LEAVES:
            return []
        if not value:
            return [TRUE]
        found = words.chunks(value)[:_CHUNKS]
        if not found:
            return [_contains(term.field, value)]
        if not self._indexed:
            return [_phrase(term.field, found)]
        if len(found) == 1:
            return [_matching(_expression(term.field, found))]
        return [_matching(_expression(term.field, found)), _phrase(term.field, found)]


def clean(text: str) -> str:
    """Without what can't be bound as text."""
    return text.encode("utf-8", "replace").decode().replace("\0", " ")


def _join(word: str, parts: list[Condition], empty: Condition) -> Condition:
    conditions = [part for part in parts if part.sql]
    if not conditions:
        return IGNORED if parts else empty
    if len(conditions) == 1:
        return conditions[0]
    sql = f" {word} ".join(f"({condition.sql})" for condition in conditions)
    values = tuple(value for condition in conditions for value in condition.values)
    if all(condition.match for condition in conditions):
        match = f" {word} ".join(f"({condition.match})" for condition in conditions)
        return _matching(match)
    return Condition(sql, values)


def _matching(match: str) -> Condition:
    return Condition("m.id IN (SELECT rowid FROM search WHERE search MATCH ?)", (match,), match)


def _expression(field: Field, found: list[str]) -> str:
    """A full text expression: every word, the last one also as the beginning of a word."""
    quoted = [f'"{word}"' for word in found]  # no word has a quote in it
    if len(found[-1]) >= _PREFIX or not found[-1].isascii():
        quoted[-1] += "*"
    return f"{_COLUMNS[field]} : ({' AND '.join(quoted)})"


def _phrase(field: Field, found: list[str]) -> Condition:
    phrase = words.folded(" ".join(found))
    return _any_text(field, "holds({}, ?)", phrase)


def _contains(field: Field, value: str) -> Condition:
    """For what has no letter or digit in it (an emoji, "!!!")."""
    return _any_text(field, "instr(lower({}), ?)", value.lower())


def _any_text(field: Field, test: str, value: str) -> Condition:
    texts = _TEXTS[field]
    return Condition(" OR ".join(test.format(text) for text in texts), (value,) * len(texts))


def _message_id(term: Term) -> Condition:
    bare = clean(term.value).strip().removeprefix("<").removesuffix(">")
    if not bare:
        return FALSE
    return Condition("m.ident IN (?, ?)", (ident_of(f"<{bare}>", "", 0, 0), ident_of(bare, "", 0, 0)))


def _keyword(term: Term) -> Condition:
    return Condition("instr(lower(m.keywords), ?)", (f" {clean(term.value).strip().lower()} ",))


def _number(sql: str) -> Callable[[Term], Condition]:
    return lambda term: Condition(sql, (max(-(2**62), min(term.number, 2**62)),))


def _is(term: Term) -> Condition:
    return Condition(_IS.get(term.value.strip().lower(), FALSE.sql))


def _has(term: Term) -> Condition:
    known = term.value.strip().lower() in ("attachment", "attachments", "file", "files")
    return Condition("m.attachments") if known else FALSE


def _place(_: Term) -> Condition:
    return TRUE  # chose folders already, see places.py


_PLAIN: dict[Field, Callable[[Term], Condition]] = {
    Field.ID: _message_id,
    Field.KEYWORD: _keyword,
    Field.BEFORE: _number("m.received < ?"),
    Field.AFTER: _number("m.received >= ?"),
    Field.LARGER: _number("m.size > ?"),
    Field.SMALLER: _number("m.size < ?"),
    Field.IS: _is,
    Field.HAS: _has,
    Field.IN: _place,
}
