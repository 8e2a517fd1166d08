"""The links of a message, with where they really lead: to open or to copy."""

import asyncio
import os
from collections.abc import Sequence

from mailtui.model.part import Link
from mailtui.text import sanitize
from mailtui.ui.choice import Choice
from mailtui.ui.context import Context
from mailtui.ui.opening import launch, opener
from mailtui.ui.screens.dialogue import ListDialogue
from mailtui.ui.shell import shell
from mailtui.ui.widgets.choice_list import ChoiceList


class LinksScreen(ListDialogue):
    """Only http, https and mailto links are here; others never reach the body."""

    context = Context.LINKS
    title_ = "Links"
    none = "This message has no links."

    def __init__(self, links: Sequence[Link], at: str = "") -> None:
        super().__init__()
        self._links = [(link, url) for link in links if (url := sanitize.url(link.url))]
        self._at = at  # the one to begin with

    def on_mount(self) -> None:
        super().on_mount()
        urls = [url for _, url in self._links]
        if self._at in urls:
            self.query_one(ChoiceList).place(urls.index(self._at))

    def choices(self) -> list[Choice]:
        return [
            Choice(url, url, "" if link.text in ("", url, link.url) else link.text[:40], mark=f"{number:>2}")
            for number, (link, url) in enumerate(self._links, 1)
        ]

    def on_rows_chosen(self) -> None:
        shell(self).act("open-link")

    async def do_open_link(self) -> None:
        if self.chosen is None:
            return
        url = str(self.chosen.value)
        if url.startswith("mailto:"):
            from mailtui.ui.compose_request import New

            self.dismiss(None)
            shell(self).open_compose(New(mailto=url))
            return
        await asyncio.to_thread(launch, opener(os.environ), url)
        shell(self).say(f"Opened {url}")

    def do_copy_link(self) -> None:
        if self.chosen is not None:
            self.app.copy_to_clipboard(str(self.chosen.value))
            shell(self).say("Copied the address, if the terminal allows it.")
