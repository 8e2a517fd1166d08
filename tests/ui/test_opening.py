from pathlib import Path

import pytest

from mailtui.model.trouble import Refused
from mailtui.ui.opening import Opened, launch, may_run, opener


@pytest.mark.parametrize("name", ["a.exe", "a.pdf.desktop", "A.SH", "x.html", "x.svg", "run.py ", "x.js."])
def test_what_may_run_is_asked_about(name: str) -> None:
    assert may_run(name)


@pytest.mark.parametrize("name", ["a.pdf", "photo.jpg", "notes", "x.txt", "exe"])
def test_what_is_only_looked_at_is_not(name: str) -> None:
    assert not may_run(name)


def test_without_a_display_it_says_so() -> None:
    with pytest.raises(Refused, match="no display"):
        opener({}, "linux")


def test_on_a_mac_open_opens() -> None:
    assert opener({}, "darwin") == ["open"]


def test_a_program_that_is_not_there_is_said() -> None:
    with pytest.raises(Refused):
        launch(["no-such-program-here"], "x")


def test_copies_to_open_are_private_and_go_away(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"data")
    opened = Opened()
    first, second = opened.copy(source, "a.pdf"), opened.copy(source, "a.pdf")
    assert first != second
    assert first.parent.stat().st_mode & 0o777 == 0o700
    opened.close()
    assert not first.parent.exists()
