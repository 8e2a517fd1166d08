"""`python -m tests.screenshots [--png DIRECTORY] [NAME…]`: the pictures in screenshots/, taken of the
running program on the demo's mail at a fixed moment, so that the same program makes the same picture."""

import argparse
import asyncio
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from textual.pilot import Pilot

from mailtui.config.paths import Paths, ensure
from mailtui.config.settings import Settings
from mailtui.link.client import memory_link
from mailtui.model.account import Account, Security, Server
from mailtui.model.address import Address
from mailtui.model.intent import Synchronise
from mailtui.model.secret import Secret
from mailtui.service.outside import World
from mailtui.service.service import AccountService
from mailtui.store.reading import Reader
from mailtui.ui.app import MailtuiApp
from tests.demo.running import Demo, demo_servers
from tests.pictures import settled

NOW = 1_795_516_260  # Tuesday 24 November 2026, 10:31 UTC
TARGET = Path(__file__).parents[1] / "screenshots"
_PATIENCE = 20.0


class Scene:
    """The running program, with ways to do something and to wait for what it brings."""

    def __init__(self, app: MailtuiApp, pilot: "Pilot[None]") -> None:
        self.app, self._pilot = app, pilot

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self._pilot.press(key)
            await self._pilot.pause()

    async def type(self, text: str) -> None:
        await self.press(*("space" if sign == " " else sign for sign in text))

    async def see(self, pattern: str) -> None:
        """Wait until the screen shows it."""
        end = time.monotonic() + _PATIENCE
        while not re.search(pattern, self.text):
            if time.monotonic() > end:
                raise RuntimeError(f"never showed {pattern!r}:\n{self.text}")
            await self._pilot.pause(0.05)

    async def rest(self) -> None:
        """Wait until nothing changes any more."""
        before = ""
        while before != self.text:
            before = self.text
            await self._pilot.pause(0.4)

    @property
    def text(self) -> str:
        strips = self.app.screen._compositor.render_strips()
        return "\n".join(strip.text for strip in strips)


async def main_screen(scene: Scene) -> None:
    await scene.press("j", "j")
    await scene.see("Soup|soup")


async def small_screen(scene: Scene) -> None:
    await scene.press("j")


async def compose(scene: Scene) -> None:
    await scene.press("j", "j")
    await scene.see("find soup")
    await scene.press("r")
    await scene.see("wrote:")
    await scene.type("The dashboard agrees to the millimetre. Go and find soup.")
    await scene.press("enter", "enter")
    await scene.type("Robin")
    await scene.press("enter")


async def search(scene: Scene) -> None:
    await scene.press("slash")
    await scene.type("gull")
    await scene.see("knock twice")


async def help_screen(scene: Scene) -> None:
    await scene.press("question_mark")


async def newsletter(scene: Scene) -> None:
    await scene.press("slash")
    await scene.type("subject:listen")
    await scene.see("Instruments that listen")
    await scene.press("enter", "enter")
    await scene.see("pay attention")


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture: its size in cells, its theme, and what is done before it is taken."""

    size: tuple[int, int]
    steps: Callable[[Scene], Awaitable[None]]
    theme: str = "textual-dark"


SHOTS = {
    "main-120x40": Shot((120, 40), main_screen),
    "main-80x24": Shot((80, 24), small_screen),
    "main-light": Shot((120, 40), main_screen, "textual-light"),
    "search": Shot((120, 40), search),
    "newsletter": Shot((120, 40), newsletter),
    "help": Shot((120, 40), help_screen),
    "compose": Shot((120, 40), compose),
}


async def take(names: list[str], target: Path) -> None:
    """Start the demo's servers and the service, fill the local copy, take the pictures."""
    with (
        tempfile.TemporaryDirectory(prefix="mailtui-shots-") as place,
        demo_servers("--now", str(NOW)) as demo,
    ):
        paths = Paths.below(Path(place))
        ensure(paths)
        settings = Settings(accounts=tuple(_accounts(demo)))
        secret = Secret(demo.told["password"])
        world = World(clock=lambda: NOW, random=lambda: 0.5, find_secret=lambda _: secret)
        service = AccountService(settings, paths.store, paths.parts, world)
        await service.start()
        try:
            await _filled(service, paths)
            for name in names:
                (target / f"{name}.svg").write_text(await _picture(service, settings, paths, SHOTS[name]))
                print(name)
        finally:
            await service.stop(2)


def _accounts(demo: Demo) -> Iterator[Account]:
    for told in demo.told["accounts"]:
        imap, smtp = (
            Server(told[kind]["host"], told[kind]["port"], Security.NONE, told[kind]["user"])
            for kind in ("imap", "smtp")
        )
        yield Account(told["key"], Address(told["name"], told["address"]), imap, smtp)


async def _filled(service: AccountService, paths: Paths) -> None:
    """Until everything of both accounts is in the local copy, the big picture too."""
    client = await memory_link(service)
    end = time.monotonic() + _PATIENCE
    while _missing(paths) and time.monotonic() < end:
        await client.submit(Synchronise())
        await asyncio.sleep(0.5)
    await client.close()


def _missing(paths: Paths) -> bool:
    with Reader(paths.store) as reader:
        folders = reader.folders()
        sizes = [row.size for folder in folders for row in reader.window(folder.id, 50)]
        whole = bool(folders) and all(folder.complete for folder in folders if folder.selectable)
    return not whole or max(sizes, default=0) < 3_000_000


async def _picture(service: AccountService, settings: Settings, paths: Paths, shot: Shot) -> str:
    app = MailtuiApp(
        replace(settings, theme=shot.theme),
        paths.store,
        lambda: memory_link(service),
        clock=lambda: NOW,
        environment={"TERM": "xterm-256color", "COLORTERM": "truecolor"},
    )
    async with app.run_test(size=shot.size) as pilot:
        scene = Scene(app, pilot)
        await scene.see("Welcome to mailtui")
        await scene.see("online")
        await shot.steps(scene)
        await scene.rest()
        return settled(app.export_screenshot(title="mailtui"))


def render(name: str, directory: Path) -> None:
    """A PNG of a picture, for looking at (needs rsvg-convert)."""
    directory.mkdir(parents=True, exist_ok=True)
    source, result = TARGET / f"{name}.svg", directory / f"{name}.png"
    subprocess.run(["rsvg-convert", "--zoom", "1.2", "-o", str(result), str(source)], check=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots")
    parser.add_argument("names", nargs="*", choices=[[], *SHOTS], metavar="NAME")
    parser.add_argument("--png", type=Path, metavar="DIRECTORY", help="render them there, too")
    asked = parser.parse_args()
    os.environ["TZ"] = "UTC"
    time.tzset()
    names = asked.names or list(SHOTS)
    TARGET.mkdir(exist_ok=True)
    asyncio.run(take(names, TARGET))
    for name in names if asked.png else ():
        render(name, asked.png)
    return 0


if __name__ == "__main__":
    sys.exit(main())
