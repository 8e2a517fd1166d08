"""password_cmd: the first line is the password, and failures are explained without it."""

import os
import time
from pathlib import Path

import pytest

from mailtui.model.trouble import NoSecret
from mailtui.signin.command import secret_of


def sh(script: str) -> tuple[str, ...]:
    return ("sh", "-c", script)


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("secret\\n", "secret"),
        ("secret", "secret"),
        ("secret\\r\\n", "secret"),
        ("secret\\nurl: x\\nuser: y\\n", "secret"),
        ("  spaces kept  \\n", "  spaces kept  "),
        ('p\\303\\244ss"\\\\w\\n', 'päss"\\w'),
    ],
)
def test_the_first_line_is_the_password(output: str, expected: str) -> None:
    assert secret_of(("printf", output)).reveal() == expected


def test_it_reads_nothing_from_our_terminal() -> None:
    assert secret_of(sh("cat; echo done")).reveal() == "done"


def test_a_failure_tells_the_status_and_the_first_complaint_made_safe() -> None:
    with pytest.raises(NoSecret) as raised:
        secret_of(sh(r"printf '\033]0;x\007gpg: no key\nmore\n' >&2; echo canary; exit 3"))
    assert "exit status 3" in raised.value.what
    assert "gpg: no key" in raised.value.what
    assert "\x1b" not in raised.value.what
    assert "canary" not in str(raised.value)


def test_a_command_that_is_not_there_is_named() -> None:
    with pytest.raises(NoSecret, match="no-such-program"):
        secret_of(("no-such-program",))


@pytest.mark.parametrize("script", ["true", "echo", r"printf '\377\n'", "kill -9 $$"])
def test_no_output_or_unreadable_output_is_no_password(script: str) -> None:
    with pytest.raises(NoSecret):
        secret_of(sh(script))


def test_a_command_that_hangs_is_ended_with_its_children(tmp_path: Path) -> None:
    file = tmp_path / "pid"
    with pytest.raises(NoSecret, match="seconds") as raised:
        secret_of(sh(f"echo canary; sleep 600 & echo $! > {file}; wait"), limit=0.5)
    assert raised.value.__cause__ is None
    child = int(file.read_text())
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            os.kill(child, 0)
        except ProcessLookupError:
            return
        if Path(f"/proc/{child}/stat").exists() and " Z " in Path(f"/proc/{child}/stat").read_text():
            return
        time.sleep(0.02)
    pytest.fail("the child lives on")
