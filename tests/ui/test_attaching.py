"""Files to attach are found by the beginning of their path, and refused with a reason."""

import os
from pathlib import Path

import pytest

from mailtui.model.draft import Attachment
from mailtui.model.trouble import Refused
from mailtui.ui import attaching


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "notes.txt").write_bytes(b"x" * 1200)
    (tmp_path / "Notebook").mkdir()
    (tmp_path / ".hidden").write_text("")
    return tmp_path


def test_directories_come_first_and_hidden_files_only_when_asked_for(place: Path) -> None:
    offered = attaching.offers(f"{place}/")
    assert [(one.text, one.detail) for one in offered] == [("Notebook/", ""), ("notes.txt", "1.2 kB")]
    assert [one.value for one in attaching.offers(f"{place}/no")] == [
        f"{place}/Notebook/",
        f"{place}/notes.txt",
    ]
    assert [one.text for one in attaching.offers(f"{place}/.h")] == [".hidden"]
    assert attaching.offers(f"{place}/missing/") == []


def test_the_home_directory_is_understood(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(place))
    assert [one.value for one in attaching.offers("~/notes")] == ["~/notes.txt"]
    assert attaching.attachment("~/notes.txt").path == str(place / "notes.txt")


def test_a_file_is_attached_under_its_name_and_type(place: Path) -> None:
    assert attaching.attachment(f" {place}/notes.txt ") == Attachment(
        str(place / "notes.txt"), "notes.txt", "text/plain"
    )
    assert attaching.kind("letter.EML") == "message/rfc822"
    assert attaching.kind("thing.nobody-knows") == "application/octet-stream"


def test_what_can_not_be_attached_is_refused_with_a_reason(place: Path) -> None:
    os.mkfifo(place / "pipe")
    for name, reason in (("gone", "no such file"), ("Notebook", "a directory"), ("pipe", "can't be read")):
        with pytest.raises(Refused, match=reason):
            attaching.attachment(f"{place}/{name}")


def test_sizes_say_what_is_gone(place: Path) -> None:
    files = [Attachment(f"{place}/notes.txt", ""), Attachment(f"{place}/gone", "")]
    assert list(attaching.sizes(files).values()) == [1200, None]
