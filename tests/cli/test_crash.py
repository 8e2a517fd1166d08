"""When mailtui itself fails there is a report that only the user can read, and nobody's mail in it."""

import subprocess
import sys
from pathlib import Path

from mailtui.cli.crash import write
from mailtui.config.writing import add_account
from mailtui.model.account import Account, Security, Server
from mailtui.model.address import Address
from tests.cli.shell import Shell
from tests.end_to_end.terminal import Terminal

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


def test_a_screen_that_fails_leaves_the_terminal_and_a_report(shell: Shell) -> None:
    code = f"""
import sys
from mailtui.ui.app import MailtuiApp
def fail(self):
    password = "{CANARY}"
    raise ZeroDivisionError(password)
MailtuiApp.on_ready = fail
from mailtui.cli import main
sys.exit(main.run([]))
"""
    server = Server("127.0.0.1", 1, Security.NONE, "x")
    add_account(shell.paths.settings, Account("work", Address("", "x@example.test"), server))
    with Terminal([sys.executable, "-c", code], shell.profile.environment(), columns=200) as terminal:
        assert terminal.ended(30) == 70
        terminal.settle()
        raw = terminal.raw
    (report,) = shell.paths.state.glob("crash-*.txt")
    assert str(report).encode() in raw
    assert b"\x1b[?1049l" in raw
    assert CANARY.encode() not in raw + report.read_bytes()
