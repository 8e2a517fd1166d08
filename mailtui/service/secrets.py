"""The password of one account while the service runs: found once, given by the user, never written."""

import logging
from collections.abc import Callable
from threading import Lock

from mailtui.model.account import Account
from mailtui.model.secret import Secret
from mailtui.model.trouble import NoSecret, NotKept, Trouble
from mailtui.text.sanitize import line

_log = logging.getLogger(__name__)

Finder = Callable[[Account], Secret]


def why(trouble: Trouble) -> str:
    """What the user is told beside the question for a password: nothing where it is simply not kept."""
    return "" if isinstance(trouble, NotKept) else line(str(trouble))


class Secrets:
    """Shared by everything of the account that signs in. `find` may take its time (a command, a
    keyring) and raises NoSecret; `can_keep` too, and tells whether what the user gives could be kept."""

    def __init__(self, account: Account, find: Finder, can_keep: Callable[[], bool]) -> None:
        self._account = account
        self._find = find
        self._can_keep = can_keep
        self._keepable: bool | None = None
        self._lock = Lock()
        self._secret: Secret | None = None

    @property
    def known(self) -> Secret | None:
        """What was found or given already."""
        return self._secret

    def get(self) -> Secret:
        """Raises NoSecret when it is not to be had without the user."""
        with self._lock:
            if self._secret is None:
                try:
                    self._secret = self._find(self._account)
                except NoSecret:
                    self._look_for_a_place()
                    raise
            return self._secret

    @property
    def keepable(self) -> bool:
        """Whether a password that the user is asked for now could be kept."""
        return bool(self._keepable)

    def _look_for_a_place(self) -> None:
        """The user will be asked: that is when it matters, and here it may take its time."""
        if self._keepable is None:
            self._keepable = not self._account.password_cmd and self._can_keep()

    def renew(self, refused: Secret) -> Secret | None:
        """Another secret than the one that was refused: what somebody gave meanwhile, or a fresh one
        from where it came from; None if there is none."""
        with self._lock:
            if self._secret is not None and self._secret != refused:
                return self._secret
            self._secret = None
            try:
                fresh = self._find(self._account)
            except Trouble as trouble:
                _log.info("No other password for %s: %s", self._account.key, trouble.what)
                self._look_for_a_place()
                return None
            if fresh == refused:
                self._look_for_a_place()
                return None
            self._secret = fresh
            return fresh

    def give(self, secret: Secret) -> None:
        """The user's own word."""
        with self._lock:
            self._secret = secret
