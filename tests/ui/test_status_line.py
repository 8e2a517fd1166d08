"""What is said is read whole wherever there is room for it, and nothing moves for that."""

import pytest
from textual.content import Content

from mailtui.model.account import ConnectionState
from mailtui.model.event import ConnectionChanged
from mailtui.ui.app import MailtuiApp
from mailtui.ui.saying import Say
from mailtui.ui.widgets.hint_line import HintLine
from mailtui.ui.widgets.status_line import StatusLine
from tests.ui.acting import MEDIUM, NARROW, WIDE, main, press, running, settled
from tests.ui.mailbox import Recorder

TROUBLE = (
    "Cc: “Hello Subj” is not an address. "
    "Write it as name@example.org or Name <name@example.org>, and then go on."
)


def shown(app: MailtuiApp) -> str:
    content = app.screen.query_one(StatusLine).render()
    assert isinstance(content, Content)
    return content.plain


def words(app: MailtuiApp) -> str:
    return " ".join(shown(app).split())


async def online(app: MailtuiApp, recorder: Recorder) -> None:
    recorder.tell(*(ConnectionChanged(one, ConnectionState.ONLINE, "") for one in ("work", "home")))


@pytest.mark.parametrize("size", [WIDE, (100, 30), MEDIUM, NARROW])
async def test_a_trouble_is_read_whole_and_the_list_stays_where_it_is(
    app: MailtuiApp, recorder: Recorder, size: tuple[int, int]
) -> None:
    async with running(app, size) as pilot:
        await online(app, recorder)
        await press(pilot, "G")
        place = (main(app).message_list.region, main(app).message_list.scroll_offset)
        app.trouble(TROUBLE)
        await settled(pilot)
        assert words(app) == f"! {TROUBLE}" if size[0] > 60 else words(app).startswith(f"! {TROUBLE[:90]}")
        assert (main(app).message_list.region, main(app).message_list.scroll_offset) == place
        app.say("Done.")
        await settled(pilot)
        assert app.screen.query_one(HintLine).display
        assert app.screen.query_one(StatusLine).size.height == 1
        assert (main(app).message_list.region, main(app).message_list.scroll_offset) == place


async def test_the_accounts_give_way_only_to_what_needs_their_room(
    app: MailtuiApp, recorder: Recorder
) -> None:
    async with running(app, NARROW) as pilot:
        await online(app, recorder)
        app.say("Sent.")
        await settled(pilot)
        assert "online" in shown(app)
        app.say("The draft is kept; g w goes on with it.")
        await settled(pilot)
        assert words(app) == "✓ The draft is kept; g w goes on with it."


async def test_a_long_hint_leaves_the_keys_alone(app: MailtuiApp) -> None:
    async with running(app, NARROW) as pilot:
        app.say("word " * 40, Say.HINT)
        await settled(pilot)
        assert app.screen.query_one(HintLine).display
