"""Asks for a path and shows, as it is typed, what is there."""

import asyncio
from typing import TypeVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from mailtui.ui.choice import Choice, Match
from mailtui.ui.latest import run_latest
from mailtui.ui.plain import plain, set_title
from mailtui.ui.widgets.choice_list import ChoiceList

Found = TypeVar("Found")


class PathScreen(ModalScreen[Found | None]):
    """Tab completes, Escape gives None; what Enter does is said by those that are asked for something."""

    CSS_PATH = "path.tcss"
    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-high")]  # noqa: RUF012 - as Textual has it
    title_ = ""
    verb = ""  # what Enter does, in a word or two
    wanted = ""

    def __init__(self, begun: str = "", title: str = "") -> None:
        super().__init__()
        self._begun, self._title = begun, title or self.title_

    # what a subclass says

    def offers(self, typed: str) -> list[Choice]:
        """What the path may become; `value` is the longer path. Blocks."""
        raise NotImplementedError

    def entered(self, typed: str) -> None:
        """Enter was pressed."""
        raise NotImplementedError

    def chosen(self) -> None:
        """A row was clicked twice."""
        self.complete()

    async def check(self, typed: str) -> None:
        """Dismiss with what the path means, or refuse."""
        raise NotImplementedError

    # what it has for them

    @property
    def choice(self) -> Choice | None:
        return self.query_one(ChoiceList).choice

    def complete(self) -> None:
        if self.choice is not None:
            self.put(str(self.choice.value))

    def put(self, path: str) -> None:
        line = self.query_one(Input)
        line.value = path
        line.cursor_position = len(path)

    def take(self, typed: str) -> None:
        run_latest(self, "check", self.check, typed)

    def refuse(self, reason: str, style: str = "$text-error") -> None:
        self.query_one("#reason", Static).update(plain(reason, style))

    # the screen

    def compose(self) -> ComposeResult:
        with Vertical(id="path") as box:
            yield Input(self._begun, placeholder=self.wanted, select_on_focus=False)
            yield ChoiceList()
            yield Static(id="reason")
        set_title(box, plain(self._title), plain(f"Tab complete   ⏎ {self.verb}   Esc never mind"))

    def on_mount(self) -> None:
        self.query_one(ChoiceList).can_focus = False
        self.query_one(Input).focus()
        self._look()

    def on_input_changed(self) -> None:
        self.refuse("")
        self._look()

    def _look(self) -> None:
        run_latest(self, "offers", self._offer, self.query_one(Input).value)

    async def _offer(self, typed: str) -> None:
        found = await asyncio.to_thread(self.offers, typed)
        if typed == self.query_one(Input).value:
            self.query_one(ChoiceList).show([Match(choice) for choice in found])

    def on_key(self, event: events.Key) -> None:
        rows = self.query_one(ChoiceList)
        moves = {
            "down": rows.do_down,
            "up": rows.do_up,
            "pagedown": rows.do_page_down,
            "pageup": rows.do_page_up,
        }
        if event.key in moves:
            event.stop()
            moves[event.key]()
        elif event.key == "tab":
            event.stop()
            self.complete()
        elif event.key in ("escape", "ctrl+c"):
            event.stop()
            self.dismiss(None)

    def on_rows_chosen(self) -> None:
        self.chosen()

    def on_input_submitted(self, message: Input.Submitted) -> None:
        self.entered(message.value)
