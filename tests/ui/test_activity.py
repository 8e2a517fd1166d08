"""The activity screen: what it shows, what can be done about it, and that it is quiet."""

from pathlib import Path

import pytest
from textual.pilot import Pilot

from mailtui.model.account import ConnectionState
from mailtui.model.activity import ConnectionSeen, JobSeen, TroubleSeen
from mailtui.model.event import ActivityReported, ConnectionChanged, LinkLost
from mailtui.model.intent import (
    CancelSend,
    DiscardOperations,
    MarkSent,
    RecordProtocol,
    RetryOperations,
    RetrySend,
    SetOnline,
    StopJob,
    Synchronise,
    WatchActivity,
)
from mailtui.ui.activity import Entry, Heading
from mailtui.ui.app import MailtuiApp
from mailtui.ui.screens.activity import ActivityScreen
from mailtui.ui.screens.pager import PagerScreen
from mailtui.ui.widgets.activity_list import ActivityList
from mailtui.ui.widgets.pager import Pager
from mailtui.ui.widgets.status_line import StatusLine
from tests.ui import going_on
from tests.ui.acting import MEDIUM, NARROW, WIDE, main, press, running, said, until
from tests.ui.mailbox import NOW, Recorder


def the_list(app: MailtuiApp) -> ActivityList:
    return app.screen.query_one(ActivityList)


def entries(app: MailtuiApp) -> list[Entry]:
    return [line for line in the_list(app)._lines if isinstance(line, Entry)]


def row(app: MailtuiApp, what: str) -> Entry:
    return next(entry for entry in entries(app) if entry.what == what)


def painted(app: MailtuiApp) -> str:
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


async def opened(pilot: "Pilot[None]", recorder: Recorder) -> None:
    """A busy moment on the screen."""
    await going_on.begin(recorder)
    recorder.tell(*going_on.states())
    await press(pilot, "g", "c")
    app = pilot.app
    assert isinstance(app, MailtuiApp)
    assert isinstance(app.screen, ActivityScreen)
    await until(pilot, lambda: len(entries(app)) == 16)


async def go_to(pilot: "Pilot[None]", what: str) -> None:
    app = pilot.app
    assert isinstance(app, MailtuiApp)
    await press(pilot, "g", "g")
    for _ in range(len(entries(app))):
        entry = the_list(app).entry
        if entry is not None and entry.what == what:
            return
        await press(pilot, "j")
    raise AssertionError(f"{what} is not there")


async def test_everything_that_goes_on_is_listed(app: MailtuiApp, recorder: Recorder) -> None:
    async with running(app) as pilot:
        await opened(pilot, recorder)
        shown = [(one.account, one.group.value, one.what, one.where, one.state) for one in entries(app)]
        tls = "TLS 1.3, compressed"
        assert shown == [
            ("work", "connections", "for what you do", "Inbox", f"rests · {tls}"),
            ("work", "connections", "in the background", "Lists/python-dev", f"reading the index · {tls}"),
            ("work", "connections", "for large things", "Inbox", f"fetching an attachment · {tls}"),
            ("work", "under way", "reading the index", "Lists/python-dev", "210 of 900"),
            (
                "work",
                "under way",
                "fetching an attachment",
                "Release notes, second draft",
                "1.3 MB of 2.9 MB",
            ),
            ("work", "under way", "looking for changes", "Archive", "waits"),
            ("work", "under way", "searching on the server", "", "waits"),
            ("work", "to carry out", "move 3 messages", "Inbox → Archive", "waits"),
            ("work", "to carry out", "flag Invoice 4242", "Inbox", "waits"),
            ("work", "to carry out", "move Lunch on Thursday?", "Inbox → Receipts", "refused for now"),
            ("work", "to send", "Re: Invoice 4242", "to ana@example.com and 1 more", shown[10][4]),
            ("work", "to send", "Agenda for Monday", "to ana@example.com and 1 more", shown[11][4]),
            ("home", "connections", "no connection", "", shown[12][4]),
            ("home", "to carry out", "mark read Dinner on Sunday", "Inbox", "waits for a connection"),
            ("home", "went wrong", "imap.home.example does not answer.", "", shown[14][4]),
            ("home", "went wrong", "The server has no room left for “Photos”.", "", shown[15][4]),
        ]
        assert shown[10][4] == "nobody knows whether it arrived"
        assert shown[11][4].startswith("leaves at ")
        assert shown[12][4].startswith("tried again at ")
        assert shown[14][4] == "3 times · Look at your network; it will be tried again."
        headings = [line for line in the_list(app)._lines if isinstance(line, Heading)]
        assert [line.account for line in headings] == ["work", "home"]
        assert headings[1].state is ConnectionState.OFFLINE
        box = app.screen.query_one("#box")
        assert str(box.border_subtitle) == "3 connections · 4 jobs · 8 waiting · 2 troubles"


