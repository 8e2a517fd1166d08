"""Asks for the directory that something is saved in."""

import asyncio
from pathlib import Path

from mailtui.model.trouble import Refused
from mailtui.ui import attaching, saving
from mailtui.ui.choice import Choice
from mailtui.ui.screens.path import PathScreen


class PlaceScreen(PathScreen[Path]):
    """Enter takes the directory as typed. One that is not there is made by a second Enter, if the one
    above it is."""

    verb = "save there"
    wanted = "a directory"

    def __init__(self, title: str, begun: str) -> None:
        super().__init__(begun, title)
        self._to_make: Path | None = None

    def offers(self, typed: str) -> list[Choice]:
        return [choice for choice in attaching.offers(typed) if str(choice.value).endswith("/")]

    def entered(self, typed: str) -> None:
        self.take(typed)

    async def check(self, typed: str) -> None:
        directory = saving.destination(typed, Path.home(), Path.cwd())
        try:
            if await asyncio.to_thread(saving.to_be_made, directory):
                if directory != self._to_make:
                    self._to_make = directory
                    self.refuse(f"There is no {directory.name} yet. ⏎ again makes it.", "$text-warning")
                    return
                await asyncio.to_thread(saving.make, directory)
        except Refused as refusal:
            self.refuse(str(refusal))
            return
        self.dismiss(directory)
