"""What the application says about what came true."""

from mailtui.model.account import ConnectionState
from mailtui.model.event import ConnectionChanged
from mailtui.ui.app import MailtuiApp
from tests.ui.acting import running, said

_WHY = "The certificate of imap.example.org can't be trusted: it has expired."


async def test_why_an_account_waits_for_the_user_is_said_once(app: MailtuiApp) -> None:
    waits = ConnectionChanged("work", ConnectionState.WAITING, _WHY)
    async with running(app):
        app._news.hear(waits)
        assert said(app) == f"work: {_WHY}"
        app.say("Archived 1 message")
        app._news.hear(waits)  # it was tried again
        assert said(app) == "Archived 1 message"
        app._news.hear(ConnectionChanged("work", ConnectionState.ONLINE))
        app._news.hear(waits)
        assert said(app) == f"work: {_WHY}"
