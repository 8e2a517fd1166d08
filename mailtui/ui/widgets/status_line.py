"""The one line that says how things are: what was done last at the left, the accounts at the right.

What is said comes before the accounts: they give way to what needs the room. A trouble that needs more
than a line takes that of the hints too, so that nothing above moves (law 10).
"""

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from mailtui.model.account import ConnectionState
from mailtui.text.wrap import wrap
from mailtui.ui import glyphs
from mailtui.ui.connections import Connection, Connections
from mailtui.ui.plain import cell, plain, steady
from mailtui.ui.plain import width as cells_of
from mailtui.ui.saying import Say, Saying

_STATES = {
    ConnectionState.ONLINE: (glyphs.ONLINE, "online", "$text-success"),
    ConnectionState.SYNCING: (glyphs.BUSY, "syncing", "$text-accent"),
    ConnectionState.CONNECTING: (glyphs.BUSY, "connecting", "$foreground-muted"),
    ConnectionState.OFFLINE: (glyphs.OFFLINE, "offline", "$text-warning"),
    ConnectionState.WAITING: (glyphs.TROUBLE, "waits for you", "$text-error"),
}
_SAYINGS = {
    Say.DONE: (glyphs.DONE, "$text-success", "$foreground"),
    Say.HINT: ("", "", "$foreground-muted"),
    Say.TROUBLE: (glyphs.TROUBLE, "bold $text-error", "$text-error"),
}
_BAR = 8  # cells of a progress bar


class StatusLine(Widget):
    """Painted from what it is given; asks nobody."""

    DEFAULT_CSS = "StatusLine { height: 1; padding: 0 1; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._saying: Saying | None = None
        self._undo_key = "u"
        self._connections: list[Connection] = []
        self._account = ""
        self._names: dict[int, str] = {}
        self._place = ""
        self._job: tuple[str, int, int] | None = None
        self._begins = 0  # the cell at which the right side does

    def say(self, saying: Saying | None, undo_key: str = "u") -> None:
        self._saying, self._undo_key = saying, undo_key
        self._grow()
        self.refresh()

    def on_resize(self) -> None:
        self._grow()

    def _grow(self) -> None:
        """Two lines or one; `app.tcss` takes the hints away meanwhile."""
        saying, width = self._saying, self.size.width
        long = saying is not None and saying.kind is Say.TROUBLE and bool(width) and self._needs() > width
        if long != self.screen.has_class("-long-trouble"):
            self.screen.set_class(long, "-long-trouble")
            self.styles.height = 2 if long else 1

    def _needs(self) -> int:
        """Cells of what is said, with its sign and what takes it back."""
        saying = self._saying
        if saying is None:
            return 0
        undo = len(f"  {self._undo_key} undo") if saying.undo else 0
        return cells_of(steady(saying.text)) + 2 * bool(_SAYINGS[saying.kind][0]) + undo

    def connect(self, connections: Connections, account: str, names: dict[int, str]) -> None:
        """What the connections do; `account` is the one on the screen, `names` those of folders."""
        self._connections, self._account, self._names = list(connections), account, names
        self.refresh()

    def place(self, place: str) -> None:
        """Where in the list the cursor is, for layouts without a border to say it in."""
        if place != self._place:
            self._place = place
            self.refresh()

    def work(self, title: str, done: int, total: int) -> None:
        """A download under way; an empty title ends it."""
        self._job = (title, done, total) if title else None
        self.refresh()

    class Clicked(Message):
        """The accounts' states were clicked."""

    def on_click(self, event: events.Click) -> None:
        if event.get_content_offset_capture(self).x >= self._begins:
            self.post_message(self.Clicked())

    def render(self) -> Content:
        width = self.size.width
        if self._saying is not None and self.size.height > 1:
            self._begins = width
            return self._two_lines(self._saying, width)
        right = self._right(width)
        if width - right.cell_length - 2 < self._needs():
            right = Content("")
        self._begins = width - right.cell_length
        left = self._left(max(width - right.cell_length - 2, 0))
        gap = max(width - left.cell_length - right.cell_length, 0)
        return Content.assemble(left, " " * gap, right)

    def _two_lines(self, saying: Saying, width: int) -> Content:
        sign, sign_style, style = _SAYINGS[saying.kind]
        first, *rest = wrap(steady(saying.text), max(width - 2, 1), cell_len)
        rows = [plain(first, style)]
        if rest:
            rows.append(plain("  " + cell(" ".join(rest), width - 2).rstrip(), style))
        return Content.assemble((f"{sign} ", sign_style), Content("\n").join(rows))

    def _left(self, room: int) -> Content:
        saying = self._saying
        if saying is None or room < 4:
            return Content("")
        sign, sign_style, style = _SAYINGS[saying.kind]
        undo = f"  {self._undo_key} undo" if saying.undo else ""
        text = cell(saying.text, max(room - len(undo) - 2, 1)).rstrip()
        parts: list[Content | tuple[str, str]] = [(f"{sign} ", sign_style)] if sign else []
        parts.append((text, style))
        if undo:
            parts += [("  " + self._undo_key, "bold $text-accent"), (" undo", "$foreground-muted")]
        return Content.assemble(*parts)

    def _right(self, width: int) -> Content:
        parts: list[Content] = []
        if self._job:
            parts.append(_bar(*self._job))
        if self._place:
            parts.append(plain(self._place, "$foreground-muted"))
        here = [one for one in self._connections if one.account == self._account]
        others = [one for one in self._connections if one.account != self._account]
        shown = [*here, *others] if width >= 100 else here + [one for one in others if _remarkable(one)]
        most = 4 if width >= 100 else 1 if width < 70 else 2
        parts += [self._connection(one, width) for one in shown[:most]]
        return Content("   ").join(parts)

    def _connection(self, one: Connection, width: int) -> Content:
        sign, word, style = (
            _STATES[one.state] if one.state else (glyphs.OFFLINE, "starting", "$foreground-muted")
        )
        parts: list[Content] = [
            plain(one.account, "$foreground-muted"),
            Content.styled(f"{sign} {word}", style),
        ]
        if one.progress and width >= 80:
            parts.append(
                _bar(self._names.get(one.progress.folder, ""), one.progress.done, one.progress.total)
            )
        if one.parked:
            parts.append(plain(f"· {glyphs.TROUBLE} {one.parked} to settle", "$text-error"))
        if one.waiting:
            parts.append(plain(f"· {one.waiting} waiting", "$text-warning"))
        return Content(" ").join(parts)


def _remarkable(one: Connection) -> bool:
    return bool(one.waiting or one.parked) or one.state in (ConnectionState.OFFLINE, ConnectionState.WAITING)


def _bar(title: str, done: int, total: int) -> Content:
    full = min(_BAR * done // total, _BAR) if total > 0 else 0
    return Content.assemble(
        plain(cell(title, min(len(title), 18)) + " " if title else "", "$foreground-muted"),
        (glyphs.BAR_FULL * full, "$text-accent"),
        (glyphs.BAR_REST * (_BAR - full), "$foreground-disabled"),
    )
