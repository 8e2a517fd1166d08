"""What an account's threads share: the local copy, the journal, and how the fronts hear of changes."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from mailtui.model.account import Account
from mailtui.model.event import Event, QueueChanged
from mailtui.model.folder import Folder, FolderState
from mailtui.service.validity import Validity
from mailtui.store.changes import Changes
from mailtui.store.journal import Journal
from mailtui.store.outbox import Outbox
from mailtui.store.reading import Reader
from mailtui.store.writing import Writer

UNKNOWN = -1  # how many messages a folder has on the server


@dataclass(frozen=True, slots=True)
class Books:
    """Of one account. `clock` gives seconds since the epoch. Everything may be used by any thread."""

    account: Account
    writer: Writer
    journal: Journal
    outbox: Outbox
    publish: Callable[[Iterable[Event]], None]
    clock: Callable[[], float]
    validity: Validity = field(default_factory=Validity)

    @property
    def key(self) -> str:
        return self.account.key

    @property
    def now(self) -> int:
        return int(self.clock())

    def heard_by(self, hear: Callable[[Iterable[Event]], None]) -> "Books":
        """The same, where `hear` hears what is published first."""

        def publish(events: Iterable[Event]) -> None:
            told = list(events)
            hear(told)
            self.publish(told)

        return replace(self, publish=publish)

    def tell(self, *events: Event) -> None:
        self.publish(events)

    def changed(self, changes: Changes) -> Changes:
        """Publish what a transaction changed, and give it back."""
        if changes.events:
            self.publish(changes.events)
        return changes

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        """A reader of its own for the calling thread."""
        with Reader(self.writer.path) as reader:
            yield reader

    def folder(self, ident: int) -> Folder | None:
        with self.reading() as reader:
            return reader.folder(ident)

    def amend(self, folder: int, **differences: int | bool) -> FolderState:
        """Change some of what is known of a folder's state on the server; lanes work on different
        fields of it. Raises NoFolder."""
        with self.writer.transaction():
            state: FolderState = replace(self.writer.folder_state(folder), **differences)  # type: ignore[arg-type]  # by name
            changes = self.writer.put_folder_state(folder, state)
        self.changed(changes)
        return state

    def missing(self, folder: int, uid: int) -> None:
        """A look at the server showed that this message is not there, whatever it counts. The next
        round visits the folder, because nobody knows how many messages are in it."""
        with self.writer.transaction():
            state = self.writer.folder_state(folder)
            changes = self.writer.vanish(folder, [uid])
            changes += self.writer.put_folder_state(folder, replace(state, exists=UNKNOWN))
        self.changed(changes)

    def queue_changed(self) -> tuple[int, int]:
        """Tell how much waits to be done on the server; the same as (waiting, parked)."""
        with self.reading() as reader:
            waiting, parked = reader.waiting(self.key)
        self.tell(QueueChanged(self.key, waiting, parked))
        return waiting, parked
