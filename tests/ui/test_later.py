"""Messages that leave later: chosen, changed, warned about."""

from dataclasses import replace
from datetime import datetime

from mailtui.model.draft import Draft, Stage
from mailtui.model.event import DraftDiverged, DraftsChanged, LateSending, OutboxChanged
from mailtui.model.intent import (
    CancelSend,
    ChangeFlags,
    MarkSent,
    RescheduleSend,
    RetrySend,
    SaveDraft,
    SendDraft,
)
from mailtui.model.message import Flag
from mailtui.store.copies import Copy, version_of
from mailtui.ui.app import MailtuiApp
from mailtui.ui.compose_request import New, Reply, Resume
from mailtui.ui.screens.outbox import OutboxScreen
from mailtui.ui.screens.prompts import AskScreen, ConfirmScreen
from mailtui.ui.wording import moment
from tests.ui.acting import press, running, said, until
from tests.ui.mailbox import NOW, Mailbox, Recorder
from tests.ui.test_outbox import rows
from tests.ui.writing import SIZE, composing, open_, reading, settle, type_

DAY = 24 * 3600


def at_eight(days: int) -> int:
    """Eight o'clock in so many days, by the wall clock of this machine."""
    day = datetime.fromtimestamp(NOW + days * DAY).replace(hour=8, minute=0, second=0)
    return int(day.timestamp())


def queue(recorder: Recorder, subject: str = "Later", *, later: int = NOW + 2 * DAY, draft: str = "d") -> int:
    item = recorder.outbox.queue(
        f"send-{subject}",
        account="work",
        source=b"Date: Mon, 1 Jan 2001 00:00:00 +0000\r\n\r\nx",
        sender="kim@example.org",
        recipients=["ana@example.com"],
        subject=subject,
        message_id="<1@example.org>",
        not_before=later,
        draft=Draft(draft, "work", "kim@example.org", subject=subject) if draft else None,
        later=True,
    )
    return item.id


async def test_when_it_is_to_leave_is_asked_for_until_it_can_be_read(
    app: MailtuiApp, recorder: Recorder
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        screen = await open_(pilot, app, New())
        screen.field("to").value = "ana@example.com"
        screen.field("subject").value = "Later"
        await pilot.press("f8")
        await until(pilot, lambda: isinstance(app.screen, AskScreen))
        await type_(pilot, "soon\n")
        await until(pilot, lambda: "no time that can be read" in said(app))
        await until(pilot, lambda: isinstance(app.screen, AskScreen))
        for _ in "soon":
            await pilot.press("backspace")
        await type_(pilot, "tomorrow 8\n")
        await until(pilot, lambda: reading(app))
        (sent,) = recorder.of(SendDraft)
        assert isinstance(sent, SendDraft)
        assert sent.at == at_eight(1)
        assert said(app) == f"It leaves {moment(sent.at, NOW)}; g o shows it."


async def test_thinking_better_of_it_goes_on_writing(app: MailtuiApp, recorder: Recorder) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        screen = await open_(pilot, app, New())
        await pilot.press("f8")
        await settle(pilot)
        assert composing(app), "nobody is named, so nothing is asked"
        screen.field("to").value = "ana@example.com"
        await pilot.press("f8")
        await until(pilot, lambda: isinstance(app.screen, AskScreen))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)
        assert not recorder.of(SendDraft)


async def test_the_outbox_shows_its_time_and_changes_it(app: MailtuiApp, recorder: Recorder) -> None:
    item = queue(recorder)
    async with running(app) as pilot:
        await press(pilot, "g", "o")
        assert rows(app) == [f"Later  to ana@example.com | leaves {moment(NOW + 2 * DAY, NOW)}"]
        await press(pilot, "t")
        await until(pilot, lambda: isinstance(app.screen, AskScreen))
        await type_(pilot, "in 3 days\n")
        await until(pilot, lambda: recorder.of(RescheduleSend) == [RescheduleSend(item, NOW + 3 * DAY)])
        await until(
            pilot,
            lambda: isinstance(app.screen, OutboxScreen) and str(moment(NOW + 3 * DAY, NOW)) in rows(app)[0],
        )
        await press(pilot, "s")
        assert recorder.of(RescheduleSend)[-1] == RescheduleSend(item)


async def test_what_waits_can_be_gone_on_with(app: MailtuiApp, recorder: Recorder) -> None:
    item = queue(recorder)
    async with running(app) as pilot:
        await press(pilot, "g", "o", "e")
        await settle(pilot)
        assert recorder.of(CancelSend) == [CancelSend(item)]
        assert composing(app).base.id == "d"


async def test_quitting_says_what_will_not_leave_by_itself(app: MailtuiApp, recorder: Recorder) -> None:
    queue(recorder)
    async with running(app) as pilot:
        await press(pilot, "Q")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        await press(pilot, "n")
        assert reading(app)
        assert app.is_running
        await press(pilot, "Q")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        await pilot.press("y")
        await until(pilot, lambda: not app.is_running or app._exit)


async def test_what_leaves_soon_is_no_reason_to_ask(app: MailtuiApp, recorder: Recorder) -> None:
    queue(recorder, later=NOW + 300)
    async with running(app) as pilot:
        await pilot.press("Q")
        await until(pilot, lambda: not app.is_running or app._exit)


