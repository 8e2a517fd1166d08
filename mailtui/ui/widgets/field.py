"""One line of a message's header to be written: its name, and what is typed."""

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static

from mailtui.text import sanitize
from mailtui.ui.plain import plain


class Line(Input):
    """An input whose arrows and Enter go to the field above or below. What is pasted is cleaned."""

    class Left(Message):
        """The focus should go to the next field (1) or to the one before (-1)."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    def on_key(self, event: events.Key) -> None:
        step = {"down": 1, "enter": 1, "up": -1}.get(event.key)
        if step is not None:
            event.stop()
            event.prevent_default()
            self.post_message(self.Left(step))

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self.insert_text_at_cursor(sanitize.line(" ".join(event.text.split())))


class Field(Horizontal):
    """`value` is the text as typed. Emptiness and trouble are shown by the label, not by colour alone."""

    DEFAULT_CSS = """
    Field {
        height: 1;
        .label { width: 9; color: $foreground-muted; }
        Input { width: 1fr; height: 1; border: none; padding: 0; background: transparent; }
        Input:focus { border: none; }
        &:focus-within .label { color: $text-accent; text-style: bold; }
    }
    """

    def __init__(self, label: str, *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._label = label

    def compose(self) -> ComposeResult:
        yield Static(plain(self._label), classes="label")
        yield self.line()

    def line(self) -> Line:
        return Line(select_on_focus=False)

    @property
    def value(self) -> str:
        return self.query_one(Line).value

    @value.setter
    def value(self, text: str) -> None:
        line = self.query_one(Line)
        line.value = sanitize.line(text, 20_000)
        line.cursor_position = len(line.value)

    def focus(self, scroll_visible: bool = True) -> "Field":
        self.query_one(Line).focus(scroll_visible)
        return self
