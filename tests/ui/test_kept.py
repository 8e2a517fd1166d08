"""What is kept here: shown folder by folder, with sizes, and changed."""

from textual.pilot import Pilot

from mailtui.model.event import KeptChanged
from mailtui.model.folder import Role
from mailtui.model.intent import KeepHere, ShowMessage
from mailtui.model.keeping import EVERYTHING, HEADERS, Keep
from mailtui.model.part import Body
from mailtui.store.reading import Reader
from mailtui.ui.app import MailtuiApp
from mailtui.ui.screens.choose import ChooseScreen
from mailtui.ui.screens.kept import KeptScreen
from mailtui.ui.widgets.choice_list import ChoiceList
from tests.ui.acting import main, press, running, said, until
from tests.ui.mailbox import Recorder


def rows(app: MailtuiApp) -> dict[str, str]:
    """name → mark and remark, the words apart by one space."""
    shown = app.screen.query_one(ChoiceList)._rows
    choices = [row.choice for row in shown if not isinstance(row, str)]
    return {one.text: " ".join(f"{one.mark} {one.detail}".split()) for one in choices}


async def opened(pilot: "Pilot[None]", app: MailtuiApp, folder: str = "Inbox") -> None:
    """The screen, opened over a folder of the tree."""
    await press(pilot, "1")
    tree = main(app).folder_tree
    tree.place(next(i for i, one in enumerate(tree._branches) if one.folder and one.folder.name == folder))
    await press(pilot, "g", "k")
    assert isinstance(app.screen, KeptScreen)


def sent(recorder: Recorder) -> int:
    """The one message in Sent, which nobody opens."""
    with Reader(recorder.mailbox.store) as reader:
        folder = reader.role("work", Role.SENT)
        assert folder is not None
        return reader.window(folder.id, 1)[0].id


async def test_each_folder_says_how_much_of_it_is_here(app: MailtuiApp, recorder: Recorder) -> None:
    recorder.mailbox.writer.put_body(sent(recorder), Body("x" * 4000))
    async with running(app) as pilot:
        await opened(pilot, app, "Sent")
        assert rows(app)["Sent"] == "1 of 1 text 4.0 kB 14 days"
        assert rows(app)["Trash"] == "0 of 1 text – headers"
        assert rows(app)["Archive"] == "empty – 14 days"
        assert rows(app)["All folders"].endswith("14 days")
        chosen = app.screen.query_one(ChoiceList).choice
        assert chosen is not None
        assert chosen.text == "Sent"
        assert "kB of 2.0 GB in use" in str(app.screen.query_one("#box").border_subtitle)


async def test_the_rows_follow_what_comes(app: MailtuiApp, recorder: Recorder) -> None:
    async with running(app) as pilot:
        await opened(pilot, app)
        assert rows(app)["Sent"] == "0 of 1 text – 14 days"
        recorder.mailbox.writer.put_body(sent(recorder), Body("new"))
        recorder.tell(KeptChanged("work"))
        await until(pilot, lambda: rows(app)["Sent"].startswith("1 of "))


async def test_a_folder_gets_a_setting_of_its_own_and_loses_it(app: MailtuiApp, recorder: Recorder) -> None:
    async with running(app) as pilot:
        await opened(pilot, app, "Receipts")
        await press(pilot, "enter")
        assert isinstance(app.screen, ChooseScreen)
        shown = rows(app)
        assert "✓" in shown["Texts of the last 14 days"]
        assert shown["Headers only"] == "nothing now" or not shown["Headers only"]
        assert "about" in shown["Everything, attachments too"]
        await press(pilot, *"everyt", "enter")
        assert recorder.of(KeepHere) == [KeepHere("work", "Receipts", "everything")]
        await until(pilot, lambda: rows(app)["Receipts"].endswith("everything"))
        assert rows(app)["Receipts"].startswith("●")
        assert app.accounts["work"].keep_folders == (("Receipts", EVERYTHING),)
        await press(pilot, "d")
        assert recorder.of(KeepHere)[1:] == [KeepHere("work", "Receipts", "")]
        await until(pilot, lambda: not rows(app)["Receipts"].startswith("●"))
        await press(pilot, "d")
        assert said(app) == "Receipts follows the account already."


async def test_all_folders_follow_the_account(app: MailtuiApp, recorder: Recorder) -> None:
    async with running(app) as pilot:
        await opened(pilot, app)
        await press(pilot, "home", "d")
        assert "all folders" in said(app)
        await press(pilot, "enter", *"headers", "enter")
        assert recorder.of(KeepHere) == [KeepHere("work", "", "headers")]
        await until(pilot, lambda: rows(app)["Inbox"].endswith("headers"))
        assert app.accounts["work"].keep == HEADERS


async def test_any_number_of_days_can_be_had(app: MailtuiApp, recorder: Recorder) -> None:
    async with running(app) as pilot:
        await opened(pilot, app)
        for typed, wanted in (("45", Keep(45)), ("nonsense", None), ("", None)):
            before = len(recorder.of(KeepHere))
            await press(pilot, "enter", *"another", "enter")
            await press(pilot, *typed, "enter")
            await until(pilot, lambda: isinstance(app.screen, KeptScreen))
            told = recorder.of(KeepHere)[before:]
            assert told == ([KeepHere("work", "Inbox", str(wanted))] if wanted else [])
        await press(pilot, "enter", "escape", "q")
        assert not isinstance(app.screen, KeptScreen)


async def test_what_is_on_the_screen_is_told(app: MailtuiApp, recorder: Recorder) -> None:
    async with running(app) as pilot:
        message = main(app).message_list.cursor
        assert message is not None
        await press(pilot, "enter")
        await until(pilot, lambda: recorder.of(ShowMessage))
        assert recorder.of(ShowMessage) == [ShowMessage(message)]
