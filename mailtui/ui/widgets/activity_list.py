"""The rows of the activity screen: columns for what, where, since when and how it stands."""

from collections.abc import Sequence

from mailtui.model.account import ConnectionState
from mailtui.ui import glyphs
from mailtui.ui.activity import Entry, Group, Heading, Line
from mailtui.ui.context import Context
from mailtui.ui.plain import cell, steady, width
from mailtui.ui.widgets.rows import Piece, Rows, columns

_GUTTER = 14  # cells of the groups' names
_ROOMY = 88  # cells from which on there is a gutter, and a column for the place
_WHEN = 8
_BAR = 8
_STATES = {
    ConnectionState.ONLINE: (glyphs.ONLINE, "online", "rows--good"),
    ConnectionState.SYNCING: (glyphs.BUSY, "syncing", "rows--accent"),
    ConnectionState.CONNECTING: (glyphs.BUSY, "connecting", "rows--dim"),
    ConnectionState.OFFLINE: (glyphs.OFFLINE, "offline", "rows--warning"),
    ConnectionState.WAITING: (glyphs.TROUBLE, "waits for you", "rows--trouble"),
}


class ActivityList(Rows):
    """Shows lines; the cursor stays on what it is on, wherever that goes."""

    context = Context.ACTIVITY
    COMPONENT_CLASSES = {"rows--good", "rows--warning"}  # noqa: RUF012 - as Textual has it
    DEFAULT_CSS = """
    ActivityList {
        & > .rows--good { color: $text-success; }
        & > .rows--warning { color: $text-warning; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[Line | None] = []

    def show(self, lines: Sequence[Line]) -> bool:
        """Whether anything differs; if not, nothing is painted. None stands for an empty row."""
        spaced: list[Line | None] = []
        for line in lines:
            if isinstance(line, Heading) and spaced:
                spaced.append(None)
            spaced.append(line)
        if spaced == self._lines:
            return False
        marked, self._lines = _mark(self.entry), spaced
        there = (at for at, line in enumerate(spaced) if isinstance(line, Entry) and _mark(line) == marked)
        self.changed()
        self.place(next(there, self._cursor))
        return True

    @property
    def entry(self) -> Entry | None:
        """The one under the cursor."""
        line = self._lines[self._cursor] if self._cursor < len(self._lines) else None
        return line if isinstance(line, Entry) else None

    def count(self) -> int:
        return len(self._lines)

    def silent(self, index: int) -> bool:
        return not isinstance(self._lines[index], Entry)

    def pieces(self, index: int, cells: int) -> list[Piece]:
        line = self._lines[index]
        if line is None:
            return [(" " * cells, "")]
        if isinstance(line, Heading):
            return _heading(line, cells)
        above = self._lines[index - 1]
        first = not isinstance(above, Entry) or above.group is not line.group
        return _entry(line, cells, first=first)


def _mark(entry: Entry | None) -> tuple[object, ...] | None:
    return (entry.account, entry.group, entry.ident) if entry is not None else None


def _heading(line: Heading, cells: int) -> list[Piece]:
    sign, word, style = _STATES[line.state] if line.state else (glyphs.OFFLINE, "starting", "rows--dim")
    left: list[Piece] = [(" ", ""), (steady(line.account), "rows--heading"), (f"  {sign} {word}", style)]
    if line.recording:
        left.append((f"  {glyphs.ONLINE} protocol log", "rows--warning"))
    room = cells - sum(width(text) for text, _ in left) - 4
    where = (steady(one) for one in (line.recording, line.server) if one)
    shown = next((one for one in where if width(one) <= room), "")
    return columns(left, [(f"  {shown} ", "rows--dim")], cells)


def _entry(line: Entry, cells: int, *, first: bool) -> list[Piece]:
    roomy = cells >= _ROOMY
    pieces: list[Piece] = [(" ", "")]
    if roomy:
        pieces.append((cell(line.group.value if first else "", _GUTTER), "rows--dim"))
    mark, style = _sign(line)
    pieces.append((mark + " ", style))
    room = cells - sum(width(text) for text, _ in pieces) - _WHEN - 4
    state = room * 2 // 5 if roomy else room // 2
    where = room // 4 if roomy and line.where else 0
    what = room - state - (where + 2 if where else 0)
    pieces.append((cell(steady(line.what), what), ""))
    if where:
        pieces += [("  ", ""), (cell(steady(line.where), where), "rows--dim")]
    pieces += [("  ", ""), (cell(line.when, _WHEN), "rows--dim"), ("  ", "")]
    pieces += _state(line, state)
    return columns(pieces, [], cells)


def _sign(line: Entry) -> Piece:
    if line.trouble:
        return glyphs.TROUBLE, "rows--trouble"
    if line.busy:
        return glyphs.BUSY, "rows--accent"
    return (glyphs.ONLINE, "rows--good") if line.group is Group.CONNECTIONS else ("·", "rows--dim")


def _state(line: Entry, room: int) -> list[Piece]:
    settle = line.trouble and line.group in (Group.OPERATIONS, Group.ITEMS)  # the user must
    style = "rows--trouble" if settle else "rows--dim"
    if not line.total or room < _BAR + 2 + width(line.state):
        return [(cell(steady(line.state), room), style)]
    full = min(_BAR * line.done // line.total, _BAR)
    return [
        (glyphs.BAR_FULL * full, "rows--accent"),
        (glyphs.BAR_REST * (_BAR - full), "rows--dim"),
        (cell("  " + steady(line.state), room - _BAR), "rows--dim"),
    ]
