"""A line of news for the status line."""

from dataclasses import dataclass
from enum import StrEnum


class Say(StrEnum):
    """What kind of thing is said: it decides the sign, the colour and how long it stays."""

    DONE = "done"
    HINT = "hint"
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True)
class Saying:
    """`undo` tells that `u` takes it back."""

    text: str
    kind: Say = Say.DONE
    undo: bool = False


SECONDS = {Say.DONE: 8.0, Say.HINT: 5.0, Say.TROUBLE: 30.0}
