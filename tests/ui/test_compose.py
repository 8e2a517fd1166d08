"""Writing: fields and completion, keeping, sending and taking back, putting aside."""

from itertools import pairwise
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from mailtui.model.draft import Draft, Stage
from mailtui.model.intent import CancelSend, DiscardDraft, SaveDraft, SendDraft
from mailtui.store.reading import Reader
from mailtui.ui.app import MailtuiApp
from mailtui.ui.compose_request import New, Reply, Resume
from mailtui.ui.screens.compose import ComposeScreen
from mailtui.ui.screens.help import HelpScreen
from mailtui.ui.widgets.recipients import Recipients
from tests.ui.acting import until
from tests.ui.mailbox import Mailbox, Recorder, application
from tests.ui.writing import SIZE, composing, focused, open_, reading, settle, status, type_


def stored(mailbox: Mailbox) -> list[Draft]:
    with Reader(mailbox.store) as reader:
        return reader.drafts()


async def written(pilot: "Pilot[None]", app: MailtuiApp) -> ComposeScreen:
    """A message that may be sent."""
    screen = await open_(pilot, app, New())
    screen.field("to").value = "ana@example.com"
    screen.field("subject").value = "Hello"
    screen.text.load_text("Good morning")
    await settle(pilot)
    return screen


async def test_a_message_is_written_from_field_to_field(app: MailtuiApp, recorder: Recorder) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await pilot.press("m")
        await settle(pilot)
        assert focused(app) == "to"
        await type_(pilot, "x@example.org")
        await pilot.press("tab")
        assert focused(app) == "cc"
        await pilot.press("down")
        assert focused(app) == "subject"
        await type_(pilot, "Hi there")
        await pilot.press("enter")
        assert focused(app) == "text"
        await type_(pilot, "one\ntwo")
        draft = composing(app).draft()
        assert (draft.to, draft.subject, draft.body) == ("x@example.org", "Hi there", "one\ntwo")
        assert draft.sender == "Kim Example <kim@example.org>"
        await pilot.press("up", "up")
        assert focused(app) == "subject"
        await pilot.press("shift+tab", "shift+tab")
        assert focused(app) == "to"


async def test_what_is_typed_is_in_the_store_within_half_a_second(app: MailtuiApp, mailbox: Mailbox) -> None:
    async with app.run_test(size=SIZE) as pilot:
        screen = await open_(pilot, app, New())
        await type_(pilot, "ana")
        await pilot.pause(0.5)
        (draft,) = stored(mailbox)
        assert (draft.id, draft.to) == (screen.base.id, "ana")


