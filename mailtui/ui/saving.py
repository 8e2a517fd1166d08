"""Writing a fetched part where the user wants it: under a safe name, never over another file."""

import os
import shutil
from pathlib import Path

from mailtui.model.trouble import Refused
from mailtui.text import sanitize
from mailtui.text.sanitize import line

_MOST_TRIES = 1000


def save(source: Path, directory: Path, name: str) -> Path:
    """Copy the file into a directory as `name`, or `name (1)` … if there is one. Raises Refused.

    The name is made safe first; the new file is created exclusively and through no link. Blocks: for
    a thread.
    """
    name = sanitize.file_name(name)
    stem, suffix = os.path.splitext(name)
    try:
        for number in range(_MOST_TRIES):
            target = directory / (f"{stem} ({number}){suffix}" if number else name)
            try:
                handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
            except FileExistsError:
                continue
            _copy(source, handle, target)
            return target
    except OSError as error:
        raise Refused(f"{name} could not be saved: {error.strerror}.", "Choose another directory.") from error
    raise Refused(f"There are {_MOST_TRIES} files called {name} already.", "Choose another directory.")


def _copy(source: Path, handle: int, target: Path) -> None:
    """All of it or nothing: half a file would look like the whole."""
    try:
        with os.fdopen(handle, "wb") as sink, source.open("rb") as data:
            shutil.copyfileobj(data, sink, 1 << 20)
    except OSError:
        target.unlink(missing_ok=True)
        raise


def destination(typed: str, home: Path, here: Path) -> Path:
    """The directory that was typed: `~` is the user's, anything relative is below where mailtui was
    started."""
    text = typed.strip()
    if text == "~" or text.startswith("~/"):
        return home / text[2:]
    return here / text


def to_be_made(directory: Path) -> bool:
    """Whether a directory is not there but could be made in the one above it. Raises Refused if there
    is nothing to save in, as after a slip of the fingers. Blocks."""
    if directory.is_dir():
        return False
    if directory.exists():
        raise Refused(f"{line(directory.name)} is a file.", "Choose a directory.")
    if not directory.parent.is_dir():
        raise Refused(f"There is no directory {line(str(directory.parent))}.", "Choose another.")
    return True


def make(directory: Path) -> None:
    """Make a directory, its last level only. Raises Refused. Blocks."""
    try:
        directory.mkdir(exist_ok=True)
    except OSError as error:
        raise Refused(f"{line(str(directory))} can't be made: {error.strerror}.") from error


def usual(home: Path, here: Path) -> Path:
    """Where things are saved unless told otherwise."""
    downloads = home / "Downloads"
    return downloads if downloads.is_dir() else here
