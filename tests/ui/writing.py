"""Hands for the tests of the compose screen."""

from textual.pilot import Pilot

from mailtui.ui.app import MailtuiApp
from mailtui.ui.compose_request import Compose
from mailtui.ui.screens.compose import ComposeScreen
from mailtui.ui.screens.main import MainScreen
from mailtui.ui.widgets.field import Line

SIZE = (120, 40)


async def open_(pilot: "Pilot[None]", app: MailtuiApp, request: Compose) -> ComposeScreen:
    app.open_compose(request)
    await settle(pilot)
    return composing(app)


async def settle(pilot: "Pilot[None]") -> None:
    """Let workers, threads and the link do what they were asked."""
    for _ in range(4):
        await pilot.pause(0.02)


async def type_(pilot: "Pilot[None]", text: str) -> None:
    await pilot.press(*(_KEYS.get(sign, sign) for sign in text))
    await settle(pilot)


_KEYS = {" ": "space", "@": "at", ".": "full_stop", "\n": "enter", ",": "comma", "“": "“"}


def focused(app: MailtuiApp) -> str | None:
    """The id of the field with the focus."""
    widget = app.focused
    if isinstance(widget, Line) and widget.parent is not None:
        return widget.parent.id
    return widget.id if widget else None


def reading(app: MailtuiApp) -> bool:
    """Whether the mail is on the screen."""
    return isinstance(app.screen, MainScreen)


def composing(app: MailtuiApp) -> ComposeScreen:
    """The message being written on the screen."""
    assert isinstance(app.screen, ComposeScreen)
    return app.screen


def status(app: MailtuiApp) -> str:
    return app.saying.text if app.saying else ""
