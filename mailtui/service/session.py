"""A connection as a worker holds it, and what is known of the folder it is in."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from time import monotonic

from mailtui.imap.connection import Connection
from mailtui.imap.types import Push
from mailtui.service.jobs import Job, Lane


@dataclass(slots=True, eq=False)
class Session:
    """Belongs to one thread. `folder` is the one it is in, `exists` how many messages the server has
    there by its last word. `deaf`: IDLE is offered but tells nothing; `trusted`: it has told. `job` is
    what is being done with it, `since` when it was made, by the monotonic clock."""

    connection: Connection
    lanes: Callable[[], Collection[Lane]]
    heard: Callable[["Session", list[Push]], None]
    folder: int | None = None
    exists: int = 0
    fresh: bool = True
    deaf: bool = False
    trusted: bool = False
    job: Job | None = None
    since: float = field(default_factory=monotonic)

    def collect(self) -> None:
        """Pass on what the server told unasked. Before another folder is selected, and after every
        job: it is about the folder of the moment."""
        pushes = self.connection.take_pushes()
        if pushes:
            self.heard(self, pushes)
