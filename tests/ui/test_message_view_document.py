"""The text of a message as rows: wrapped, told apart, folded, copied whole again."""

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from mailtui.model.part import Body
from mailtui.ui.widgets.message_view_document import PORTION, Document
from mailtui.ui.widgets.message_view_tones import Tone

LETTER = """Hi all,

here is the second draft, which is long enough to be wrapped when there are only forty cells.

On Mon, 23 Nov 2025 Ana wrote:
> one
> two
> > three
> four
> five
> six
> seven

Yes.

--\x20
Kim"""


def document(text: str = LETTER, width: int = 40, *, html: bool = False) -> Document:
    made = Document(Body(text, from_html=html), width)
    while not made.complete:
        made.more()
    return made


def rows(made: Document) -> list[str]:
    return [made.row(index).text for index in range(made.height)]


def tones(made: Document) -> list[Tone]:
    return [made.row(index).tone for index in range(made.height)]


@settings(deadline=None)
@given(st.text(max_size=400), st.integers(2, 60))
def test_no_row_is_wider_than_the_width_and_no_word_is_lost(text: str, width: int) -> None:
    made = document(text, width)
    made.toggle_folds()
    while not made.complete:
        made.more()
    assert all(cell_len(row) <= width for row in rows(made))
    whole = made.extract((0, 0), (made.height, 0))
    assert "".join(whole.split()) == "".join(line for line in _lines(made)).replace(" ", "").replace("\t", "")


def _lines(made: Document) -> list[str]:
    numbers = dict.fromkeys(made.row(index).line for index in range(made.height))
    return ["".join(made.line(number).split()) for number in numbers]


def test_long_lines_are_wrapped_between_words() -> None:
    assert rows(document())[2:5] == [
        "here is the second draft, which is long",
        "enough to be wrapped when there are only",
        "forty cells.",
    ]


def test_quotes_attribution_and_signature_are_told_apart() -> None:
    made = document(width=80)
    made.toggle_folds()
    found = dict(zip(rows(made), tones(made), strict=True))
    assert found["On Mon, 23 Nov 2025 Ana wrote:"] is Tone.ATTRIBUTION
    assert found["> one"] is Tone.QUOTE_1
    assert found["> > three"] is Tone.QUOTE_2
    assert found["Yes."] is Tone.TEXT
    assert found["Kim"] is Tone.SIGNATURE


def test_a_long_quote_shows_its_beginning_and_how_much_is_folded() -> None:
    made = document(width=80)
    assert rows(made)[6:9] == ["> one", "> two", ""]
    assert tones(made)[8] is Tone.FOLD
    (fold,) = made.folds
    assert fold.end - fold.start == 5
    made.unfold(0)
    assert "> seven" in rows(made)
    assert made.unfolded
    made.toggle_folds()
    assert "> seven" not in rows(made)


def test_short_quotes_and_messages_that_are_nothing_but_a_quote_are_not_folded() -> None:
    assert not document("Hi\n\n> one\n> two\n\nbye").folds
    assert not document("\n".join(f"> {number}" for number in range(20))).folds


def test_wrapped_quotes_repeat_their_marks() -> None:
    made = document("> " + "word " * 20, 30)
    assert all(row.startswith("> ") for row in rows(made))
    assert made.row(1).marks == 2


def test_headings_of_html_lose_their_marks_and_stand_out() -> None:
    made = document("# News\n\n> ## Old\n\ntext # no heading", html=True)
    assert rows(made) == ["News", "", "> Old", "", "text # no heading"]
    assert [tone is Tone.HEADING for tone in tones(made)] == [True, False, True, False, False]
    assert tones(document("# News"))[0] is Tone.TEXT


def test_what_is_copied_has_no_breaks_that_only_the_width_made() -> None:
    made = document()
    assert made.extract((2, 0), (4, 12)) == LETTER.split("\n")[2]
    assert made.extract((0, 3), (2, 4)) == "all,\n\nhere"


def test_copied_quotes_have_their_marks_once_a_line() -> None:
    line = "> " + " ".join(f"word{number}" for number in range(12))
    made = document(line, 30)
    assert made.extract((0, 0), (made.height, 0)).rstrip() == line


def test_a_long_text_is_taken_apart_a_portion_at_a_time() -> None:
    text = "\n".join(f"line {number}" for number in range(30_000))
    made = Document(Body(text), 40)
    assert not made.complete
    assert made.height < 10_000
    before = made.height
    made.more()
    assert made.height > before
    assert len(text) > 3 * PORTION
    assert made.row_of(29_999) == 29_999
    assert made.complete


def test_a_line_without_an_end_is_wrapped_too() -> None:
    made = document("x" * 100_000, 50)
    assert sum(len(row) for row in rows(made)) == 100_000
    assert max(map(len, rows(made))) == 50


def test_a_new_width_keeps_the_place() -> None:
    made = document(width=80)
    line = made.row(made.height - 1).line
    made.resize(20)
    assert made.row(made.row_of(line)).line == line


def test_controls_that_slipped_into_a_body_are_shown_not_sent() -> None:
    assert "\x1b" not in "".join(rows(document("a\x1b[31mb\x9b")))


HARD = """\
We looked at the readings from the river station again and found that
those for forty minutes after midnight are missing, which is why the
sum of the day is lower than what the other station has.

> Kasia thinks that the clock was set then, and I agree with her; we
> should mark them, or else whoever uses them next year will take them
> for what they are not."""


def test_text_broken_by_hand_stays_so_where_there_is_room() -> None:
    made = document(HARD, 72)
    assert rows(made) == HARD.split("\n")
    assert made.extract((0, 0), (made.height - 1, 99)) == HARD
    assert made.extract((4, 8), (5, 8)) == HARD[HARD.index("thinks") : HARD.index("should")] + "should"


def test_where_there_is_less_it_is_broken_anew_and_not_into_a_comb() -> None:
    shown = rows(document(HARD, 60))
    assert shown[:4] == [
        "We looked at the readings from the river station again and",
        "found that those for forty minutes after midnight are",
        "missing, which is why the sum of the day is lower than what",
        "the other station has.",
    ]
    assert all(row.startswith("> ") and len(row) > 40 for row in shown[5:-1])
    assert " ".join(" ".join(row.removeprefix("> ") for row in shown).split()) == " ".join(
        HARD.replace("> ", "").split()
    )


def test_the_place_in_the_text_is_the_same_in_every_width() -> None:
    made = document(HARD, 72)
    line = made.row(4).line
    made.resize(40)
    assert made.row(made.row_of(line)).text.startswith("> Kasia thinks")


def test_a_folded_quote_counts_its_lines_as_they_were_written() -> None:
    quoted = "\n".join("> " + line for line in (HARD.split("\n")[:3] * 4))
    made = document(f"Yes.\n\n{quoted}", 72)
    (fold,) = made.folds
    assert fold.count == 10
    assert rows(made)[2:4] == quoted.split("\n")[:2]
    made.unfold(0)
    assert rows(made)[2:] == quoted.split("\n")
