"""An account's line to its IMAP server: whether a connection may be made now, and what the user is told
about it."""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from threading import RLock

from mailtui.imap.connection import Connection
from mailtui.imap.types import WireLog
from mailtui.model.account import ConnectionState, Server
from mailtui.model.secret import Secret
from mailtui.model.trouble import (
    Insecure,
    NoSecret,
    ServerBusy,
    SignInRefused,
    Trouble,
    Unreachable,
)
from mailtui.service.backoff import FIRST, Backoff
from mailtui.service.secrets import Secrets, why
from mailtui.text.sanitize import line as one_line

_log = logging.getLogger(__name__)

Dial = Callable[[Server, Secret, WireLog | None], Connection]
Wire = Callable[[str, Server, Secret], WireLog | None]
_CROWDED = 600.0  # seconds until a refused further connection is tried again
_DISTRUST = 60.0  # seconds until a server that could not be trusted is looked at again
ON_PURPOSE = Unreachable("This account is offline because you asked for it.", "Go online to have it fetched.")


@dataclass(slots=True)
class Outside:
    """What the line needs from elsewhere. `clock` is monotonic, `random` gives 0 to 1; `pause` is the
    first wait after a failure, in seconds. `changed` hears the state to be shown, `asks` that the
    user must give a password; `wire` gives who writes down what a connection says."""

    dial: Dial
    wire: Wire
    clock: Callable[[], float]
    random: Callable[[], float]
    changed: Callable[[ConnectionState, str], None]
    asks: Callable[[str], None]
    pause: float = FIRST


@dataclass(slots=True)
class _State:
    """`trouble` explains why nobody is connected; `blocked` that only the user can change it."""

    wanted: bool = True
    blocked: bool = False
    trouble: Trouble | None = None
    next_try: float = 0.0
    last_try: float = field(default=float("-inf"))
    connecting: int = 0
    busy: int = 0
    crowded: float = float("-inf")  # when a further connection was refused


