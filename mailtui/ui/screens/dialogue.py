"""A list over the mail with keys of its own: links, parts, the outbox."""

from collections.abc import Sequence
from dataclasses import replace

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from mailtui.ui.choice import Choice, Match
from mailtui.ui.context import Context
from mailtui.ui.plain import plain, set_title
from mailtui.ui.screens.base import ActionModal
from mailtui.ui.shell import shell
from mailtui.ui.situation import Situation
from mailtui.ui.widgets.choice_list import ChoiceList
from mailtui.ui.widgets.hint_line import HintLine, hints


class ListDialogue(ActionModal[None]):
    """Shows `choices()`; `none` is said when there are none. Escape closes it."""

    CSS_PATH = "dialogue.tcss"
    AUTO_FOCUS = "ChoiceList"
    context = Context.PAGER
    title_ = ""
    none = ""

    def choices(self) -> Sequence[Choice]:
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        with Vertical(id="box") as box:
            yield ChoiceList()
            yield Static(plain(self.none), id="none")
            yield HintLine()
        set_title(box, plain(self.title_))

    def on_mount(self) -> None:
        self.fill()

    def fill(self) -> None:
        """Read the rows anew; the cursor stays where it is."""
        rows = [Match(choice) for choice in self.choices()]
        self.query_one(ChoiceList).replace(rows)
        self.query_one("#box").set_class(not rows, "-none")
        self.query_one(HintLine).show(hints(self.context, shell(self).keymap, self.situation()))

    def situation(self) -> Situation:
        return replace(super().situation(), empty=not self.query_one(ChoiceList).count())

    @property
    def chosen(self) -> Choice | None:
        return self.query_one(ChoiceList).choice

    def on_hint_line_clicked(self, message: HintLine.Clicked) -> None:
        shell(self).act(message.action)

    def do_back(self) -> None:
        self.dismiss(None)
