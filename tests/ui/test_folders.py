"""Making, renaming, moving and deleting folders."""

from textual.widgets import Static

from mailtui.model.folder import Folder
from mailtui.model.intent import CreateFolder, DeleteFolder, RenameFolder
from mailtui.ui.app import MailtuiApp
from tests.ui.acting import main, press, running, said, until
from tests.ui.mailbox import Recorder


async def to(pilot: object, app: MailtuiApp, name: str) -> Folder:
    """The tree's cursor on a folder of the first account."""
    await press(pilot, "1")  # type: ignore[arg-type] # a Pilot
    tree = main(app).folder_tree
    index = next(i for i, branch in enumerate(tree._branches) if branch.folder and branch.folder.name == name)
    tree.place(index)
    assert tree.marked is not None
    return tree.marked


def names(app: MailtuiApp) -> list[str]:
    return [folder.path for folder in app.folders if folder.account == "work"]


async def test_a_folder_is_made_and_shown_before_the_server_has_it(
    app: MailtuiApp, recorder: Recorder
) -> None:
    async with running(app) as pilot:
        await press(pilot, "1", "n", *"Travel", "enter")
        assert recorder.of(CreateFolder) == [CreateFolder("work", "Travel")]
        assert said(app) == "Made the folder Travel"
        await until(pilot, lambda: "Travel" in names(app))
        await press(pilot, "u")
        await until(pilot, lambda: "Travel" not in names(app))


async def test_a_slash_makes_one_below(app: MailtuiApp, recorder: Recorder) -> None:
    async with running(app) as pilot:
        await to(pilot, app, "Receipts")
        await press(pilot, "n", *"2026", "enter")
        assert recorder.of(CreateFolder) == [CreateFolder("work", "Receipts/2026")]


async def test_an_empty_name_makes_nothing(app: MailtuiApp, recorder: Recorder) -> None:
    async with running(app) as pilot:
        await press(pilot, "1", "n", "enter")
        assert recorder.of(CreateFolder) == []


async def test_a_folder_is_renamed_where_it_is(app: MailtuiApp, recorder: Recorder) -> None:
    async with running(app) as pilot:
        folder = await to(pilot, app, "Receipts")
        await press(pilot, "r", "ctrl+u", *"Bills", "enter")
        assert recorder.of(RenameFolder) == [RenameFolder(folder.id, "Bills")]
        await until(pilot, lambda: "Bills" in names(app))


async def test_a_name_with_a_delimiter_is_refused(app: MailtuiApp, recorder: Recorder) -> None:
    async with running(app) as pilot:
        await to(pilot, app, "Receipts")
        await press(pilot, "r", *"/x", "enter")
        assert said(app) == "A name can't have / in it. Press s to move the folder."
        assert recorder.of(RenameFolder) == []


async def test_a_folder_is_moved_below_another(app: MailtuiApp, recorder: Recorder) -> None:
    async with running(app) as pilot:
        folder = await to(pilot, app, "Receipts")
        await press(pilot, "s", *"archive", "enter")
        assert recorder.of(RenameFolder) == [RenameFolder(folder.id, "Archive/Receipts")]


async def test_deleting_asks_and_says_how_much_is_in_it(app: MailtuiApp, recorder: Recorder) -> None:
    async with running(app) as pilot:
        folder = await to(pilot, app, "Receipts")
        await press(pilot, "d", "n")
        assert recorder.of(DeleteFolder) == []
        await press(pilot, "d", "y")
        assert recorder.of(DeleteFolder) == [DeleteFolder(folder.id)]
        await until(pilot, lambda: "Receipts" not in names(app))


async def test_the_folder_on_the_list_can_go_away(app: MailtuiApp, recorder: Recorder) -> None:
    async with running(app) as pilot:
        app.act("go", "Receipts")
        await to(pilot, app, "Receipts")
        await press(pilot, "d", "y")
        await until(pilot, lambda: main(app).folder is not None and "Receipts" not in names(app))
        folder = main(app).folder
        assert folder is not None
        assert folder.path == "INBOX"


async def test_the_inbox_stays_what_it_is(app: MailtuiApp, recorder: Recorder) -> None:
    async with running(app) as pilot:
        await to(pilot, app, "Inbox")
        await press(pilot, "d")
        assert said(app) == "The inbox can't be renamed, moved or deleted."


async def test_folders_below_are_counted_before_asking_and_go_first(
    app: MailtuiApp, recorder: Recorder
) -> None:
    async with running(app) as pilot:
        folder = await to(pilot, app, "Lists")
        below = [one.id for one in app.folders if one.path.startswith("Lists/")]
        await press(pilot, "d")
        question = app.screen.query_one("#question", Static).content
        assert str(question).startswith("Delete the folder Lists, the 2 folders below it and the ")
        await press(pilot, "y")
        assert recorder.of(DeleteFolder) == [DeleteFolder(one) for one in (*below, folder.id)]
        await until(pilot, lambda: not any(name.startswith("Lists") for name in names(app)))


async def test_a_new_folder_is_seen_below_a_folded_one_while_the_list_stays(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        await to(pilot, app, "Receipts")
        await press(pilot, "n", *"2026", "enter")
        tree = main(app).folder_tree
        await until(pilot, lambda: tree.marked is not None and tree.marked.path == "Receipts/2026")
        folder = main(app).folder
        assert folder is not None
        assert folder.path == "INBOX"
