"""What the accounts' connections are doing, gathered from events for the status line. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from mailtui.model.account import ConnectionState
from mailtui.model.event import (
    ConnectionChanged,
    Event,
    QueueChanged,
    SyncEnded,
    SyncProgressed,
)
from mailtui.ui.wording import count

_CONNECTED = (ConnectionState.ONLINE, ConnectionState.SYNCING)


@dataclass(frozen=True, slots=True)
class Progress:
    """An index or resync of a folder under way."""

    folder: int
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Connection:
    """One account's connection. Nothing is known until the service has said something."""

    account: str
    state: ConnectionState | None = None
    reason: str = ""
    waiting: int = 0
    parked: int = 0
    progress: Progress | None = None


class Connections:
    """All accounts' connections, in the order of the settings."""

    def __init__(self, accounts: Iterable[str] = ()) -> None:
        self._of = {account: Connection(account) for account in accounts}

    def hear(self, event: Event) -> bool:
        """Take an event in; whether it told something about a connection."""
        match event:
            case ConnectionChanged(account, state, reason):
                one = replace(self.of(account), state=state, reason=reason)
                self._of[account] = one if state is ConnectionState.SYNCING else replace(one, progress=None)
            case QueueChanged(account, waiting, parked):
                self._of[account] = replace(self.of(account), waiting=waiting, parked=parked)
            case SyncProgressed(account, folder, done, total):
                progress = Progress(folder, done, total) if done < total else None
                self._of[account] = replace(self.of(account), progress=progress)
            case SyncEnded(account):
                self._of[account] = replace(self.of(account), progress=None)
            case _:
                return False
        return True

    def of(self, account: str) -> Connection:
        return self._of.get(account) or Connection(account)

    def lost(self) -> None:
        """The service can't be had: nothing of what was known is true any more."""
        for account in self._of:
            self._of[account] = replace(self.of(account), state=None, reason="", progress=None)

    def __iter__(self) -> Iterator[Connection]:
        return iter(self._of.values())

    @property
    def waiting(self) -> int:
        return sum(one.waiting for one in self._of.values())

    @property
    def parked(self) -> int:
        return sum(one.parked for one in self._of.values())


def farewell(connections: Iterable[Connection]) -> str:
    """What whoever closes the screen should know of what isn't done yet, "" if there is nothing."""
    known = list(connections)
    soon = sum(one.waiting for one in known if one.state in _CONNECTED)
    later = sum(one.waiting for one in known) - soon
    sentences = []
    if soon:
        sentences.append(f"{_wait(soon)} carried out in the background.")
    if later:
        when = "as soon as there is a connection and mailtui or its service runs"
        sentences.append(f"{_wait(later)} carried out {when}.")
    return "\n".join(sentences)


def _wait(number: int) -> str:
    return f"{count(number, 'change')} {'waits; it is' if number == 1 else 'wait; they are'}"
