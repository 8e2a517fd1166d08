"""When mailtui itself fails there is a report that only the user can read, and nobody's mail in it."""

import subprocess
import sys
from pathlib import Path

from mailtui.cli.crash import write

CANARY = "canary-3d55"


def _fail(password: str) -> None:
    try:
        raise ValueError(f"could not use {password}")
    except ValueError as error:
        raise RuntimeError(password) from error


def test_the_report_names_places_and_kinds_but_no_values(tmp_path: Path) -> None:
    try:
        _fail(CANARY)
    except RuntimeError as error:
        path = write(error, tmp_path / "state", now=lambda: 0)
    text = path.read_text()
    assert path.name == "crash-19700101-000000.txt"
    assert path.stat().st_mode & 0o777 == 0o600
    assert "builtins.ValueError" in text
    assert "builtins.RuntimeError" in text
    assert "test_crash.py" in text
    assert " in _fail" in text
    assert CANARY not in text


def test_a_group_of_failures_is_told_whole(tmp_path: Path) -> None:
    group = ExceptionGroup(CANARY, [KeyError(CANARY), OSError(CANARY)])
    text = write(group, tmp_path).read_text()
    assert "builtins.KeyError" in text
    assert "builtins.OSError" in text
    assert CANARY not in text


def test_a_command_that_fails_says_one_line_and_70(tmp_path: Path) -> None:
    code = f"""
import sys
from mailtui.cli import main, view
def fail(options, paths):
    password = "{CANARY}"
    raise ZeroDivisionError(password)
view.run = fail
sys.exit(main.run(["view", "x"]))
"""
    env = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 70
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "ZeroDivisionError" in done.stderr
    report = Path(done.stderr.rpartition(" ")[2].strip())
    assert report.is_file()
    assert CANARY not in done.stderr + report.read_text()