class Line:
    """Thread-safe. Connections are opened one after the other, so that a wrong password is offered
    once and not by every worker."""

    def __init__(self, server: Server, secrets: Secrets, outside: Outside) -> None:
        self._server = server
        self._secrets = secrets
        self._outside = outside
        self._backoff = Backoff(outside.random, outside.pause)
        self._state = _State()
        self._open: dict[object, float] = {}
        self._lock = RLock()
        self._opening = RLock()
        self._told: tuple[ConnectionState, str] | None = None

    # what can be asked

    @property
    def wanted(self) -> bool:
        """Whether the user wants this account online."""
        return self._state.wanted

    @property
    def connected(self) -> bool:
        return bool(self._open)

    @property
    def blocked(self) -> bool:
        """Whether nothing will happen until the user acts."""
        return self._state.blocked

    @property
    def crowded(self) -> bool:
        """Whether the server refused a further connection not long ago."""
        return bool(self._open) and self._outside.clock() - self._state.crowded < _CROWDED

    def holds(self, owner: object) -> bool:
        """Whether this owner has a connection."""
        return owner in self._open

    @property
    def trouble(self) -> Trouble:
        """Why nobody is connected."""
        if not self._state.wanted:
            return ON_PURPOSE
        return self._state.trouble or Unreachable("There is no connection at the moment.", "Try again.")

    @property
    def next_try(self) -> float | None:
        """When a connection is tried again, by the clock; None when that is not what is waited for."""
        with self._lock:
            state = self._state
            waits = state.wanted and not state.blocked and not self._open
            return state.next_try if waits and state.next_try > self._outside.clock() else None

    def shown(self) -> tuple[ConnectionState, str]:
        """The state, and one sentence that is safe to show if all is not well."""
        with self._lock:
            state = self._state
            if not state.wanted:
                return ConnectionState.OFFLINE, "Offline, as you asked."
            if state.blocked:
                return ConnectionState.WAITING, one_line(str(state.trouble or ""))
            if self._open:
                return (ConnectionState.SYNCING if state.busy else ConnectionState.ONLINE), ""
            if isinstance(state.trouble, Insecure):
                return ConnectionState.WAITING, one_line(str(state.trouble))
            if state.connecting:
                return ConnectionState.CONNECTING, ""
            return ConnectionState.OFFLINE, one_line(str(state.trouble or ""))

    def wait(self) -> float | None:
        """Seconds until a connection may be tried; None: when the user has acted."""
        with self._lock:
            if not self._state.wanted or self._state.blocked:
                return None
            return max(self._state.next_try - self._outside.clock(), 0.0)

    # what the user does

    def set_wanted(self, wanted: bool) -> None:
        with self._lock:
            self._state.wanted = wanted
            self._state.next_try = 0.0
            self._backoff.reset()
        self._tell()

    def hurry(self) -> bool:
        """Somebody waits: end the pause between attempts. False when that would not help, or the
        last attempt was only just now."""
        with self._lock:
            now = self._outside.clock()
            if not self._state.wanted or self._state.blocked:
                return False
            if self._state.next_try <= now:
                return True
            soonest = self._state.last_try + self._outside.pause
            if now < soonest:
                self._state.next_try = min(self._state.next_try, soonest)
                return False
            self._state.next_try = 0.0
            return True

    def unblock(self) -> None:
        """The user has given a password, or says that the trouble is gone."""
        with self._lock:
            self._state.blocked = False
            self._state.trouble = None
            self._state.next_try = 0.0
            self._backoff.reset()
        self._tell()

    # what workers do

    def open(self, owner: object, name: str) -> Connection:
        """A connection that is signed in; `name` is what the protocol log calls it. Raises a Trouble,
        after having noted what it means."""
        with self._opening:
            if self.wait() is None:
                raise self.trouble
            with self._lock:
                self._state.connecting += 1
                self._state.last_try = self._outside.clock()
            self._tell()
            try:
                connection = self._sign_in(name)
            except Trouble as trouble:
                self._failed(trouble)
                raise
            except BaseException:
                self._state.connecting -= 1
                raise
            with self._lock:
                self._state.connecting -= 1
                self._open[owner] = self._outside.clock()
                self._state.trouble = None
                self._state.next_try = 0.0
            self._tell()
            return connection

    def closed(self, owner: object, trouble: Trouble | None) -> None:
        """A connection is gone: by our own will, or because of `trouble`."""
        with self._lock:
            since = self._open.pop(owner, None)
            if not self._open:
                self._state.crowded = float("-inf")
            if trouble is not None and since is not None:
                now = self._outside.clock()
                self._state.next_try = now + self._backoff.after_loss(now - since)
                self._state.trouble = trouble
        self._tell()

    def busy(self, by: int) -> None:
        """One more (1) or one less (-1) round of synchronising is under way."""
        with self._lock:
            self._state.busy = max(self._state.busy + by, 0)
        self._tell()

    def _sign_in(self, name: str) -> Connection:
        secret = self._secrets.get()
        try:
            return self._dial(name, secret)
        except SignInRefused:
            fresh = self._secrets.renew(secret)
            if fresh is None:
                raise
            return self._dial(name, fresh)

    def _dial(self, name: str, secret: Secret) -> Connection:
        return self._outside.dial(self._server, secret, self._outside.wire(name, self._server, secret))

    def _failed(self, trouble: Trouble) -> None:
        _log.info("No connection to %s: %s", self._server.host, one_line(trouble.what))
        with self._lock:
            state = self._state
            state.connecting -= 1
            if isinstance(trouble, ServerBusy) and self._open:
                state.crowded = self._outside.clock()  # what is there will do
                return
            state.trouble = trouble
            state.blocked = isinstance(trouble, SignInRefused | NoSecret)
            answered = not isinstance(trouble, Unreachable)
            pause = self._backoff.after_failure(answered=answered)
            if isinstance(trouble, Insecure):  # the sign-in page of a hotel passes; nothing is sent meanwhile
                pause = max(pause, _DISTRUST)
            state.next_try = self._outside.clock() + pause
        if isinstance(trouble, SignInRefused | NoSecret):
            self._outside.asks(why(trouble))
        self._tell(again=True)  # somebody may wait for just this attempt

    def _tell(self, *, again: bool = False) -> None:
        with self._lock:
            shown = self.shown()
            if shown == self._told and not again:
                return
            self._told = shown
        with suppress(RuntimeError):  # nobody listens any more: the service is ending
            self._outside.changed(*shown)