async def test_what_should_have_left_is_told(app: MailtuiApp, recorder: Recorder) -> None:
    async with running(app) as pilot:
        recorder.tell(LateSending(("Later",), NOW - DAY))
        await until(pilot, lambda: said(app).startswith("“Later” was to leave"))


async def test_who_did_not_get_it_is_said_and_tried_again_or_left_out(
    app: MailtuiApp, recorder: Recorder
) -> None:
    for number in range(2):
        item = queue(recorder, f"Hello {number}", later=NOW, draft="")
        recorder.outbox.stage(item, Stage.SENDING)
        recorder.outbox.stage(item, Stage.SENT_UNFILED, refused=["bo@x.org"], trouble="bo@x.org: 550 Nobody")
        recorder.outbox.stage(item, Stage.DONE, trouble="bo@x.org: 550 Nobody")
    async with running(app) as pilot:
        recorder.tell(OutboxChanged("work", item, Stage.DONE))
        await until(pilot, lambda: said(app) == "Sent, but not to bo@x.org. g o shows why.")
        await press(pilot, "g", "o")
        assert [row.partition(" | ")[2] for row in rows(app)] == ["bo@x.org: 550 Nobody"] * 2
        await press(pilot, "r")
        assert recorder.of(RetrySend) == [RetrySend(item)]
        await until(pilot, lambda: "Hello 0" in rows(app)[1] or len(rows(app)) == 2)
        await press(pilot, "G", "y")
        assert len(recorder.of(MarkSent)) == 1


async def test_an_answer_marks_the_message_read(
    app: MailtuiApp, recorder: Recorder, mailbox: Mailbox
) -> None:
    message = mailbox.messages["Dinner on Sunday"]
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await open_(pilot, app, Reply(message))
        assert recorder.of(ChangeFlags) == [ChangeFlags((message,), add=Flag.SEEN)]


async def test_leaving_a_draft_has_the_server_keep_it(app: MailtuiApp, recorder: Recorder) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await open_(pilot, app, New())
        await type_(pilot, "ana@example.com")
        await until(pilot, lambda: bool(recorder.of(SaveDraft)))
        assert not any(isinstance(one, SaveDraft) and one.settled for one in recorder.intents)
        await pilot.press("f2")
        await settle(pilot)
        last = recorder.of(SaveDraft)[-1]
        assert isinstance(last, SaveDraft)
        assert last.settled


async def test_the_copy_of_a_draft_is_opened_as_that_draft(
    app: MailtuiApp, recorder: Recorder, mailbox: Mailbox
) -> None:
    message = mailbox.messages["Half a thought"]
    recorder.outbox.drafts.save(Draft("d7", "work", "kim@example.org", subject="Half", replaces=message))
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "g", "d")
        await settle(pilot)
        await press(pilot, "enter")
        await settle(pilot)
        assert composing(app).base.id == "d7"


async def test_a_draft_changed_elsewhere_is_told(app: MailtuiApp, recorder: Recorder) -> None:
    async with running(app) as pilot:
        recorder.tell(DraftDiverged("work", "d", "Half"))
        await until(pilot, lambda: "changed or removed by another program" in said(app))


async def test_a_draft_taken_elsewhere_is_opened_with_a_word_about_it(
    app: MailtuiApp, recorder: Recorder, mailbox: Mailbox
) -> None:
    folder = mailbox.folders["work/Drafts"]
    state = replace(mailbox.writer.folder_state(folder), uidvalidity=7, uidnext=900, complete=True)
    mailbox.writer.put_folder_state(folder, state)
    recorder.outbox.drafts.save(Draft("d7", "work", "kim@example.org", subject="Half"))
    recorder.outbox.drafts.copied(Copy("d7", "work", folder, 7, 800, "<m@x>", "v"))
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await open_(pilot, app, Resume("d7"))
        await until(pilot, lambda: "Another program has sent" in said(app))


async def test_a_draft_gone_on_with_is_kept_by_the_server_when_it_is_left_again(
    app: MailtuiApp, recorder: Recorder
) -> None:
    recorder.outbox.drafts.save(Draft("d7", "work", "kim@example.org", subject="Half"))
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await open_(pilot, app, Resume("d7"))
        await pilot.press("f2")
        await until(
            pilot, lambda: any(isinstance(one, SaveDraft) and one.settled for one in recorder.intents)
        )


async def test_the_title_says_when_the_server_has_it_too(app: MailtuiApp, recorder: Recorder) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        screen = await open_(pilot, app, New())

        def title() -> str:
            return str(screen.query_one("#writing").border_title)

        await type_(pilot, "ana@example.com")
        await until(pilot, lambda: screen.draft() == screen.kept and not screen._keeping.locked())
        ident = screen.base.id
        stored = recorder.outbox.drafts.read(ident)
        assert stored is not None
        recorder.outbox.drafts.copied(Copy(ident, "work", 1, 7, 5, "<m@x>", version_of(stored)))
        recorder.tell(DraftsChanged(ident))
        await until(pilot, lambda: "on the server too" in title())
        await type_(pilot, ",b")
        await until(pilot, lambda: "kept" in title() and "server" not in title())
