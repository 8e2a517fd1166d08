"""The main screen: what is shown where, how it is opened, and at which width."""

import pytest

from mailtui.model.intent import ArchiveMessages, ChangeFlags, FetchBody, ShowFolder
from mailtui.model.message import Flag
from mailtui.ui.app import MailtuiApp
from mailtui.ui.context import Context
from mailtui.ui.widgets.folder_tree import FolderTree
from mailtui.ui.widgets.message_list import MessageList
from tests.ui.acting import (
    MEDIUM,
    NARROW,
    WIDE,
    focus,
    main,
    panes,
    press,
    rows,
    running,
    said,
    settled,
    subject,
    until,
)
from tests.ui.mailbox import NOW, Recorder

FIRST, SECOND = "Release notes, second draft", "Re: Budget for Q3"


def opened(app: MailtuiApp) -> str:
    message = main(app).message_view.message
    return message.summary.subject if message else ""


async def test_it_begins_in_the_inbox_of_the_first_account(app: MailtuiApp, recorder: Recorder) -> None:
    async with running(app):
        assert subject(app) == FIRST
        assert focus(app) == "MessageList"
        assert recorder.of(ShowFolder) == [ShowFolder(recorder.mailbox.folders["work/INBOX"])]


async def test_the_rows_are_there_before_the_link_is(recorder: Recorder) -> None:
    import asyncio

    from tests.ui.mailbox import application

    gate = asyncio.Event()
    app = application(recorder)
    connect = app._connect_link

    async def late() -> object:
        await gate.wait()
        return await connect()

    app._connect_link = late  # type: ignore[assignment] # the same, later
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        assert subject(app) == FIRST
        assert recorder.intents == []
        await pilot.press("a")  # also what is done meanwhile is not lost
        gate.set()
        await settled(pilot)
        assert len(recorder.of(ArchiveMessages)) == 1


async def test_enter_opens_asks_for_the_text_and_marks_read_once_it_was_shown(
    app: MailtuiApp, recorder: Recorder
) -> None:
    async with running(app) as pilot:
        await press(pilot, "enter")
        message = recorder.mailbox.messages[FIRST]
        assert recorder.of(FetchBody) == [FetchBody(message)]
        await until(pilot, lambda: recorder.of(ChangeFlags))
        assert recorder.of(ChangeFlags) == [ChangeFlags((message,), add=Flag.SEEN)]
        assert main(app).here is Context.MESSAGE


async def test_while_the_text_is_not_there_the_message_stays_unread(
    app: MailtuiApp, recorder: Recorder
) -> None:
    recorder._fetch_body = lambda message: None  # type: ignore[method-assign] # a server that does not answer
    async with running(app) as pilot:
        await press(pilot, "enter")
        assert opened(app) == FIRST
        assert recorder.of(ChangeFlags) == []


async def test_resting_on_a_message_shows_it_but_does_not_read_it(
    app: MailtuiApp, recorder: Recorder
) -> None:
    async with running(app) as pilot:
        await press(pilot, "j")
        await until(pilot, lambda: opened(app) == SECOND)
        await settled(pilot)
        assert focus(app) == "MessageList"
        assert recorder.of(ChangeFlags) == []


async def test_walking_past_shows_nothing_on_the_way(app: MailtuiApp, recorder: Recorder) -> None:
    async with running(app) as pilot:
        await pilot.press("j", "j", "j")
        await until(pilot, lambda: opened(app) != "" and opened(app) != FIRST)
        asked = [one.message for one in recorder.of(FetchBody) if isinstance(one, FetchBody)]
        assert recorder.mailbox.messages[SECOND] not in asked


