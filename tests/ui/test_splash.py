"""The picture painted before Textual is loaded is the one that the screen shows."""

import io
import subprocess
import sys
from pathlib import Path

import pyte
import pytest

from mailtui.ui.app import MailtuiApp
from mailtui.ui.splash import paint, wipe
from tests.ui.acting import running
from tests.ui.mailbox import NOW, Mailbox

ACCOUNTS = ("work", "home")


def splashed(mailbox: Mailbox, size: tuple[int, int]) -> list[str]:
    out = io.StringIO()
    assert paint(mailbox.store, ACCOUNTS, size, lambda: NOW, out)
    screen = pyte.Screen(*size)
    pyte.Stream(screen).feed(out.getvalue())
    return [line.rstrip() for line in screen.display]


def shown(app: MailtuiApp) -> list[str]:
    """The screen as text; pyte has an empty cell after each wide sign, so they are left out of both."""
    return [strip.text.rstrip() for strip in app.screen._compositor.render_strips()]


@pytest.mark.parametrize("size", [(120, 40), (132, 43), (200, 60), (80, 24), (60, 20)])
async def test_its_rows_are_where_the_screen_has_them(
    app: MailtuiApp, mailbox: Mailbox, size: tuple[int, int]
) -> None:
    early = splashed(mailbox, size)
    async with running(app, size):
        late = shown(app)
    subjects = (
        "Release notes, second draft",
        "Invoice 4242",
        "[ci] main is green",
        "47 patterns",
        "Lunch on",
    )
    for subject in subjects:
        (before,) = [(y, line.index(subject)) for y, line in enumerate(early) if subject in line]
        (after,) = [(y, line.index(subject)) for y, line in enumerate(late) if subject in line]
        assert before == after, subject
    for word in ("Kim Larsson", "09:40", "Inbox  work  4 unread"):
        (before,) = [(y, line.index(word)) for y, line in enumerate(early) if word in line]
        assert before in [(y, line.index(word)) for y, line in enumerate(late) if word in line], word


@pytest.mark.parametrize("size", [(120, 40), (132, 43)])
async def test_its_frames_are_where_the_screen_has_them(
    app: MailtuiApp, mailbox: Mailbox, size: tuple[int, int]
) -> None:
    early = splashed(mailbox, size)
    async with running(app, size):
        late = shown(app)
    corners = "╭╮╰╯"
    places = [(y, x, sign) for y, line in enumerate(early) for x, sign in enumerate(line) if sign in corners]
    assert len(places) == 12
    for y, x, sign in places:
        assert late[y][x] == sign


@pytest.mark.parametrize("size", [(1, 1), (9, 30), (120, 3), (30, 8), (500, 200)])
def test_no_size_is_too_small_or_too_large(mailbox: Mailbox, size: tuple[int, int]) -> None:
    paint(mailbox.store, ACCOUNTS, size, lambda: NOW, io.StringIO())


def test_without_mail_there_is_nothing_to_paint(tmp_path: Path, mailbox: Mailbox) -> None:
    out = io.StringIO()
    assert not paint(tmp_path / "none.db", ACCOUNTS, (120, 40), lambda: NOW, out)
    mailbox.writer.forget_account("work")
    mailbox.writer.forget_account("home")
    assert not paint(mailbox.store, ACCOUNTS, (120, 40), lambda: NOW, out)
    assert out.getvalue() == ""


def test_hostile_mail_does_not_pass(mailbox: Mailbox) -> None:
    mailbox.add("work/INBOX", "x\x1b]52;c;UFdORUQ=\x07\x9b31m\u202e[bold]y")
    out = io.StringIO()
    paint(mailbox.store, ACCOUNTS, (120, 40), lambda: NOW, out)
    text = out.getvalue()
    assert "\x1b]" not in text
    assert not {"\x07", "\x9b", "\u202e"} & set(text)
    assert "[bold]y" in text


def test_it_can_be_wiped_away() -> None:
    out = io.StringIO()
    wipe(out)
    assert out.getvalue().endswith("\x1b[?1049l")


def test_it_needs_nothing_of_textual() -> None:
    code = "import mailtui.ui.splash, sys; print('textual' in sys.modules, 'rich.console' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False", "False"]
