"""The last line of the screen: the keys that work where the focus is, most wanted first."""

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from mailtui.ui.actions import Action, here
from mailtui.ui.context import Context
from mailtui.ui.keymap import Keymap
from mailtui.ui.situation import Situation

MOST = 9


class HintLine(Widget):
    """Our own footer: Textual's mounts a widget per key anew on every change of focus."""

    DEFAULT_CSS = "HintLine { height: 1; padding: 0 1; }"

    class Clicked(Message):
        def __init__(self, action: str) -> None:
            super().__init__()
            self.action = action

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._hints: list[tuple[str, str, str]] = []
        self._spans: list[tuple[int, int, str]] = []

    def show(self, hints: Sequence[tuple[str, str, str]]) -> None:
        """Triples of action id, key and word."""
        self._hints = list(hints)
        self.refresh()

    def render(self) -> Content:
        parts: list[Content | tuple[str, str]] = []
        self._spans, at, width = [], 0, self.size.width
        gap = 3 if width >= 100 else 2
        for action, key, word in _fitting(self._hints, width, gap):
            if parts:
                parts.append((" " * gap, ""))
                at += gap
            hint = Content.assemble((key, "bold $text-accent"), (" " + word, "$foreground-muted"))
            self._spans.append((at, at + hint.cell_length, action))
            at += hint.cell_length
            parts.append(hint)
        return Content.assemble(*parts)

    def on_click(self, event: events.Click) -> None:
        x = event.get_content_offset_capture(self).x
        for start, end, action in self._spans:
            if start <= x < end:
                self.post_message(self.Clicked(action))


def hints(context: Context, keymap: Keymap, now: Situation | None = None) -> list[tuple[str, str, str]]:
    """What the line shows in a context: ranked actions that have a key; help always comes last. With
    `now` those are left out that can't be done."""
    ranked = sorted((action for action in here(context) if action.rank and action.id != "help"), key=_rank)
    if now is not None:
        ranked = [action for action in ranked if action.disabled is None or action.disabled(now) is None]
    chosen = [action for action in ranked if keymap.of(action)][: MOST - 1]
    chosen += [action for action in here(context) if action.id == "help" and keymap.of(action)]
    return [(action.id, keymap.of(action), action.word) for action in chosen]


def _rank(action: Action) -> int:
    return action.rank


def _fitting(hints: Sequence[tuple[str, str, str]], width: int, gap: int) -> list[tuple[str, str, str]]:
    """As many as there is room for, the last one (help) always among them."""
    if not hints:
        return []
    *most, last = hints
    room = width - len(last[1]) - len(last[2]) - 1
    shown: list[tuple[str, str, str]] = []
    for hint in most:
        room -= len(hint[1]) + len(hint[2]) + 1 + gap
        if room < 0:
            break
        shown.append(hint)
    return [*shown, last]
