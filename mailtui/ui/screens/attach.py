"""Asks for the path of a file and shows, as it is typed, what is there."""

import asyncio

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from mailtui.model.draft import Attachment
from mailtui.model.trouble import Refused
from mailtui.ui import attaching
from mailtui.ui.choice import Match
from mailtui.ui.latest import run_latest
from mailtui.ui.plain import plain, set_title
from mailtui.ui.widgets.choice_list import ChoiceList


class AttachScreen(ModalScreen[Attachment | None]):
    """Tab completes, Enter goes into a directory or takes the file, Escape gives None."""

    CSS_PATH = "attach.tcss"
    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-high")]  # noqa: RUF012 - as Textual has it

    def __init__(self, begun: str = "") -> None:
        super().__init__()
        self._begun = begun

    def compose(self) -> ComposeResult:
        with Vertical(id="attach") as box:
            yield Input(self._begun, placeholder="path of a file", select_on_focus=False)
            yield ChoiceList()
            yield Static(id="reason")
        set_title(box, plain("Attach a file"), plain("Tab complete   ⏎ attach   Esc never mind"))

    def on_mount(self) -> None:
        self.query_one(ChoiceList).can_focus = False
        self.query_one(Input).focus()
        self._look()

    def on_input_changed(self) -> None:
        self.query_one("#reason", Static).update(plain(""))
        self._look()

    def _look(self) -> None:
        run_latest(self, "offers", self._offer, self.query_one(Input).value)

    async def _offer(self, typed: str) -> None:
        found = await asyncio.to_thread(attaching.offers, typed)
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
            self._complete()
        elif event.key in ("escape", "ctrl+c"):
            event.stop()
            self.dismiss(None)

    def _complete(self) -> None:
        choice = self.query_one(ChoiceList).choice
        if choice is not None:
            self._type(str(choice.value))

    def _type(self, path: str) -> None:
        line = self.query_one(Input)
        line.value = path
        line.cursor_position = len(path)

    def on_rows_chosen(self) -> None:
        self._complete()
        if not self.query_one(Input).value.endswith("/"):
            self._take(self.query_one(Input).value)

    def on_input_submitted(self, message: Input.Submitted) -> None:
        choice = self.query_one(ChoiceList).choice
        typed = message.value
        if choice is not None and str(choice.value).endswith("/") and not typed.endswith("/"):
            self._type(str(choice.value))
        elif typed.endswith("/") and choice is not None:
            self._complete()
        elif typed.strip():
            self._take(typed)

    def _take(self, typed: str) -> None:
        run_latest(self, "check", self._check, typed)

    async def _check(self, typed: str) -> None:
        choice = self.query_one(ChoiceList).choice
        try:
            self.dismiss(await asyncio.to_thread(attaching.attachment, typed))
        except Refused as refusal:
            if choice is not None:  # what was begun is enough to know it
                self._type(str(choice.value))
            else:
                self.query_one("#reason", Static).update(plain(str(refusal), "$text-error"))