async def test_the_row_under_the_cursor_is_explained(app: MailtuiApp, recorder: Recorder) -> None:
    async with running(app) as pilot:
        await opened(pilot, recorder)
        await go_to(pilot, "move Lunch on Thursday?")
        await pilot.pause()
        for words in ("since ", "The folder is in use"):
            assert words in painted(app)


@pytest.mark.parametrize("size", [WIDE, MEDIUM, NARROW], ids=str)
async def test_the_keys_and_the_explanation_always_have_room(
    app: MailtuiApp, recorder: Recorder, size: tuple[int, int]
) -> None:
    async with running(app, size) as pilot:
        await opened(pilot, recorder)
        await press(pilot, "G")
        await pilot.pause()
        text = painted(app)
        for words in ("try again", "8 waiting", "Delete something there.", "Activity"):
            assert words in text, words


async def test_operations_can_be_tried_again_and_given_up(app: MailtuiApp, recorder: Recorder) -> None:
    async with running(app) as pilot:
        await opened(pilot, recorder)
        await go_to(pilot, "move Lunch on Thursday?")
        await press(pilot, "r")
        (again,) = recorder.of(RetryOperations)
        assert isinstance(again, RetryOperations)
        assert len(again.operations) == 1
        await until(pilot, lambda: not row(app, "move Lunch on Thursday?").trouble)
        await go_to(pilot, "move 3 messages")
        await press(pilot, "d")
        (given_up,) = recorder.of(DiscardOperations)
        assert isinstance(given_up, DiscardOperations)
        assert len(given_up.operations) == 3
        await until(pilot, lambda: "move 3 messages" not in [one.what for one in entries(app)])


async def test_letters_are_decided_about(app: MailtuiApp, recorder: Recorder) -> None:
    async with running(app) as pilot:
        await opened(pilot, recorder)
        await go_to(pilot, "Agenda for Monday")
        await press(pilot, "r")
        assert not recorder.of(RetrySend)
        assert said(app) == "It is on its way; there is nothing to try again."
        await press(pilot, "d")
        assert len(recorder.of(CancelSend)) == 1
        await until(pilot, lambda: "Agenda for Monday" not in [one.what for one in entries(app)])
        await go_to(pilot, "Re: Invoice 4242")
        await press(pilot, "y")
        assert len(recorder.of(MarkSent)) == 1
        await until(pilot, lambda: "copy" in row(app, "Re: Invoice 4242").state)
        await press(pilot, "d")
        assert said(app) == "It has left; there is nothing to give up."


async def test_what_is_fetched_can_be_stopped_and_what_goes_on_by_itself_not(
    app: MailtuiApp, recorder: Recorder
) -> None:
    async with running(app) as pilot:
        await opened(pilot, recorder)
        await go_to(pilot, "fetching an attachment")
        await press(pilot, "x")
        assert recorder.of(StopJob) == [StopJob("work", 9)]
        await press(pilot, "d")
        assert said(app) == "What is under way can be stopped instead."
        await go_to(pilot, "reading the index")
        await press(pilot, "x")
        assert len(recorder.of(StopJob)) == 1
        assert said(app) == "That goes on by itself, and gives way to whatever you do."
        assert said(app) in painted(app)
        await press(pilot, "j")
        assert "1.3 MB of 2.9 MB · for large things" in painted(app)


async def test_a_connection_that_is_not_there_can_be_tried_now(app: MailtuiApp, recorder: Recorder) -> None:
    async with running(app) as pilot:
        await opened(pilot, recorder)
        await go_to(pilot, "no connection")
        await press(pilot, "r")
        assert recorder.of(Synchronise) == [Synchronise("home")]
        await go_to(pilot, "for what you do")
        await press(pilot, "r")
        assert len(recorder.of(Synchronise)) == 1
        assert said(app) == "This connection stands; there is nothing to try again."


async def test_the_cursor_stays_on_what_it_is_on(app: MailtuiApp, recorder: Recorder) -> None:
    async with running(app) as pilot:
        await opened(pilot, recorder)
        await go_to(pilot, "move Lunch on Thursday?")
        work, _ = going_on.reports(recorder)
        recorder.tell(ActivityReported("work", work.connections, (JobSeen(99, "searching", "bulk", True),)))
        await until(pilot, lambda: len(entries(app)) == 13)
        entry = the_list(app).entry
        assert entry is not None
        assert entry.what == "move Lunch on Thursday?"


