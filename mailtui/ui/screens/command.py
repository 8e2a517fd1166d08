"""The `:` line: every action by its id, with completion, and with an argument where it takes one."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from mailtui.ui.choice import Choice, found
from mailtui.ui.plain import plain
from mailtui.ui.widgets.choice_list import ChoiceList

Command = tuple[str, str]  # action id and argument


class CommandScreen(ModalScreen[Command | None]):
    """`commands` complete the first word, `arguments[kind]` what comes after it."""

    CSS_PATH: ClassVar = ["prompts.tcss", "choose.tcss"]

    def __init__(self, commands: Sequence[Choice], arguments: dict[str, list[Choice]]) -> None:
        super().__init__()
        self._commands, self._arguments = list(commands), arguments

    def compose(self) -> ComposeResult:
        with Vertical(id="prompt"):
            yield ChoiceList()
            with Horizontal(id="line"):
                yield Static(plain(":"), id="colon")
                yield Input()

    def on_mount(self) -> None:
        self.query_one(ChoiceList).can_focus = False
        self._complete("")
        self.query_one(Input).focus()

    def _complete(self, text: str) -> None:
        word, space, argument = text.partition(" ")
        if not space:
            matches = found(word, self._commands)
            prefixed = [match for match in matches if match.choice.text.startswith(word)]
            rest = [match for match in matches if not match.choice.text.startswith(word)]
            self.query_one(ChoiceList).show([*prefixed, *rest])
        else:
            self.query_one(ChoiceList).show(found(argument, self._arguments.get(word, []))[:50])

    def on_input_changed(self, message: Input.Changed) -> None:
        self._complete(message.value)

    def on_input_submitted(self, message: Input.Submitted) -> None:
        word, _, argument = message.value.strip().partition(" ")
        known = {choice.text for choice in self._commands}
        if word not in known and (choice := self.query_one(ChoiceList).choice) is not None:
            word = choice.text if word else ""
        self.dismiss((word, argument.strip()) if word else None)

    def on_rows_chosen(self) -> None:
        self._insert()

    def _insert(self) -> None:
        """Put the row under the cursor into the line."""
        choice, line = self.query_one(ChoiceList).choice, self.query_one(Input)
        if choice is None:
            return
        word, space, _ = line.value.partition(" ")
        line.value = f"{word} {choice.text}" if space else f"{choice.text} "
        line.cursor_position = len(line.value)

    def on_key(self, event: events.Key) -> None:
        rows = self.query_one(ChoiceList)
        if event.key == "tab":
            self._insert()
        elif event.key == "down":
            rows.do_down()
        elif event.key == "up":
            rows.do_up()
        elif event.key in ("escape", "ctrl+c") or (
            event.key == "backspace" and not self.query_one(Input).value
        ):
            self.dismiss(None)
        else:
            return
        event.stop()
