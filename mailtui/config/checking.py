"""Checks what a settings file says and remembers everything that is wrong with it, not only the
first thing: each problem with its line, its key, its value and what would be right."""

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from mailtui.config.lines import Key, key_lines, line_of

_T = TypeVar("_T")
_MAX_SHOWN = 60  # characters of a wrong value


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a settings file. `key` is dotted, "" for the whole file; `hint` is
    what was probably meant, or what to do, "" when that is not known."""

    file: Path
    line: int
    key: str
    what: str
    hint: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: "
        subject = f"{self.key}: " if self.key else ""
        return f"{place}{subject}{self.what}" + (f" {self.hint}" if self.hint else "")


class Findings:
    """The problems of one file, in the order of its lines."""

    def __init__(self, file: Path, text: str) -> None:
        self._file = file
        self._lines = key_lines(text)
        self._problems: list[Problem] = []

    def add(self, key: Key, what: str, hint: str = "") -> None:
        line = line_of(self._lines, key)
        self._problems.append(Problem(self._file, line, dotted(key), what, hint))

    @property
    def problems(self) -> list[Problem]:
        return sorted(self._problems, key=lambda problem: problem.line)


class Table:
    """One table of the file. Every key asked for counts as known; `unknown` reports the others.

    A value of the wrong kind is reported and then treated as if it were not there.
    """

    def __init__(self, findings: Findings, key: Key, values: Mapping[str, object]) -> None:
        self._findings = findings
        self._values = values
        self._known: set[str] = set()
        self.key = key

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def wrong(self, name: str, what: str, hint: str = "") -> None:
        self._findings.add((*self.key, name) if name else self.key, what, hint)

    def text(self, name: str, default: str = "", check: Callable[[str], str] | None = None) -> str:
        """A string without control characters. `check` gives the sentence that says what is wrong."""
        value = self._get(name, str, "text in quotes")
        if value is None:
            return default
        wrong = "holds a control character." if not _plain(value) else (check(value) if check else "")
        if wrong:
            self.wrong(name, f"{shown(value)} {wrong}")
            return default
        return value

    def required(self, name: str, check: Callable[[str], str] | None = None) -> str:
        if name not in self._values:
            self._known.add(name)
            self.wrong(name, "is missing.")
            return ""
        value = self.text(name, "", check)
        if value == "" and self._values[name] == "":
            self.wrong(name, "must not be empty.")
        return value

    def choice(self, name: str, allowed: Iterable[str], default: str) -> str:
        options = list(allowed)
        value = self._get(name, str, "text in quotes")
        if value is None or value in options:
            return default if value is None else value
        self.wrong(name, f"{shown(value)} is not one of {listed(options)}.", did_you_mean(value, options))
        return default

    def number(self, name: str, default: int, low: int, high: int) -> int:
        value = self._get(name, int, "a number")
        if value is None or low <= value <= high:
            return default if value is None else value
        self.wrong(name, f"{value} is not between {low} and {high}.")
        return default

    def flag(self, name: str) -> bool | None:
        return self._get(name, bool, "true or false")

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of strings."""
        value = self._get(name, list, "a list of texts")
        if value is None:
            return ()
        if not all(isinstance(item, str) and _plain(item) for item in value):
            self.wrong(name, "must be a list of texts in quotes, without control characters.")
            return ()
        return tuple(value)

    def table(self, name: str) -> "Table | None":
        value = self._get(name, dict, "a table")
        return None if value is None else Table(self._findings, (*self.key, name), value)

    def tables(self) -> Iterator[tuple[str, "Table"]]:
        """Every table in this one; anything else in it is reported."""
        for name in self._values:
            table = self.table(name)
            if table is not None:
                yield name, table

    def items(self) -> Iterator[tuple[str, object]]:
        """Every key as it is, for tables whose keys are the user's own."""
        self._known.update(self._values)
        yield from self._values.items()

    def raw(self, name: str) -> object:
        """The value unchecked, None when it is not there."""
        self._known.add(name)
        return self._values.get(name)

    def unknown(self) -> None:
        """Report every key that nobody asked for."""
        for name in self._values:
            if name not in self._known:
                self.wrong(name, "is not a setting.", did_you_mean(name, self._known))

    def _get(self, name: str, kind: type[_T], description: str) -> _T | None:
        self._known.add(name)
        value = self._values.get(name)
        if value is None:
            return None
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.wrong(name, f"{shown(value)} is not {description}.")
            return None
        return value


def shown(value: object) -> str:
    """A wrong value as it may be painted: cut, and nothing in it but printable characters."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, str):
        text = repr(value)[1:-1].replace('"', '\\"')
        return f'"{_cut(text)}"'
    return _cut(repr(value))


def dotted(key: Key) -> str:
    """A key as it is written in the file; a part that isn't a bare key is quoted."""
    bare = (part if part.replace("-", "_").isidentifier() or part.isalnum() else shown(part) for part in key)
    return ".".join(bare)


def listed(options: Iterable[str]) -> str:
    """\"a", "b" or "c\"."""
    quoted = [f'"{option}"' for option in options]
    return " or ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)


def did_you_mean(value: str, options: Iterable[str]) -> str:
    """The nearest of the options as a question, "" when none is near."""
    near = difflib.get_close_matches(value, list(options), n=1)
    return f'Did you mean "{near[0]}"?' if near else ""


def _cut(text: str) -> str:
    return text if len(text) <= _MAX_SHOWN else text[: _MAX_SHOWN - 1] + "…"


def _plain(text: str) -> bool:
    return not any(ord(character) < 32 or 127 <= ord(character) < 160 for character in text)
