"""`mailtui --demo` is gone without a trace however it ends."""

import os
import shutil
import signal
import sys
import time
from pathlib import Path

import pytest

from mailtui.cli import crash
from mailtui.cli.demo import demo_profile
from mailtui.config.settings import load
from tests.cli.shell import Shell
from tests.end_to_end.terminal import Terminal


def processes_that_name(text: str) -> list[int]:
    """Processes with this text in their command line."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if text.encode() in (place / "cmdline").read_bytes():
                found.append(int(place.name))
        except OSError:
            continue
    return found


def test_the_profile_has_two_accounts_and_a_secret_of_its_own() -> None:
    with demo_profile() as paths:
        root = paths.config.parent
        settings = load(paths.settings)
        assert [account.key for account in settings.accounts] == ["work", "home"]
        assert all(account.imap.loopback for account in settings.accounts)
        assert root.stat().st_mode & 0o777 == 0o700
        for file in root.rglob("*"):
            assert file.stat().st_mode & 0o077 == 0, file
    assert not root.exists()


def test_a_report_of_a_crash_outlives_the_demo(capsys: pytest.CaptureFixture[str]) -> None:
    with demo_profile() as paths:
        root = paths.config.parent
        crash.report(ZeroDivisionError(), paths)
    place = Path(capsys.readouterr().err.rpartition(" ")[2].strip())
    try:
        assert "ZeroDivisionError" in place.read_text()
        assert place.stat().st_mode & 0o777 == 0o600
        assert [file for file in root.rglob("*") if not file.is_dir()] == [place]
    finally:
        shutil.rmtree(root)


@pytest.mark.slow
@pytest.mark.parametrize("end", ["Q", "SIGTERM", "hang up"])
def test_the_demo_leaves_nothing_behind(shell: Shell, end: str) -> None:
    temporary = shell.profile.root / "tmp"
    temporary.mkdir()
    before = {place: place.stat().st_mtime_ns for place in shell.profile.root.rglob("*")}
    environment = {**shell.profile.environment(), "TMPDIR": str(temporary)}
    with Terminal([sys.executable, "-m", "mailtui", "--demo"], environment) as terminal:
        terminal.wait_for("Inbox", 30)
        terminal.settle()
        assert list(temporary.iterdir())
        if end == "Q":
            terminal.press("Q")
        elif end == "SIGTERM":
            terminal.process.send_signal(signal.SIGTERM)
        else:
            terminal.hang_up()
        status = terminal.ended(40)
    assert status in (0, 128 + signal.SIGTERM, 128 + signal.SIGHUP)
    deadline = time.monotonic() + 20
    while processes_that_name(str(temporary)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not processes_that_name(str(temporary))
    assert not list(temporary.iterdir())
    after = {place for place in shell.profile.root.rglob("*") if place not in before}
    assert not after, "the user's own directories were touched"
    assert os.access(temporary, os.W_OK)
