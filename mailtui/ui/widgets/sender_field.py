"""Whom a message is from."""

from textual import events
from textual.content import Content
from textual.widget import Widget

from mailtui.ui import glyphs
from mailtui.ui.plain import plain
from mailtui.ui.shell import shell


class SenderField(Widget, can_focus=True):
    """Shows the From field; Enter, Space or a click offers the other addresses."""

    DEFAULT_CSS = "SenderField { height: 1; width: 1fr; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._sender = ""
        self._several = False

    def show(self, sender: str, several: bool) -> None:
        """`several`: there are others to choose from."""
        self._sender, self._several = sender, several
        self.refresh()

    def render(self) -> Content:
        style = "bold $text-accent" if self.has_focus else "$foreground-muted"
        more = f" {glyphs.OPEN}" if self._several else ""
        return Content.assemble(plain("From     ", style), plain(self._sender), plain(more, style))

    def on_key(self, event: events.Key) -> None:
        if event.key in ("enter", "space"):
            event.stop()
            shell(self).act("sender")

    def on_click(self) -> None:
        self.focus()
        shell(self).act("sender")

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()
