"""Wrapped text fits its width, loses nothing and keeps its quote marks."""

import unicodedata
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from mailtui.text.sanitize import block
from mailtui.text.wrap import rows, wrap


def cells(text: str) -> int:
    """A plain width function: two for wide characters, none for combining ones."""
    return sum(
        0
        if unicodedata.combining(c) or c in "\u200d\ufe0f"
        else 2
        if unicodedata.east_asian_width(c) in "WF"
        else 1
        for c in text
    )


def test_short_lines_stay() -> None:
    assert wrap("a\n\nb c", 10) == ["a", "", "b c"]


def test_words_are_kept_whole() -> None:
    assert wrap("the quick brown fox", 10) == ["the quick", "brown fox"]


def test_quote_marks_are_repeated() -> None:
    assert wrap("> > the quick brown fox jumps", 20) == ["> > the quick brown", "> > fox jumps"]


def test_list_items_hang() -> None:
    assert wrap("- the quick brown fox", 14) == ["- the quick", "  brown fox"]


def test_a_link_moves_to_a_row_of_its_own_rather_than_break() -> None:
    link = "https://example.org/a/b/c"
    assert wrap(f"see {link} there", 26) == ["see", link, "there"]


def test_a_word_wider_than_the_row_is_cut() -> None:
    assert wrap("x " + "a" * 25, 10) == ["x", "a" * 10, "a" * 10, "a" * 5]


def test_wide_characters_break_anywhere_but_before_a_full_stop() -> None:
    assert wrap("会議の資料です。次", 10, cells) == ["会議の資料", "です。次"]
    assert wrap("会議の資料。次", 10, cells) == ["会議の資", "料。次"]


def test_marks_are_given_up_where_they_leave_no_room() -> None:
    assert all(len(row) <= 12 for row in wrap("> " * 8 + "hello there you", 12))


def test_combining_characters_stay_with_their_base() -> None:
    text = "e\u0301" * 30
    assert all(not unicodedata.combining(row[0]) for row in wrap(text, 7, cells))


TEXT = st.text(alphabet=st.sampled_from("ab \n>会議。é\u0301👩-1."), max_size=200)


@given(TEXT, st.integers(min_value=2, max_value=40))
def test_every_row_fits_and_no_character_is_lost(text: str, width: int) -> None:
    for line in block(text).split("\n"):
        found = rows(line, width, cells)
        assert found[0].start == 0
        assert all(before.end <= after.start for before, after in pairwise(found))
        shown = "".join(line[row.start : row.end] for row in found)
        assert "".join(shown.split()) == "".join(line.split())
        for row in found:
            assert cells(row.marks + line[row.start : row.end]) <= width


def test_a_megabyte_in_one_line_is_wrapped_at_once() -> None:
    for piece in ("a", "a ", " ", "> ", "会", "e\u0301"):
        text = piece * (300_000 // len(piece))
        assert len(rows(text, 80, cells)) < 300_000
