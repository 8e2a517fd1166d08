"""The fast scanner and the tolerant one agree where both can read, and neither ever gives up loudly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailtui.imap import scanner
from mailtui.imap.scanner import Odd

PIECES = [
    *(
        b"UID 5",
        b"FLAGS (\\Seen $x)",
        b"RFC822.SIZE 12",
        b'INTERNALDATE "x"',
        b"MODSEQ (9)",
        b"BODY[1] {3}\r\nabc",
    ),
    *(b'BODYSTRUCTURE ("text" "plain" NIL)', b'BODY[HEADER.FIELDS (FROM)] {2}\r\n)"', b"BODY[1]<0> NIL"),
    *(b"X-NEW (a (b))", b'BODY[] "quo\\"ted"'),
]
BROKEN = [
    b"(",
    b")",
    b'"',
    b"{5}\r\n",
    b"{}\r\n",
    b"NIL",
    b" ",
    b"[",
    b"]",
    b"\\",
    b"UID",
    b"FLAGS",
    b"\x00",
    b"()",
]


def response(*items: bytes) -> bytes:
    return b"* 7 FETCH (" + b" ".join(items) + b")"


def test_it_reads_items_of_every_kind() -> None:
    assert scanner.scan(response(*PIECES[:8])) == {
        b"UID": b"5",
        b"FLAGS": b"(\\Seen $x)",
        b"RFC822.SIZE": b"12",
        b"INTERNALDATE": b"x",
        b"MODSEQ": b"(9)",
        b"BODY[1": b"abc",
        b"BODYSTRUCTURE": b'("text" "plain" NIL)',
        b"BODY[HEADER.FIELDS": b')"',
    }


@pytest.mark.parametrize(
    ("item", "read"),
    [
        (b'BODY[HEADER.FIELDS ("SUBJECT" "TO")] {1}\r\nx', {b"BODY[HEADER.FIELDS": b"x"}),  # Courier
        (b"body[1.mime] {1}\r\nx", {b"BODY[1.MIME": b"x"}),
        (b"BODY[]<0> {1}\r\nx", {b"BODY[": b"x"}),
        (b"BODY[1] NIL", {b"BODY[1": None}),
        (b'BODY[1] "NIL"', {b"BODY[1": b"NIL"}),
        (b"BODY[1] ~{1}\r\nx", {b"BODY[1": b"x"}),
        (b'BODYSTRUCTURE ((("a)" (")" "\\"("))))', {b"BODYSTRUCTURE": b'((("a)" (")" "\\"("))))'}),
    ],
)
def test_both_ways_read_what_servers_write(item: bytes, read: dict[bytes, bytes | None]) -> None:
    assert scanner.scan(response(item)) == read
    assert scanner.salvage(response(item)) == read


@pytest.mark.parametrize(
    ("odd", "read"),
    [
        (b'* 7 FETCH (UID 5 BODYSTRUCTURE ("text" "plain" ("name" {3}\r\n")x)))', 5),
        (b"* 7 FETCH (UID 5 BODY[1] FLAGS (\\Seen))", 5),  # Yandex leaves the value out
        (b"* 7 FETCH (UID 5 FLAGS (\\Seen)", 5),
        (b"* 7 FETCH (UID 5 FLAGS (\\Seen a[b]))", 5),
        (b"* 7 FETCH (BODYSTRUCTURE () UID 5)", 5),
        (b"* 7 FETCH (BODYSTRUCTURE (((( UID 5)", None),
        (b"* 7 FETCH (UID 5 UID 6)", 5),
        (b"* 7 FETCH ((UID 5 FLAGS ()))", None),
        (b"* 7 FETCH UID 5", 5),
        (b"* 7 FETCH", None),
    ],
)
def test_what_is_odd_is_salvaged(odd: bytes, read: int | None) -> None:
    items, _ = scanner.items(odd)
    assert items.get(b"UID") == (b"%d" % read if read else None)


def test_a_literal_with_a_structure_stays_in_place() -> None:
    items, sound = scanner.items(b'* 7 FETCH (UID 5 BODYSTRUCTURE ("a" {3}\r\n")( "b") FLAGS ())')
    assert not sound
    assert items[b"BODYSTRUCTURE"] == b'("a" {3}\r\n")( "b")'


def test_a_literal_that_was_dropped_is_no_value() -> None:
    items, sound = scanner.items(b"* 7 FETCH (UID 5 BODY[HEADER.FIELDS (FROM)] {}\r\n FLAGS (\\Seen))")
    assert not sound
    assert items == {b"UID": b"5", b"BODY[HEADER.FIELDS": None, b"FLAGS": b"(\\Seen)"}


def test_mail_can_not_pretend_to_be_an_answer() -> None:
    body = b") FLAGS (\\Deleted) UID 6 (\r\n* 8 FETCH (UID 6"
    items, sound = scanner.items(response(b"UID 5", b"BODY[1] {%d}\r\n%s" % (len(body), body)))
    assert sound
    assert items == {b"UID": b"5", b"BODY[1": body}


@given(st.permutations(PIECES), st.integers(0, len(PIECES)))
def test_both_ways_agree_on_what_is_well_formed(pieces: list[bytes], count: int) -> None:
    line = response(*pieces[:count])
    try:
        fast = scanner.scan(line)
    except Odd:  # an item twice: BODY[1] and BODY[1]<0>
        keys = [piece.split(b"]")[0] for piece in pieces[:count]]
        assert keys.count(b"BODY[1") == 2
        return
    assert {key: value for key, value in fast.items() if key != b"X-NEW"} == scanner.salvage(line)


@given(st.one_of(st.binary(max_size=200), st.lists(st.sampled_from([*PIECES, *BROKEN])).map(b" ".join)))
def test_it_never_raises(junk: bytes) -> None:
    scanner.items(junk)
    scanner.items(b"* 1 FETCH (" + junk)
    items, _ = scanner.items(b"* 1 FETCH (UID 5 " + junk + b")")
    assert items.get(b"UID") == b"5"


@pytest.mark.parametrize("seed", [b'"', b"(", b'("', b"[", b"((x)", b'\\"', b"A[", b"A (", b'A "'])
def test_a_flood_of_anything_takes_linear_time(seed: bytes) -> None:
    scanner.items(b"* 1 FETCH (BODYSTRUCTURE " + seed * (300_000 // len(seed)))
