"""Asks for the path of a file to go along."""

import asyncio

from textual.widgets import Input

from mailtui.model.draft import Attachment
from mailtui.model.trouble import Refused
from mailtui.ui import attaching
from mailtui.ui.choice import Choice
from mailtui.ui.screens.path import PathScreen


class AttachScreen(PathScreen[Attachment]):
    """Enter goes into a directory or takes the file."""

    title_ = "Attach a file"
    verb = "attach"
    wanted = "path of a file"

    def offers(self, typed: str) -> list[Choice]:
        return attaching.offers(typed)

    def chosen(self) -> None:
        self.complete()
        if not self.query_one(Input).value.endswith("/"):
            self.take(self.query_one(Input).value)

    def entered(self, typed: str) -> None:
        choice = self.choice
        if choice is not None and str(choice.value).endswith("/") and not typed.endswith("/"):
            self.put(str(choice.value))
        elif typed.endswith("/") and choice is not None:
            self.complete()
        elif typed.strip():
            self.take(typed)

    async def check(self, typed: str) -> None:
        choice = self.choice
        try:
            self.dismiss(await asyncio.to_thread(attaching.attachment, typed))
        except Refused as refusal:
            if choice is not None:  # what was begun is enough to know it
                self.put(str(choice.value))
            else:
                self.refuse(str(refusal))