async def test_it_is_watched_while_it_is_open_and_says_nothing_when_nothing_changes(
    app: MailtuiApp, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mailtui.ui.screens.activity.WATCHED", 0.15)
    async with running(app) as pilot:
        await opened(pilot, recorder)
        painting: list[int] = []
        paint = ActivityList.render_line

        def counted(self: ActivityList, y: int) -> object:
            painting.append(y)
            return paint(self, y)

        await pilot.pause(0.3)
        monkeypatch.setattr(ActivityList, "render_line", counted)
        for _ in range(20):  # it may be some time until all is painted, on a busy machine
            painting.clear()
            asked = len(recorder.of(WatchActivity))
            await until(pilot, lambda: len(recorder.of(WatchActivity)) >= asked + 3)  # noqa: B023 - at once
            await pilot.pause(0.3)
            if not painting:
                break
        assert painting == []
        await press(pilot, "q")
        asked = len(recorder.of(WatchActivity))
        await pilot.pause(0.3)
        assert len(recorder.of(WatchActivity)) == asked


async def test_without_a_service_nothing_is_claimed(app: MailtuiApp, recorder: Recorder) -> None:
    async with running(app) as pilot:
        await opened(pilot, recorder)
        recorder.activity.clear()
        assert app._client is not None
        app._news.hear(LinkLost(False, "The account service stopped."))
        await until(pilot, lambda: "for what you do" not in [one.what for one in entries(app)])
        assert row(app, "no connection").retry is None


async def test_an_account_that_waits_for_the_user_says_so(app: MailtuiApp, recorder: Recorder) -> None:
    async with running(app) as pilot:
        await press(pilot, "g", "c")
        reason = "The server refused the password."
        recorder.tell(ConnectionChanged("home", ConnectionState.WAITING, reason))
        await until(
            pilot, lambda: entries(app) and [one for one in entries(app) if one.state == "waits for you"]
        )
        (one,) = (one for one in entries(app) if one.state == "waits for you")
        assert reason in one.whole


async def test_hostile_words_are_harmless(app: MailtuiApp, recorder: Recorder) -> None:
    evil = "\x1b]52;c;UFdORUQ=\x07[bold]\u202e[/]"
    recorder.activity["work"] = ActivityReported(
        "work",
        (ConnectionSeen(evil, evil, NOW, evil, job=evil),),
        (JobSeen(1, evil, evil, True),),
        troubles=(TroubleSeen(NOW, evil, evil),),
    )
    async with running(app) as pilot:
        await press(pilot, "g", "c")
        await until(pilot, lambda: len(entries(app)) >= 4)
        for _ in range(4):
            await press(pilot, "j")
            text = painted(app)
            assert all(letter.isprintable() for letter in text.replace("\n", ""))


async def test_the_protocol_log_is_begun_read_and_ended(
    app: MailtuiApp, recorder: Recorder, tmp_path: Path
) -> None:
    log = tmp_path / "protocol-work.log"
    async with running(app) as pilot:
        await opened(pilot, recorder)
        await press(pilot, "v")
        assert said(app) == "The protocol log of work is off; p begins one."
        await press(pilot, "p")
        assert recorder.of(RecordProtocol) == [RecordProtocol("work", True)]
        work, _ = going_on.reports(recorder)
        log.write_text("a line to be cut\n" + "C: M1 NOOP\n" * 30_000 + "S: M1 OK \x1b[31mdone\n")
        on = ActivityReported("work", work.connections, recording=str(log))
        recorder.tell(on)
        await until(pilot, lambda: "● protocol log" in painted(app))
        headings = [line for line in the_list(app)._lines if isinstance(line, Heading)]
        assert [line.recording for line in headings] == [str(log), ""]
        await press(pilot, "v")
        await until(pilot, lambda: isinstance(app.screen, PagerScreen))
        lines = app.screen.query_one(Pager)._text
        assert lines[0] == "C: M1 NOOP"
        assert lines[-1].endswith("done")
        assert "\x1b" not in "".join(lines)
        await until(pilot, lambda: "M1 OK" in painted(app))
        await press(pilot, "q")
        await press(pilot, "p")
        assert recorder.of(RecordProtocol)[1:] == [RecordProtocol("work", False)]


async def test_a_log_that_is_gone_is_no_fault(app: MailtuiApp, recorder: Recorder, tmp_path: Path) -> None:
    recorder.activity["work"] = ActivityReported("work", recording=str(tmp_path / "gone.log"))
    async with running(app) as pilot:
        await press(pilot, "g", "c")
        await until(pilot, lambda: entries(app))
        await press(pilot, "v")
        await until(pilot, lambda: "can't be read" in said(app))


async def test_a_click_on_the_accounts_in_the_status_line_leads_there(
    app: MailtuiApp, recorder: Recorder
) -> None:
    async with running(app) as pilot:
        await recorder.handle("x", SetOnline("work", True))
        status = main(app).query_one(StatusLine)
        await pilot.click(StatusLine, offset=(2, 0))
        assert not isinstance(app.screen, ActivityScreen)
        await pilot.click(StatusLine, offset=(status.size.width - 2, 0))
        await until(pilot, lambda: isinstance(app.screen, ActivityScreen))
        await press(pilot, "escape")
        assert not isinstance(app.screen, ActivityScreen)
