"""What the application says about what came true."""

import gc
import warnings

from mailtui.model.account import ConnectionState
from mailtui.model.event import ConnectionChanged, FoldersChanged
from mailtui.ui.app import MailtuiApp
from tests.ui.acting import running, said, settled

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


async def test_of_folders_read_twice_at_once_nothing_is_left_unawaited(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            for _ in range(3):
                app._news.hear(FoldersChanged("work"))
            await settled(pilot)
            gc.collect()
        assert [str(one.message) for one in warned] == []
