"""What may follow a prefix such as `g`, shown when the user hesitates."""

from collections.abc import Mapping

from textual.content import Content
from textual.widget import Widget

from mailtui.ui.actions import BY_ID
from mailtui.ui.keys import shown
from mailtui.ui.plain import cell, set_title

COLUMN = 34


class WhichKey(Widget):
    """Hidden until there is something to show."""

    DEFAULT_CSS = """
    WhichKey {
        display: none;
        layer: above;
        dock: bottom;
        width: 100%;
        height: auto;
        margin-bottom: 2;
        padding: 0 1;
        border: round $border-focus;
        border-title-color: $foreground;
        border-title-style: bold;
        background: $surface;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[tuple[str, str]] = []

    def show(self, prefix: tuple[str, ...], following: Mapping[str, str]) -> None:
        self._rows = [
            (shown(key), BY_ID[action].title if action else "…") for key, action in sorted(following.items())
        ]
        set_title(self, Content(" " + " ".join(map(shown, prefix)) + " … "))
        self.display = True
        self.refresh(layout=True)

    def hide(self) -> None:
        self.display = False

    def render(self) -> Content:
        across = max((self.size.width or COLUMN) // COLUMN, 1)
        down = -(-len(self._rows) // across)
        lines = []
        for row in range(down):
            parts: list[tuple[str, str]] = []
            for key, title in self._rows[row::down]:
                parts += [(cell(key, 5, "right"), "bold $text-accent"), ("  " + cell(title, COLUMN - 7), "")]
            lines.append(Content.assemble(*parts))
        return Content("\n").join(lines)
