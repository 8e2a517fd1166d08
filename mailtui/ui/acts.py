"""What the user did and may take back, newest last. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

MOST = 200  # acts remembered; older ones are kept by the journal, but nobody presses u that often


@dataclass(frozen=True, slots=True)
class Act:
    """One thing done, in the past tense (`Archived 3 messages`), and how to take it back."""

    title: str
    undo: Callable[[], None]
    intent: str = ""  # its id, so that a refused one can be dropped


class Acts:
    """A stack: `u` takes the newest back, again `u` the one before it."""

    def __init__(self) -> None:
        self._acts: list[Act] = []

    def push(self, act: Act) -> None:
        self._acts.append(act)
        del self._acts[:-MOST]

    def pop(self) -> Act | None:
        return self._acts.pop() if self._acts else None

    def drop(self, intent: str) -> None:
        """Forget an act that did not come true."""
        self._acts = [act for act in self._acts if act.intent != intent]

    @property
    def newest(self) -> str:
        """Title of what `u` would take back, "" if nothing."""
        return self._acts[-1].title if self._acts else ""
