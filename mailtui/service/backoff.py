"""How long to wait before the next attempt to connect."""

from collections.abc import Callable

_GOOD = 60.0  # seconds after which a connection counts as having worked
FIRST = 2.0
_LONGEST = 80.0
_LONGEST_UNREACHED = 600.0  # when nothing answers at all, as without a network


class Backoff:
    """Begins with `first` seconds and grows by 1.5 to 2 with each failure. `random` gives numbers from
    0 to 1, so that many clients do not come back at the same moment."""

    def __init__(self, random: Callable[[], float], first: float = FIRST) -> None:
        self._random = random
        self._first = first
        self._last = 0.0

    def after_loss(self, lasted: float) -> float:
        """Seconds to wait after a connection that had lasted so long was lost."""
        if lasted >= _GOOD:
            self._last = 0.0
            return 0.0
        return self.after_failure(answered=True)

    def after_failure(self, *, answered: bool) -> float:
        """Seconds to wait after a connection did not come about. `answered`: somebody was there."""
        longest = _LONGEST if answered else _LONGEST_UNREACHED
        self._last = min(max(self._first, self._last * (1.5 + self._random() / 2)), longest)
        return self._last

    def reset(self) -> None:
        self._last = 0.0
