"""What the commands on the local copy share: the settings, the accounts meant, and a reader of the
store, filled first when there is nothing in it yet."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from mailtui.cli.printing import complain
from mailtui.cli.usage import Usage
from mailtui.config.paths import Paths
from mailtui.config.settings import NoSettings, Settings, load

if TYPE_CHECKING:
    from mailtui.model.account import Account
    from mailtui.model.folder import Folder
    from mailtui.store.reading import Reader


def settings_of(paths: Paths) -> Settings:
    """The settings with at least one account. Raises NoSettings or SettingsTrouble."""
    settings = load(paths.settings)
    if not settings.accounts:
        raise NoSettings(f"There is no account in {paths.settings} yet.", "Run: mailtui account add")
    return settings


def accounts_meant(settings: Settings, name: str | None) -> "list[Account]":
    """The account of that name or address, or all of them when no name is given. Raises Usage."""
    if name is None:
        return list(settings.accounts)
    for account in settings.accounts:
        if name == account.key or name.lower() in account.own:
            return [account]
    known = ", ".join(account.key for account in settings.accounts)
    raise Usage(f'There is no account "{name}"; there is: {known}.')


@contextmanager
def reader_for(paths: Paths, settings: Settings, accounts: "list[Account]") -> "Iterator[Reader]":
    """A reader of the local copy. What it has is taken as it is, without any network; accounts that
    aren't in it yet are brought in first. Raises their trouble when nothing is there to show."""
    from mailtui.store.reading import Reader

    absent = _absent(paths, accounts)
    if absent:
        from mailtui.cli.sync import bring_in

        troubles = bring_in(paths, settings, absent)
        if len(troubles) == len(accounts):
            raise next(iter(troubles.values()))
        for key, trouble in troubles.items():
            complain(f"{key}: {trouble}")
    with Reader(paths.store) as reader:
        yield reader


def folders_meant(reader: "Reader", accounts: "list[Account]", name: str | None) -> "list[Folder]":
    """In each account the folder of that path, name or role; the inboxes when no name is given.
    Raises Usage when there is none at all."""
    found = []
    for account in accounts:
        folders = reader.folders(account.key)
        match = _match(folders, name or "inbox")
        found += [match] if match else []
    if not found:
        raise Usage(f'There is no folder "{name or "Inbox"}"; "mailtui folders" lists them.')
    return found


def _match(folders: "list[Folder]", name: str) -> "Folder | None":
    """Exactly the path first, then as people type it: path, role, last level, in any case."""
    lower = name.lower()
    tests: tuple[Callable[[Folder], bool], ...] = (
        lambda folder: folder.path == name,
        lambda folder: folder.path.lower() == lower,
        lambda folder: folder.role is not None and folder.role.value == lower,
        lambda folder: folder.name.lower() == lower,
    )
    for test in tests:
        for folder in folders:
            if folder.selectable and test(folder):
                return folder
    return None


def _absent(paths: Paths, accounts: "list[Account]") -> list[str]:
    """The accounts that are not in the local copy yet."""
    from mailtui.store.reading import Reader
    from mailtui.store.schema import NoStore, OlderStore

    try:
        with Reader(paths.store) as reader:
            return [account.key for account in accounts if not reader.folders(account.key)]
    except (NoStore, OlderStore):
        return [account.key for account in accounts]
