"""Keeps what is on this machine within the settings: texts and parts go that their folder's days are over
for, and those not looked at for longest when all of them take up too much."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from threading import Lock

from mailtui.model.account import Account
from mailtui.model.event import Event, KeptChanged
from mailtui.model.trouble import Trouble
from mailtui.store.keeping import Item, Shelf
from mailtui.store.reading import Reader
from mailtui.text.sanitize import line

_log = logging.getLogger(__name__)

_LOOK = 60.0  # seconds between two looks at how much there is; the first is long after the start
_DAYS_OVER = 6 * 3600.0  # seconds between two looks at what is too old
_OPENED = 86_400  # seconds that a text is kept that was opened in a folder of headers only
_SHOWN = 64  # messages shown last, which stay whatever happens
_DOWN_TO = 0.9  # of the limit, after something had to go
_FILL_TO = 0.8  # of the limit: beyond, only what is newer than everything that is here comes ahead of time


class Sweeping:
    """Of all accounts; `accounts` gives those of the settings as they are now. Methods may be called by
    any thread but not by the event loop; `run` is for the loop."""

    def __init__(
        self,
        shelf: Shelf,
        limit: int,
        accounts: Callable[[], Iterable[Account]],
        open_reader: Callable[[], Reader],
        clock: Callable[[], float],
        tell: Callable[[Iterable[Event]], None],
    ) -> None:
        self._shelf = shelf
        self._limit = limit
        self._accounts = accounts
        self._open_reader = open_reader
        self._clock = clock
        self._tell = tell
        self._shown: deque[int] = deque(maxlen=_SHOWN)
        self._sweeping = Lock()
        self._due = asyncio.Event()

    async def run(self) -> None:
        """For ever. What is too old is looked for now and then, and when `due` was called."""
        loop = asyncio.get_running_loop()
        last = loop.time()
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._due.wait(), _LOOK)
            days = self._due.is_set() or loop.time() - last >= _DAYS_OVER
            self._due.clear()
            last = loop.time() if days else last
            try:
                await asyncio.to_thread(self.sweep, days=days)
            except Trouble as trouble:  # a full disk: it is said where the user wants something
                _log.warning("What is kept here was not looked through: %s", line(trouble.what))

    def due(self) -> None:
        """On the loop: the settings are others."""
        self._due.set()

    def show(self, message: int) -> None:
        """The message is on the screen."""
        self._shown.append(message)
        self._shelf.use(message)

    # for those who fetch ahead of time

    @property
    def room(self) -> int:
        """Octets that may still come."""
        return self._limit - self._shelf.size()

    @property
    def horizon(self) -> int:
        """Only messages received after that (seconds since the epoch) come ahead of time: with little
        room left, others would push out what is worth more, and then be pushed out themselves."""
        return self._shelf.oldest_use() if self._shelf.size() >= self._limit * _FILL_TO else 0

    # sweeping

    def sweep(self, *, days: bool = True) -> int:
        """Returns how many things went."""
        with self._sweeping:
            went = self._too_old() if days else 0
            went += self._too_much()
        if went:
            _log.info("%d texts and parts went that were not looked at for long.", went)
            self._tell([KeptChanged(account.key) for account in self._accounts()])
        return went

    def _held(self) -> set[int]:
        return self._shelf.held().union(self._shown)

    def _too_old(self) -> int:
        now, since = int(self._clock()), {}
        with self._open_reader() as reader:
            for account in self._accounts():
                for folder in reader.folders(account.key):
                    keep = account.keeps(folder)
                    if keep.days is not None and folder.kept:
                        since[folder.id] = keep.since(now) if keep.texts else now - _OPENED
        went, held = 0, self._held()
        self._shelf.forget_unfinished(now - _OPENED)
        while since and (items := self._shelf.overdue(since, held)):
            self._shelf.drop(items)
            went += len(items)
        return went

    def _too_much(self) -> int:
        size, went = self._shelf.size(), 0
        if size <= self._limit:
            return 0
        held = self._held()
        while (surplus := self._shelf.size() - int(self._limit * _DOWN_TO)) > 0:
            items = _enough(self._shelf.least_used(held), surplus)
            if not items:
                break  # the rest is in use
            self._shelf.drop(items)
            went += len(items)
        return went


def _enough(items: Iterable[Item], octets: int) -> list[Item]:
    chosen: list[Item] = []
    for item in items:
        if octets <= 0:
            break
        octets -= item.size
        chosen.append(item)
    return chosen
