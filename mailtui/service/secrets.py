"""The password of one account while the service runs: found once, given by the user, never written."""

import logging
from collections.abc import Callable
from threading import Lock

from mailtui.model.account import Account
from mailtui.model.secret import Secret
from mailtui.model.trouble import Trouble

_log = logging.getLogger(__name__)

Finder = Callable[[Account], Secret]


class Secrets:
    """Shared by everything of the account that signs in. `find` may take its time (a command, a
    keyring) and raises NoSecret."""

    def __init__(self, account: Account, find: Finder) -> None:
        self._account = account
        self._find = find
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
                self._secret = self._find(self._account)
            return self._secret

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
                return None
            if fresh == refused:
                return None
            self._secret = fresh
            return fresh

    def give(self, secret: Secret) -> None:
        """The user's own word."""
        with self._lock:
            self._secret = secret