async def test_back_leads_from_the_message_to_the_list_and_says_how_to_quit(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        await press(pilot, "enter", "q")
        assert focus(app) == "MessageList"
        await press(pilot, "q")
        assert said(app) == "Q quits."
        assert app.is_running


async def test_the_reader_turns_from_message_to_message(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        await press(pilot, "enter", "J")
        assert (opened(app), subject(app)) == (SECOND, SECOND)
        await press(pilot, "K", "K")
        assert opened(app) == FIRST
        assert said(app) == "This is the first message."


async def test_the_next_unread_is_found_from_the_list_and_from_the_reader(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        await press(pilot, "j", "tab")
        assert subject(app) == "47 patterns for cold evenings"
        await press(pilot, "[")
        assert subject(app) == SECOND
        await press(pilot, "enter", "]")
        await until(pilot, lambda: opened(app) == "47 patterns for cold evenings")


async def test_panes_have_numbers(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        await press(pilot, "1")
        assert focus(app) == "FolderTree"
        await press(pilot, "3")
        assert focus(app) == "MessageView"
        await press(pilot, "2")
        assert focus(app) == "MessageList"


async def test_the_titles_say_folder_account_and_unread(app: MailtuiApp, recorder: Recorder) -> None:
    async with running(app) as pilot:
        assert str(rows(app)._border_title) == "Inbox  work  4 unread"
        recorder.tell(*recorder.mailbox.add("work/INBOX", "Just in")[1])
        await until(pilot, lambda: str(rows(app)._border_title) == "Inbox  work  5 unread")


async def test_new_mail_does_not_move_the_cursor(app: MailtuiApp, recorder: Recorder) -> None:
    async with running(app) as pilot:
        await press(pilot, "j")
        recorder.tell(*recorder.mailbox.add("work/INBOX", "Just in")[1])
        await settled(pilot)
        assert subject(app) == SECOND
        await press(pilot, "g", "g")
        assert subject(app) == "Just in"


@pytest.mark.parametrize("size", [MEDIUM, NARROW])
async def test_with_less_room_list_and_message_take_turns(app: MailtuiApp, size: tuple[int, int]) -> None:
    async with running(app, size) as pilot:
        assert panes(app) == {"list"}
        assert main(app).message_list.size.width >= size[0] - 2
        await press(pilot, "enter")
        assert panes(app) == {"message"}
        await press(pilot, "q")
        assert panes(app) == {"list"}


async def test_with_less_room_the_folders_are_a_drawer(app: MailtuiApp) -> None:
    async with running(app, MEDIUM) as pilot:
        await press(pilot, "1")
        assert panes(app) == {"folders", "list"}
        await press(pilot, "j", "enter")
        assert panes(app) == {"list"}
        folder = main(app).folder
        assert folder is not None
        assert folder.path == "Drafts"
        await press(pilot, "1", "escape")
        assert panes(app) == {"list"}


async def test_wide_shows_all_three(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        await press(pilot, "enter")
        assert panes(app) == {"folders", "list", "message"}


@pytest.mark.parametrize("size", [(1, 1), (20, 6), (500, 200)])
async def test_no_size_is_too_small_or_too_large(app: MailtuiApp, size: tuple[int, int]) -> None:
    async with running(app) as pilot:
        await press(pilot, "enter")
        await pilot.resize_terminal(*size)
        await press(pilot, "1", "j", "c", "escape", "ctrl+k", "escape", "question_mark", "escape", "2", "j")
        await pilot.resize_terminal(*WIDE)
        await settled(pilot)
        assert app.is_running


async def test_a_resize_goes_from_one_layout_to_the_other_with_the_message_open(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        await press(pilot, "enter")
        await pilot.resize_terminal(*MEDIUM)
        await settled(pilot)
        assert panes(app) == {"message"}
        await pilot.resize_terminal(*WIDE)
        await settled(pilot)
        assert panes(app) == {"folders", "list", "message"}


async def test_a_click_moves_the_cursor_a_second_one_opens(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        await pilot.click(MessageList, offset=(30, 3))
        await settled(pilot)
        assert subject(app) == "Invoice 4242"
        await pilot.click(MessageList, offset=(30, 3))
        await settled(pilot)
        assert opened(app) == "Invoice 4242"


async def test_a_click_on_a_folder_shows_it_and_on_its_sign_unfolds_it(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        tree = main(app).folder_tree
        before = tree.count()
        lists = next(index for index, branch in enumerate(tree._branches) if branch.folder and branch.parent)
        await pilot.click(FolderTree, offset=(2, 1 + lists))
        await settled(pilot)
        assert tree.count() == before + 2
        await pilot.click(FolderTree, offset=(8, 1 + lists + 1))
        await settled(pilot)
        assert main(app).folder is not None
        assert subject(app) == "[Python-Dev] PEP 700"


async def test_a_hint_can_be_clicked(app: MailtuiApp, recorder: Recorder) -> None:
    from mailtui.ui.widgets.hint_line import HintLine

    async with running(app) as pilot:
        hints = app.screen.query_one(HintLine)
        start = next(start for start, _, action in hints._spans if action == "archive")
        await pilot.click(HintLine, offset=(start + 2, 0))
        await settled(pilot)
        assert said(app) == "Archived 1 message"


async def test_the_list_can_be_filtered_and_shown_whole_again(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        await press(pilot, "backslash", *"budget", "enter")
        await until(pilot, lambda: rows(app).virtual_size.height == 2)
        assert "/ budget" in str(rows(app)._border_title)
        await press(pilot, "q")
        await until(pilot, lambda: rows(app).virtual_size.height == 40)


async def test_a_filter_by_command_and_an_empty_one(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        app.act("filter", "is:flagged")
        await until(pilot, lambda: rows(app).virtual_size.height == 2)
        await press(pilot, "backslash", "ctrl+u", "enter")
        await until(pilot, lambda: rows(app).virtual_size.height == 40)


async def test_a_filter_that_is_not_understood_says_what_is_wrong_with_it(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        await press(pilot, "backslash", *"larger:abc", "enter")
        assert said(app) == "“abc” is no size; write 500k or 2M."


async def test_a_mailbox_without_a_folder_is_shown_empty(tmp_path: object, recorder: Recorder) -> None:
    from mailtui.ui.app import MailtuiApp
    from tests.ui.mailbox import application

    app = application(recorder)
    recorder.mailbox.writer.forget_account("work")
    recorder.mailbox.writer.forget_account("home")
    async with running(app) as pilot:
        await press(pilot, "j", "a", "enter", "1", "j", "enter", "n", "escape", "g", "i")
        assert isinstance(app, MailtuiApp)
        assert subject(app) == ""


def test_the_clock_of_the_mailbox_is_fixed() -> None:
    assert NOW % 60 == 0


async def test_first_rows_that_are_looked_at_before_they_are_told_show(
    app: MailtuiApp, recorder: Recorder
) -> None:
    async with running(app) as pilot:
        app.act("go", "Receipts")
        events = recorder.mailbox.add("work/Receipts", "Just in")[1]
        assert rows(app).cursor is not None  # it is read from the store before the news of it are here
        recorder.tell(*events)
        await until(pilot, lambda: rows(app).virtual_size.height == 1)
