"""Files live where XDG says, in directories that only the user can enter."""

import os
import socket
from pathlib import Path

import pytest

from mailtui.config.paths import Paths, ensure
from mailtui.model.trouble import Trouble


def test_xdg_directories_are_used(tmp_path: Path) -> None:
    env = {
        "HOME": "/nowhere",
        "XDG_CONFIG_HOME": str(tmp_path / "c"),
        "XDG_DATA_HOME": str(tmp_path / "d"),
        "XDG_STATE_HOME": str(tmp_path / "s"),
        "XDG_RUNTIME_DIR": str(tmp_path),
    }
    paths = Paths.from_environment(env)
    assert paths.settings == tmp_path / "c" / "mailtui" / "config.toml"
    assert paths.store.parent == paths.parts.parent == tmp_path / "d" / "mailtui"
    assert paths.log.parent == tmp_path / "s" / "mailtui"
    assert paths.socket == tmp_path / "mailtui" / "service.sock"


def test_without_xdg_they_are_below_home(tmp_path: Path) -> None:
    paths = Paths.from_environment(
        {"HOME": str(tmp_path), "XDG_CONFIG_HOME": "relative", "XDG_DATA_HOME": ""}
    )
    assert paths.settings == tmp_path / ".config" / "mailtui" / "config.toml"
    assert paths.data == tmp_path / ".local" / "share" / "mailtui"
    assert paths.runtime == tmp_path / ".local" / "state" / "mailtui" / "run"


def test_a_runtime_directory_that_can_not_be_had_is_passed_over(tmp_path: Path) -> None:
    env = {"HOME": str(tmp_path), "XDG_RUNTIME_DIR": "/dev/null/here"}
    assert Paths.from_environment(env).runtime.is_relative_to(tmp_path / ".local" / "state")


def test_the_socket_is_the_same_before_and_after_its_directory_was_made(tmp_path: Path) -> None:
    env = {"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path / "not" / "yet")}
    before = Paths.from_environment(env)
    ensure(before)
    assert Paths.from_environment(env) == before
    assert before.runtime == tmp_path / "not" / "yet" / "mailtui"


def test_directories_are_made_for_the_user_alone(tmp_path: Path) -> None:
    paths = Paths.below(tmp_path / "profile")
    paths.data.mkdir(parents=True)
    paths.data.chmod(0o755)
    ensure(paths)
    for path in (paths.data, paths.parts, paths.state, paths.runtime):
        assert path.stat().st_mode & 0o777 == 0o700


def test_a_socket_with_a_long_name_gets_a_short_one_that_is_still_private(tmp_path: Path) -> None:
    root = tmp_path / ("long" * 20)
    paths, others = Paths.below(root), Paths.below(root / "other")
    ensure(paths)
    try:
        assert len(os.fsencode(paths.socket)) <= 100
        assert paths.socket != others.socket
        for path in (paths.socket.parent, paths.socket.parent.parent):
            assert path.stat().st_mode & 0o777 == 0o700
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(paths.socket))
        paths.socket.unlink()
    finally:
        paths.socket.parent.rmdir()


def test_a_file_in_the_way_is_explained(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(Trouble, match="data can't be used"):
        ensure(Paths.below(tmp_path))
