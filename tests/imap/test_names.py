"""Folder names come and go in modified UTF-7, and come back as they were sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailtui.imap import names
from mailtui.model.folder import ServerFolder
from mailtui.model.trouble import Refused


@pytest.mark.parametrize(
    ("path", "raw"),
    [
        ("INBOX", b"INBOX"),
        ("Übung & Tests", b"&ANw-bung &- Tests"),
        ("日本語", b"&ZeVnLIqe-"),
        ("a\r\nb", b"a&AA0ACg-b"),
        ("😀", b"&2D3eAA-"),
    ],
)
def test_both_ways(path: str, raw: bytes) -> None:
    assert names.encode(path) == raw
    assert names.decode(raw) == path


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(lambda path: bool(path.strip())))
def test_what_was_written_is_read_back(path: str) -> None:
    assert names.decode(names.encode(path)) == path


@pytest.mark.parametrize(
    "raw", [b"&", b"&AAAA", b"&2D3-", b"&-&-&", b"&!!!-", b"\xc3\x9c", b"\xff\xfe", b"&Jjo"]
)
def test_what_is_no_utf_7_can_still_be_shown(raw: bytes) -> None:
    names.decode(raw).encode()


@given(st.binary())
def test_reading_never_raises(raw: bytes) -> None:
    names.decode(raw).encode()


@pytest.mark.parametrize("path", ["", "  ", "\ud83d"])
def test_what_can_not_be_a_name_is_refused(path: str) -> None:
    with pytest.raises(Refused):
        names.encode(path)


def folders(*paths: str) -> list[ServerFolder]:
    return [ServerFolder(path, path.encode(), ".") for path in paths]


def test_a_new_folder_goes_where_the_others_are() -> None:
    below = folders("INBOX", "INBOX.Sent", "INBOX.Trash")
    assert names.place("Work", below) == "INBOX.Work"
    assert names.place("INBOX.Work", below) == "INBOX.Work"
    assert names.place("Work", folders("INBOX", "INBOX.Sent", "Trash")) == "Work"
    assert names.place("Work", folders("INBOX")) == "Work"


def test_the_inbox_is_the_inbox_in_any_case() -> None:
    assert names.same(b"inbox", b"INBOX")
    assert not names.same(b"inbox/a", b"INBOX/a")
