"""A text to look at over the mail: a message's headers, its source, a part of it."""

import asyncio
from collections.abc import Awaitable
from pathlib import Path

from textual.app import ComposeResult
from textual.dom import DOMNode

from mailtui.model.intent import FetchPart
from mailtui.model.message import Message
from mailtui.ui.context import Context
from mailtui.ui.looking import fields, source
from mailtui.ui.plain import plain, set_title
from mailtui.ui.screens.base import ActionModal
from mailtui.ui.shell import shell
from mailtui.ui.widgets.pager import Pager


class PagerScreen(ActionModal[None]):
    """Escape closes it."""

    CSS_PATH = "dialogue.tcss"
    context = Context.PAGER

    def __init__(self, title: str, lines: list[str], *, names: bool = False) -> None:
        super().__init__()
        self._title, self._lines, self._names = title, lines, names

    def compose(self) -> ComposeResult:
        pager = Pager(names=self._names)
        set_title(pager, plain(self._title), plain("Esc closes"))
        yield pager

    def on_mount(self) -> None:
        pager = self.query_one(Pager)
        pager.show(self._lines)
        pager.focus()

    def show_end(self) -> None:
        """What was written last."""
        self.query_one(Pager).do_last()

    def do_back(self) -> None:
        self.dismiss(None)


def open_source(node: DOMNode, message: Message, section: str) -> None:
    """Fetch the headers (`HEADER`) or the whole (``) unless they are here, then show them."""
    here, headers = shell(node), section == "HEADER"
    title = f"{'Headers' if headers else 'Source'} of {message.header.subject or 'a message without subject'}"
    app = node.app

    def show(path: str) -> Awaitable[None]:
        async def shown() -> None:
            lines = await asyncio.to_thread(fields if headers else source, Path(path))
            app.push_screen(PagerScreen(title, lines, names=headers))

        return shown()

    here.fetch(FetchPart(message.summary.id, section), "headers" if headers else "source", show)
