"""The outbox: what waits, what needs a decision."""

import pytest

from mailtui.model.draft import Draft, Stage
from mailtui.model.event import OutboxChanged
from mailtui.model.intent import CancelSend, DiscardOperations, MarkSent, RetrySend
from mailtui.ui.app import MailtuiApp
from mailtui.ui.screens.outbox import OutboxScreen
from mailtui.ui.widgets.choice_list import ChoiceList
from mailtui.ui.widgets.hint_line import HintLine
from tests.ui.acting import main, press, running, said, shown_in, until
from tests.ui.mailbox import NOW, Recorder


def queue(recorder: Recorder, subject: str, *stages: Stage, trouble: str = "") -> int:
    outbox = recorder.outbox
    item = outbox.queue(
        f"send-{subject}",
        account="work",
        source=b"x",
        sender="kim@example.org",
        recipients=["ana@example.com"],
        subject=subject,
        message_id="<1@example.org>",
        not_before=NOW,
        draft=Draft(f"draft-{subject}", "work", "kim@example.org", subject=subject),
    )
    for stage in stages:
        outbox.stage(item.id, stage, trouble=trouble)
    return item.id


def rows(app: MailtuiApp) -> list[str]:
    return [
        row if isinstance(row, str) else f"{row.choice.text} | {row.choice.detail}"
        for row in app.screen.query_one(ChoiceList)._rows
    ]


async def test_with_nothing_waiting_it_says_so(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        await press(pilot, "g", "o")
        assert isinstance(app.screen, OutboxScreen)
        assert app.screen.query_one("#box").has_class("-none")
        await press(pilot, "q")


async def test_what_is_sent_and_what_is_to_be_done_is_listed(app: MailtuiApp, recorder: Recorder) -> None:
    queue(recorder, "Hello")
    async with running(app) as pilot:
        await press(pilot, "a", "a", "g", "o")
        assert rows(app) == ["Hello  to ana@example.com | waits", "work: move 2 messages | waits"]


async def test_what_nobody_knows_about_is_decided_by_the_user(app: MailtuiApp, recorder: Recorder) -> None:
    first = queue(recorder, "One", Stage.SENDING, Stage.UNKNOWN)
    second = queue(recorder, "Two", Stage.SENDING, Stage.UNKNOWN)
    async with running(app) as pilot:
        await press(pilot, "g", "o", "y")
        assert recorder.of(MarkSent) == [MarkSent(second)]
        await until(pilot, lambda: "filed" in rows(app)[0])
        await press(pilot, "j", "r")
        assert recorder.of(RetrySend) == [RetrySend(first)]


async def test_what_was_refused_says_why_and_can_be_taken_back(app: MailtuiApp, recorder: Recorder) -> None:
    item = queue(recorder, "One", Stage.SENDING, Stage.FAILED, trouble="No such mailbox.")
    async with running(app) as pilot:
        await press(pilot, "g", "o")
        assert rows(app) == ["One  to ana@example.com | No such mailbox."]
        await press(pilot, "d")
        assert recorder.of(CancelSend) == [CancelSend(item)]
        await until(pilot, lambda: rows(app) == [])


async def test_what_is_just_being_sent_is_left_alone(app: MailtuiApp, recorder: Recorder) -> None:
    queue(recorder, "One", Stage.SENDING)
    async with running(app) as pilot:
        await press(pilot, "g", "o", "r", "y", "d")
        assert said(app) == "It is just being sent."
        assert not recorder.of(RetrySend)
        assert not recorder.of(MarkSent)
        assert not recorder.of(CancelSend)


async def test_operations_can_be_given_up(app: MailtuiApp, recorder: Recorder) -> None:
    async with running(app) as pilot:
        await press(pilot, "a", "g", "o", "d")
        assert len(recorder.of(DiscardOperations)) == 1
        await until(pilot, lambda: shown_in(recorder, "Release notes, second draft") == "work/INBOX")


async def test_a_message_that_was_not_sent_is_told_wherever_one_is(
    app: MailtuiApp, recorder: Recorder
) -> None:
    async with running(app) as pilot:
        recorder.tell(OutboxChanged("work", 1, Stage.FAILED, "No such mailbox."))
        await until(pilot, lambda: said(app) == "A message was not sent: No such mailbox. g o shows it.")


async def test_an_empty_outbox_offers_nothing_and_says_why(app: MailtuiApp, recorder: Recorder) -> None:
    async with running(app) as pilot:
        await press(pilot, "g", "o")
        offered = {action for action, _, _ in app.screen.query_one(HintLine)._hints}
        assert offered == {"back", "help"}
        for key in ("d", "r", "y", "s", "t", "e"):
            await press(pilot, "escape", "g", "o", key)
            assert said(app) == "Nothing waits to be sent or carried out.", key
        assert not recorder.of(CancelSend)


async def test_a_full_outbox_offers_what_can_be_done(app: MailtuiApp, recorder: Recorder) -> None:
    queue(recorder, "Hello")
    async with running(app) as pilot:
        await press(pilot, "g", "o")
        assert {"cancel-item", "edit-item"} <= {
            action for action, _, _ in app.screen.query_one(HintLine)._hints
        }


@pytest.mark.parametrize("dialogue", ["o", "c", "k"])
async def test_from_a_dialogue_one_goes_on_to_a_folder(app: MailtuiApp, dialogue: str) -> None:
    async with running(app) as pilot:
        await press(pilot, "g", dialogue)
        assert len(app.screen_stack) == 2
        await press(pilot, "g", "t")
        assert len(app.screen_stack) == 1
        folder = main(app).folder
        assert folder is not None
        assert folder.name == "Sent"


async def test_from_one_dialogue_one_goes_on_to_another(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        await press(pilot, "g", "c", "g", "o")
        assert isinstance(app.screen, OutboxScreen)
        assert len(app.screen_stack) == 2
        await press(pilot, "q")
        assert len(app.screen_stack) == 1
