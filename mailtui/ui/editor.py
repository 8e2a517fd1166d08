"""The user's own editor for a text, in a private file that outlives a crash."""

import os
import shlex
import shutil
import subprocess
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path

from mailtui.model.trouble import Refused
from mailtui.text.sanitize import block, line

_COMMON = ("sensible-editor", "editor", "nano", "vim", "vi", "emacs")
_MOST = 10_000_000  # octets read back


def command(wanted: str | None, environment: Mapping[str, str]) -> list[str]:
    """The editor to call: the setting, $VISUAL, $EDITOR, else a common one. Raises Refused if there
    is none."""
    for said in (wanted, environment.get("VISUAL"), environment.get("EDITOR")):
        if said and (words := _words(said)):
            return words
    for name in _COMMON:
        if (found := shutil.which(name)) is not None:
            return [found]
    raise Refused("No editor was found.", "Set EDITOR, or `editor` in the settings.")


class Manuscript:
    """The file of one draft in `directory`: 0600 in 0700, named so that nobody can guess it, and left
    where it is until `done`, so that nothing is lost if the program is killed."""

    def __init__(self, directory: Path, draft: str) -> None:
        name = blake2b(draft.encode(), digest_size=12).hexdigest()
        self.path = directory / f"{name}.eml"  # editors know how to colour this

    def write(self, text: str) -> None:
        """Raises Refused if it can't be written."""
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.path.parent.chmod(0o700)
            self.path.unlink(missing_ok=True)
            descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
        except OSError as error:
            raise Refused(f"The text can't be handed to the editor: {_reason(error)}.") from error

    def edit(self, words: list[str]) -> None:
        """Run the editor and wait until it ends. Raises Refused if it can't be started."""
        try:
            subprocess.run([*words, str(self.path)], check=False)
        except OSError as error:
            raise Refused(f"{line(words[0], 60)} could not be started: {_reason(error)}.") from error

    def read(self) -> str | None:
        """What stands in it, safe to show; None if it is gone or can't be read."""
        try:
            with self.path.open("rb") as file:
                return block(file.read(_MOST).decode("utf-8", "replace"))
        except OSError:
            return None

    def done(self) -> None:
        self.path.unlink(missing_ok=True)
        for copy in self.path.parent.glob(f"{self.path.name}~"):
            copy.unlink(missing_ok=True)


def _words(said: str) -> list[str]:
    try:
        return shlex.split(said)
    except ValueError:
        return []


def _reason(error: OSError) -> str:
    return line(error.strerror or type(error).__name__, 80)
