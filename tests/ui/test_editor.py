"""The user's editor gets a private file that outlives a crash."""

import os
import stat
from pathlib import Path

import pytest

from mailtui.model.trouble import Refused
from mailtui.ui.editor import Manuscript, command


def test_the_setting_comes_before_the_environment() -> None:
    assert command("nvim -f", {"EDITOR": "nano"}) == ["nvim", "-f"]
    assert command(None, {"VISUAL": "emacsclient -t", "EDITOR": "nano"}) == ["emacsclient", "-t"]
    assert command(None, {"EDITOR": "nano"}) == ["nano"]


def test_a_broken_setting_falls_back(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Refused, match="No editor"):
        command('"unclosed', {})
    common = tmp_path / "nano"
    common.write_text("#!/bin/sh\n")
    common.chmod(0o755)
    assert command("", {"EDITOR": '"'}) == [str(common)]


def test_the_file_is_private_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        manuscript = Manuscript(tmp_path / "editing", "draft-1")
        manuscript.write("hello")
    finally:
        os.umask(before)
    assert stat.S_IMODE(manuscript.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(manuscript.path.parent.stat().st_mode) == 0o700
    assert "draft-1" not in manuscript.path.name


def test_what_the_editor_wrote_comes_back_safe(tmp_path: Path) -> None:
    manuscript = Manuscript(tmp_path, "1")
    manuscript.write("hello\n")
    script = tmp_path / "editor.sh"
    script.write_text("#!/bin/sh\nprintf 'more\\033[31m\\n' >> \"$1\"\n")
    manuscript.edit(["sh", str(script)])
    assert manuscript.read() == "hello\nmore␛[31m\n"
    manuscript.done()
    assert manuscript.read() is None


def test_an_editor_that_is_not_there_is_said_and_the_text_stays(tmp_path: Path) -> None:
    manuscript = Manuscript(tmp_path, "1")
    manuscript.write("hello")
    with pytest.raises(Refused, match="could not be started"):
        manuscript.edit([str(tmp_path / "missing")])
    assert manuscript.read() == "hello"


def test_a_link_in_the_way_is_not_followed(tmp_path: Path) -> None:
    manuscript = Manuscript(tmp_path, "1")
    target = tmp_path / "target"
    target.write_text("untouched")
    manuscript.path.symlink_to(target)
    manuscript.write("hello")
    assert target.read_text() == "untouched"
    assert manuscript.read() == "hello"
