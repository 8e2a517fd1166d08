"""What is typed ahead reaches what it was meant for: keys that come in one read with the key that
opens something, from a paste without brackets, over a slow line, on a busy machine."""

import asyncio

import pytest
from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from mailtui.model.intent import ArchiveMessages, DestroyMessages, MoveMessages, TrashMessages
from mailtui.ui import typeahead
from mailtui.ui.actions import ACTIONS
from mailtui.ui.app import MailtuiApp
from mailtui.ui.context import Context
from mailtui.ui.keymap import keymap
from mailtui.ui.screens.choose import ChooseScreen
from mailtui.ui.screens.command import CommandScreen
from mailtui.ui.screens.compose import ComposeScreen
from mailtui.ui.screens.help import HelpScreen
from mailtui.ui.screens.main import MainScreen
from mailtui.ui.screens.search import SearchScreen
from mailtui.ui.widgets.message_list import MessageList
from tests.ui.acting import main, running, said, settled, subject
from tests.ui.mailbox import Recorder

FILED = (ArchiveMessages, TrashMessages, MoveMessages, DestroyMessages)
LETTERS = "ad"  # archive and throw away, where they are no text


def burst(app: MailtuiApp, *keys: str) -> None:
    """All of it in one read."""
    for key in keys:
        name = _character_to_key(key) if len(key) == 1 else key
        app.post_message(events.Key(name, key if len(key) == 1 else None))


async def typed(pilot: "Pilot[None]", app: MailtuiApp, *keys: str) -> None:
    burst(app, *keys)
    await settled(pilot)


def text(app: MailtuiApp) -> str:
    """What stands where one types."""
    field = app.focused
    assert isinstance(field, (Input, TextArea)), field
    return field.value if isinstance(field, Input) else field.text


def filed(recorder: Recorder) -> list[object]:
    return [intent for kind in FILED for intent in recorder.of(kind)]


