"""Events that wait to be delivered, merged so that a front that stops reading costs no memory.

Later news of the same thing replaces earlier news; changes of a folder's list add up.
"""

from itertools import count

from mailtui.model.event import (
    ActivityReported,
    ConnectionChanged,
    DraftsChanged,
    Event,
    FolderChanged,
    FoldersChanged,
    OutboxChanged,
    PartProgressed,
    QueueChanged,
    SyncProgressed,
)

MOST = 500  # ids named in one event; with more the front reads the folder anew


class Backlog:
    """In the order of the latest news."""

    def __init__(self) -> None:
        self._events: dict[tuple[object, ...], Event] = {}
        self._number = count()

    def __bool__(self) -> bool:
        return bool(self._events)

    def add(self, event: Event) -> None:
        key = _key(event) or (next(self._number),)
        earlier = self._events.pop(key, None)
        if isinstance(event, FolderChanged) and isinstance(earlier, FolderChanged):
            event = _sum(earlier, event)
        self._events[key] = event

    def take(self) -> list[Event]:
        """Everything that waits; nothing waits afterwards."""
        events = list(self._events.values())
        self._events.clear()
        return events


def _key(event: Event) -> tuple[object, ...]:
    """What the event is about, () if each one counts."""
    match event:
        case FolderChanged(folder=folder):
            return FolderChanged, folder
        case (
            ActivityReported(account=account)
            | FoldersChanged(account=account)
            | ConnectionChanged(account=account)
            | QueueChanged(account=account)
        ):
            return type(event), account
        case SyncProgressed(account=account, folder=folder):
            return SyncProgressed, account, folder
        case PartProgressed(message=message, section=section):
            return PartProgressed, message, section
        case OutboxChanged(account=account, item=item):
            return OutboxChanged, account, item
        case DraftsChanged(draft=draft):
            return DraftsChanged, draft
    return ()


def _sum(earlier: FolderChanged, later: FolderChanged) -> FolderChanged:
    """Both changes as one: the last word on a message counts, seen from before the earlier one."""
    if earlier.many or later.many:
        return FolderChanged(later.folder, many=True)
    words = dict.fromkeys(earlier.added, "added")
    words |= dict.fromkeys(earlier.removed, "removed")
    words |= dict.fromkeys(earlier.changed, "changed")
    for message in later.added:
        words[message] = "changed" if words.get(message) == "removed" else "added"
    for message in later.changed:
        words.setdefault(message, "changed")
    for message in later.removed:
        if words.get(message) == "added":
            del words[message]
        else:
            words[message] = "removed"
    if len(words) > MOST:
        return FolderChanged(later.folder, many=True)
    named = {word: tuple(m for m, said in words.items() if said == word) for word in words.values()}
    return FolderChanged(
        later.folder, named.get("added", ()), named.get("removed", ()), named.get("changed", ())
    )
