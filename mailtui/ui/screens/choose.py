"""One of many, found by typing some of its letters: jump list, move targets, palette."""

from collections.abc import Sequence

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from mailtui.ui import glyphs
from mailtui.ui.choice import Choice, found
from mailtui.ui.plain import plain, set_title
from mailtui.ui.saying import Say
from mailtui.ui.shell import shell
from mailtui.ui.widgets.choice_list import ChoiceList

MOST = 200  # rows shown; more letters find the others


class ChooseScreen(ModalScreen[Choice | None]):
    """Typing narrows, arrows move, Enter chooses, Escape gives None."""

    CSS_PATH = "choose.tcss"
    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-high")]  # noqa: RUF012 - as Textual has it

    def __init__(self, title: str, choices: Sequence[Choice], *, hint: str = "") -> None:
        super().__init__()
        self._title, self._choices, self._hint = title, list(choices), hint

    def compose(self) -> ComposeResult:
        with Vertical(id="chooser") as box:
            yield Input(placeholder=self._hint or "type a few letters")
            yield Static(plain(glyphs.RULE * 200), id="rule")
            yield ChoiceList(found("", self._choices)[:MOST])
            yield Static(plain("Nothing is called that."), id="none")
        set_title(box, plain(self._title), plain("⏎ choose   ↑↓ move   Esc never mind"))

    def on_mount(self) -> None:
        self.query_one(ChoiceList).can_focus = False
        self._narrow("")
        self.query_one(Input).focus()

    def _narrow(self, text: str) -> None:
        matches = found(text, self._choices)
        self.query_one(ChoiceList).show(matches[:MOST])
        self.query_one("#chooser").set_class(not matches, "-none")

    def on_input_changed(self, message: Input.Changed) -> None:
        self._narrow(message.value)

    def on_input_submitted(self) -> None:
        self._take()

    def on_rows_chosen(self) -> None:
        self._take()

    def _take(self) -> None:
        choice = self.query_one(ChoiceList).choice
        if choice is None:
            return
        if choice.reason:
            shell(self).say(choice.reason, Say.HINT)
        else:
            self.dismiss(choice)

    def on_key(self, event: events.Key) -> None:
        rows = self.query_one(ChoiceList)
        moves = {
            "down": rows.do_down,
            "ctrl+n": rows.do_down,
            "tab": rows.do_down,
            "up": rows.do_up,
            "ctrl+p": rows.do_up,
            "shift+tab": rows.do_up,
            "pagedown": rows.do_page_down,
            "pageup": rows.do_page_up,
        }
        if event.key in moves:
            event.stop()
            moves[event.key]()
        elif event.key in ("escape", "ctrl+c"):
            event.stop()
            self.dismiss(None)
