"""A small state machine that turns key presses into actions: single keys and sequences like `g i`.

Pure: no clock (the screen shows which-key after a pause) and no widgets.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Run:
    """The keys pressed are this action's."""

    action: str


@dataclass(frozen=True, slots=True)
class Pending:
    """The keys so far begin one or more sequences; `next` maps each key that goes on to an action
    (or to "" if more keys follow)."""

    prefix: tuple[str, ...]
    next: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Unknown:
    """No action begins like this. `prefix` is what had been pressed before, () for a lone key."""

    prefix: tuple[str, ...]


Step = Run | Pending | Unknown
Table = Mapping[tuple[str, ...], str]


class Chords:
    """Remembers the prefix between presses. The table may differ from press to press, as the focus
    moves; a prefix that means nothing in the new table is forgotten."""

    def __init__(self) -> None:
        self.prefix: tuple[str, ...] = ()

    def press(self, key: str, table: Table) -> Step:
        before, keys = self.prefix, (*self.prefix, key)
        self.prefix = ()
        if key == "escape" and before:
            return Unknown(before)
        if keys in table:
            return Run(table[keys])
        following = {
            sequence[len(keys)]: action if len(sequence) == len(keys) + 1 else ""
            for sequence, action in table.items()
            if len(sequence) > len(keys) and sequence[: len(keys)] == keys
        }
        if following:
            self.prefix = keys
            return Pending(keys, following)
        return Unknown(before)

    def reset(self) -> None:
        self.prefix = ()
