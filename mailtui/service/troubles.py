"""What went wrong last for an account, each thing once, for whoever looks later."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Final

from mailtui.imap.trouble import Cancelled
from mailtui.model.activity import TroubleSeen
from mailtui.model.trouble import Trouble
from mailtui.service.jobs import Job
from mailtui.service.line import ON_PURPOSE
from mailtui.text.sanitize import line as one_line

_MOST: Final = 12


class Troubles:
    """Used by any thread. `clock` gives seconds since the epoch."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._seen: OrderedDict[str, TroubleSeen] = OrderedDict()
        self._lock = Lock()

    def add(self, what: str, advice: str = "") -> None:
        what, advice = one_line(what), one_line(advice)
        if not what or what == ON_PURPOSE.what:
            return
        with self._lock:
            earlier = self._seen.pop(what, None)
            times = earlier.times + 1 if earlier is not None else 1
            self._seen[what] = TroubleSeen(int(self._clock()), what, advice, times)
            while len(self._seen) > _MOST:
                self._seen.popitem(last=False)

    def job(self, job: Job, trouble: Trouble) -> None:
        """A job was given up; when the user wanted that, nothing is wrong."""
        if not isinstance(trouble, Cancelled) and not job.cancelled.is_set():
            self.add(trouble.what, trouble.advice)

    def newest(self) -> tuple[TroubleSeen, ...]:
        """The newest first."""
        with self._lock:
            return tuple(reversed(self._seen.values()))
