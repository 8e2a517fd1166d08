"""Which messages of a list are selected, also when that is all of a million. Pure."""

from array import array
from collections.abc import Iterable


class Selection:
    """A set of message ids. `everything` is kept as what is not in it, so that it costs nothing."""

    def __init__(self) -> None:
        self._ids: set[int] = set()  # those selected, or with `_everything` those that are not
        self._everything = False
        self._away: set[int] = set()  # those not selected that are not in the list, and may come back
        self._unlisted = False  # some of `_ids` may belong there

    def __contains__(self, message: int) -> bool:
        return (message in self._ids or message in self._away) != self._everything

    def __bool__(self) -> bool:
        return self._everything or bool(self._ids)

    def toggle(self, message: int) -> None:
        self._ids ^= {message}

    def add(self, messages: Iterable[int]) -> None:
        if self._everything:
            self._ids -= (wanted := set(messages))
            self._away -= wanted
        else:
            self._ids.update(messages)

    def discard(self, messages: Iterable[int]) -> None:
        if self._everything:
            self._ids.update(messages)
            self._unlisted = True
        else:
            self._ids.difference_update(messages)

    def everything(self) -> None:
        """All messages that are in the list now; later ones are to be discarded as they come."""
        self._ids, self._away, self._everything = set(), set(), True

    def clear(self) -> None:
        self._ids, self._away, self._everything = set(), set(), False

    def doubtful(self, *, moved: bool) -> bool:
        """Whether it may count what is not in the list (any more), or not what came back: `retain` makes
        that good. `moved`: rows came or went."""
        return self._everything and (self._unlisted or (moved and bool(self._ids or self._away)))

    def retain(self, ids: "array[int]") -> None:
        """Count only those that are in the list."""
        self._unlisted = False
        known = self._ids | self._away
        if known:
            self._ids = {message for message in ids if message in known}
            self._away = known - self._ids if self._everything else set()

    def copy(self) -> "Selection":
        other = Selection()
        other._ids, other._away, other._everything = set(self._ids), set(self._away), self._everything
        other._unlisted = self._unlisted
        return other

    def ordered(self, ids: "array[int]") -> tuple[int, ...]:
        """The selected ones of the list's ids, in its order; rules are never among them."""
        if not self:
            return ()
        if self._everything and not (self._ids or self._away) and min(ids, default=0) > 0:
            return tuple(ids)
        return tuple(message for message in ids if message > 0 and message in self)

    def count(self, total: int) -> int:
        """How many of a list of `total` messages are selected."""
        return total - len(self._ids) if self._everything else len(self._ids)
