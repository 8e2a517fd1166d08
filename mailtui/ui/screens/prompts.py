"""Questions to the user: a line of text, a yes, a password."""

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Checkbox, Input, Static

from mailtui.model.secret import Secret
from mailtui.ui.plain import plain, set_title


class AskScreen(ModalScreen[str | None]):
    """One line of text. Enter gives it, Escape gives None."""

    CSS_PATH = "prompts.tcss"
    BINDINGS: ClassVar = [Binding("escape", "leave", show=False), Binding("ctrl+c", "leave", show=False)]

    def __init__(self, question: str, *, value: str = "", hint: str = "") -> None:
        super().__init__()
        self._question, self._value, self._hint = question, value, hint

    def compose(self) -> ComposeResult:
        with Vertical(id="prompt") as prompt:
            yield Input(self._value, select_on_focus=False)
            yield Static(plain(self._hint or "⏎ done   Esc never mind"), id="hint")
        set_title(prompt, plain(self._question))

    def on_input_submitted(self, message: Input.Submitted) -> None:
        self.dismiss(message.value)

    def action_leave(self) -> None:
        self.dismiss(None)


class ConfirmScreen(ModalScreen[bool]):
    """A yes to something that can't be taken back. Only `y` is a yes."""

    CSS_PATH = "prompts.tcss"

    def __init__(self, question: str, *, yes: str, advice: str = "") -> None:
        super().__init__()
        self._question, self._yes, self._advice = question, yes, advice

    def compose(self) -> ComposeResult:
        with Vertical(id="prompt"):
            yield Static(
                Content.assemble(
                    plain(self._question, "bold"),
                    plain(f" {self._advice}" if self._advice else "", "$text-warning"),
                ),
                id="question",
            )
            yield Static(
                Content.assemble(
                    ("y", "bold $text-accent"), plain(f" {self._yes}   "), ("n", "bold $text-accent"), " Keep"
                ),
                id="answers",
            )

    def on_key(self, event: events.Key) -> None:
        event.stop()
        if event.key in ("y", "Y"):
            self.dismiss(True)
        elif event.key in ("n", "N", "q", "escape", "ctrl+c"):
            self.dismiss(False)


class Tick(Checkbox):
    """Ticked only when it is: Textual's own shows the same sign in another colour."""

    BUTTON_INNER = " "

    def watch_value(self) -> None:
        self.BUTTON_INNER = "X" if self.value else " "
        super().watch_value()


@dataclass(frozen=True, slots=True)
class Given:
    """A password as typed, and whether to keep it in the system's keyring."""

    password: Secret
    remember: bool


class PasswordScreen(ModalScreen[Given | None]):
    """Asks for an account's password; what is typed is never shown."""

    CSS_PATH = "prompts.tcss"
    BINDINGS: ClassVar = [Binding("escape", "leave", show=False), Binding("ctrl+c", "leave", show=False)]

    def __init__(
        self, account: str, address: str, server: str, reason: str = "", *, keepable: bool = False
    ) -> None:
        super().__init__()
        self._account, self._address, self._server, self._reason = account, address, server, reason
        self._keepable = keepable

    def compose(self) -> ComposeResult:
        with Vertical(id="prompt") as prompt:
            yield Static(
                Content.assemble(
                    plain(self._address, "bold"), plain(f" at {self._server}", "$foreground-muted")
                )
            )
            if self._reason:
                yield Static(plain(self._reason, "$text-error"), id="reason")
            yield Input(password=True, placeholder="Password", id="password")
            if self._keepable:
                yield Tick(Content("Keep it in the system keyring"), value=False, id="remember")
            keys = ("⏎ sign in", "Tab keyring" if self._keepable else "", "Esc work offline")
            yield Static(plain("   ".join(key for key in keys if key)), id="hint")
        set_title(prompt, plain(f"Password for {self._account}"))

    def on_input_submitted(self, message: Input.Submitted) -> None:
        if message.value:
            remember = any(tick.value for tick in self.query(Tick))
            self.dismiss(Given(Secret(message.value), remember))

    def action_leave(self) -> None:
        self.dismiss(None)
