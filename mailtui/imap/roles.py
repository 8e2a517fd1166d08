"""Which folder plays which role: what the server says (RFC 6154, XLIST), else what it is called."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from mailtui.imap.role_names import NAMES
from mailtui.model.folder import Role, ServerFolder

_ATTRIBUTES: Final = {
    "\\sent": Role.SENT,
    "\\drafts": Role.DRAFTS,
    "\\trash": Role.TRASH,
    "\\junk": Role.JUNK,
    "\\spam": Role.JUNK,
    "\\archive": Role.ARCHIVE,
    "\\all": Role.ALL,
    "\\allmail": Role.ALL,
}


def assign(folders: Sequence[ServerFolder], attributes: Mapping[bytes, frozenset[str]]) -> list[ServerFolder]:
    """The folders with their roles. A role goes to one folder: the first that has its attribute, else
    the one with the most telling name that is at the top, below the inbox, or below another folder
    without mail of its own (`[Gmail]`)."""
    chosen: dict[bytes, Role] = {}
    taken: set[Role] = set()

    def give(folder: ServerFolder, role: Role) -> None:
        if role not in taken and folder.raw not in chosen and folder.selectable:
            chosen[folder.raw] = role
            taken.add(role)

    for folder in folders:
        if folder.path.upper() == "INBOX":
            give(folder, Role.INBOX)
    for folder in folders:
        for mark in sorted(attributes.get(folder.raw, frozenset())):
            if mark in _ATTRIBUTES:
                give(folder, _ATTRIBUTES[mark])
    near = _near_the_top(folders)
    for role, known in NAMES.items():
        for name in known:
            for folder in near.get(name.casefold(), ()):
                give(folder, role)
    return [replace(folder, role=chosen.get(folder.raw)) for folder in folders]


def _near_the_top(folders: Sequence[ServerFolder]) -> dict[str, list[ServerFolder]]:
    """Folders by the last level of their name, without case, if no ordinary folder is above them."""
    ordinary = {folder.path for folder in folders if folder.selectable and folder.path.upper() != "INBOX"}
    found: dict[str, list[ServerFolder]] = {}
    for folder in folders:
        parent, _, name = (
            folder.path.rpartition(folder.delimiter) if folder.delimiter else ("", "", folder.path)
        )
        if parent not in ordinary and parent.count(folder.delimiter or "\0") == 0:
            found.setdefault(name.casefold(), []).append(folder)
    return found
