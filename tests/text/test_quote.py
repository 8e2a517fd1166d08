"""Own words, quotes, attributions and signatures are told apart."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailtui.text import quote
from mailtui.text.quote import Block, Kind


@pytest.mark.parametrize(
    ("line", "depth"),
    [
        ("hello", 0),
        ("> hi", 1),
        (">> hi", 2),
        ("> > hi", 2),
        (">", 1),
        (" > hi", 1),
        (">>>", 3),
        ("a > b", 0),
        ("->", 0),
    ],
)
def test_depth(line: str, depth: int) -> None:
    assert quote.depth(line) == depth


def test_split_keeps_everything() -> None:
    assert quote.split("> > hello") == ("> > ", "hello")
    assert quote.split("hello") == ("", "hello")


def kinds(text: str) -> list[tuple[Kind, int, int]]:
    return [(block.kind, block.start, block.end) for block in quote.blocks(text.split("\n"))]


def test_an_answer_with_its_quote_and_signature() -> None:
    text = "Yes.\n\nOn Monday, Kim <kim@example.org> wrote:\n> one\n>\n> two\n\n> three\nThanks\n-- \nAna"
    assert kinds(text) == [
        (Kind.TEXT, 0, 2),
        (Kind.ATTRIBUTION, 2, 3),
        (Kind.QUOTE, 3, 8),
        (Kind.TEXT, 8, 9),
        (Kind.SIGNATURE, 9, 11),
    ]
    assert quote.own_words(text.split("\n")) == ["Yes.", "", "Thanks"]


@pytest.mark.parametrize(
    "attribution",
    [
        "On Mon, 24 Nov 2025 at 03:18, Kim Lee <kim@example.org> wrote:",
        "On Mon, 24 Nov 2025 at 03:18, Kim Lee <kim@example.org>\nwrote:",
        "Am 24.11.2025 um 03:18 schrieb Kim Lee:",
        "Le lun. 24 nov. 2025 à 03:18, Kim Lee a écrit :",
        "El 24/11/2025 escribió Kim:",
        "24 nov. 2025 kl. 03:18 skrev Kim:",
        "Il giorno lun 24 nov 2025 Kim ha scritto:",
        "Op 24-11-2025 schreef Kim:",
        "Kim Lee <kim@example.org> writes:\n",
    ],
)
def test_attributions_in_several_languages(attribution: str) -> None:
    found = kinds(f"Yes.\n\n{attribution}\n> one")
    assert [kind for kind, _, _ in found] == [Kind.TEXT, Kind.ATTRIBUTION, Kind.QUOTE]
    assert found[1][1] == 2


def test_a_sentence_before_a_quote_is_no_attribution() -> None:
    assert kinds("As the manual says:\n> one")[0] == (Kind.TEXT, 0, 1)


def test_a_top_posted_original_is_a_quote_to_its_end() -> None:
    text = "Yes.\n\n-----Original Message-----\nFrom: Kim\nSent: Monday\n\nHello\n-- \nKim"
    assert kinds(text) == [(Kind.TEXT, 0, 2), (Kind.QUOTE, 2, 9)]
    assert kinds("Ja.\n\nVon: Kim\nGesendet: Montag\nAn: Ana\n\nHallo")[1] == (Kind.QUOTE, 2, 7)


def test_only_long_quotes_are_folded() -> None:
    assert quote.foldable(Block(Kind.QUOTE, 3, 20, 1))
    assert not quote.foldable(Block(Kind.QUOTE, 3, 5, 1))
    assert not quote.foldable(Block(Kind.TEXT, 3, 20))


LINES = st.sampled_from(
    ["", "a", "> a", ">> a", "-- ", "On x wrote:", "From: a", "Sent: b", "____________________", "wrote:"]
)


@given(st.lists(st.one_of(LINES, st.text(max_size=20)), max_size=40))
def test_blocks_cover_every_line_once(lines: list[str]) -> None:
    found = quote.blocks(lines)
    assert [line for block in found for line in range(block.start, block.end)] == list(range(len(lines)))
    assert all(block.kind is not after.kind for block, after in pairwise(found))
