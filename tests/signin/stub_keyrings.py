"""Keyrings that behave as real ones do on other people's machines."""

import threading
from typing import ClassVar

from keyring.backend import KeyringBackend
from keyring.compat import properties
from keyring.errors import KeyringLocked


class Working(KeyringBackend):
    priority = 5.0
    kept: ClassVar[dict[tuple[str, str], str]] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class Preferred(Working):
    priority = 9.0
    kept: ClassVar[dict[tuple[str, str], str]] = {}


class Locked(KeyringBackend):
    priority = 5.0

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked("Prompt dismissed")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise KeyringLocked(f"could not store {password}")


class Waiting(KeyringBackend):
    """Waits for someone to unlock it on a screen that nobody looks at."""

    priority = 5.0

    def get_password(self, service: str, username: str) -> str | None:
        threading.Event().wait()
        return None

    def set_password(self, service: str, username: str, password: str) -> None:
        threading.Event().wait()


class Unusable(KeyringBackend):
    @properties.classproperty
    def priority(self) -> float:
        raise RuntimeError("no bus")
