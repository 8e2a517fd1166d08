"""`mailtui --demo`: a first look that touches nothing, answers, and leaves nothing behind."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.end_to_end.profile import ROOT
from tests.end_to_end.terminal import Terminal


def _children(pid: int) -> list[int]:
    told = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = [tuple(map(int, line.split())) for line in told.splitlines()]
    return [child for child, parent in pairs if parent == pid]


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.slow
def test_the_demo_shows_mail_answers_and_vanishes() -> None:
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryDirectory() as scratch:
        environment = {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "HOME": home,
            "TMPDIR": scratch,
            "PYTHONPATH": str(ROOT),
        }
        with Terminal([sys.executable, "-m", "mailtui", "--demo"], environment) as terminal:
            terminal.wait_for("Welcome to mailtui", 20)
            terminal.wait_for("this is mailtui, looking at a mailbox")
            servers = _children(terminal.process.pid)
            assert servers
            terminal.wait_for("work ● online .*home ● online", 30)
            terminal.press("r")
            terminal.wait_for("wrote:")
            terminal.type("Is anybody there?")
            terminal.press("esc")
            terminal.wait_for("Send this to 1 recipient")
            terminal.press("y")
            terminal.wait_for(
                "● mailtui +Re: Welcome to mailtui", 40
            )  # ten seconds to think again, then an answer
            terminal.press("Q")
            assert terminal.ended() == 0
        assert not [pid for pid in servers if _alive(pid)]
        assert list(Path(scratch).iterdir()) == []
        assert [path for path in Path(home).rglob("*") if path.is_file()] == []
