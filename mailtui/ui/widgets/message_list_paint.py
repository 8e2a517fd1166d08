"""Turns the pieces of rows into strips in the colours of the theme, and keeps them."""

from collections.abc import Iterable
from datetime import datetime

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from mailtui.model.message import Summary
from mailtui.ui.plain import cell, width
from mailtui.ui.rows import Columns, Ink, Marks, Now, Piece, columns, row, rule, waiting

KEPT = 1000  # strips; a screen shows some dozens

ROW_CURSOR, ROW_BLURRED, ROW_CHOSEN = "row-cursor", "row-blurred", "row-chosen"
COMPONENTS = {f"message-list--{name}" for name in (ROW_CURSOR, ROW_BLURRED, ROW_CHOSEN, "strong", *Ink)}
LOOKS = """
MessageList {
    overflow-x: hidden;
    scrollbar-size-vertical: 1;
    scrollbar-gutter: stable;
    border-subtitle-align: left;

    & > .message-list--row-chosen { background: $success 14%; }
    & > .message-list--row-blurred { background: $primary 15%; }
    & > .message-list--row-cursor { background: $primary 38%; }

    & > .message-list--plain { color: $foreground; }
    & > .message-list--cursor { color: $text-accent; text-style: bold; }
    & > .message-list--selected { color: $text-success; text-style: bold; }
    & > .message-list--unread { color: $text-primary; text-style: bold; }
    & > .message-list--state { color: $foreground-muted; }
    & > .message-list--sender { color: $foreground 85%; }
    & > .message-list--subject { color: $foreground 85%; }
    & > .message-list--strong { color: $foreground; text-style: bold; }
    & > .message-list--missing { color: $foreground-muted; text-style: italic; }
    & > .message-list--place { color: $foreground-muted; }
    & > .message-list--flagged { color: $text-warning; }
    & > .message-list--attached { color: $foreground-muted; }
    & > .message-list--date { color: $foreground-muted; }
    & > .message-list--pending { color: $foreground-muted; }
    & > .message-list--rule { color: $text-primary; }

    &:ansi {
        & > .message-list--row-chosen { background: ansi_default; }
        & > .message-list--row-cursor {
            background: $block-cursor-background;
            color: $block-cursor-foreground;
        }
        & > .message-list--row-blurred { background: ansi_default; text-style: underline; }
        & > .message-list--sender, & > .message-list--subject { color: ansi_default; }
        & > .message-list--state, & > .message-list--missing, & > .message-list--place,
        & > .message-list--attached, & > .message-list--date, & > .message-list--pending {
            color: ansi_default;
            text-style: dim;
        }
    }
}
"""
_BOLD = (Ink.SENDER, Ink.SUBJECT)


class Painter:
    """Strips for one list widget. `forget` when theme or focus changed the looks of it."""

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._layout = columns(0)
        self._day = 0
        self._strips: dict[object, Strip] = {}
        self._styles: dict[tuple[str, ...], Style] = {}

    def forget(self) -> None:
        self._strips.clear()
        self._styles.clear()

    def layout(self, cells: int, *, places: bool) -> Columns:
        """The columns for a width; the last ones are kept."""
        wanted = columns(cells, places=places)
        if wanted != self._layout:
            self._layout = wanted
            self._strips.clear()
        return wanted

    def message(self, summary: Summary, layout: Columns, now: Now, marks: Marks) -> Strip:
        """One message's row, `layout.width` cells wide."""
        day = datetime.fromtimestamp(now.seconds, now.zone).toordinal()
        if day != self._day:  # "14:02" becomes "Mon"
            self._day = day
            self._strips.clear()
        focused = self._widget.has_focus
        key = (summary, marks, focused)
        strip = self._strips.get(key)
        if strip is None:
            state = (ROW_CHOSEN,) * marks.selected + ("strong",) * summary.unread
            state += (ROW_CURSOR if focused else ROW_BLURRED,) * marks.cursor
            strip = self._keep(key, row(summary, layout, now, marks), state, layout.width)
        return strip

    def rule(self, words: str, cells: int) -> Strip:
        return self._strips.get((words, cells)) or self._keep((words, cells), rule(words, cells), (), cells)

    def waiting(self, layout: Columns, *, cursor: bool) -> Strip:
        """A row that is still being looked up."""
        state = (ROW_CURSOR if self._widget.has_focus else ROW_BLURRED,) * cursor
        return self._keep(None, waiting(layout), state, layout.width)

    def words(self, text: str, cells: int) -> Strip:
        """A line of ours in the middle of an empty list."""
        left = max(0, (cells - width(text)) // 2)
        return self._keep(None, [Piece(" " * left + cell(text, cells - left), Ink.MISSING)], (), cells)

    def blank(self, cells: int) -> Strip:
        return Strip.blank(cells, self._style(Ink.PLAIN, ()))

    def _keep(self, key: object, pieces: Iterable[Piece], state: tuple[str, ...], cells: int) -> Strip:
        strip = Strip(self._segments(pieces, state), cells)
        if key is not None:
            if len(self._strips) >= KEPT:
                self._strips.clear()
            self._strips[key] = strip
        return strip

    def _segments(self, pieces: Iterable[Piece], state: tuple[str, ...]) -> Iterable[Segment]:
        """As few segments as possible, each costs some forty bytes: blanks join their neighbours."""
        run, style = "", Style.null()
        for text, ink in pieces:
            blank = text.isspace()
            wanted = style if blank and run else self._style(ink, state)
            if wanted != style and run and not run.isspace():
                yield Segment(run, style)
                run = ""
            run, style = run + text, wanted
        if run:
            yield Segment(run, style)

    def _style(self, ink: Ink, state: tuple[str, ...]) -> Style:
        style = self._styles.get((ink, *state))
        if style is None:
            rows = [name for name in state if name != "strong"]
            if ROW_CURSOR in state:  # two colours are enough where the whole row stands out
                ink = Ink.CURSOR if ink in (Ink.CURSOR, Ink.SELECTED, Ink.UNREAD, Ink.STATE) else Ink.SUBJECT
            inks = [str(ink), "strong"] if "strong" in state and ink in _BOLD else [str(ink)]
            # Sixteen colours can't be mixed: there the row's colours win, else the piece's.
            names = [*inks, *rows] if self._widget.app.native_ansi_color else [*rows, *inks]
            parts = [f"message-list--{name}" for name in names]
            style = self._widget.get_visual_style(*parts).rich_style
            self._styles[(ink, *state)] = style
        return style