async def test_a_search_typed_in_one_go_is_searched_for(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        await typed(pilot, app, *"/Sub")
        assert isinstance(app.screen, SearchScreen)
        assert text(app) == "Sub"
        await typed(pilot, app, "escape", *"/x", "escape")
        assert isinstance(app.screen, MainScreen)


@pytest.mark.parametrize(
    ("keys", "title", "found"),
    [("sad", "Move", "ad"), ("yad", "Copy", "ad"), ("cinb", "Go to", "inb"), ("fad", "Forward", "ad")],
)
async def test_letters_after_a_key_that_asks_choose_and_do_nothing_behind(
    app: MailtuiApp, recorder: Recorder, keys: str, title: str, found: str
) -> None:
    async with running(app) as pilot:
        await typed(pilot, app, *keys)
        assert isinstance(app.screen, ChooseScreen)
        assert app.screen._title.startswith(title)
        assert text(app) == found
        assert filed(recorder) == []


async def test_a_filter_typed_in_one_go_filters(app: MailtuiApp, recorder: Recorder) -> None:
    async with running(app) as pilot:
        await typed(pilot, app, "\\", *"from:olaf", "enter", "j")
        assert isinstance(app.screen, MainScreen)
        assert main(app)._filter == "from:olaf"
        assert subject(app) == "Invoice 4242"
        assert filed(recorder) == []


async def test_what_follows_an_answer_waits_for_what_it_brings_about(
    app: MailtuiApp, recorder: Recorder
) -> None:
    """The key that answers a question lets a work go on that is not of the screen any more."""
    async with running(app) as pilot:
        await typed(pilot, app, "c", *"receipts", "enter", "/", "x")
        folder = main(app).folder
        assert folder is not None
        assert folder.name == "Receipts"
        assert isinstance(app.screen, SearchScreen)
        assert text(app) == "x"


@pytest.mark.parametrize("command", ["help", "read"])
async def test_a_command_is_typed_as_a_whole(app: MailtuiApp, command: str) -> None:
    async with running(app) as pilot:
        await typed(pilot, app, ":", *command)
        assert isinstance(app.screen, CommandScreen)
        assert text(app) == command
        await typed(pilot, app, "enter")
        assert isinstance(app.screen, HelpScreen if command == "help" else MainScreen)


async def test_a_message_is_written_in_one_go(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        await typed(pilot, app, *"mbob@example.test", "tab", "tab", *"Lunch", "tab", *"At noon?")
        assert isinstance(app.screen, ComposeScreen)
        draft = app.screen.draft()
        assert (draft.to, draft.subject, draft.body) == ("bob@example.test", "Lunch", "At noon?")


async def test_a_reply_takes_what_follows_into_its_text(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        await typed(pilot, app, *"rhello")
        assert isinstance(app.screen, ComposeScreen)
        assert text(app).startswith("hello")


async def test_done_and_keep_does_not_put_a_letter_into_the_text(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        await typed(pilot, app, "m", *"bob@example.test", "escape", "q")
        assert isinstance(app.screen, MainScreen)
        assert "kept" in said(app)


async def test_a_prefix_typed_after_a_key_that_asks_is_a_letter(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        await typed(pilot, app, "f", "g")
        assert text(app) == "g"
        await typed(pilot, app, "escape", "i")
        assert "is no command" not in said(app)


async def test_what_was_begun_before_a_screen_opened_is_forgotten(app: MailtuiApp) -> None:
    """A click or an event can open a screen between two keys of a sequence."""
    async with running(app) as pilot:
        await typed(pilot, app, "g")
        app.open_search()
        await settled(pilot)
        await typed(pilot, app, "escape", "j")
        assert "is no command" not in said(app)


async def test_pasted_text_keeps_its_place_among_keys(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        burst(app, "/")
        app.post_message(events.Paste("budget"))
        burst(app, *" q3")
        await settled(pilot)
        assert text(app) == "budget q3"


async def test_moves_in_one_read_are_all_made(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        await typed(pilot, app, *"jjjj", "k")
        listing = main(app).message_list._listing
        assert listing is not None
        assert listing.cursor == 3


async def test_a_work_that_does_not_end_holds_keys_only_for_a_while(
    app: MailtuiApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typeahead, "LIMIT", 0.1)
    never = asyncio.Event()

    async def forever() -> None:
        await never.wait()

    async with running(app) as pilot:
        monkeypatch.setattr(main(app), "do_go_starred", forever)
        before = subject(app)
        await typed(pilot, app, "g", "s", "j", "j", "k")
        assert subject(app) != before
        never.set()


OPENING = {
    *("compose", "reply", "reply-all", "forward", "move", "copy", "filter", "search", "select-pattern", "go"),
    *("palette", "command", "help", "headers", "source", "parts", "go-outbox", "go-activity", "kept"),
}  # at least these open something; whatever else of the table does is tried too
FILING = {"archive", "trash", "junk", "destroy", "repeat"}


async def home(pilot: "Pilot[None]", app: MailtuiApp) -> None:
    """Back to the inbox, whatever is open."""
    while app.screen is not main(app):
        if isinstance(app.screen, ComposeScreen):
            app.screen.close()
        else:
            burst(app, "escape")
        await settled(pilot)
    inbox = app.folders.first()
    assert inbox is not None
    main(app).open_folder(inbox)
    await settled(pilot)
    assert isinstance(app.focused, MessageList)


async def test_letters_after_any_key_that_opens_something_file_nothing_behind(
    app: MailtuiApp, recorder: Recorder
) -> None:
    keys = keymap().keys
    actions = [one for one in ACTIONS if one.contexts & Context.LIST and keys[one.id] and one.id != "quit"]
    opened: set[str] = set()
    async with running(app) as pilot:
        for action in actions:
            if action.id in FILING:
                continue
            pressed = keys[action.id][0].split()
            await typed(pilot, app, *pressed)
            opens = app.screen is not main(app)
            await home(pilot, app)
            if opens:
                opened.add(action.id)
                await typed(pilot, app, *pressed, *LETTERS)
                assert app.screen is not main(app), action.id
                assert filed(recorder) == [], action.id
                if isinstance(app.focused, (Input, TextArea)):
                    assert LETTERS in text(app), action.id
                await home(pilot, app)
    assert opened >= OPENING
