"""What a transaction changed, gathered as it goes and handed out as events to publish."""

from collections.abc import Iterable
from dataclasses import dataclass

from mailtui.model.event import Event, FolderChanged, FoldersChanged, OperationFailed

MANY = 500  # ids named in one event; with more the front reads the folder anew


@dataclass(frozen=True, slots=True)
class Changes:
    """Events to publish, and the unseen messages that the server told of for the first time."""

    events: tuple[Event, ...] = ()
    arrived: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.events or self.arrived)

    def __add__(self, other: "Changes") -> "Changes":
        return Changes(self.events + other.events, self.arrived + other.arrived)


class Tally:
    """Gathers changes of messages, folder by folder; the last word on a message counts."""

    def __init__(self) -> None:
        self._folders: dict[int, dict[int, str]] = {}
        self._accounts: set[str] = set()
        self._arrived: list[int] = []
        self._failed: list[OperationFailed] = []

    def added(self, folder: int | None, message: int) -> None:
        if folder is not None:
            words = self._folders.setdefault(folder, {})
            words[message] = "changed" if words.get(message) == "removed" else "added"

    def removed(self, folder: int | None, message: int) -> None:
        if folder is not None:
            words = self._folders.setdefault(folder, {})
            if words.get(message) == "added":
                del words[message]
            else:
                words[message] = "removed"

    def changed(self, folder: int | None, message: int) -> None:
        if folder is not None:
            self._folders.setdefault(folder, {}).setdefault(message, "changed")

    def counted(self, account: str) -> None:
        """Folders of the account were counted anew, renamed, created or deleted."""
        self._accounts.add(account)

    def arrived(self, message: int) -> None:
        self._arrived.append(message)

    def failed(self, account: str, operation: int, intent: str, what: str) -> None:
        """A wish can't come true any more, for a reason that only the store knows."""
        self._failed.append(OperationFailed(account, operation, intent, what))

    def changes(self) -> Changes:
        events: list[Event] = []
        for folder, words in self._folders.items():
            if len(words) > MANY:
                events.append(FolderChanged(folder, many=True))
            elif words:
                events.append(
                    FolderChanged(
                        folder, _named(words, "added"), _named(words, "removed"), _named(words, "changed")
                    )
                )
        events.extend(FoldersChanged(account) for account in sorted(self._accounts))
        events.extend(self._failed)
        return Changes(tuple(events), tuple(self._arrived))


def merged(many: Iterable[Changes]) -> Changes:
    """The changes of several transactions after another, as if they had been one."""
    tally = Tally()
    whole: set[int] = set()
    arrived: list[int] = []
    rest: list[Event] = []
    for changes in many:
        arrived.extend(changes.arrived)
        for event in changes.events:
            if isinstance(event, FolderChanged):
                _replay(tally, event)
                if event.many:
                    whole.add(event.folder)
            elif event not in rest:
                rest.append(event)
    events = [
        event
        for event in tally.changes().events
        if not (isinstance(event, FolderChanged) and event.folder in whole)
    ]
    events.extend(FolderChanged(folder, many=True) for folder in sorted(whole))
    return Changes((*events, *rest), tuple(arrived))


def _replay(tally: Tally, event: FolderChanged) -> None:
    for message in event.added:
        tally.added(event.folder, message)
    for message in event.removed:
        tally.removed(event.folder, message)
    for message in event.changed:
        tally.changed(event.folder, message)


def _named(words: dict[int, str], word: str) -> tuple[int, ...]:
    return tuple(message for message, said in words.items() if said == word)
