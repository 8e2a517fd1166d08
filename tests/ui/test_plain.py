from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from mailtui.ui.plain import cell, lines, plain, steady, width


def test_markup_is_text() -> None:
    assert plain("[bold]x[/] [link=http://evil]").plain == "[bold]x[/] [link=http://evil]"
    assert plain("[bold]x[/]").spans == []


def test_controls_do_not_pass() -> None:
    hostile = "a\x1b]52;c;UFdORUQ=\x07b\x9b31m\u202ec"
    for text in (plain(hostile).plain, steady(hostile), cell(hostile, 40), lines(hostile).plain):
        assert not any(ord(sign) < 32 or 0x7F <= ord(sign) < 0xA0 or sign == "\u202e" for sign in text)


def test_an_emoji_sequence_is_its_first_sign() -> None:
    assert steady("👨\u200d👩\u200d👧 x") == "👨 x"
    assert steady("❤\ufe0f") == "❤"


def test_a_cell_is_cut_padded_and_aligned() -> None:
    assert cell("abc", 5) == "abc  "
    assert cell("abc", 5, "right") == "  abc"
    assert cell("abcdef", 4) == "abc…"
    assert cell("会議資料", 5) == "会議…"
    assert cell("会議資料", 4) == "会… "
    assert cell("x", 0) == ""


@given(st.text(), st.integers(0, 40), st.sampled_from(["left", "right"]))
def test_a_cell_is_exactly_as_wide_as_asked(text: str, cells: int, align: str) -> None:
    assert cell_len(cell(text, cells, align)) == cells


@given(st.text())
def test_width_is_that_of_the_steady_text(text: str) -> None:
    assert width(text) == cell_len(steady(text))
