"""An account: who the user is there, and which servers hold the mail."""

import ipaddress
from dataclasses import dataclass, field, replace
from enum import StrEnum

from mailtui.model.address import Address
from mailtui.model.folder import Folder, Role
from mailtui.model.keeping import HEADERS, USUAL, Keep


class Security(StrEnum):
    """How a connection is protected. NONE is allowed to loopback only (law 8)."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


class ConnectionState(StrEnum):
    """What an account's connection is doing, in the words of the status line."""

    OFFLINE = "offline"  # no connection; trying again by itself, or told not to
    CONNECTING = "connecting"
    ONLINE = "online"
    SYNCING = "syncing"
    WAITING = "waiting"  # nothing will happen until the user acts (password, certificate)


@dataclass(frozen=True, slots=True)
class Server:
    """Where a protocol is spoken. `user` is the login name."""

    host: str
    port: int
    security: Security
    user: str
    ca_file: str | None = None

    @property
    def loopback(self) -> bool:
        """Whether a connection there can't leave this machine (law 8)."""
        return is_loopback(self.host)


@dataclass(frozen=True, slots=True)
class Account:
    """One account of the settings. `key` is the name of its table there and its name everywhere.
    `keep_folders` has the folders with a setting of their own, by path with slashes."""

    key: str
    address: Address
    imap: Server
    smtp: Server | None = None
    aliases: tuple[Address, ...] = ()
    password_cmd: tuple[str, ...] = ()
    signature: str = ""
    files_sent: bool | None = None  # the provider files sent copies itself; None: find out
    keep: Keep = USUAL
    keep_folders: tuple[tuple[str, Keep], ...] = ()
    own: frozenset[str] = field(init=False)  # the user's own addresses, lower case

    def __post_init__(self) -> None:
        mine = {self.address.address.lower(), *(alias.address.lower() for alias in self.aliases)}
        object.__setattr__(self, "own", frozenset(mine))

    def own_keep(self, folder: Folder) -> Keep | None:
        """The setting that this folder has for itself, None if it follows the account."""
        chosen = dict(self.keep_folders)
        return chosen.get(folder.spelled) or chosen.get(folder.path)

    def with_keep(self, folder: str, keep: Keep | None) -> "Account":
        """With another setting for the folder of this path, "" for all of them; None takes it away."""
        if not folder:
            return replace(self, keep=keep or USUAL)
        others = tuple((path, old) for path, old in self.keep_folders if path != folder)
        return replace(self, keep_folders=others if keep is None else (*others, (folder, keep)))

    def usual_keep(self, folder: Folder) -> Keep:
        """What holds for the folder unless it has a setting of its own: what the account says, but of
        what was thrown away no more than headers."""
        return HEADERS if folder.role in (Role.TRASH, Role.JUNK) else self.keep

    def keeps(self, folder: Folder) -> Keep:
        """How much of the folder is kept on this machine."""
        return self.own_keep(folder) or self.usual_keep(folder)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine itself. Names other than localhost are not looked up, so that
    nobody's DNS decides it."""
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
