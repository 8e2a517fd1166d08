"""The search language, by examples and by noise."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailtui.model.query import All, Any, Field, Node, Not, Term
from mailtui.text.search import MAX_DEPTH, MAX_TERMS, parse
from tests.text.safety import assert_safe, hostile

TODAY = date(2026, 3, 31)


def root(text: str) -> Node:
    query = parse(text, TODAY)
    assert query.troubles == ()
    return query.root


def word(value: str) -> Term:
    return Term(Field.TEXT, value)


def midnight(year: int, month: int, day: int) -> int:
    return int(datetime(year, month, day, tzinfo=UTC).timestamp())


def test_an_empty_query_matches_everything() -> None:
    assert root("") == root("  ( ) OR ()") == All(())


def test_words_side_by_side_must_all_match() -> None:
    assert root("budget Q3") == root("budget AND Q3") == All((word("budget"), word("Q3")))


def test_quotes_keep_words_together_and_case_is_kept() -> None:
    assert root('"Old Budget"') == word("Old Budget")
    assert root(r'"say \"so\""') == word('say "so"')
    assert root('"never closed') == word("never closed")


def test_fields() -> None:
    assert root('subject:"re: old"') == Term(Field.SUBJECT, "re: old")
    assert root("FROM:Ana") == Term(Field.FROM, "Ana")
    assert root("from: ana") == Term(Field.FROM, "ana")
    assert root("cc:team filename:x.pdf") == All((Term(Field.TO, "team"), Term(Field.FILE, "x.pdf")))


def test_or_binds_weaker_than_and() -> None:
    assert root("a b OR c") == Any((All((word("a"), word("b"))), word("c")))
    assert root("a (b OR c)") == All((word("a"), Any((word("b"), word("c")))))
    assert root("OR a OR OR b OR") == Any((word("a"), word("b")))


def test_negation() -> None:
    assert root("-a") == root("NOT a") == Not(word("a"))
    assert root("-from:kim") == Not(Term(Field.FROM, "kim"))
    assert root("-(a b)") == Not(All((word("a"), word("b"))))
    assert root("NOT -a") == word("a")
    assert root('-"a b"') == Not(word("a b"))


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2026-01-02", (2026, 1, 2)),
        ("2026/1/2", (2026, 1, 2)),
        ("2026-01", (2026, 1, 1)),
        ("2026", (2026, 1, 1)),
        ("today", (2026, 3, 31)),
        ("yesterday", (2026, 3, 30)),
        ("3d", (2026, 3, 28)),
        ("2w", (2026, 3, 17)),
        ("1m", (2026, 2, 28)),
        ("1y", (2025, 3, 31)),
    ],
)
def test_dates(value: str, day: tuple[int, int, int]) -> None:
    assert root(f"after:{value}") == Term(Field.AFTER, value, midnight(*day))
    assert root(f"before:{value}") == Term(Field.BEFORE, value, midnight(*day))


@pytest.mark.parametrize(
    ("value", "octets"), [("2M", 2097152), ("500k", 512000), ("1.5kB", 1536), ("7", 7), ("1G", 1073741824)]
)
def test_sizes(value: str, octets: int) -> None:
    assert root(f"larger:{value}") == Term(Field.LARGER, value, octets)


def test_states_and_their_other_names() -> None:
    assert root("is:unread") == root("is:UNSEEN") == Term(Field.IS, "unread")
    assert root("is:starred") == Term(Field.IS, "flagged")
    assert root("has:attachments") == Term(Field.HAS, "attachment")


def test_places_choose_folders_and_are_no_condition() -> None:
    query = parse("budget in:all in:Archive", TODAY)
    assert query.root == word("budget")
    assert query.places == ("all", "Archive")


def test_an_unknown_field_is_searched_as_text_with_a_hint() -> None:
    query = parse("form:ana", TODAY)
    assert query.root == word("form:ana")
    assert query.troubles == ("“form:” is no search field; in quotes it is text. Did you mean “from:”?",)
    assert parse('"form:ana"', TODAY).troubles == ()


def test_words_with_a_colon_that_mean_no_field() -> None:
    assert root("https://example.org/x") == word("https://example.org/x")
    assert root("Re:") == word("Re:")
    assert root("12:30") == word("12:30")


@pytest.mark.parametrize("text", ["after:soon", "before:2026-13-01", "larger:big", "is:nice", "has:legs"])
def test_a_value_that_is_not_understood_is_searched_as_text(text: str) -> None:
    query = parse(text, TODAY)
    assert query.root == word(text)
    assert len(query.troubles) == 1


def test_a_field_without_a_word_says_so() -> None:
    assert parse("from:", TODAY).troubles == ("“from:” needs a word after it.",)


def depth(node: Node) -> int:
    if isinstance(node, Not):
        return 1 + depth(node.part)
    return 1 + max(map(depth, node.parts), default=0) if isinstance(node, Any | All) else 1


def terms(node: Node) -> list[Term]:
    if isinstance(node, Term):
        return [node]
    if isinstance(node, Not):
        return terms(node.part)
    return [term for part in node.parts for term in terms(part)]


PIECES = ["(", ")", "-", "OR", "NOT", '"', "from:", "in:all", "after:1d", "a", " ", "\\", ":", "larger:9"]


@given(st.one_of(hostile, st.lists(st.sampled_from(PIECES), max_size=60).map("".join)))
def test_nothing_typed_raises_and_what_comes_out_is_safe(text: str) -> None:
    query = parse(text, TODAY)
    for said in query.troubles + query.places + tuple(term.value for term in terms(query.root)):
        assert_safe(said)


def test_hostile_queries_stay_small() -> None:
    deep = parse("(" * 50_000 + "a", TODAY)
    assert depth(deep.root) <= 3 * MAX_DEPTH
    many = parse("a " * 50_000, TODAY)
    assert len(terms(many.root)) == MAX_TERMS
    assert many.troubles
