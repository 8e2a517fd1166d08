"""The parts of a message: look, open, save one or all of them, with how far each has come."""

import asyncio
import os
from collections.abc import Awaitable
from pathlib import Path

from mailtui.model.event import BodyArrived, Event
from mailtui.model.intent import FetchBody, FetchPart
from mailtui.model.message import Message
from mailtui.model.part import Part, attachments
from mailtui.model.trouble import Refused
from mailtui.ui import glyphs, looking
from mailtui.ui.choice import Choice
from mailtui.ui.context import Context
from mailtui.ui.downloads import Then
from mailtui.ui.opening import launch, may_run, opener
from mailtui.ui.saving import save, usual
from mailtui.ui.saying import Say
from mailtui.ui.screens.dialogue import ListDialogue
from mailtui.ui.screens.pager import PagerScreen
from mailtui.ui.screens.place import PlaceScreen
from mailtui.ui.shell import shell
from mailtui.ui.wording import count, size


class PartsScreen(ListDialogue):
    """Attachments first, since they are what one comes for; the texts after them."""

    context = Context.PARTS
    title_ = "Parts"
    none = "Nothing is known of the parts yet …"

    def __init__(self, message: Message) -> None:
        super().__init__()
        self._message = message
        self._parts: tuple[Part, ...] = ()

    @property
    def _ident(self) -> int:
        return self._message.summary.id

    def on_mount(self) -> None:
        super().on_mount()
        shell(self).happened.subscribe(self, self.heard)
        if not self._parts:
            shell(self).wish(FetchBody(self._ident))

    def heard(self, event: Event) -> None:
        ours = getattr(event, "message", None) == self._ident
        if ours or isinstance(event, BodyArrived):
            self.fill()

    def choices(self) -> list[Choice]:
        reader = shell(self).readers.here
        root = reader.structure(self._ident) if reader else None
        self._parts = listed(root) if root else ()
        return [self._choice(part) for part in self._parts]

    def _choice(self, part: Part) -> Choice:
        mark = glyphs.ATTACHED if part in self._files() else " "
        return Choice(name_of(part), part, f"{part.type}   {self._state(part):>12}", mark=mark)

    def _state(self, part: Part) -> str:
        download = shell(self).downloads.of(self._ident, part.section)
        if download is not None:
            share = f"{100 * download.done // download.total} %" if download.total else size(download.done)
            return f"{glyphs.BUSY} {share}"
        reader = shell(self).readers.here
        here = reader is not None and reader.part_path(self._ident, part.section) is not None
        return f"{glyphs.DONE if here else ''} {size(part.octets)}"

    def _files(self) -> tuple[Part, ...]:
        return tuple(
            part for part in self._parts if part.type not in ("text/plain", "text/html") or part.name
        )

    @property
    def _part(self) -> Part | None:
        value = self.chosen.value if self.chosen else None
        return value if isinstance(value, Part) else None

    # what is done with them

    def on_rows_chosen(self) -> None:
        shell(self).act("open-part")

    def do_save_part(self) -> Awaitable[None] | None:
        return self._save((self._part,)) if self._part else None

    def do_save_all(self) -> Awaitable[None]:
        return self._save(self._files() or self._parts)

    async def _save(self, parts: tuple[Part, ...]) -> None:
        home, here = Path.home(), Path.cwd()
        what = name_of(parts[0]) if len(parts) == 1 else count(len(parts), "file")
        directory = await self.app.push_screen_wait(PlaceScreen(f"Save {what} in", str(usual(home, here))))
        if directory is None:
            return
        for part in parts:
            self._fetch(part, lambda path, part=part: self._save_one(path, directory, name_of(part)))  # type: ignore[misc]

    def _save_one(self, path: str, directory: Path, name: str) -> Awaitable[None]:
        async def saved() -> None:
            target = await asyncio.to_thread(save, Path(path), directory, name)
            here.say(f"Saved {target}")

        here = shell(self)
        return saved()

    def do_open_part(self) -> Awaitable[None] | None:
        return self._open(self._part) if self._part else None

    async def _open(self, part: Part) -> None:
        name = name_of(part)
        try:
            command = opener(os.environ)
        except Refused as refusal:
            if not looking.readable(part):
                shell(self).say(refusal.what, Say.HINT)
                await self._save((part,))
                return
            command = []
        if looking.readable(part) and not (command and part.type == "text/html"):
            self._fetch(part, lambda path: self._read(path, part))
            return
        if may_run(name):
            sure = await shell(self).confirm(
                f"{name} may run a program. Open it all the same?",
                yes="Open",
                advice="Only if you expect it.",
            )
            if not sure:
                return
        self._fetch(part, lambda path: self._open_one(path, name, command))

    def _read(self, path: str, part: Part) -> Awaitable[None]:
        app = self.app

        async def shown() -> None:
            lines = await asyncio.to_thread(looking.part, Path(path), part)
            app.push_screen(PagerScreen(name_of(part), lines))

        return shown()

    def _open_one(self, path: str, name: str, command: list[str]) -> Awaitable[None]:
        async def opened() -> None:
            copy = await asyncio.to_thread(here.opened.copy, Path(path), name)
            await asyncio.to_thread(launch, command, str(copy))
            here.say(f"Opened {name}")

        here = shell(self)
        return opened()

    def _fetch(self, part: Part, then: Then) -> None:
        shell(self).fetch(FetchPart(self._ident, part.section), name_of(part), then)
        self.fill()


def listed(root: Part) -> tuple[Part, ...]:
    """The leaves worth a row: attachments, then the texts."""
    files = attachments(root)
    texts = [part for part in root.walk() if not part.children and part.type.startswith("text/")]
    return (*files, *(part for part in texts if part not in files))


def name_of(part: Part) -> str:
    """Its file name, or what it is."""
    if part.name:
        return part.name
    kind, _, rest = part.type.partition("/")
    endings = {"plain": "txt", "html": "html", "calendar": "ics", "rfc822": "eml", "jpeg": "jpg"}
    label = {"text": "text", "message": "message", "image": "picture"}.get(kind, "part")
    return f"{label} {part.section}.{endings.get(rest, rest)}".strip()
