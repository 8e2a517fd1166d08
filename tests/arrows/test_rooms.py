"""The arrows between the rooms hold at run time too, and no file grows past its idea."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("model", "text", "store", "link", "config", "imap", "smtp", "signin", "ui", "service", "demo")
SLOW = ("imapclient", "aiosmtplib", "keyring", "html2text", "selectolax", "pymap", "aiosmtpd", "tomlkit")


def loaded_after(statement: str) -> set[str]:
    """Names in sys.modules of a fresh interpreter after it ran `statement`."""
    code = f"{statement}\nimport sys\nprint('\\n'.join(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(run.stdout.split())


def modules_of(room: str) -> list[str]:
    files = sorted((ROOT / "mailtui" / room).rglob("*.py"))
    names = (".".join(file.relative_to(ROOT).with_suffix("").parts) for file in files)
    return [name.removesuffix(".__init__") for name in names]


def rooms_in(modules: set[str]) -> set[str]:
    return {name.split(".")[1] for name in modules if name.startswith("mailtui.")}


ALLOWED = {
    "model": {"model"},
    "text": {"text", "model"},
    "store": {"store", "model"},
    "link": {"link", "model"},
    "config": {"config", "model"},
    "imap": {"imap", "model"},
    "smtp": {"smtp", "model"},
    "signin": {"signin", "model"},
    "ui": {"ui", "link", "store", "text", "config", "model"},
    "service": {"service", "imap", "smtp", "signin", "store", "text", "link", "config", "model"},
    "demo": {"demo"},
}


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_loads_only_what_lies_below_it(room: str) -> None:
    statement = "\n".join(f"import {name}" for name in modules_of(room))
    assert rooms_in(loaded_after(statement)) <= ALLOWED[room]


def test_only_the_screen_loads_textual() -> None:
    for room in ROOMS:
        if room != "ui":
            statement = "\n".join(f"import {name}" for name in modules_of(room))
            assert not {"textual", "rich"} & loaded_after(statement), room


def test_the_screen_starts_without_protocols_keyring_or_html() -> None:
    statement = "\n".join(f"import {name}" for name in modules_of("ui"))
    loaded = loaded_after(statement)
    assert not {name for name in SLOW if name in loaded}


def test_version_and_help_start_no_textual() -> None:
    for word in ("--version", "--help"):
        code = f"""
import contextlib, sys
sys.argv = ["mailtui", "{word}"]
from mailtui.__main__ import main
with contextlib.suppress(SystemExit):
    main()
"""
        assert not {"textual", "imapclient", "aiosmtplib", "keyring"} & loaded_after(code)


def test_no_file_is_longer_than_500_lines() -> None:
    files = [*ROOT.glob("mailtui/**/*.py"), *ROOT.glob("tests/**/*.py")]
    assert files
    long = {
        str(file.relative_to(ROOT)): lines for file in files if (lines := file.read_text().count("\n")) > 500
    }
    assert not long
