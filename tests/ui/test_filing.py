"""What is done with messages: seen at once, sent to the service, and taken back."""

from mailtui.model.intent import (
    ArchiveMessages,
    ChangeFlags,
    CopyMessages,
    DestroyMessages,
    MoveMessages,
    TrashMessages,
    Undo,
)
from mailtui.model.message import Flag
from mailtui.ui.actions import BY_ID
from mailtui.ui.app import MailtuiApp
from tests.ui.acting import main, press, rows, running, said, settled, shown_in, subject, until
from tests.ui.mailbox import Recorder


def ids(recorder: Recorder, *subjects: str) -> tuple[int, ...]:
    return tuple(recorder.mailbox.messages[one] for one in subjects)


FIRST, SECOND, THIRD = "Release notes, second draft", "Re: Budget for Q3", "Invoice 4242"


async def test_archive_takes_the_message_away_and_goes_to_the_next(
    app: MailtuiApp, recorder: Recorder
) -> None:
    async with running(app) as pilot:
        await press(pilot, "a")
        assert subject(app) == SECOND
        assert said(app) == "Archived 1 message"
        assert recorder.of(ArchiveMessages) == [ArchiveMessages(ids(recorder, FIRST))]
        assert shown_in(recorder, FIRST) == "work/Archive"


async def test_keys_pressed_faster_than_the_service_answers_mean_one_message_each(
    app: MailtuiApp, recorder: Recorder
) -> None:
    async with running(app) as pilot:
        await pilot.press("a", "a", "d")
        await settled(pilot)
        assert recorder.of(ArchiveMessages) == [
            ArchiveMessages(ids(recorder, FIRST)),
            ArchiveMessages(ids(recorder, SECOND)),
        ]
        assert recorder.of(TrashMessages) == [TrashMessages(ids(recorder, THIRD))]


async def test_trash_has_three_keys(app: MailtuiApp, recorder: Recorder) -> None:
    async with running(app) as pilot:
        await press(pilot, "d", "number_sign", "delete")
        assert len(recorder.of(TrashMessages)) == 3
        assert shown_in(recorder, FIRST) == "work/Trash"


