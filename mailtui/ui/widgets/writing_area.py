"""Where the text of a message is written: quotes stand back, what is pasted is cleaned."""

from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual import events
from textual.message import Message
from textual.widgets import TextArea

from mailtui.text import sanitize
from mailtui.text.quote import depth


class WritingArea(TextArea):
    """Tab leaves it; up from the first row leaves it too."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"writing-area--quote-{level}" for level in (1, 2, 3)}
    DEFAULT_CSS = """
    WritingArea {
        border: none;
        padding: 0;
        background: transparent;
        scrollbar-size-vertical: 1;
        &:focus { border: none; }
        & .text-area--cursor-line { background: transparent; }
        & .writing-area--quote-1 { color: $text-success 85%; }
        & .writing-area--quote-2 { color: $text-warning 80%; }
        & .writing-area--quote-3 { color: $text-primary 85%; }
        &:ansi .writing-area--quote-1 { color: ansi_green; }
        &:ansi .writing-area--quote-2 { color: ansi_yellow; }
        &:ansi .writing-area--quote-3 { color: ansi_cyan; }
    }
    """

    class LeftAbove(Message):
        """The cursor went up from the first row."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, soft_wrap=True, tab_behavior="focus", show_line_numbers=False)

    def replace_text(self, text: str) -> None:
        """Another text, as one step that can be undone; the cursor goes to its beginning."""
        self.replace(sanitize.block(text), self.document.start, self.document.end)
        self.move_cursor((0, 0))

    def get_line(self, line_index: int) -> Text:
        text = super().get_line(line_index)
        quoted = depth(text.plain)
        if quoted:
            name = f"writing-area--quote-{(quoted - 1) % 3 + 1}"
            text.stylize(Style(color=self.get_component_rich_style(name).color))
        return text

    def on_key(self, event: events.Key) -> None:
        if (
            event.key == "up"
            and self.cursor_at_first_line
            and not self.wrapped_document.location_to_offset(self.cursor_location).y
        ):
            event.stop()
            event.prevent_default()
            self.post_message(self.LeftAbove())

    async def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        result = self._replace_via_keyboard(sanitize.block(event.text), *self.selection)
        if result is not None:
            self.move_cursor(result.end_location)
