"""What goes along: files of this machine, parts of a forwarded message, drafts from the server."""

from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import Input, Static

from mailtui.model.intent import SendDraft, TrashMessages
from mailtui.ui.app import MailtuiApp
from mailtui.ui.compose_request import Edit, Forward, New
from mailtui.ui.screens.attach import AttachScreen
from tests.ui.mailbox import Mailbox, Recorder
from tests.ui.writing import SIZE, composing, focused, open_, reading, settle, status

SERVER_DRAFT = b"""\
From: Kim Example <kim@example.org>\r
To: ana@example.com\r
Bcc: =?utf-8?q?B=C3=B6b?= <bob@example.org>\r
Subject: Half a thought\r
Content-Type: multipart/mixed; boundary=b\r
\r
--b\r
Content-Type: text/plain; charset=utf-8\r
\r
Half of it\r
--b\r
Content-Type: application/pdf; name=plan.pdf\r
Content-Disposition: attachment\r
\r
%PDF\r
--b--\r
"""


async def attach(pilot: "Pilot[None]", app: MailtuiApp, path: str) -> None:
    await pilot.press("ctrl+t")
    await settle(pilot)
    app.screen.query_one(Input).value = path
    await settle(pilot)


async def test_a_file_is_attached_by_its_path(app: MailtuiApp, tmp_path: Path) -> None:
    (tmp_path / "plan.txt").write_bytes(b"x" * 2000)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        screen = await open_(pilot, app, New())
        await attach(pilot, app, f"{tmp_path}/pl")
        await pilot.press("tab")
        await settle(pilot)
        assert app.screen.query_one(Input).value == f"{tmp_path}/plan.txt"
        await pilot.press("enter")
        await settle(pilot)
        (file,) = screen.draft().attachments
        assert (file.name, file.type) == ("plan.txt", "text/plain")
        row = screen.bar.render_line(0).text
        assert "2.0 kB" in row
        assert row.startswith("Files    ▤ plan.txt"), "in line with the fields above"


async def test_enter_goes_into_a_directory_and_finishes_a_name(app: MailtuiApp, tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "only.txt").write_text("x")
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        screen = await open_(pilot, app, New())
        await attach(pilot, app, f"{tmp_path}/de")
        for _ in range(3):
            await pilot.press("enter")
            await settle(pilot)
        assert [file.name for file in screen.files] == ["only.txt"]


async def test_a_missing_file_is_said_to_be_missing(app: MailtuiApp, tmp_path: Path) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        screen = await open_(pilot, app, New())
        await attach(pilot, app, f"{tmp_path}/gone.txt")
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, AttachScreen)
        assert "no such file" in str(app.screen.query_one("#reason", Static).render())
        await pilot.press("escape")
        await settle(pilot)
        assert composing(app).files == ()
        assert screen is composing(app)


async def test_an_attachment_can_be_taken_away(app: MailtuiApp, tmp_path: Path) -> None:
    (tmp_path / "plan.txt").write_text("x")
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        screen = await open_(pilot, app, New())
        await attach(pilot, app, f"{tmp_path}/plan.txt")
        await pilot.press("enter")
        await settle(pilot)
        screen.text.focus()
        await pilot.press("shift+tab")
        assert focused(app) == "attachments"
        await pilot.press("d")
        await settle(pilot)
        assert screen.files == ()
        assert focused(app) == "text"


async def test_a_file_that_has_gone_meanwhile_is_not_sent(
    app: MailtuiApp, recorder: Recorder, tmp_path: Path
) -> None:
    (tmp_path / "plan.txt").write_text("x")
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        screen = await open_(pilot, app, New(mailto="mailto:ana@example.com?subject=x&body=y"))
        await attach(pilot, app, f"{tmp_path}/plan.txt")
        await pilot.press("enter")
        await settle(pilot)
        (tmp_path / "plan.txt").unlink()
        await pilot.press("f9")
        await settle(pilot)
        assert composing(app) is screen
        assert focused(app) == "attachments"
        assert "plan.txt can't be read" in status(app)
        assert not recorder.of(SendDraft)


async def test_a_forward_brings_the_attachments_along(app: MailtuiApp, mailbox: Mailbox) -> None:
    message = mailbox.messages["Invoice 4242"]
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await pilot.press("j", "j", "enter")  # its structure is known once it was opened
        await settle(pilot)
        screen = await open_(pilot, app, Forward(message))
        await settle(pilot)
        draft = screen.draft()
        assert draft.subject == "Fwd: Invoice 4242"
        assert "---------- Forwarded message ----------" in draft.body
        assert "Could we have the list" in draft.body
        assert [file.name for file in draft.attachments] == ["notes.pdf", "whiteboard.jpg"]
        assert all(Path(file.path).is_file() for file in draft.attachments)
        assert focused(app) == "to"


async def test_a_message_is_forwarded_as_an_attachment(app: MailtuiApp, mailbox: Mailbox) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        screen = await open_(pilot, app, Forward(mailbox.messages["Invoice 4242"], attached=True))
        await settle(pilot)
        (file,) = screen.draft().attachments
        assert (file.name, file.type) == ("Invoice 4242.eml", "message/rfc822")
        assert screen.draft().body == ""


async def test_a_draft_on_the_server_goes_on_whole_and_goes_away_once_sent(
    app: MailtuiApp, recorder: Recorder, mailbox: Mailbox
) -> None:
    recorder.parts[""] = SERVER_DRAFT
    message = mailbox.messages["Half a thought"]
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        screen = await open_(pilot, app, Edit(message))
        await settle(pilot)
        await settle(pilot)
        draft = screen.draft()
        assert draft.body == "Half of it"
        assert draft.bcc == "Böb <bob@example.org>"
        assert [file.name for file in draft.attachments] == ["plan.pdf"]
        screen.field("to").value = "ana@example.com"
        await pilot.press("f9")
        await settle(pilot)
        assert reading(app)
        (sent,) = recorder.of(SendDraft)
        assert isinstance(sent, SendDraft)
        assert sent.draft.replaces == message  # it goes when the message has left, and not before
        assert not recorder.of(TrashMessages)


async def test_from_the_subject_one_goes_to_the_text_past_the_files(app: MailtuiApp, tmp_path: Path) -> None:
    (tmp_path / "plan.txt").write_text("x")
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        screen = await open_(pilot, app, New())
        await attach(pilot, app, f"{tmp_path}/plan.txt")
        await pilot.press("enter")
        await settle(pilot)
        for key in ("tab", "down", "enter"):
            screen.field("subject").focus()
            await settle(pilot)
            await pilot.press(key, "h", "i")
            await settle(pilot)
            assert focused(app) == "text", key
        assert screen.text.text == "hi" * 3
        await pilot.press("shift+tab")
        assert focused(app) == "attachments"
        await pilot.press("tab")
        assert focused(app) == "text"
        await pilot.press("shift+tab", "shift+tab")
        assert focused(app) == "subject"


async def test_a_file_without_a_text_is_sent_only_when_asked_for_again(
    app: MailtuiApp, recorder: Recorder, tmp_path: Path
) -> None:
    (tmp_path / "plan.txt").write_text("x")
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        screen = await open_(pilot, app, New(mailto="mailto:ana@example.com?subject=x"))
        await attach(pilot, app, f"{tmp_path}/plan.txt")
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("f9")
        await settle(pilot)
        assert "The text is empty." in screen.review.render().plain
        assert not recorder.of(SendDraft)
        await pilot.press("f9")
        await settle(pilot)
        assert len(recorder.of(SendDraft)) == 1
