"""Sets of UIDs are compressed, cut to a length, and read without being spelled out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailtui.imap import uids

SETS = st.sets(st.integers(1, 400), max_size=120)


def test_ranges_are_compressed_and_ascend() -> None:
    assert uids.uid_set([7, 3, 1, 2, 3]) == "1:3,7"
    assert uids.uid_set([]) == ""


@given(SETS)
def test_what_is_written_is_read_back(wanted: set[int]) -> None:
    ranges = uids.parse_set(uids.uid_set(wanted).encode())
    assert uids.count(ranges) == len(wanted)
    assert list(uids.spelled_out(ranges)) == sorted(wanted)


@given(SETS, st.integers(12, 60))
def test_chunks_hold_everything_once_and_keep_to_their_length(wanted: set[int], characters: int) -> None:
    chunks = list(uids.chunks(wanted, characters))
    assert [uid for chunk in chunks for uid in chunk] == sorted(wanted)
    assert all(len(uids.uid_set(chunk)) <= characters for chunk in chunks)


def test_a_million_consecutive_uids_are_one_short_range() -> None:
    assert uids.uid_set(range(1, 1_000_001)) == "1:1000000"


@pytest.mark.parametrize(
    ("text", "ranges"),
    [
        (b"9:7,12", ((7, 9), (12, 12))),
        (b"1:4294967295", ((1, 4294967295),)),
        (b"0,1:0,4294967296,x,,-1,5", ((5, 5),)),
        (b"1:*", ()),
        (b"", ()),
    ],
)
def test_what_is_no_uid_is_left_out(text: bytes, ranges: uids.Ranges) -> None:
    assert uids.parse_set(text) == ranges


def test_ranges_that_overlap_are_spelled_out_once() -> None:
    assert list(uids.spelled_out(((3, 6), (1, 4), (5, 5)))) == [1, 2, 3, 4, 5, 6]


@given(st.binary(max_size=60))
def test_reading_never_raises(text: bytes) -> None:
    uids.parse_set(text)


def test_a_set_that_is_not_whole_is_none() -> None:
    assert uids.parse_whole_set(b"9:7,12") == ((7, 9), (12, 12))
    for text in (b"", b"x", b"1,x", b"1,", b"0", b"1:*", b"5000000000"):
        assert uids.parse_whole_set(text) is None, text


@given(st.lists(st.integers(1, 40)), st.lists(st.integers(1, 40)))
def test_ranges_are_sets(some: list[int], others: list[int]) -> None:
    left, right = uids.joined(uids.runs(some)), uids.joined((uid, uid) for uid in others)
    assert list(uids.spelled_out(left)) == sorted(set(some))
    assert list(uids.spelled_out(uids.without(left, right))) == sorted(set(some) - set(others))
    assert uids.joined(uids.spans(sorted(set(others)))) == right
