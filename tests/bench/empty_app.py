"""The smallest Textual program there is: what every start is measured against."""

from textual.app import App, ComposeResult
from textual.content import Content
from textual.widgets import Static


class Empty(App[None]):
    def compose(self) -> ComposeResult:
        yield Static(Content("Nothing but this line"))


if __name__ == "__main__":
    Empty().run()
