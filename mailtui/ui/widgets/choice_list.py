"""The rows of a chooser: what was found, the letters that found it, a dim remark at the right."""

from collections.abc import Sequence

from mailtui.ui.choice import Choice, Match
from mailtui.ui.plain import cell, steady, width
from mailtui.ui.widgets.rows import Piece, Rows, columns


class ChoiceList(Rows):
    """Shows matches; a change of group makes a heading when `grouped`."""

    def __init__(self, matches: Sequence[Match] = (), *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._rows: list[Match | str] = []
        self._set(matches)

    def _set(self, matches: Sequence[Match]) -> None:
        self._rows, group = [], ""
        for match in matches:
            if match.choice.group and match.choice.group != group and not match.letters:
                group = match.choice.group
                self._rows.append(group)
            self._rows.append(match)

    def show(self, matches: Sequence[Match]) -> None:
        """Other rows; the cursor goes to the first."""
        self._set(matches)
        self._cursor = 0
        self.changed()
        self.scroll_to(y=0, animate=False, force=True)
        self.place(0)

    def replace(self, matches: Sequence[Match]) -> None:
        """The same rows with other words in them; the cursor stays where it is."""
        self._set(matches)
        self._cursor = max(0, min(self._cursor, len(self._rows) - 1))
        self.changed()

    @property
    def choice(self) -> Choice | None:
        """The one under the cursor."""
        if self._cursor < len(self._rows):
            row = self._rows[self._cursor]
            return row.choice if isinstance(row, Match) else None
        return None

    def _lit(self) -> bool:
        return True  # typing goes on in the field above while these are chosen from

    def count(self) -> int:
        return len(self._rows)

    def silent(self, index: int) -> bool:
        return isinstance(self._rows[index], str)

    def pieces(self, index: int, cells: int) -> list[Piece]:
        row = self._rows[index]
        if isinstance(row, str):
            return columns([(" " + row, "rows--heading")], [], cells)
        choice = row.choice
        base = "rows--dim" if choice.reason else ""
        left: list[Piece] = [(" ", "")]
        if choice.mark:
            left.append((choice.mark + " ", "rows--accent"))
        left += _lettered(
            steady(choice.text), row.letters if steady(choice.text) == choice.text else (), base
        )
        remark = choice.reason or choice.detail
        room = max(cells - width("".join(text for text, _ in left)) - 3, 0)
        right: list[Piece] = (
            [("  " + cell(remark, min(width(remark), room)) + " ", "rows--dim")] if remark else []
        )
        return columns(left, right, cells)


def _lettered(text: str, letters: Sequence[int], base: str) -> list[Piece]:
    if not letters:
        return [(text, base)]
    found, pieces, start = set(letters), list[Piece](), 0
    for index in range(1, len(text) + 1):
        if index == len(text) or (index in found) != (start in found):
            pieces.append((text[start:index], "rows--found" if start in found else base))
            start = index
    return pieces