async def test_key_palette_and_what_is_said_afterwards_call_it_by_the_same_name(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        await press(pilot, "d")
        assert said(app) == "Moved 1 message to Trash"
    trash = BY_ID["trash"]
    assert (trash.title, trash.word) == ("Move to Trash", "to Trash")


async def test_undo_takes_back_act_by_act(app: MailtuiApp, recorder: Recorder) -> None:
    async with running(app) as pilot:
        await press(pilot, "a", "F")
        await press(pilot, "u")
        assert said(app) == "Taken back: flagged 1 message"
        await press(pilot, "ctrl+z")
        assert said(app) == "Taken back: archived 1 message"
        assert shown_in(recorder, FIRST) == "work/INBOX"
        archive, flag = (
            recorder.ids[recorder.intents.index(recorder.of(ArchiveMessages)[0])],
            recorder.ids[recorder.intents.index(recorder.of(ChangeFlags)[0])],
        )
        assert recorder.of(Undo) == [Undo(flag), Undo(archive)]
        await press(pilot, "u")
        assert said(app) == "There is nothing to undo."


async def test_what_was_taken_back_is_in_the_list_again(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        await press(pilot, "a", "u")
        await press(pilot, "g", "g")
        assert subject(app) == FIRST


async def test_flag_and_read_toggle(app: MailtuiApp, recorder: Recorder) -> None:
    async with running(app) as pilot:
        (message,) = ids(recorder, FIRST)
        await press(pilot, "F", "F", "N", "N")
        assert recorder.of(ChangeFlags) == [
            ChangeFlags((message,), add=Flag.FLAGGED),
            ChangeFlags((message,), remove=Flag.FLAGGED),
            ChangeFlags((message,), add=Flag.SEEN),
            ChangeFlags((message,), remove=Flag.SEEN),
        ]


async def test_toggles_pressed_fast_see_each_other(app: MailtuiApp, recorder: Recorder) -> None:
    async with running(app) as pilot:
        await pilot.press("F", "F", "F")
        await settled(pilot)
        added = [bool(one.add) for one in recorder.of(ChangeFlags) if isinstance(one, ChangeFlags)]
        assert added == [True, False, True]


async def test_an_action_takes_the_selection(app: MailtuiApp, recorder: Recorder) -> None:
    async with running(app) as pilot:
        await press(pilot, "space", "x", "j", "a")
        assert recorder.of(ArchiveMessages) == [ArchiveMessages(ids(recorder, FIRST, SECOND))]
        assert said(app) == "Archived 2 messages"
        assert rows(app).selection == ()


async def test_all_can_be_selected_and_filed(app: MailtuiApp, recorder: Recorder) -> None:
    async with running(app) as pilot:
        await press(pilot, "asterisk", "a")
        assert said(app) == "Archived 40 messages"
        assert rows(app).cursor is None
        await press(pilot, "u")
        await until(pilot, lambda: rows(app).cursor is not None)


async def test_escape_clears_the_selection_first(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        await press(pilot, "x", "x", "escape")
        assert rows(app).selection == ()


async def test_move_asks_where_to_and_remembers_it(app: MailtuiApp, recorder: Recorder) -> None:
    async with running(app) as pilot:
        await press(pilot, "s", *"receipts", "enter")
        receipts = recorder.mailbox.folders["work/Receipts"]
        assert recorder.of(MoveMessages) == [MoveMessages(ids(recorder, FIRST), receipts)]
        assert said(app) == "Moved 1 message to Receipts"
        await press(pilot, "s", "enter")  # used last, so it is on top
        assert recorder.of(MoveMessages)[1] == MoveMessages(ids(recorder, SECOND), receipts)


async def test_what_is_moved_is_what_was_under_the_cursor_when_the_key_was_pressed(
    app: MailtuiApp, recorder: Recorder
) -> None:
    async with running(app) as pilot:
        await press(pilot, "s")
        changes = recorder.mailbox.add("work/INBOX", "Just in")[1]
        recorder.tell(*changes)
        await press(pilot, *"receipts", "enter")
        assert shown_in(recorder, FIRST) == "work/Receipts"
        assert shown_in(recorder, "Just in") == "work/INBOX"


async def test_escape_moves_nothing(app: MailtuiApp, recorder: Recorder) -> None:
    async with running(app) as pilot:
        await press(pilot, "s", "escape")
        assert recorder.of(MoveMessages) == []
        assert subject(app) == FIRST


async def test_copy_leaves_the_message_where_it_is(app: MailtuiApp, recorder: Recorder) -> None:
    async with running(app) as pilot:
        await press(pilot, "y", *"archive", "enter")
        archive = recorder.mailbox.folders["work/Archive"]
        assert recorder.of(CopyMessages) == [CopyMessages(ids(recorder, FIRST), archive)]
        assert subject(app) == FIRST


async def test_the_last_action_can_be_repeated(app: MailtuiApp, recorder: Recorder) -> None:
    async with running(app) as pilot:
        await press(pilot, "full_stop")
        assert said(app) == "There is nothing to repeat yet."
        await press(pilot, "s", *"receipts", "enter", "full_stop")
        receipts = recorder.mailbox.folders["work/Receipts"]
        assert recorder.of(MoveMessages) == [
            MoveMessages(ids(recorder, FIRST), receipts),
            MoveMessages(ids(recorder, SECOND), receipts),
        ]


async def test_spam_goes_to_junk_and_comes_back_from_there(app: MailtuiApp, recorder: Recorder) -> None:
    async with running(app) as pilot:
        await press(pilot, "exclamation_mark")
        assert shown_in(recorder, FIRST) == "work/Junk"
        await press(pilot, "c", *"junk", "enter", "exclamation_mark")
        assert shown_in(recorder, FIRST) == "work/INBOX"
        assert said(app) == "1 message is no spam"


async def test_only_from_trash_and_after_a_yes_is_anything_destroyed(
    app: MailtuiApp, recorder: Recorder
) -> None:
    async with running(app) as pilot:
        await press(pilot, "shift+delete")
        assert said(app).startswith("Messages are destroyed only from")
        await press(pilot, "c", *"trash", "enter", "d", "n")
        assert recorder.of(DestroyMessages) == []
        await press(pilot, "d", "enter", "y")
        assert recorder.of(DestroyMessages) == [DestroyMessages(ids(recorder, "Old newsletter"))]
        assert said(app) == "Destroyed 1 message"
        await press(pilot, "u")
        assert said(app) == "There is nothing to undo."


async def test_a_refusal_brings_the_message_back_and_says_why(app: MailtuiApp, recorder: Recorder) -> None:
    from mailtui.model.trouble import Refused
    from mailtui.store.journal import Recorded

    recorder.journal.record = lambda *_: Recorded(refusal=Refused("The disk is full.", "Make room."))  # type: ignore[method-assign]
    async with running(app) as pilot:
        await press(pilot, "a")
        assert said(app) == "The disk is full. Make room."
        await press(pilot, "g", "g")
        assert subject(app) == FIRST
        await press(pilot, "u")
        assert said(app) == "There is nothing to undo."


async def test_without_an_archive_it_says_so(app: MailtuiApp, recorder: Recorder) -> None:
    async with running(app) as pilot:
        await press(pilot, "c", *"homeinbox", "enter", "a")
        assert said(app) == "This account has no archive folder; press s to move instead."
        assert recorder.of(ArchiveMessages) == []


async def test_from_the_open_message_it_goes_on_to_the_next(app: MailtuiApp, recorder: Recorder) -> None:
    async with running(app) as pilot:
        await press(pilot, "enter", "a")
        assert recorder.of(ArchiveMessages) == [ArchiveMessages(ids(recorder, FIRST))]
        await settled(pilot)
        opened = app.screen.query_one("MessageView").message  # type: ignore[attr-defined]
        assert opened.summary.subject == SECOND


async def test_what_was_selected_as_everything_and_has_left_is_no_longer_counted(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        await press(pilot, "backslash", *"from:ana", "enter")
        await until(pilot, lambda: main(app)._filter == "from:ana" and rows(app).summary is not None)
        await press(pilot, "asterisk")
        assert rows(app).selected > 1
        await press(pilot, "exclamation_mark")
        assert rows(app).selected == 0
        assert "selected" not in rows(app).position_words()
        await press(pilot, "u")
        await until(pilot, lambda: rows(app).summary is not None)
        assert rows(app).selected == 0


async def test_of_everything_but_one_all_others_are_counted_after_some_have_left(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        everything = rows(app)._counted[1]
        await press(pilot, "asterisk", "space")
        assert rows(app).selected == everything - 1
        rows(app).hide(rows(app).selection[:3])
        assert rows(app).selected == everything - 4
