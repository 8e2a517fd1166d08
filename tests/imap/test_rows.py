"""FETCH responses become rows with numbers in range and their troubles told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailtui.imap import rows
from mailtui.imap.types import FetchedFlags, FetchedHeader
from mailtui.model.message import Flag

WHOLE = (
    b'* 3 FETCH (UID 17 FLAGS (\\seen \\Recent $Forwarded \\Odd) RFC822.SIZE 1200 INTERNALDATE " 5-Oct-2026 '
    b'10:00:00 +0200" MODSEQ (77) BODYSTRUCTURE ("text" "plain" NIL NIL NIL "7bit" 9 1) '
    b"BODY[HEADER.FIELDS (FROM)] {9}\r\nFrom: a\r\n)"
)


def test_a_whole_row() -> None:
    assert rows.read(WHOLE) == FetchedHeader(
        uid=17,
        flags=Flag.SEEN,
        keywords=("$Forwarded",),
        size=1200,
        received=1_791_187_200,
        modseq=77,
        structure=b'("text" "plain" NIL NIL NIL "7bit" 9 1)',
        header=b"From: a\r\n",
        attachments=False,
    )


@pytest.mark.parametrize(
    "missing", [b"* 3 FETCH (FLAGS (\\Seen) RFC822.SIZE 5)", b"* 3 FETCH (UID 0 RFC822.SIZE 5)"]
)
def test_without_a_uid_it_belongs_to_nobody(missing: bytes) -> None:
    assert rows.read(missing) is None


def test_flags_alone_are_no_row() -> None:
    assert rows.read(b"* 3 FETCH (UID 17 FLAGS (\\Flagged a))") == FetchedFlags(17, Flag.FLAGGED, ("a",))
    assert rows.read(b"* 3 FETCH (UID 17 MODSEQ (5))") is None


@pytest.mark.parametrize(
    "bad", [b"()", b"NIL", b"((((", b'("text" "plain" "open', b"{}\r\n", b'("text" {3}\r\n")( "b")']
)
def test_a_structure_that_is_none_does_not_cost_the_row(bad: bytes) -> None:
    row = rows.read(WHOLE.replace(b'("text" "plain" NIL NIL NIL "7bit" 9 1)', bad))
    assert isinstance(row, FetchedHeader)
    assert row.uid == 17
    assert row.flags == Flag.SEEN


def test_a_header_that_did_not_come_is_told() -> None:
    row = rows.read(WHOLE.replace(b"{9}\r\nFrom: a\r\n", b"NIL"))
    assert isinstance(row, FetchedHeader)
    assert "header" in row.trouble
    row = rows.read(WHOLE.replace(b"{9}\r\nFrom: a\r\n", b"{}\r\n"))  # too large to hold
    assert isinstance(row, FetchedHeader)
    assert row.trouble


@pytest.mark.parametrize(
    ("written", "size"),
    [
        (b"9.3736e+06", 9_373_600),
        (b"-1", 0),
        (b"99999999999999999999999", 0),
        (b"inf", 0),
        (b"nan", 0),
        (b"x", 0),
    ],
)
def test_numbers_are_kept_in_range(written: bytes, size: int) -> None:
    row = rows.read(WHOLE.replace(b"SIZE 1200", b"SIZE " + written))
    assert isinstance(row, FetchedHeader)
    assert row.size == size


@pytest.mark.parametrize("written", [b"(99999999999999999999)", b"(-1)", b"()", b"NIL", b"(0)"])
def test_a_modseq_that_is_none_is_zero(written: bytes) -> None:
    row = rows.read(WHOLE.replace(b"(77)", written))
    assert isinstance(row, FetchedHeader)
    assert row.modseq == 0


def test_a_hundred_thousand_keywords_are_cut() -> None:
    _, keywords = rows.flag_list(b"(" + b" ".join(b"k%d" % n for n in range(100_000)) + b" \\Seen)")
    assert len(keywords) == 100


@pytest.mark.parametrize(
    ("structure", "attached"),
    [
        (b'("text" "plain" NIL NIL NIL "7bit" 9 1)', False),
        (b'(("text" "plain" NIL)("APPLICATION" "PDF" NIL) "mixed")', True),
        (b'(("text" "plain" NIL)("text" "x" NIL NIL NIL "7bit" 1 1 NIL ("attachment" NIL)) "mixed")', True),
        (b'(("text" "plain" NIL)("application" "pgp-signature" NIL) "signed")', False),
        (b'((("text" "html" NIL)("image" "png" NIL) "related") "alternative")', False),
        (b'(("text" "plain" NIL)("image" "png" NIL) "mixed")', True),
        (b'(("text" "plain" NIL)("message" "rfc822" NIL) "mixed")', True),
        (b"", False),
    ],
)
def test_the_guess_about_attachments(structure: bytes, attached: bool) -> None:
    assert rows.has_attachments(structure) is attached


@given(st.binary(max_size=120))
def test_it_never_raises(junk: bytes) -> None:
    rows.read(junk)
    rows.read(b"* 1 FETCH (UID 4 FLAGS (" + junk + b") RFC822.SIZE " + junk + b" MODSEQ " + junk + b")")
    rows.read(b"* 1 FETCH (UID 4 INTERNALDATE {%d}\r\n%s)" % (len(junk), junk))
