"""The last action that `.` does again."""

from dataclasses import dataclass

from mailtui.ui.actions import Action


@dataclass(slots=True)
class Repeat:
    """`argument` is what the action was done with, found out while it was done (the chosen folder)."""

    action: Action | None = None
    argument: str = ""

    def remember(self, action: Action, argument: str = "") -> None:
        self.action, self.argument = action, argument

    @property
    def title(self) -> str:
        return self.action.title if self.action else ""
