"""A row is exactly as wide as it should be and carries nothing dangerous, whatever strangers wrote."""

import re
from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from mailtui.model.address import Address
from mailtui.model.message import FORWARDED, Flag, Summary
from mailtui.ui import glyphs
from mailtui.ui.rows import Ink, Marks, Now, Piece, base, columns, row, rule, waiting

NOW = Now(1_763_985_600.0, UTC)  # Monday 24 November 2025, 12:00
HOUR, DAY = 3600, 86400
PLAIN = Marks()

HOSTILE = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(
            "\x1b\x07\x9b\u202e\u2066\u200f\u200d\ufe0f\U0001f3fd\u20e3\u0301張👨👩❤🇩🇪שم각\u1100\u1161[/]\n\t"
        ),
    ),
    max_size=60,
)


def summary(
    subject: str = "Budget",
    sender: Address | None = None,
    *,
    flags: Flag = Flag.SEEN,
    received: int = int(NOW.seconds) - HOUR,
    keywords: tuple[str, ...] = (),
    recipients: str = "kim@example.org",
    attachments: bool = False,
    pending: bool = False,
) -> Summary:
    sender = sender or Address("Ana", "ana@example.org")
    return Summary(
        1, "work", 1, flags, keywords, received, sender, recipients, subject, 1000, attachments, pending
    )


def text(pieces: list[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


def cells(pieces: list[Piece]) -> int:
    """As Textual measures a line made of them."""
    return Strip([Segment(piece.text) for piece in pieces]).cell_length


def shown(message: Summary, width: int = 80, marks: Marks = PLAIN) -> str:
    return text(row(message, columns(width), NOW, marks))


@given(
    HOSTILE,
    HOSTILE,
    HOSTILE,
    st.integers(0, 250),
    st.booleans(),
    st.builds(Marks, st.booleans(), st.booleans(), st.booleans(), HOSTILE),
    st.integers(-(2**62), 2**62),
    st.integers(0, 31),
)
def test_a_row_is_exactly_as_wide_as_asked_and_safe(
    subject: str, name: str, to: str, width: int, places: bool, marks: Marks, received: int, flags: int
) -> None:
    message = summary(
        subject, Address(name, "a@b"), recipients=to, received=received, flags=Flag(flags), attachments=True
    )
    pieces = row(message, columns(width, places=places), NOW, marks)
    assert cells(pieces) == width
    assert sum(cell_len(piece.text) for piece in pieces) == width
    assert not re.search("[\x00-\x1f\x7f-\x9f\u200d-\u200f\u202a-\u202e\u2066-\u2069]", text(pieces))
    assert all(piece.text for piece in pieces)


@given(HOSTILE, st.integers(0, 200))
def test_a_rule_fills_the_width(words: str, width: int) -> None:
    assert cells(rule(words, width)) == width


@pytest.mark.parametrize("width", range(0, 140, 7))
def test_a_row_that_is_not_known_yet_fills_the_width(width: int) -> None:
    assert cells(waiting(columns(width))) == width


def test_columns_line_up_whatever_is_in_them() -> None:
    rows = [
        shown(summary("plain")),
        shown(summary("会議 資料", Address("張偉", "z@x"))),
        shown(summary("❤️ photos", Address("👨‍👩‍👧 Family", "f@x"))),
        shown(summary("مرحبا", Address("دعاء", "d@x"))),
    ]
    subject = rows[0].index("plain")
    for line, start in zip(rows, ("plain", "会議", "❤", "مرحبا"), strict=True):
        assert cell_len(line[: line.index(start)]) == subject
        assert line.rstrip().endswith("11:00")


def test_right_to_left_text_is_fenced_so_that_no_terminal_carries_it_out_of_its_column() -> None:
    line = shown(summary("مرحبا 42"))
    before, after = line.split("مرحبا 42")
    assert before.endswith("\u2800") or before[0] == "\u2800"
    assert after.strip(" ").startswith("\u2800")
    assert "\u2800" not in shown(summary("hello 42"))


def test_a_joined_emoji_becomes_its_first_member() -> None:
    assert base("👨‍👩‍👧 Family") == "👨 Family"
    assert base("क्‍ष") == "क्‍ष"


def test_an_unread_message_is_marked_by_a_sign_and_told_apart() -> None:
    assert glyphs.UNREAD in shown(summary(flags=Flag.NONE))
    assert glyphs.UNREAD not in shown(summary())


def test_answered_forwarded_flagged_attached_and_pending_have_signs() -> None:
    assert glyphs.ANSWERED in shown(summary(flags=Flag.SEEN | Flag.ANSWERED))
    assert glyphs.FORWARDED in shown(summary(keywords=(FORWARDED,)))
    assert glyphs.FLAGGED in shown(summary(flags=Flag.SEEN | Flag.FLAGGED))
    assert glyphs.ATTACHED in shown(summary(attachments=True))
    assert glyphs.PENDING in shown(summary(pending=True))


@pytest.mark.parametrize("cells", [50, 60, 80, 120])
def test_a_flag_takes_no_attachment_s_place(cells: int) -> None:
    line = shown(summary(flags=Flag.SEEN | Flag.FLAGGED, attachments=True), cells)
    assert glyphs.FLAGGED in line
    assert glyphs.ATTACHED in line


def test_cursor_and_selection_are_seen_without_colour() -> None:
    assert shown(summary(), marks=Marks(cursor=True)).startswith(glyphs.CURSOR)
    assert glyphs.SELECTED in shown(summary(), marks=Marks(selected=True))
    narrow = shown(summary(flags=Flag.NONE), 60, Marks(cursor=True, selected=True))
    assert narrow.startswith(glyphs.CURSOR + glyphs.SELECTED)


def test_what_is_missing_is_said_in_words_of_ours() -> None:
    pieces = row(summary("", Address("", "")), columns(100), NOW, Marks())
    missing = [piece.text.strip() for piece in pieces if piece.ink is Ink.MISSING]
    assert missing == ["(no sender)", "(no subject)"]


def test_sent_mail_shows_whom_it_went_to() -> None:
    line = shown(summary(recipients="Olaf"), marks=Marks(recipients=True))
    assert "To: Olaf" in line
    assert "Ana" not in line


def test_search_results_name_the_folder_where_there_is_room() -> None:
    marks = Marks(place="Archive")
    assert "Archive" in text(row(summary(), columns(90, places=True), NOW, marks))
    assert "Archive" not in text(row(summary(), columns(60, places=True), NOW, marks))


def test_dates_are_short_and_at_the_right() -> None:
    ages = {HOUR: "11:00", 2 * DAY: "Sat", 40 * DAY: "15 Oct", 800 * DAY: "Sep 2023"}
    for age, date in ages.items():
        assert shown(summary(received=int(NOW.seconds) - age)).rstrip().endswith(date)
    narrow = shown(summary(received=int(NOW.seconds) - 800 * DAY), 60)
    assert narrow.rstrip().endswith(" 2023")


def test_at_sixty_columns_sender_subject_and_time_are_there() -> None:
    line = shown(summary("release notes, second draft, and what else there is to say about them"), 60)
    assert line.startswith("   Ana")
    assert "release notes, second draft" in line
    assert "…" in line
    assert line.rstrip().endswith("11:00")
