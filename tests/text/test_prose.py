"""Paragraphs broken by hand are told from what must keep its lines; joining loses and moves no word."""

import textwrap
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailtui.text.prose import joined, paragraphs
from mailtui.text.quote import split
from mailtui.text.wrap import wrap

WORDS = (
    "We looked at the readings from the river station again and found that those for forty minutes after "
    "midnight are missing, which is why the sum of the day is lower than what the other station has. Kasia "
    "thinks that the clock was set then, and I agree with her; we should mark them."
)


def hard(text: str, width: int = 72, marks: str = "") -> list[str]:
    return [marks + line for line in textwrap.wrap(text, width - len(marks))]


@pytest.mark.parametrize("width", [60, 66, 72, 78])
@pytest.mark.parametrize("marks", ["", "> ", "> > "])
def test_a_paragraph_of_prose_is_one(width: int, marks: str) -> None:
    lines = hard(WORDS, width, marks)
    assert paragraphs(lines) == [(0, len(lines))]
    text, begins = joined(lines)
    assert text == marks + WORDS
    assert len(begins) == len(lines) - 1
    assert not any(row.strip("> ").count(" ") < 2 for row in wrap(text, 50)[:-1]), "no comb"


def test_two_lines_are_enough() -> None:
    lines = hard("The second draft of the release notes is here, and I would like to have your word on it.")
    assert paragraphs(lines) == [(0, 2)]


@pytest.mark.parametrize(
    "lines",
    [
        ["Dear Ana,", "thank you", "for all of it"],
        ["I looked at the numbers and they are fine from my side.", "Best,", "Tom"],
        ["- the first thing that we have to think of before Friday", "- the second thing that we have to do"],
        [
            "1. the first thing that we have to think of before Friday",
            "2. the second thing that we have to do",
        ],
        [
            "name of the station      readings      missing    sum of it",
            "north            12      0     3000",
        ],
        ["| a table with several columns of | words in it that are long", "| another row | of it"],
        ["    indented code that goes on for quite a while, up to here", "    and another line of code"],
        ["for (one of the many in the list of those that were read) {", "print(it); // and so on}"],
        ["Subject: the one that we have been talking about last week", "Date: tomorrow or the day after"],
        ["", "a line that stands alone although it is quite long, is it not", ""],
        ["> a quoted line which is as long as a line of prose ever is", "an answer to it, which goes on"],
        ["会議の資料を送りますのでご確認ください。よろしくお願いいたします。会議の資料を送ります", "次の行"],
    ],
)
def test_what_keeps_its_lines(lines: list[str]) -> None:
    assert paragraphs(lines) == []


def test_a_short_line_ends_a_paragraph() -> None:
    one = hard(f"{WORDS} Then we go on.")
    assert len(one[-1]) < 60, "the last line is a short one"
    lines, middle = [*one, *one], len(one)
    assert paragraphs(lines) == [(0, middle), (middle, len(lines))]


LINE = st.builds(
    lambda marks, words: marks + " ".join(words),
    st.sampled_from(["", "> ", "> > ", ">> ", "  "]),
    st.lists(
        st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=9)
    ),
)


@given(st.lists(LINE, max_size=30))
def test_no_word_is_lost_or_moved(lines: list[str]) -> None:
    at, words = 0, list[str]()
    for start, end in paragraphs(lines):
        assert at <= start < end - 1 < len(lines)
        for line in (*lines[at:start], joined(lines[start:end])[0]):
            words += split(line)[1].split()
        at = end
    for line in lines[at:]:
        words += split(line)[1].split()
    assert words == [word for line in lines for word in split(line)[1].split()]


@given(st.text("abc ,.x", min_size=100, max_size=600), st.integers(50, 100))
def test_each_line_is_found_again_where_it_is_said_to_begin(text: str, width: int) -> None:
    lines = hard(text, width)
    for start, end in paragraphs(lines):
        whole, begins = joined(lines[start:end])
        places = [0, *begins, len(whole) + 1]
        assert [whole[a : b - 1] for a, b in pairwise(places)] == lines[start:end]
