"""The user's settings as a checked value: all that is wrong with the file is said at once."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from mailtui.config.accounts import read_account
from mailtui.config.checking import Findings, Problem, Table, shown
from mailtui.config.keeping import read_size
from mailtui.model.account import Account
from mailtui.model.keeping import USUAL_SIZE
from mailtui.model.trouble import Trouble

_MAX_FILE = 1_000_000  # octets; a settings file larger than this is something else
_MAX_UNDO_SEND = 600  # seconds


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user chose. `keys` maps an action to the keys for it, on top of the preset `keymap`;
    names of themes, presets and actions are the screen's to check. `keep_size` is how many octets the
    texts and attachments of all accounts may take up."""

    accounts: tuple[Account, ...] = ()
    theme: str | None = None
    keymap: str = "default"
    keys: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    undo_send_seconds: int = 10
    editor: str | None = None
    keep_size: int = USUAL_SIZE


class SettingsTrouble(Trouble):
    """The file can't be used as it is. `problems` are in the order of the file's lines."""

    def __init__(self, problems: list[Problem]) -> None:
        count = "One setting needs" if len(problems) == 1 else f"{len(problems)} settings need"
        super().__init__("\n".join([f"{count} a correction.", *(f"  {problem}" for problem in problems)]))
        self.problems = problems


class NoSettings(Trouble):
    """There is no settings file, or no account in it."""


def load(path: Path) -> Settings:
    """Read and check the file. Raises NoSettings when it is missing and SettingsTrouble with every
    problem when it is wrong. A file without accounts is well-formed settings."""
    text = _read(path)
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsTrouble([_syntax(path, text, str(error))]) from error
    findings = Findings(path, text)
    settings = _settings(Table(findings, (), values))
    if findings.problems:
        raise SettingsTrouble(findings.problems)
    return settings


def _settings(top: Table) -> Settings:
    accounts = top.table("accounts")
    found = [read_account(name, table) for name, table in accounts.tables()] if accounts else []
    settings = Settings(
        accounts=tuple(account for account in found if account is not None),
        theme=top.text("theme") or None,
        keymap=top.text("keymap", "default"),
        keys=_keys(top.table("keys")),
        undo_send_seconds=top.number("undo_send", 10, 0, _MAX_UNDO_SEND),
        editor=top.text("editor") or None,
        keep_size=read_size(top, "keep_size"),
    )
    top.unknown()
    return settings


def _keys(table: Table | None) -> Mapping[str, str]:
    keys: dict[str, str] = {}
    for action, value in table.items() if table else ():
        if isinstance(value, str) and value.strip():
            keys[action] = value
        elif table is not None:
            table.wrong(action, f'{shown(value)} is not a key such as "a", "ctrl+r" or "g i".')
    return MappingProxyType(keys)


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            source = file.read(_MAX_FILE + 1)
    except FileNotFoundError as error:
        raise NoSettings(f"There are no settings yet ({path}).", "Run: mailtui account add") from error
    except OSError as error:
        raise SettingsTrouble([Problem(path, 1, "", f"The file can't be read: {error.strerror}.")]) from error
    if len(source) > _MAX_FILE:
        raise SettingsTrouble([Problem(path, 1, "", "The file is too large to be settings.")])
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        problem = Problem(path, line, "", "The file is not UTF-8 text.", "Save it as UTF-8.")
        raise SettingsTrouble([problem]) from error


def _syntax(path: Path, text: str, message: str) -> Problem:
    """tomllib's sentence with its place taken out of it and put in front."""
    place = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", message)
    if place is None:
        return Problem(path, 1, "", f"This is not TOML: {shown(message)}.")
    line = int(place[1]) if place[1] else text.rstrip("\n").count("\n") + 1
    what = message[: place.start()].encode("unicode_escape").decode("ascii")
    return Problem(path, line, "", f"This is not TOML: {what}.", _quote_hint(text, line))


def _quote_hint(text: str, line: int) -> str:
    """The commonest mistake by far: a text without its quotes."""
    lines = text.split("\n")
    value = lines[line - 1].partition("=")[2].strip() if line <= len(lines) else ""
    bare = re.match(r"[A-Za-z_/~@.][^\"'\[\]{}#]*$", value)
    return "A text needs quotes around it." if bare and value not in ("true", "false", "nan", "inf") else ""
