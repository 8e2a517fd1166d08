"""What Pilot tests share: a running application that has settled, and looks at it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from textual.pilot import Pilot
from textual.widgets import Input

from mailtui.ui.app import MailtuiApp
from mailtui.ui.saying import Saying
from mailtui.ui.screens.main import MainScreen
from mailtui.ui.widgets.message_list import MessageList
from tests.ui.mailbox import Recorder

WIDE, MEDIUM, NARROW = (120, 40), (80, 24), (60, 20)


@asynccontextmanager
async def running(app: MailtuiApp, size: tuple[int, int] = WIDE) -> AsyncIterator["Pilot[None]"]:
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        yield pilot


async def settled(pilot: "Pilot[None]") -> None:
    """Until every wish was answered and what came of it is painted."""
    app = pilot.app
    assert isinstance(app, MailtuiApp)
    await pilot.pause()
    await until(pilot, lambda: app.typeahead.idle and not app._wishes.waiting)
    await pilot.pause()


async def until(pilot: "Pilot[None]", true: Callable[[], object], patience: int = 400) -> None:
    """Let the application go on until something is so."""
    for _ in range(patience):
        if true():
            return
        await pilot.pause(0.01)
    raise AssertionError("it never came true")


async def press(pilot: "Pilot[None]", *keys: str) -> None:
    for key in keys:
        typing = isinstance(pilot.app.focused, Input) and len(key) == 1
        await pilot.press(key)
        if not typing:
            await settled(pilot)


def main(app: MailtuiApp) -> MainScreen:
    screen = app.screen_stack[0]
    assert isinstance(screen, MainScreen)
    return screen


def rows(app: MailtuiApp) -> MessageList:
    return main(app).message_list


def focus(app: MailtuiApp) -> str:
    """The kind of widget that has it."""
    return type(app.focused).__name__


def panes(app: MailtuiApp) -> set[str]:
    """Those of the main screen that are shown."""
    screen = main(app)
    return {
        pane.id or ""
        for pane in (screen.folder_tree, screen.message_list, screen.message_view)
        if pane.display
    }


def subject(app: MailtuiApp) -> str:
    """That of the message under the cursor."""
    summary = rows(app).summary
    return summary.subject if summary else ""


def said(app: MailtuiApp) -> str:
    """The line in the status line."""
    return app.saying.text if isinstance(app.saying, Saying) else ""


def shown_in(recorder: Recorder, subject: str) -> str:
    """The folder in which the store shows a message, "" if in none."""
    from mailtui.store.reading import Reader

    with Reader(recorder.mailbox.store) as reader:
        found = reader.summaries([recorder.mailbox.messages[subject]])
        folder = reader.folder(found[0].folder) if found else None
    return f"{folder.account}/{folder.path}" if folder else ""
