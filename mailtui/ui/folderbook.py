"""The folders as they were last read: order, roles, counters, and where one is found by name. Pure."""

from collections.abc import Iterable, Iterator, Sequence

from mailtui.model.folder import Folder, Role


class Folderbook:
    """All accounts' folders in the order of the tree, account by account as in the settings. Replaced
    or patched when events tell so."""

    def __init__(self, folders: Iterable[Folder] = (), accounts: Iterable[str] = ()) -> None:
        self._order = {account: place for place, account in enumerate(accounts)}
        self._folders: dict[int, Folder] = {}
        self.replace(folders)

    def replace(self, folders: Iterable[Folder]) -> None:
        last = len(self._order)
        ordered = sorted(folders, key=lambda folder: self._order.get(folder.account, last))
        self._folders = {folder.id: folder for folder in ordered}

    def patch(self, folder: Folder) -> bool:
        """New counters of one folder; whether anything differs."""
        if self._folders.get(folder.id) == folder:
            return False
        known = folder.id in self._folders
        self._folders[folder.id] = folder
        return known

    def __iter__(self) -> Iterator[Folder]:
        return iter(self._folders.values())

    def __len__(self) -> int:
        return len(self._folders)

    def get(self, folder: int | None) -> Folder | None:
        return None if folder is None else self._folders.get(folder)

    def of(self, account: str) -> list[Folder]:
        return [folder for folder in self._folders.values() if folder.account == account]

    def accounts(self) -> list[str]:
        """Accounts that have folders, in the order of the tree."""
        return list(dict.fromkeys(folder.account for folder in self._folders.values()))

    def role(self, account: str, *roles: Role) -> Folder | None:
        """The account's folder of the first of these roles that it has."""
        for role in roles:
            for folder in self._folders.values():
                if folder.account == account and folder.role is role:
                    return folder
        return None

    def roles(self, account: str) -> frozenset[Role]:
        return frozenset(folder.role for folder in self.of(account) if folder.role)

    def first(self) -> Folder | None:
        """What to begin with: the first inbox, else the first folder that can be shown."""
        inbox = next((one for one in self if one.role is Role.INBOX), None)
        return inbox or next((one for one in self if one.selectable), None)

    def neighbour(self, folder: int, by: int) -> Folder | None:
        """The next folder that can be shown, down (1) or up (-1) the tree."""
        shown = [one for one in self._folders.values() if one.selectable]
        index = next((index for index, one in enumerate(shown) if one.id == folder), None)
        if index is None or not 0 <= index + by < len(shown):
            return None
        return shown[index + by]

    def named(self, text: str, account: str = "") -> Folder | None:
        """What `:go text` means: a whole path or name, any case, first in the account at hand."""
        wanted = text.strip().casefold()
        ordered: Sequence[Folder] = sorted(self._folders.values(), key=lambda one: one.account != account)
        for fits in (_path, _name):
            for folder in ordered:
                if folder.selectable and wanted in fits(folder):
                    return folder
        return None

    def heading(self, folder: Folder) -> tuple[str, str, str]:
        """What stands over its list: path, account where there are several, how many are unread."""
        account = folder.account if len(self.accounts()) > 1 else ""
        return shown_path(folder), account, f"{folder.unread:,} unread" if folder.unread else ""


def shown_path(folder: Folder) -> str:
    """`Lists/python`, whatever the server's delimiter is."""
    return folder.spelled


def _path(folder: Folder) -> tuple[str, ...]:
    path = shown_path(folder).casefold()
    return path, f"{folder.account.casefold()}/{path}"


def _name(folder: Folder) -> tuple[str, ...]:
    return (folder.name.casefold(), folder.role.value if folder.role else "")
