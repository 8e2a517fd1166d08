"""Files of this machine that may go along: found by the beginning of a path, checked, named. Blocks:
all of it is for a thread."""

import mimetypes
import os
import stat
from collections.abc import Iterable
from pathlib import Path

from mailtui.model.draft import Attachment
from mailtui.model.trouble import Refused
from mailtui.text.sanitize import line
from mailtui.ui.choice import Choice
from mailtui.ui.wording import size

MOST = 200  # names offered
_LOOKED_AT = 20_000  # entries of a directory
_OWN = {".eml": "message/rfc822", ".md": "text/markdown", ".ics": "text/calendar"}


def offers(typed: str) -> list[Choice]:
    """What a path that is being typed may become, directories first; `value` is the longer path. What
    is hidden is offered once its dot is typed."""
    directory, begun = _split(typed)
    found: list[tuple[bool, str, Choice]] = []
    try:
        with os.scandir(os.path.expanduser(directory) or ".") as entries:
            for count, entry in enumerate(entries):
                if count == _LOOKED_AT:
                    break
                if _begins(entry.name, begun):
                    found.append(_offer(directory, entry))
    except OSError:
        return []
    found.sort(key=lambda row: row[:2])
    return [choice for _, _, choice in found[:MOST]]


def attachment(typed: str) -> Attachment:
    """The file of a path as typed. Raises Refused with the reason if it can't be attached."""
    path = Path(os.path.expanduser(typed.strip())).absolute()
    name = line(path.name, 80)
    try:
        found = path.stat()
    except OSError as error:
        reason = line(error.strerror or type(error).__name__).lower()
        raise Refused(f"{name or 'That'} can't be attached: {reason}.") from error
    if stat.S_ISDIR(found.st_mode):
        raise Refused(f"{name or 'That'} is a directory.", "Choose a file in it.")
    if not stat.S_ISREG(found.st_mode) or not os.access(path, os.R_OK):
        raise Refused(f"{name} can't be attached: it can't be read.")
    return Attachment(str(path), path.name, kind(path.name))


def kind(name: str) -> str:
    """The media type that a file's name suggests."""
    suffix = Path(name).suffix.lower()
    return _OWN.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"


def sizes(files: Iterable[Attachment]) -> dict[str, int | None]:
    """Octets by path, None for what can't be read."""
    return {one.path: _size(one.path) for one in files}


def _size(path: str) -> int | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_size if stat.S_ISREG(found.st_mode) and os.access(path, os.R_OK) else None


def _split(typed: str) -> tuple[str, str]:
    head, slash, tail = typed.rpartition("/")
    return head + slash, tail


def _begins(name: str, begun: str) -> bool:
    if name.startswith(".") and not begun.startswith("."):
        return False
    return name.lower().startswith(begun.lower())


def _offer(directory: str, entry: "os.DirEntry[str]") -> tuple[bool, str, Choice]:
    try:
        inside = entry.is_dir()
        octets = 0 if inside else entry.stat().st_size
    except OSError:
        inside, octets = False, 0
    path = directory + entry.name + ("/" if inside else "")
    shown = entry.name + ("/" if inside else "")
    return not inside, entry.name.lower(), Choice(shown, path, "" if inside else size(octets))
