"""The folders used last, for the top of the list when one is to be chosen."""

from collections.abc import Iterator

MOST = 5


class Recent:
    """Newest first, each once."""

    def __init__(self) -> None:
        self._folders: list[int] = []

    def use(self, folder: int) -> None:
        self._folders = [folder, *(one for one in self._folders if one != folder)][:MOST]

    def __iter__(self) -> Iterator[int]:
        return iter(self._folders)
