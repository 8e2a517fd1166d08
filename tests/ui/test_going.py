"""Going from folder to folder."""

import pytest

from mailtui.model.intent import ShowFolder
from mailtui.ui.app import MailtuiApp
from tests.ui.acting import main, press, rows, running, said, subject, until
from tests.ui.mailbox import Recorder


def place(app: MailtuiApp) -> str:
    folder = main(app).folder
    return f"{folder.account}/{folder.path}" if folder else ""


@pytest.mark.parametrize(
    ("keys", "where"), [("gi", "INBOX"), ("gd", "Drafts"), ("gt", "Sent"), ("ga", "Archive")]
)
async def test_g_and_a_letter_go_to_the_folder_of_a_role(app: MailtuiApp, keys: str, where: str) -> None:
    async with running(app) as pilot:
        await press(pilot, *keys)
        assert place(app) == f"work/{where}"
        assert said(app) == ""


async def test_the_jump_list_finds_folders_of_all_accounts(app: MailtuiApp, recorder: Recorder) -> None:
    async with running(app) as pilot:
        await press(pilot, "c", *"family", "enter")
        assert place(app) == "home/Family"
        assert recorder.of(ShowFolder)[-1] == ShowFolder(recorder.mailbox.folders["home/Family"])
        await press(pilot, "ctrl+g", "enter")  # the one used last is on top
        assert place(app) == "home/Family"


async def test_arrows_choose_in_the_jump_list_and_escape_leaves_it(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        await press(pilot, "c", "down", "down", "up", "enter")
        assert place(app) == "work/Drafts"
        await press(pilot, "c", "down", "escape")
        assert place(app) == "work/Drafts"


async def test_letters_that_find_nothing_choose_nothing(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        await press(pilot, "c", *"zzz", "enter")
        assert len(app.screen_stack) == 2
        await press(pilot, "escape")
        assert place(app) == "work/INBOX"


async def test_a_role_that_an_account_does_not_have_is_said(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        await press(pilot, "c", *"family", "enter", "g", "d")
        assert said(app) == "This account has no drafts folder."
        assert place(app) == "home/Family"


async def test_flagged_messages_of_all_folders_are_a_list_of_their_own(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        await press(pilot, "g", "s")
        await until(pilot, lambda: main(app).folder is None)
        assert rows(app).virtual_size.height == 2
        assert "Flagged" in str(rows(app)._border_title)
        await press(pilot, "q")
        assert place(app) == "work/INBOX"


async def test_j_and_k_of_the_shift_walk_the_tree(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        await press(pilot, "K")
        assert said(app) == "This is the first folder."
        await press(pilot, "J")
        assert place(app) == "work/Drafts"
        assert subject(app) == "Half a thought"
        await press(pilot, "K")
        assert place(app) == "work/INBOX"


async def test_a_folder_can_be_named_in_a_command(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        app.act("go", "python-dev")
        assert place(app) == "work/Lists/python-dev"
        app.act("go", "home/inbox")
        assert place(app) == "home/INBOX"
        app.act("go", "nowhere")
        await pilot.pause()
        assert said(app) == "There is no folder called nowhere. Press c to choose one."


async def test_the_way_to_the_folder_is_unfolded_in_the_tree(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        app.act("go", "python-dev")
        await pilot.pause()
        marked = main(app).folder_tree.marked
        assert marked is not None
        assert marked.name == "python-dev"


async def test_the_cursor_is_where_it_was_when_one_comes_back(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        await press(pilot, "j", "j", "J", "K")
        assert subject(app) == "Invoice 4242"
