"""The question for a password: no complaint where asking is meant, the keyring only where there is one."""

from textual.widgets import Input, Static

from mailtui.model.account import ConnectionState
from mailtui.model.event import ConnectionChanged, PasswordWanted
from mailtui.model.intent import GivePassword
from mailtui.model.secret import Secret
from mailtui.ui.app import MailtuiApp
from mailtui.ui.screens.prompts import PasswordScreen, Tick
from tests.ui.acting import press, running, said, until
from tests.ui.mailbox import Recorder


def waiting(why: str) -> ConnectionChanged:
    return ConnectionChanged("work", ConnectionState.WAITING, why)


async def test_what_is_asked_at_each_start_is_no_trouble(app: MailtuiApp, recorder: Recorder) -> None:
    async with running(app) as pilot:
        recorder.tell(PasswordWanted("work"), waiting("No password is kept."))
        await until(pilot, lambda: isinstance(app.screen, PasswordScreen))
        assert not app.screen.query("#reason")
        assert not app.screen.query(Tick), "there is nothing to keep it in"
        assert said(app) == ""
        app.screen.query_one(Input).value = "secret"
        await press(pilot, "enter")
        assert recorder.of(GivePassword) == [GivePassword("work", Secret("secret"), False)]
        assert said(app) == ""


async def test_a_refused_one_says_why_and_may_be_kept(app: MailtuiApp, recorder: Recorder) -> None:
    async with running(app) as pilot:
        recorder.tell(PasswordWanted("work", "The server refused it.", keepable=True))
        await until(pilot, lambda: isinstance(app.screen, PasswordScreen))
        assert str(app.screen.query_one("#reason", Static).content) == "The server refused it."
        tick = app.screen.query_one(Tick)
        assert "X" not in str(tick.render()), "not ticked is seen without colour"
        tick.toggle()
        assert "X" in str(tick.render())
        app.screen.query_one(Input).value = "secret"
        app.screen.query_one(Input).focus()
        await press(pilot, "enter")
        assert recorder.of(GivePassword) == [GivePassword("work", Secret("secret"), True)]
