"""Palette, `:` line, help, which-key, hints: all made from the actions table."""

from textual.content import Content
from textual.widgets import Input

from mailtui.model.intent import CreateFolder, RenameFolder
from mailtui.ui.app import MailtuiApp
from mailtui.ui.screens.choose import ChooseScreen
from mailtui.ui.screens.command import CommandScreen
from mailtui.ui.screens.help import HelpScreen
from mailtui.ui.widgets.choice_list import ChoiceList
from mailtui.ui.widgets.hint_line import HintLine
from mailtui.ui.widgets.which_key import WhichKey
from tests.ui.acting import MEDIUM, NARROW, focus, main, press, rows, running, said, subject, until
from tests.ui.mailbox import Recorder, application


def offered(app: MailtuiApp) -> list[str]:
    screen = app.screen
    matches = screen.query_one(ChoiceList)._rows
    return [row if isinstance(row, str) else row.choice.text for row in matches]


def painted(app: MailtuiApp, what: str) -> str:
    content = app.screen.query_one(what).render()
    assert isinstance(content, Content)
    return content.plain


async def test_the_palette_does_what_is_chosen(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        await press(pilot, "ctrl+k", *"archive", "enter")
        assert said(app) == "Archived 1 message"


async def test_the_palette_has_a_second_key_and_goes_to_folders(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        await press(pilot, "ctrl+p", *"go to home / fam", "enter")
        folder = main(app).folder
        assert folder is not None
        assert folder.path == "Family"


async def test_the_palette_says_why_something_can_not_be_done(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        await press(pilot, "ctrl+k", *"undo")
        choice = app.screen.query_one(ChoiceList).choice
        assert choice is not None
        assert choice.reason == "There is nothing to undo."
        await press(pilot, "enter")
        assert isinstance(app.screen, ChooseScreen)


async def test_a_greyed_row_says_its_reason_when_it_is_chosen(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        await press(pilot, "1", "ctrl+k", *"rename", "enter")
        assert isinstance(app.screen, ChooseScreen)
        assert said(app) == "The inbox can't be renamed, moved or deleted."
        await press(pilot, "escape")
        assert focus(app) == "FolderTree"


async def test_folders_are_made_and_renamed_from_the_list(app: MailtuiApp, recorder: Recorder) -> None:
    async with running(app) as pilot:
        app.act("go", "Receipts")
        await press(pilot, "ctrl+k", *"rename f", "enter", "ctrl+u", *"Bills", "enter")
        assert recorder.of(RenameFolder) == [RenameFolder(recorder.mailbox.folders["work/Receipts"], "Bills")]
        await press(pilot, "ctrl+k", *"new fold", "enter", "ctrl+u", *"Travel", "enter")
        assert recorder.of(CreateFolder) == [CreateFolder("work", "Travel")]
        assert focus(app) == "MessageList"


async def test_a_command_is_found_by_another_word_for_it(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        await press(pilot, "colon", *"create")
        assert offered(app)[0] == "new-folder"


async def test_the_palette_shows_the_keys(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        await press(pilot, "ctrl+k", *"to trash")
        choice = app.screen.query_one(ChoiceList).choice
        assert choice is not None
        assert choice.detail == "d  #  Del"


async def test_what_another_pane_does_is_done_there(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        await press(pilot, "1", "ctrl+k", *"select all", "enter")
        assert focus(app) == "MessageList"
        assert rows(app).selected == 40


async def test_a_command_is_typed_and_completed(app: MailtuiApp, recorder: Recorder) -> None:
    async with running(app) as pilot:
        await press(pilot, "colon", *"arch")
        assert offered(app)[0] == "archive"
        await press(pilot, "tab")
        assert app.screen.query_one(Input).value == "archive "
        await press(pilot, "enter")
        assert said(app) == "Archived 1 message"


async def test_a_command_takes_an_argument_and_completes_it(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        await press(pilot, "colon", *"move rec")
        assert offered(app) == ["Receipts"]
        await press(pilot, "tab", "enter")
        assert said(app) == "Moved 1 message to Receipts"


async def test_an_unknown_command_is_said(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        await press(pilot, "colon", *"zzz", "enter")
        assert said(app) == "There is no command called zzz."


async def test_the_line_goes_away_with_escape_or_when_it_is_emptied(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        await press(pilot, "colon", "escape", "colon")
        assert isinstance(app.screen, CommandScreen)
        await press(pilot, "backspace")
        assert len(app.screen_stack) == 1


async def test_help_is_that_of_the_pane_with_the_focus(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        await press(pilot, "question_mark")
        assert isinstance(app.screen, HelpScreen)
        assert "Select by pattern" in painted(app, "#keys")
        await press(pilot, "q", "1", "question_mark")
        assert "Rename folder" in painted(app, "#keys")
        assert "Select by pattern" not in painted(app, "#keys")


async def test_help_shows_the_keys_in_use(recorder: Recorder) -> None:
    app = application(recorder, keymap="gmail", keys={"archive": "Y"})
    async with running(app) as pilot:
        await press(pilot, "question_mark")
        assert "Y               Archive" in painted(app, "#keys")


async def test_a_pause_after_a_prefix_shows_what_may_follow(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        popup = app.screen.query_one(WhichKey)
        await pilot.press("g")
        assert not popup.display
        await until(pilot, lambda: popup.display)
        assert "Go to sent mail" in painted(app, "WhichKey")
        await press(pilot, "t")
        assert not popup.display
        folder = main(app).folder
        assert folder is not None
        assert folder.path == "Sent"


async def test_a_wrong_key_after_a_prefix_is_said_and_escape_is_not(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        await press(pilot, "g", "y")
        assert said(app) == "g y is no command."
        await press(pilot, "j", "g", "escape")
        assert subject(app) == "Re: Budget for Q3"


async def test_the_hints_follow_the_focus_and_the_room(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        assert painted(app, "HintLine").strip().startswith("⏎ open   r reply")
        assert painted(app, "HintLine").rstrip().endswith("? help")
        await press(pilot, "1")
        assert "n new" in painted(app, "HintLine")
        await pilot.resize_terminal(*NARROW)
        await until(pilot, lambda: len(painted(app, "HintLine")) <= 60)
        assert painted(app, "HintLine").endswith("? help")


async def test_the_hints_show_the_keys_in_use(recorder: Recorder) -> None:
    app = application(recorder, keymap="gmail")
    async with running(app, MEDIUM):
        assert "e archive" in painted(app, "HintLine")


async def test_colours_can_be_changed(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        await press(pilot, "colon", *"theme nord", "enter")
        assert app.theme == "nord"
        await press(pilot, "ctrl+k", *"colours", "enter", *"ansi-light", "enter")
        assert app.theme == "ansi-light"


async def test_wrong_keys_in_the_settings_are_said(recorder: Recorder) -> None:
    app = application(recorder, keys={"fly": "x"})
    async with running(app):
        assert said(app) == "[keys] names fly, which mailtui does not know."
        assert app.screen.query_one(HintLine).size.height == 1