async def test_nothing_is_kept_of_a_message_in_which_nothing_was_written(
    app: MailtuiApp, recorder: Recorder
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await open_(pilot, app, New())
        await pilot.pause(0.5)
        await pilot.press("escape", "q")
        await settle(pilot)
        assert reading(app)
        assert not recorder.of(SaveDraft)


async def test_ending_the_program_keeps_what_was_typed_a_moment_ago(
    app: MailtuiApp, mailbox: Mailbox
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        screen = await open_(pilot, app, New())
        screen.text.load_text("almost lost")
        await pilot.pause()
        await app.leave()
    assert [draft.body for draft in stored(mailbox)] == ["almost lost"]


async def test_seen_addresses_are_offered_and_taken(app: MailtuiApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        screen = await open_(pilot, app, New())
        await type_(pilot, "ana")
        assert screen.query_one("#to", Recipients).offering
        await pilot.press("tab")
        await settle(pilot)
        assert screen.field("to").value == "Ana Müller <ana@example.com>, "
        await type_(pilot, "olaf")
        await pilot.press("enter")
        assert screen.field("to").value.endswith("Olaf Åkesson <olaf@example.se>, ")
        assert focused(app) == "to"
        await type_(pilot, "pri")
        await pilot.press("escape")
        assert not screen.query_one("#to", Recipients).offering
        assert not screen.review.shown


async def test_an_answer_quotes_and_begins_in_the_text(
    app: MailtuiApp, recorder: Recorder, mailbox: Mailbox
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        screen = await open_(pilot, app, Reply(mailbox.messages["Re: Budget for Q3"]))
        await settle(pilot)
        assert focused(app) == "text"
        draft = screen.draft()
        assert (draft.to, draft.subject) == ("Ana Müller <ana@example.com>", "Re: Budget for Q3")
        assert "> here is the second draft" in draft.body
        assert draft.in_reply_to
        await pilot.pause(0.5)
        assert not recorder.of(SaveDraft), "nothing was written yet"


async def test_the_answered_message_stands_beside_on_a_wide_screen_only(
    app: MailtuiApp, mailbox: Mailbox
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        screen = await open_(pilot, app, Reply(mailbox.messages["Re: Budget for Q3"]))
        assert screen.query_one("#beside").display
        await pilot.resize_terminal(80, 24)
        await settle(pilot)
        assert not screen.query_one("#beside").display


async def test_a_message_is_sent_after_a_while_in_which_u_brings_it_back(
    app: MailtuiApp, recorder: Recorder, mailbox: Mailbox
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        screen = await written(pilot, app)
        await pilot.press("f9")
        await settle(pilot)
        assert reading(app)
        (intent,) = recorder.of(SendDraft)
        assert isinstance(intent, SendDraft)
        assert (intent.draft.id, intent.draft.body, intent.delay) == (screen.base.id, "Good morning", 10)
        assert status(app) == "Hello leaves in 10 s"
        assert stored(mailbox) == []
        await pilot.press("u")
        await settle(pilot)
        assert len(recorder.of(CancelSend)) == 1
        back = composing(app)
        assert (back.draft().to, back.text.text) == ("ana@example.com", "Good morning")


async def test_once_it_leaves_u_means_something_else_again(app: MailtuiApp, recorder: Recorder) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await written(pilot, app)
        await pilot.press("ctrl+enter")
        await settle(pilot)
        (item,) = recorder.outbox.in_stage(Stage.QUEUED)
        recorder.outbox.stage(item.id, Stage.SENDING)
        await pilot.pause(1.2)
        assert app.acts.newest == ""


async def test_without_a_delay_it_goes_at_once(recorder: Recorder) -> None:
    app = application(recorder, undo_send_seconds=0)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await written(pilot, app)
        await pilot.press("f9")
        await settle(pilot)
        assert status(app) == "Hello is being sent."
        assert app.acts.newest == ""


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [("to", "", "Nobody is named"), ("to", "ana", "is not an address"), ("cc", "x@", "Cc: “x@” is not")],
)
async def test_a_recipient_that_is_wrong_gets_the_focus(
    app: MailtuiApp, field: str, text: str, said: str
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        screen = await written(pilot, app)
        screen.field(field).value = text
        await pilot.press("f9")
        await settle(pilot)
        assert composing(app) is screen
        assert focused(app) == field
        assert said in status(app)


async def test_a_forgotten_attachment_is_asked_about(app: MailtuiApp, recorder: Recorder) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        screen = await written(pilot, app)
        screen.text.load_text("the plan is attached")
        await pilot.press("f9")
        await settle(pilot)
        assert screen.review.shown
        assert "says “attached”" in str(screen.review.render())
        assert not recorder.of(SendDraft)
        await pilot.press("y")
        await settle(pilot)
        assert len(recorder.of(SendDraft)) == 1


async def test_the_review_line_leads_on_back_and_out(app: MailtuiApp, mailbox: Mailbox) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        screen = await written(pilot, app)
        screen.text.focus()
        await pilot.press("escape")
        await settle(pilot)
        assert focused(app) == "review"
        assert "Send this to 1 recipient?" in str(screen.review.render())
        await pilot.press("escape")
        assert focused(app) == "text"
        assert not screen.review.shown
        await pilot.press("escape")
        await settle(pilot)
        await pilot.press("q")
        await settle(pilot)
        assert reading(app)
        assert [draft.subject for draft in stored(mailbox)] == ["Hello"]
        await pilot.press("g", "w")
        await settle(pilot)
        assert composing(app).text.text == "Good morning"


async def test_a_draft_is_thrown_away_only_after_asking(
    app: MailtuiApp, recorder: Recorder, mailbox: Mailbox
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        screen = await written(pilot, app)
        await pilot.pause(0.5)
        for answer, here in (("n", True), ("y", False)):
            screen.text.focus()
            await pilot.press("escape")
            await settle(pilot)
            await pilot.press("X")
            await settle(pilot)
            await pilot.press(answer)
            await settle(pilot)
            assert reading(app) is not here
        assert recorder.of(DiscardDraft) == [DiscardDraft(screen.base.id)]
        assert stored(mailbox) == []


async def test_a_message_put_aside_waits_as_it_was_left(app: MailtuiApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        screen = await written(pilot, app)
        screen.text.focus()
        screen.text.move_cursor((0, 4))
        await pilot.press("f2")
        await settle(pilot)
        assert reading(app)
        await pilot.press("j", "enter")
        await settle(pilot)
        await pilot.press("f2")
        await settle(pilot)
        assert composing(app) is screen
        assert screen.text.cursor_location == (0, 4)
        await pilot.press("f9")
        await settle(pilot)
        assert reading(app)


async def test_of_several_one_is_chosen(app: MailtuiApp, recorder: Recorder) -> None:
    recorder.outbox.drafts.save(Draft("old", "work", "kim@example.org", subject="Old thought"))
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await written(pilot, app)
        await pilot.press("f2")
        await settle(pilot)
        await pilot.press("f2")
        await settle(pilot)
        await type_(pilot, "old")
        await pilot.press("enter")
        await settle(pilot)
        assert composing(app).base.id == "old"


async def test_what_is_pasted_is_cleaned(app: MailtuiApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        screen = await open_(pilot, app, New())
        assert app.focused is not None
        app.focused.post_message(events.Paste("a@example.org\x1b]0;x\x07\r\nb"))
        screen.text.post_message(events.Paste("one\x1b[2J\r\ntwo\u202e"))
        await settle(pilot)
        draft = screen.draft()
        assert draft.to == "a@example.org␛]0;x␇ b"
        assert draft.body == "one␛[2J\ntwo"


async def test_a_comma_typed_behind_a_completed_address_is_not_doubled(app: MailtuiApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        screen = await open_(pilot, app, New())
        await type_(pilot, "ana")
        await pilot.press("tab")
        await settle(pilot)
        await type_(pilot, ", tom@example.org")
        assert screen.field("to").value == "Ana Müller <ana@example.com>, tom@example.org"
        await type_(pilot, ",, x")
        assert screen.field("to").value == "Ana Müller <ana@example.com>, tom@example.org, x"


async def test_another_address_to_write_from(app: MailtuiApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        screen = await open_(pilot, app, New())
        await pilot.press("ctrl+f")
        await settle(pilot)
        await type_(pilot, "home")
        await pilot.press("enter")
        await settle(pilot)
        draft = screen.draft()
        assert (draft.account, draft.sender) == ("home", "Kim <kim@home.example>")


async def test_hidden_recipients_have_a_field_when_wanted(app: MailtuiApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        screen = await open_(pilot, app, New())
        assert not screen.query_one("#bcc").display
        await pilot.press("ctrl+b")
        await settle(pilot)
        assert focused(app) == "bcc"
        await type_(pilot, "c@example.org")
        assert screen.draft().bcc == "c@example.org"


async def test_a_mail_link_opens_the_screen(app: MailtuiApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        link = "mailto:ana@example.org?subject=Hi&body=one%0D%0Atwo&attach=/etc/passwd"
        screen = await open_(pilot, app, New(mailto=link))
        draft = screen.draft()
        assert (draft.to, draft.subject, draft.body) == ("ana@example.org", "Hi", "one\ntwo")
        assert draft.attachments == ()


async def test_a_link_that_is_none_is_refused(app: MailtuiApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        app.open_compose(New(mailto="https://example.org"))
        await settle(pilot)
        assert reading(app)
        assert "not a mail link" in status(app)


async def test_a_draft_that_is_gone_is_said_to_be(app: MailtuiApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        app.open_compose(Resume("nobody"))
        await settle(pilot)
        assert reading(app)
        assert "no longer here" in status(app)


async def test_the_users_editor_writes_the_text(
    app: MailtuiApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mailbox: Mailbox
) -> None:
    from contextlib import nullcontext

    script = tmp_path / "editor.sh"
    script.write_text("#!/bin/sh\nprintf 'from the editor\\n' >> \"$1\"\n")
    monkeypatch.setenv("VISUAL", f"sh {script}")
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        screen = await written(pilot, app)
        monkeypatch.setattr(app, "suspend", nullcontext)
        await pilot.press("ctrl+g")
        await settle(pilot)
        assert screen.text.text == "Good morningfrom the editor\n"
        await settle(pilot)
        assert [draft.body for draft in stored(mailbox)] == ["Good morningfrom the editor\n"]
        assert list((tmp_path / "editing").iterdir()) == []


async def test_what_an_editor_had_when_the_program_was_killed_comes_back(
    app: MailtuiApp, tmp_path: Path, recorder: Recorder
) -> None:
    from mailtui.ui.editor import Manuscript

    recorder.outbox.drafts.save(Draft("d", "work", "kim@example.org", body="before"))
    Manuscript(tmp_path / "editing", "d").write("before and after")
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        screen = await open_(pilot, app, Resume("d"))
        assert screen.text.text == "before and after"


async def test_a_draft_of_the_last_time_is_mentioned_at_the_start(
    app: MailtuiApp, recorder: Recorder
) -> None:
    recorder.outbox.drafts.save(Draft("d", "work", "kim@example.org", body="before"))
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        assert status(app) == "1 draft waits; g w goes on."


async def test_the_message_beside_can_be_read_on_in(app: MailtuiApp, mailbox: Mailbox) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        screen = await open_(pilot, app, Reply(mailbox.messages["Re: Budget for Q3"]))
        await pilot.press("f4")
        assert focused(app) == "beside"
        await pilot.press("space", "a")
        await settle(pilot)
        assert composing(app) is screen
        await pilot.press("escape")
        assert focused(app) == "text"


async def test_help_is_there_while_writing(app: MailtuiApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        screen = await open_(pilot, app, New())
        await pilot.press("f1")
        await settle(pilot)
        assert isinstance(app.screen, HelpScreen)
        await pilot.press("escape")
        await settle(pilot)
        assert composing(app) is screen


async def test_enter_goes_from_field_to_field(app: MailtuiApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        screen = await open_(pilot, app, New())
        await pilot.press("ctrl+b")
        await settle(pilot)
        screen.field("to").focus()
        await settle(pilot)
        for before, after in pairwise(("to", "cc", "bcc", "subject", "text")):
            assert focused(app) == before
            await type_(pilot, f"{before}-nobody@example.test" if before != "subject" else "Hi")
            await pilot.press("enter")
            await settle(pilot)
            assert focused(app) == after
        assert screen.draft().cc == "cc-nobody@example.test"


async def test_enter_takes_an_offered_address_before_it_goes_on(app: MailtuiApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        screen = await open_(pilot, app, New())
        to = screen.query_one("#to", Recipients)
        await pilot.press("o", "l", "a", "f")
        await until(pilot, lambda: to.offering)
        await pilot.press("enter")
        await settle(pilot)
        assert focused(app) == "to"
        assert "olaf@example.se" in to.value
        await pilot.press("enter")
        await settle(pilot)
        assert focused(app) == "cc"
