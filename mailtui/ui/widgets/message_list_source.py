"""Where the rows of a message list come from: a folder, a filtered folder, what a search found."""

from array import array
from dataclasses import dataclass, field
from typing import Protocol

from mailtui.model.message import Summary
from mailtui.model.query import Query
from mailtui.store.reading import Reader


class Source(Protocol):
    """What a list shows. `folder` is the one whose changes matter, None: of any. `known` are the ids
    if they need no asking. `sticky`: what once was found stays until it is asked for anew.
    `nothing` is said where there are no rows, `words` in a rule (a negative id) between rows."""

    @property
    def folder(self) -> int | None: ...

    @property
    def known(self) -> tuple[int, ...] | None: ...

    @property
    def sticky(self) -> bool: ...

    @property
    def nothing(self) -> tuple[str, ...]: ...

    @property
    def total_unknown(self) -> bool:
        """Whether there may be rows although `total` says 0."""

    def words(self, rule: int) -> str: ...

    def window(self, reader: Reader, limit: int, before: tuple[int, int] | None) -> list[Summary]:
        """Up to `limit` rows older than `before`, in less than 5 ms; [] if this can't be had so."""

    def total(self, reader: Reader) -> int:
        """How many rows there will be, in less than 5 ms; 0 if that is not known yet."""

    def ids(self, reader: Reader) -> "array[int]":
        """All ids, newest first. May take long: for the reading thread."""


@dataclass(frozen=True, slots=True)
class FolderSource:
    """All messages of a folder."""

    folder: int
    known: None = field(default=None, init=False)
    sticky: bool = field(default=False, init=False)
    nothing: tuple[str, ...] = field(default=("Nothing here.",), init=False)
    total_unknown: bool = field(default=False, init=False)

    def words(self, rule: int) -> str:
        return ""

    def window(self, reader: Reader, limit: int, before: tuple[int, int] | None) -> list[Summary]:
        return reader.window(self.folder, limit, before)

    def total(self, reader: Reader) -> int:
        folder = reader.folder(self.folder)
        return folder.total if folder else 0

    def ids(self, reader: Reader) -> "array[int]":
        return reader.ids(self.folder)


@dataclass(frozen=True, slots=True)
class Filtered:
    """Those messages of a folder that match. A message that stops matching because of what is done to
    it (read under "is:unread") stays in sight."""

    folder: int
    text: str
    query: Query
    known: None = field(default=None, init=False)
    sticky: bool = field(default=True, init=False)
    total_unknown: bool = field(default=True, init=False)

    @property
    def nothing(self) -> tuple[str, ...]:
        return "Nothing here matches", self.text

    def words(self, rule: int) -> str:
        return ""

    def window(self, reader: Reader, limit: int, before: tuple[int, int] | None) -> list[Summary]:
        return []

    def total(self, reader: Reader) -> int:
        return 0

    def ids(self, reader: Reader) -> "array[int]":
        return reader.matching(self.folder, self.query)


@dataclass(frozen=True, slots=True)
class Found:
    """Messages of any folders, in the order given, divided by rules."""

    title: str
    found: tuple[int, ...]
    rules: tuple[str, ...] = ()  # the words of rule -1, -2, …
    nothing: tuple[str, ...] = ("Nothing was found.",)
    folder: None = field(default=None, init=False)
    sticky: bool = field(default=True, init=False)
    total_unknown: bool = field(default=False, init=False)

    @property
    def known(self) -> tuple[int, ...]:
        return self.found

    def words(self, rule: int) -> str:
        return self.rules[-rule - 1] if -rule <= len(self.rules) else ""

    def window(self, reader: Reader, limit: int, before: tuple[int, int] | None) -> list[Summary]:
        return []

    def total(self, reader: Reader) -> int:
        return len(self.found)

    def ids(self, reader: Reader) -> "array[int]":
        return array("q", self.found)
