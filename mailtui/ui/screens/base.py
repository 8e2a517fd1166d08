"""Screens whose keys come from the actions table."""

from typing import TypeVar

from textual import events
from textual.app import ComposeResult
from textual.dom import DOMNode
from textual.screen import ModalScreen, Screen
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, TextArea

from mailtui.ui.chords import Chords, Pending, Run
from mailtui.ui.context import Context
from mailtui.ui.keys import shown
from mailtui.ui.saying import Say, Saying
from mailtui.ui.shell import shell
from mailtui.ui.situation import Situation
from mailtui.ui.widgets.hint_line import HintLine, hints
from mailtui.ui.widgets.status_line import StatusLine
from mailtui.ui.widgets.which_key import WhichKey

Result = TypeVar("Result")
HESITATION = 0.4  # seconds after a prefix before which-key appears


def context_of(node: DOMNode | None) -> Context | None:
    """The context that a widget or the nearest thing around it says it is."""
    while node is not None:
        context = getattr(node, "context", None)
        if isinstance(context, Context):
            return context
        node = node.parent
    return None


class Keyed(Screen[Result], inherit_bindings=False):
    """Feeds the keys that no widget took to the state machine, and runs what comes of it."""

    def __init__(
        self,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - Textual's name
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._chords = Chords()
        self._pause: Timer | None = None

    @property
    def here(self) -> Context | None:
        """Where the focus is."""
        return context_of(self.focused) or context_of(self)

    def situation(self) -> Situation:
        """What actions need to know to be refused with a reason."""
        return Situation(self.here or Context.PAGER, busy=bool(len(shell(self).downloads)))

    def show_saying(self, saying: Saying | None, undo_key: str) -> None:
        """What was just said, or nothing any more, where there is a line for it."""

    def on_key(self, event: events.Key) -> None:
        here = self.here
        if here is None:
            return
        typing = isinstance(self.focused, (Input, TextArea))
        step = self._chords.press(event.key, shell(self).keymap.table(here, typing))
        self._end_pause()
        if isinstance(step, Run):
            event.stop()
            shell(self).act(step.action)
        elif isinstance(step, Pending):
            event.stop()
            self._pause = self.set_timer(HESITATION, lambda: self._which_key(step))
        elif step.prefix:
            event.stop()
            if event.key != "escape":
                pressed = " ".join(map(shown, (*step.prefix, event.key)))
                shell(self).say(f"{pressed} is no command.", Say.HINT)

    def on_screen_suspend(self) -> None:
        """What was pressed so far was pressed here: it is no beginning of anything later."""
        self._chords.reset()
        self._end_pause()

    def _end_pause(self) -> None:
        if self._pause is not None:
            self._pause.stop()
            self._pause = None
        for popup in self.query(WhichKey):
            popup.hide()

    def _which_key(self, step: Pending) -> None:
        for popup in self.query(WhichKey):
            popup.show(step.prefix, step.next)


class ActionScreen(Keyed[Result]):
    """A whole screen: its body, the status line, the hints."""

    def body(self) -> ComposeResult:
        """What stands above the two lines at the bottom."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        yield from self.body()
        yield StatusLine(id="status")
        yield HintLine(id="hints")
        yield WhichKey()

    def on_mount(self) -> None:
        self.watch(self, "focused", self._focus_moved, init=True)

    def _focus_moved(self, _focused: Widget | None) -> None:
        self._chords.reset()
        self._end_pause()
        self.refresh_hints()

    def refresh_hints(self) -> None:
        here = self.here
        if here is not None and self.is_mounted:
            self.query_one(HintLine).show(hints(here, shell(self).keymap))

    def show_saying(self, saying: Saying | None, undo_key: str) -> None:
        if self.is_mounted:
            self.query_one(StatusLine).say(saying, undo_key)

    def show_connections(self) -> None:
        if not self.is_mounted:
            return
        here = shell(self)
        status = self.query_one(StatusLine)
        names = {folder.id: folder.name for folder in here.folders}
        status.connect(here.connections, self.account, names)
        newest = here.downloads.newest
        status.work(
            newest.title if newest else "", newest.done if newest else 0, newest.total if newest else 0
        )

    @property
    def account(self) -> str:
        """The account at hand, which comes first in the status line."""
        return next(iter(shell(self).accounts), "")

    def on_screen_resume(self) -> None:
        self.show_saying(shell(self).saying, shell(self).key_of("undo"))
        self.show_connections()
        self.refresh_hints()

    def on_hint_line_clicked(self, message: HintLine.Clicked) -> None:
        shell(self).act(message.action)

    def on_status_line_clicked(self) -> None:
        shell(self).act("go-activity")


class ActionModal(ModalScreen[Result], Keyed[Result], inherit_bindings=False):
    """A dialogue over a screen, with keys of its own from the table."""
