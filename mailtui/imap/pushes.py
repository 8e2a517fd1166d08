"""What a server says unasked: new mail, removals and flags changed by others, in order."""

from collections import deque
from typing import Final

from mailtui.imap import reply, rows, uids
from mailtui.imap.trouble import clipped
from mailtui.imap.types import UID_LIMIT, Alert, Dirty, Exists, Expunged, FlagsPushed, Push, Vanished

_LIMIT: Final = 10_000  # kept; beyond, the folder is merely dirty
_ALERTS: Final = 20
_LOOSE: Final = 1_000  # sequence numbers remembered until their UIDs are known


class Pushes:
    """Collects pushes until somebody takes them. A flood of them becomes one Dirty.

    Many servers tell of changed flags by sequence number alone. Those numbers are kept in `loose`, and
    kept right as messages are removed, until they are looked up (`watching`) or taken as Dirty.
    """

    def __init__(self) -> None:
        self.loose: set[int] = set()
        self._waiting: deque[Push] = deque()
        self._alerts: deque[Alert] = deque(maxlen=_ALERTS)

    def __len__(self) -> int:
        return len(self._waiting) + len(self._alerts)

    def add(self, push: Push) -> None:
        if isinstance(push, Alert):
            self._alerts.append(push)
            return
        if len(self._waiting) >= _LIMIT:
            self._waiting.clear()
            push = Dirty()
        if not (isinstance(push, Dirty) and self._waiting and self._waiting[-1] == push):
            self._waiting.append(push)

    def alert(self, text: bytes) -> None:
        if shown := clipped(text):
            self.add(Alert(shown))

    def take(self) -> list[Push]:
        """Everything so far, in order, alerts last; forgotten here."""
        if self.loose:
            self.add(Dirty())
        taken: list[Push] = [*self._waiting, *self._alerts]
        self.leave_folder()
        self._alerts.clear()
        return taken

    def leave_folder(self) -> None:
        """Forget what was said about a folder that is no longer selected."""
        self._waiting.clear()
        self.loose.clear()

    def removed(self, sequence: int) -> None:
        """A message is gone, so those behind it have moved up."""
        self.loose = {n - (n > sequence) for n in self.loose if n != sequence}

    def hear(self, response: bytes) -> None:
        """Add what an untagged response means, if it means anything."""
        number, name = reply.head(response)
        push: Push | None = None
        if name == b"EXISTS":
            push = Exists(number) if 0 <= number <= UID_LIMIT else Dirty()
        elif name == b"EXPUNGE":
            self.removed(number)
            push = Expunged(number) if 0 < number <= UID_LIMIT else Dirty()
        elif name == b"VANISHED":
            earlier, _, named = reply.rest(response).rpartition(b" ")
            ranges = uids.parse_whole_set(named)
            push = Vanished(ranges, bool(earlier)) if ranges else Dirty()
        elif name == b"FETCH":
            push = self._flags(number, response)
        if push is not None:
            self.add(push)

    def _flags(self, number: int, response: bytes) -> Push | None:
        """A FETCH nobody asked for. Its sequence number tells little; it is not a UID."""
        fetched = rows.read(response)
        if fetched is not None:
            return FlagsPushed(fetched.uid, fetched.flags, fetched.keywords, fetched.modseq)
        if b"FLAGS" not in response.upper():
            return None
        if not 0 < number <= UID_LIMIT or len(self.loose) >= _LOOSE:
            return Dirty()
        self.loose.add(number)
        return None
