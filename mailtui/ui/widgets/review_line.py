"""The last look before a message goes: to how many it goes, and what may be missing."""

from collections.abc import Sequence

from textual.content import Content
from textual.widget import Widget

from mailtui.ui import glyphs
from mailtui.ui.context import Context
from mailtui.ui.drafting import Remark
from mailtui.ui.plain import plain
from mailtui.ui.wording import count


class ReviewLine(Widget, can_focus=True):
    """Away until it is asked for. Its keys are actions of the table; the hints below name them."""

    context = Context.REVIEW
    DEFAULT_CSS = """
    ReviewLine {
        display: none;
        height: auto;
        padding: 0 1;
        background: $surface;
        border-top: solid $border-focus;
    }
    ReviewLine.-shown { display: block; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._question = ""
        self._remarks: Sequence[Remark] = ()

    @property
    def shown(self) -> bool:
        return self.has_class("-shown")

    def ask(self, recipients: int, attachments: int, remarks: Sequence[Remark]) -> None:
        """Show the question and take the focus."""
        whom = f"to {count(recipients, 'recipient')}" if recipients else ""
        files = f"with {count(attachments, 'attachment')}" if attachments else ""
        self._question = " ".join(word for word in ("Send this", whom, files) if word) + "?"
        self._remarks = remarks
        self.add_class("-shown")
        self.refresh(layout=True)
        self.focus()

    def leave(self) -> None:
        self.remove_class("-shown")

    def render(self) -> Content:
        lines = [plain(self._question, "bold")]
        for remark in self._remarks:
            style = "$text-error" if remark.blocks else "$text-warning"
            lines.append(plain(f"{glyphs.TROUBLE} {remark.text}", style))
        return Content("\n").join(lines)
