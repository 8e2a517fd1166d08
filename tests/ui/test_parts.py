"""Parts: what there is, how far it has come, saving and opening; headers and source; links."""

import sys
from pathlib import Path

import pytest
from textual.widgets import Static

from mailtui.model.event import PartFailed
from mailtui.model.intent import CancelFetch, FetchBody, FetchPart
from mailtui.ui.app import MailtuiApp
from mailtui.ui.screens.links import LinksScreen
from mailtui.ui.screens.pager import PagerScreen
from mailtui.ui.screens.parts import PartsScreen
from mailtui.ui.screens.place import PlaceScreen
from mailtui.ui.widgets.choice_list import ChoiceList
from mailtui.ui.widgets.pager import Pager
from tests.ui.acting import MEDIUM, press, running, said, until
from tests.ui.mailbox import Recorder


def reason(app: MailtuiApp) -> str:
    """What the screen that asks for a place has to say."""
    return str(app.screen.query_one("#reason", Static).content)


FIRST = "Release notes, second draft"


def listed(app: MailtuiApp) -> list[str]:
    rows = app.screen.query_one(ChoiceList)._rows
    return [row if isinstance(row, str) else f"{row.choice.text} {row.choice.detail}" for row in rows]


async def test_attachments_come_first_with_type_and_size(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        await press(pilot, "enter", "v")
        assert isinstance(app.screen, PartsScreen)
        assert [" ".join(row.split()) for row in listed(app)] == [
            "notes.pdf application/pdf 2.1 MB",
            "whiteboard.jpg image/jpeg 351 kB",
            "text 1.txt text/plain 600 B",
        ]


async def test_parts_that_are_not_known_yet_are_asked_for(app: MailtuiApp, recorder: Recorder) -> None:
    async with running(app) as pilot:
        await press(pilot, "v")
        await until(pilot, lambda: len(listed(app)) == 3)
        assert recorder.of(FetchBody)


async def test_one_is_saved_where_the_user_wants_it(
    app: MailtuiApp, recorder: Recorder, tmp_path: Path
) -> None:
    recorder.parts["2"] = b"%PDF-1.7"
    target = tmp_path / "saved"
    async with running(app) as pilot:
        await press(pilot, "enter", "v", "s", "ctrl+u", *str(target), "enter")
        await until(pilot, lambda: "There is no saved yet" in reason(app))
        assert not target.exists()
        await press(pilot, "enter")
        await until(pilot, (target / "notes.pdf").exists)
        assert (target / "notes.pdf").read_bytes() == b"%PDF-1.7"
        await until(pilot, lambda: said(app) == f"Saved {target / 'notes.pdf'}")
        message = recorder.mailbox.messages[FIRST]
        assert recorder.of(FetchPart) == [FetchPart(message, "2")]
        await press(pilot, "s", "ctrl+u", *str(target), "enter")  # again: from the store, beside the other
        await until(pilot, (target / "notes (1).pdf").exists)
        assert len(recorder.of(FetchPart)) == 1


async def test_all_attachments_are_saved_and_the_texts_are_not(app: MailtuiApp, tmp_path: Path) -> None:
    target = tmp_path / "saved"
    async with running(app) as pilot:
        target.mkdir()
        await press(pilot, "enter", "v", "S", "ctrl+u", *str(target), "enter")
        await until(pilot, lambda: target.exists() and len(list(target.iterdir())) == 2)
        assert sorted(path.name for path in target.iterdir()) == ["notes.pdf", "whiteboard.jpg"]


async def test_a_failure_is_said(app: MailtuiApp, recorder: Recorder, tmp_path: Path) -> None:
    message = recorder.mailbox.messages[FIRST]
    recorder.failing["2"] = PartFailed(message, "2", "The server has lost this part.", "Try the source.")
    async with running(app) as pilot:
        await press(pilot, "enter", "v", "s", "enter")
        await until(pilot, lambda: said(app) == "The server has lost this part. Try the source.")
        assert len(app.downloads) == 0


async def test_a_download_can_be_stopped(app: MailtuiApp, recorder: Recorder) -> None:
    recorder._fetch_part = lambda message, section: None  # type: ignore[method-assign] # it takes for ever
    async with running(app) as pilot:
        await press(pilot, "ctrl+c")
        assert said(app) == "Nothing is running."
        await press(pilot, "enter", "v", "s", "enter", "ctrl+c")
        message = recorder.mailbox.messages[FIRST]
        assert recorder.of(CancelFetch) == [CancelFetch(message, "2")]
        assert said(app) == "Stopped."


async def test_opening_copies_it_to_a_private_place_and_hands_it_over(
    app: MailtuiApp, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[tuple[list[str], str]] = []
    monkeypatch.setattr("mailtui.ui.screens.parts.opener", lambda _: ["opener"])
    monkeypatch.setattr(
        "mailtui.ui.screens.parts.launch", lambda command, target: started.append((command, target))
    )
    async with running(app) as pilot:
        await press(pilot, "enter", "v", "enter")
        await until(pilot, lambda: started)
        ((command, target),) = started
        assert command == ["opener"]
        assert Path(target).name == "notes.pdf"
        assert Path(target).parent.stat().st_mode & 0o777 == 0o700
    assert not Path(target).exists()


async def test_without_a_display_opening_says_so(app: MailtuiApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    async with running(app) as pilot:
        await press(pilot, "enter", "v", "o")
        assert said(app).startswith("There is no display here")
        await until(pilot, lambda: isinstance(app.screen, PlaceScreen))


async def test_a_mistyped_place_is_said_and_the_right_one_completed(
    app: MailtuiApp, recorder: Recorder, tmp_path: Path
) -> None:
    (tmp_path / "pictures").mkdir()
    async with running(app) as pilot:
        await press(pilot, "enter", "v", "s", "ctrl+u", *f"{tmp_path}/no/where", "enter")
        await until(pilot, lambda: f"There is no directory {tmp_path}/no." in reason(app))
        assert list(tmp_path.glob("no")) == []
        await press(pilot, "ctrl+u", *f"{tmp_path}/pi")
        await until(pilot, lambda: len(app.screen.query_one(ChoiceList)._rows) == 1)
        await press(pilot, "tab", "enter")
        await until(pilot, (tmp_path / "pictures" / "notes.pdf").exists)


@pytest.mark.parametrize("display", ["", ":0"])
async def test_a_text_opens_here_whether_or_not_there_is_a_display(
    app: MailtuiApp, recorder: Recorder, monkeypatch: pytest.MonkeyPatch, display: str
) -> None:
    monkeypatch.setenv("DISPLAY", display)
    recorder.parts["1"] = b"Hello [bold]there\x1b]0;evil\x07, " + b"word " * 60
    async with running(app) as pilot:
        await press(pilot, "enter", "v", "G", "enter")
        await until(pilot, lambda: isinstance(app.screen, PagerScreen))
        await pilot.pause()
        lines = app.screen.query_one(Pager)._lines
        assert lines[0].startswith("Hello [bold]there")
        assert not any("\x1b" in line for line in lines)
        assert all(line.split()[-1] in ("word", "there,") or "," in line for line in lines)


async def test_what_may_run_is_asked_about(
    app: MailtuiApp, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mailtui.ui.screens.parts.opener", lambda _: ["opener"])
    monkeypatch.setattr("mailtui.ui.screens.parts.may_run", lambda name: True)
    async with running(app) as pilot:
        await press(pilot, "enter", "v", "o", "n")
        assert recorder.of(FetchPart) == []
        await press(pilot, "o", "y")
        assert len(recorder.of(FetchPart)) == 1


@pytest.mark.parametrize(("key", "section"), [("h", "HEADER"), ("e", "")])
async def test_headers_and_source_are_shown_safely(
    app: MailtuiApp, recorder: Recorder, key: str, section: str
) -> None:
    recorder.parts[section] = b"Subject: [bold]x\x1b]0;evil\x07\r\nFrom: \xff <a@example.org>\r\n\r\nbody"
    async with running(app) as pilot:
        await press(pilot, key)
        await until(pilot, lambda: isinstance(app.screen, PagerScreen))
        await pilot.pause()
        pager = app.screen.query_one(Pager)
        text = "\n".join(pager._lines)
        assert "[bold]x" in text
        assert "\x1b" not in text
        assert recorder.of(FetchPart) == [FetchPart(recorder.mailbox.messages[FIRST], section)]
        await press(pilot, "j", "k", "G", "g", "g", "pagedown", "pageup", "ctrl+d", "ctrl+u", "q")
        assert not isinstance(app.screen, PagerScreen)


async def test_headers_are_decoded_and_broken_at_words_and_the_source_is_as_it_came(
    app: MailtuiApp, recorder: Recorder
) -> None:
    people = ", ".join(f"Priya Raman <priya{number}@example.org>" for number in range(9))
    raw = f"Subject: =?utf-8?b?R3LDvMOfZQ==?=\r\nTo: {people}\r\n\r\nbody".encode()
    recorder.parts["HEADER"] = recorder.parts[""] = raw
    async with running(app, MEDIUM) as pilot:
        await press(pilot, "h")
        await until(pilot, lambda: isinstance(app.screen, PagerScreen))
        await pilot.pause()
        lines = app.screen.query_one(Pager)._lines
        assert lines[0] == "Subject: Grüße"
        assert len(lines) > 4
        assert sum(line.count("Priya") for line in lines) == 9
        assert sum(line.count("Raman") for line in lines) == 9
        await press(pilot, "q", "e")
        await until(pilot, lambda: isinstance(app.screen, PagerScreen))
        await pilot.pause()
        assert app.screen.query_one(Pager)._lines[0] == "Subject: =?utf-8?b?R3LDvMOfZQ==?="


async def test_a_very_long_source_says_how_much_more_there_is(app: MailtuiApp, recorder: Recorder) -> None:
    recorder.parts[""] = b"x" * 2_500_000
    async with running(app) as pilot:
        await press(pilot, "e")
        await until(pilot, lambda: isinstance(app.screen, PagerScreen))
        await pilot.pause()
        assert app.screen.query_one(Pager)._lines[-1].startswith("… and 500 kB more.")


async def test_links_are_listed_copied_and_opened(
    app: MailtuiApp, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("mailtui.ui.screens.links.opener", lambda _: ["opener"])
    monkeypatch.setattr("mailtui.ui.screens.links.launch", lambda _, url: opened.append(url))
    async with running(app) as pilot:
        await press(pilot, "enter", "ctrl+l")
        assert isinstance(app.screen, LinksScreen)
        await press(pilot, "y")
        assert app.clipboard == "https://example.net/notes/draft-2"
        await press(pilot, "enter")
        await until(pilot, lambda: opened == ["https://example.net/notes/draft-2"])


async def test_a_message_without_links_says_so(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        await press(pilot, "j", "ctrl+l")
        assert said(app) == "This message has no links."
