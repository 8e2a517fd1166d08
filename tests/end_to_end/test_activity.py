"""The activity screen with the real service on a real server: what it says is so."""

from pathlib import Path

from textual.pilot import Pilot

from mailtui.config.settings import Settings
from mailtui.link.client import Client, memory_link
from mailtui.model.folder import Role
from mailtui.model.intent import ArchiveMessages
from mailtui.ui.activity import Entry
from mailtui.ui.app import MailtuiApp
from mailtui.ui.screens.activity import ActivityScreen
from mailtui.ui.widgets.activity_list import ActivityList
from tests.servers.dovecot import Dovecot, User
from tests.service.running import Running, account_of, message, subjects_there
from tests.service.test_activity import IMPATIENT
from tests.ui.acting import until


def rows(app: MailtuiApp) -> list[Entry]:
    found = app.screen.query_one(ActivityList)._lines
    return [line for line in found if isinstance(line, Entry)]


async def choose(pilot: "Pilot[None]", app: MailtuiApp, what: str) -> None:
    """Put the cursor on the row."""
    listed = app.screen.query_one(ActivityList)

    def there() -> bool:
        at = next((at for at, line in enumerate(listed._lines) if _is(line, what)), None)
        if at is not None:
            listed.place(at)
        return at is not None

    await until(pilot, there, 3000)


def _is(line: object, what: str) -> bool:
    return isinstance(line, Entry) and line.what == what


async def test_a_server_that_stands_still_is_seen_and_tried_again(
    dovecot: Dovecot, user: User, tmp_path: Path
) -> None:
    dovecot.seed(user, "INBOX", [(message(n), []) for n in range(1, 4)])
    account = account_of(dovecot, user)
    async with Running(tmp_path, account, world=IMPATIENT) as it:

        async def connect() -> Client:
            return await memory_link(it.service)

        app = MailtuiApp(Settings(accounts=(account,)), it.store, connect)
        async with app.run_test(size=(120, 40)) as pilot:
            await until(pilot, lambda: app._client is not None)
            await pilot.press("g", "c")
            await until(pilot, lambda: isinstance(app.screen, ActivityScreen))
            await until(pilot, lambda: [row for row in rows(app) if row.what == "in the background"])
            with dovecot.frozen():
                await it.do(ArchiveMessages((it.named("Number 1").id,)))
                await choose(pilot, app, "move Number 1")
                await until(
                    pilot, lambda: [row for row in rows(app) if row.group.value == "went wrong"], 3000
                )
                await until(pilot, lambda: [row for row in rows(app) if row.what == "no connection"], 3000)
                (waiting,) = (row for row in rows(app) if row.what == "move Number 1")
                assert (waiting.where, waiting.state) == ("Inbox → Archive", "waits for a connection")
            await choose(pilot, app, "move Number 1")
            await pilot.press("r")
            await until(pilot, lambda: not [row for row in rows(app) if row.what == "move Number 1"], 3000)
            await until(pilot, lambda: [row for row in rows(app) if row.what == "in the background"], 3000)
        assert it.subjects(Role.ARCHIVE) == ["Number 1"]
        with dovecot.other_client(user) as other:
            assert subjects_there(other, "Archive") == ["Number 1"]
