"""Handing a fetched part or a link to another program, and saying so when there is none."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from mailtui.model.trouble import Refused
from mailtui.ui.saving import save

# What runs, or may run something, when it is opened by a click.
_ENDINGS = """
    apk app appimage bat bin chm cmd com command cpl csh deb desktop dll dmg exe gadget hta htm html inf ins
    iso jar js jse ksh lnk mht mhtml msc msi msp mst pif pkg pl ps1 py pyw rb reg rpm run scf scr
    sct sh shtml svg terminal url vb vbe vbs ws wsc wsf xhtml xll xml zsh
"""
_RUNS = frozenset(_ENDINGS.split())


def may_run(name: str) -> bool:
    """Whether opening a file of this name may run a program or a script in it."""
    return Path(name.lower().rstrip(" .")).suffix.lstrip(".") in _RUNS


def opener(environment: Mapping[str, str], platform: str = sys.platform) -> list[str]:
    """The command that opens a file or link in the user's desktop. Raises Refused if there is none."""
    if platform == "darwin":
        return ["open"]
    if not (environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")):
        raise Refused("There is no display here to open that on.", "Save it, or copy the address.")
    if shutil.which("xdg-open") is None:
        raise Refused("There is no xdg-open here to open that with.", "Save it, or copy the address.")
    return ["xdg-open"]


def launch(command: list[str], target: str) -> None:
    """Start the program and forget it; nothing it prints reaches the screen. Raises Refused."""
    try:
        subprocess.Popen(
            [*command, target],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise Refused(f"{command[0]} could not be started: {error.strerror}.") from error


class Opened:
    """Copies made to be opened, in a 0700 directory that goes away with the program."""

    def __init__(self) -> None:
        self._directory: tempfile.TemporaryDirectory[str] | None = None

    def copy(self, source: Path, name: str) -> Path:
        """A copy for another program to open, under a safe name. Blocks: for a thread."""
        if self._directory is None:
            self._directory = tempfile.TemporaryDirectory(prefix="mailtui-", ignore_cleanup_errors=True)
        return save(source, Path(self._directory.name), name)

    def close(self) -> None:
        if self._directory is not None:
            self._directory.cleanup()
            self._directory = None
