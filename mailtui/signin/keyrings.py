"""The system's keyring, and only a real one: backends are named here, and one that keeps passwords in
plain text is never asked. A keyring can wait for ever for someone to unlock it, so it has a thread
and a limit."""

import importlib
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, TypeVar

from mailtui.model.account import Account
from mailtui.model.secret import Secret
from mailtui.model.trouble import NoSecret

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

_T = TypeVar("_T")

SERVICE: Final = "mailtui"  # `keyring get mailtui you@example.org` finds what is stored here
LIMIT: Final = 10.0  # seconds
ALLOWED: Final = (
    "keyring.backends.macOS.Keyring",
    "keyring.backends.SecretService.Keyring",
    "keyring.backends.libsecret.Keyring",
    "keyring.backends.kwallet.DBusKeyring",
    "keyring.backends.kwallet.DBusKeyringKWallet4",
    "keyring.backends.Windows.WinVaultKeyring",
    "keyring_pass.PasswordStoreBackend",
)
_ADVICE = (
    'Use password_cmd in the settings, for instance ["pass", "show", "mail/work"], '
    "or give the password when mailtui asks."
)


class NoKeyring(NoSecret):
    """There is no keyring here that can be used."""


class Keyring:
    """The first usable one of `backends`. Every call may take up to `limit` seconds."""

    def __init__(self, backends: Sequence[str] = ALLOWED, limit: float = LIMIT) -> None:
        self._backends, self._limit = backends, limit

    def get(self, account: Account) -> Secret | None:
        """The password kept for the account, None when there is none. Raises NoSecret when the keyring
        is locked or does not answer, NoKeyring when there is none."""
        value = self._limited(lambda: self._backend().get_password(SERVICE, account.address.address))
        return Secret(value) if value else None

    def put(self, account: Account, secret: Secret) -> None:
        """Keep the password. Raises as `get` does."""
        address = account.address.address
        self._limited(lambda: self._backend().set_password(SERVICE, address, secret.reveal()))

    def remove(self, account: Account) -> None:
        """Forget the password, if there is one."""
        address = account.address.address

        def forget() -> None:
            backend = self._backend()
            if backend.get_password(SERVICE, address) is not None:
                backend.delete_password(SERVICE, address)

        self._limited(forget)

    def usable(self) -> bool:
        """Whether there is a keyring at all; locked ones count."""
        try:
            self._limited(self._backend)
        except NoSecret:
            return False
        return True

    def _backend(self) -> "KeyringBackend":
        usable = [kind for kind in map(_load, self._backends) if kind is not None and kind.viable]
        if not usable:
            raise NoKeyring("There is no keyring here that keeps passwords encrypted.", _ADVICE)
        return max(usable, key=lambda kind: kind.priority)()

    def _limited(self, work: Callable[[], _T]) -> _T:
        """Do `work` in a thread that is given up, though not ended, after the limit."""
        from keyring.errors import KeyringError

        results: list[_T] = []
        failures: list[Exception] = []

        def run() -> None:
            try:
                results.append(work())
            except Exception as error:  # noqa: BLE001 - told to the caller below, in our words
                failures.append(error)

        thread = threading.Thread(target=run, name="keyring", daemon=True)
        thread.start()
        thread.join(self._limit)
        if results:
            return results[0]
        if not failures:
            what = "The keyring does not answer: it may be waiting for an unlock on the machine's own screen."
            raise NoSecret(what, _ADVICE)
        if isinstance(failures[0], NoSecret):
            raise failures[0]
        kind = "is locked or refused" if isinstance(failures[0], KeyringError) else "failed"
        # the error itself may quote what it was given
        raise NoSecret(f"The keyring {kind} ({type(failures[0]).__name__}).", _ADVICE) from None


def _load(name: str) -> "type[KeyringBackend] | None":
    module, _, kind = name.rpartition(".")
    try:
        found: type[KeyringBackend] = getattr(importlib.import_module(module), kind)
    except (ImportError, AttributeError, OSError):
        return None  # the backend of another system, or of a package that isn't installed
    return found
