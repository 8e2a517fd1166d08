"""What was searched for, newest first, to be searched for again."""

from collections.abc import Iterator

MOST = 50


class Searches:
    """Each once."""

    def __init__(self) -> None:
        self._texts: list[str] = []

    def use(self, text: str) -> None:
        text = text.strip()
        if text:
            self._texts = [text, *(one for one in self._texts if one != text)][:MOST]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def at(self, index: int) -> str:
        """The index-th newest, "" beyond the oldest and before the newest."""
        return self._texts[index] if 0 <= index < len(self._texts) else ""
