"""Renders a scene of the application to a picture: `python -m tests.ui.look main 120x40 nord out.svg`."""

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from textual.pilot import Pilot

from mailtui.ui.app import MailtuiApp
from tests.ui import going_on
from tests.ui.mailbox import Recorder, application, fill

Scene = Callable[[MailtuiApp, Recorder, "Pilot[None]"], Awaitable[None]]


def keys(*pressed: str) -> Scene:
    """A scene that is reached by pressing keys."""

    async def scene(app: MailtuiApp, recorder: Recorder, pilot: "Pilot[None]") -> None:
        for key in pressed:
            await pilot.press(key)
            await pilot.pause()

    return scene


async def activity(app: MailtuiApp, recorder: Recorder, pilot: "Pilot[None]") -> None:
    """A busy moment."""
    await going_on.begin(recorder)
    recorder.tell(*going_on.states())
    await pilot.press("g", "c")
    await pilot.pause(0.5)
    await pilot.press("j", "j", "j", "j")


SCENES: dict[str, Scene] = {
    "main": keys("j"),
    "open": keys("j", "enter"),
    "folders": keys("1", "j"),
    "start": keys(),
    "done": keys("j", "a"),
    "selected": keys("x", "x", "j", "x"),
    "help": keys("question_mark"),
    "jump": keys("c", "l"),
    "move": keys("s"),
    "palette": keys("ctrl+k"),
    "palette2": keys("ctrl+k", "m", "o"),
    "command": keys("colon", "f"),
    "prompt": keys("1", "n"),
    "confirm": keys("1", "end", "d"),
    "parts": keys("enter", "v"),
    "links": keys("enter", "ctrl+l"),
    "headers": keys("enter", "h"),
    "kept": keys("g", "k"),
    "keep": keys("g", "k", "enter"),
    "search": keys("slash", "b", "u", "d", "g", "e", "t"),
    "compose": keys("r"),
    "activity": activity,
}


async def render(scene: str, size: tuple[int, int], theme: str, target: Path) -> None:
    with tempfile.TemporaryDirectory() as directory:
        recorder = Recorder(fill(Path(directory) / "mail.db"))
        app = application(recorder, theme=theme)
        async with app.run_test(size=size) as pilot:
            await pilot.pause(0.1)
            if scene == "which":
                await pilot.press("g")
                await pilot.pause(0.6)
            else:
                await SCENES[scene](app, recorder, pilot)
            await pilot.pause(0.5)
            target.write_text(app.export_screenshot(title="mailtui"))
        recorder.mailbox.writer.close()


if __name__ == "__main__":
    name, dimensions, colours, path = sys.argv[1:5]
    columns, lines = (int(number) for number in dimensions.split("x"))
    asyncio.run(render(name, (columns, lines), colours, Path(path)))
