"""The messages being written that were put aside to look at the mail. They go on living meanwhile."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the screen is loaded when the first message is written
    from mailtui.ui.screens.compose_keeping import ComposeKeeping


class Desk:
    """Keeps compose screens by the id of their draft, the one put aside last at the top."""

    def __init__(self) -> None:
        self._aside: dict[str, ComposeKeeping] = {}

    def put(self, draft: str, screen: "ComposeKeeping") -> None:
        self._aside.pop(draft, None)
        self._aside[draft] = screen

    def take(self, draft: str) -> "ComposeKeeping | None":
        return self._aside.pop(draft, None)

    def __contains__(self, draft: str) -> bool:
        return draft in self._aside

    def __iter__(self) -> "Iterator[ComposeKeeping]":
        return reversed(list(self._aside.values()))

    def __len__(self) -> int:
        return len(self._aside)
