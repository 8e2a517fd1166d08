"""Help for the pane with the focus: a sentence about it, then its keys by group."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from mailtui.ui.actions import Action, Group, here
from mailtui.ui.context import NAMES, Context
from mailtui.ui.keymap import Keymap
from mailtui.ui.plain import cell, plain, set_title

PROSE: dict[Context, str] = {
    Context.LIST: "The messages of one folder, newest first. What you do applies to the selected ones, "
    "else to the one under the cursor, and shows at once; the server follows when it can.",
    Context.RESULTS: "What was found, here at once and on the server as it answers. "
    "Results can be read, answered and filed like any list.",
    Context.FOLDERS: "The folders of your accounts, with how many unread messages they have.",
    Context.MESSAGE: "The open message. Nothing in it is fetched from elsewhere unless you ask for it.",
    Context.COMPOSE: "What you write is kept as you type it, so nothing is lost if you leave.",
    Context.LINKS: "The links of the message, with where they really lead.",
    Context.PARTS: "The parts of the message. Attachments are fetched when you open or save them.",
    Context.OUTBOX: "What waits to be sent or carried out, and what needs a decision of yours.",
    Context.ACTIVITY: "What goes on: connections, what is being fetched, what is still to be carried out "
    "or sent, and what went wrong last. What you do applies to the row under the cursor.",
    Context.REVIEW: "A last look: send the message, go on writing, or keep the draft for later.",
    Context.KEPT: "What of the account can be read without a connection. Headers are always here; texts are "
    "fetched ahead of time for as many days as you choose, and go when they were not looked at for long.",
    Context.PAGER: "The text as it came, made safe to look at.",
}
_KEYS = 16  # cells of the column with the keys
_TITLE = 30


class HelpScreen(ModalScreen[None]):
    """Made from the actions table and the keys in use."""

    CSS_PATH = "help.tcss"
    BREAKPOINT = 90  # cells; below it there is one column
    AUTO_FOCUS: ClassVar[str | None] = "#sheet"

    def __init__(self, context: Context, keymap: Keymap) -> None:
        super().__init__()
        self._about, self._keymap = context, keymap

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="sheet") as sheet:
            yield Static(id="keys")
        set_title(sheet, plain(NAMES[self._about]), plain("Esc closes"))

    def on_mount(self) -> None:
        self._fill()

    def on_resize(self) -> None:
        self._fill()

    def _fill(self) -> None:
        columns = 2 if self.app.size.width >= self.BREAKPOINT else 1
        self.query_one("#keys", Static).update(sheet(self._about, self._keymap, columns))

    def on_key(self, event: events.Key) -> None:
        if event.key in ("escape", "q", "question_mark", "enter", "ctrl+c"):
            event.stop()
            self.dismiss(None)
        elif event.key in ("j", "k"):
            event.stop()
            scroll = self.query_one("#sheet", VerticalScroll)
            scroll.scroll_relative(y=1 if event.key == "j" else -1, animate=False)


def sheet(context: Context, keymap: Keymap, columns: int) -> Content:
    """The whole page of help as text."""
    actions = here(context)
    blocks = [
        _block(group, [one for one in actions if one.group is group and keymap.keys[one.id]], keymap)
        for group in Group
    ]
    filled = [block for block in blocks if block]
    left, right = _balanced(filled) if columns == 2 else (filled, [])
    lines = list(_side_by_side(_joined(left), _joined(right)))
    return Content("\n").join([plain(PROSE[context], "italic"), Content(""), *lines])


def _block(group: Group, actions: Sequence[Action], keymap: Keymap) -> list[Content]:
    rows = [
        Content.assemble(
            (cell(keymap.all_of(action), _KEYS), "bold $text-accent"), cell(action.title, _TITLE)
        )
        for action in actions
    ]
    return [plain(cell(group.value, _KEYS + _TITLE), "bold $text-primary"), *rows] if rows else []


def _balanced(blocks: list[list[Content]]) -> tuple[list[list[Content]], list[list[Content]]]:
    half, height, left = sum(len(block) + 1 for block in blocks) / 2, 0, list[list[Content]]()
    for index, block in enumerate(blocks):
        if height + len(block) / 2 > half:
            return left, blocks[index:]
        left.append(block)
        height += len(block) + 1
    return left, []


def _joined(blocks: list[list[Content]]) -> list[Content]:
    lines: list[Content] = []
    for block in blocks:
        lines += [*([Content("")] if lines else []), *block]
    return lines


def _side_by_side(left: list[Content], right: list[Content]) -> list[Content]:
    blank = Content(" " * (_KEYS + _TITLE))
    rows = max(len(left), len(right))
    padded = [line if line.cell_length else blank for line in left] + [blank] * (rows - len(left))
    if not right:
        return padded
    others = right + [Content("")] * (rows - len(right))
    return [Content.assemble(one, "  ", other) for one, other in zip(padded, others, strict=True)]
