import os
from pathlib import Path

import pytest

from mailtui.model.trouble import Refused
from mailtui.ui.saving import destination, make, save, to_be_made, usual


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source"
    path.write_bytes(b"data")
    return path


def test_a_file_is_saved_for_the_user_alone(source: Path, tmp_path: Path) -> None:
    target = save(source, tmp_path, "notes.pdf")
    assert target == tmp_path / "notes.pdf"
    assert target.read_bytes() == b"data"
    assert target.stat().st_mode & 0o777 == 0o600


def test_nothing_is_overwritten(source: Path, tmp_path: Path) -> None:
    names = [save(source, tmp_path, "notes.tar.gz").name for _ in range(3)]
    assert names == ["notes.tar.gz", "notes.tar (1).gz", "notes.tar (2).gz"]


def test_no_link_is_followed(source: Path, tmp_path: Path) -> None:
    place, victim = tmp_path / "to", tmp_path / "victim"
    place.mkdir()
    os.symlink(victim, place / "notes.pdf")
    assert save(source, place, "notes.pdf").name == "notes (1).pdf"
    assert not victim.exists()


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "..\\x", ".bashrc", "-rf", "a\nb", "\u202efdp.exe"]
)
def test_a_hostile_name_stays_in_the_directory(source: Path, tmp_path: Path, name: str) -> None:
    place = tmp_path / "to"
    place.mkdir()
    target = save(source, place, name)
    assert target.parent == place
    assert not target.name.startswith((".", "-"))
    assert target.name.isprintable()


def test_a_place_that_can_not_be_written_is_refused(source: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Refused):
        save(source, tmp_path / "file" / "below", "x")


def test_half_a_file_is_not_left_behind(tmp_path: Path) -> None:
    with pytest.raises(Refused):
        save(tmp_path / "missing", tmp_path, "x")
    assert list(tmp_path.iterdir()) == []


def test_no_directory_is_made_by_a_slip_of_the_fingers(source: Path, tmp_path: Path) -> None:
    with pytest.raises(Refused):
        save(source, tmp_path / "mistyped", "x")
    with pytest.raises(Refused, match=r"There is no directory .*mistyped"):
        to_be_made(tmp_path / "mistyped" / "deep")
    with pytest.raises(Refused, match="is a file"):
        to_be_made(source)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["source"]


def test_the_last_level_can_be_made(tmp_path: Path) -> None:
    assert to_be_made(tmp_path / "new")
    make(tmp_path / "new")
    assert not to_be_made(tmp_path / "new")


def test_where_it_goes_is_read_as_people_type_it(tmp_path: Path) -> None:
    home, here = tmp_path / "home", tmp_path / "here"
    assert destination("~/Downloads", home, here) == home / "Downloads"
    assert destination("~", home, here) == home
    assert destination("mail", home, here) == here / "mail"
    assert destination("/srv", home, here) == Path("/srv")


def test_downloads_is_where_things_go_if_there_is_one(tmp_path: Path) -> None:
    assert usual(tmp_path, tmp_path / "here") == tmp_path / "here"
    (tmp_path / "Downloads").mkdir()
    assert usual(tmp_path, tmp_path / "here") == tmp_path / "Downloads"
