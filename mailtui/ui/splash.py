"""The first picture, painted from the local copy before Textual is loaded: frames and the newest rows
where they will be a moment later. Without colours, since those are the theme's.

What it knows of the layout is what main.tcss says; a test compares it with the real screen.
"""

import contextlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from mailtui.model.message import Summary
from mailtui.model.trouble import Trouble
from mailtui.store.reading import Reader
from mailtui.ui.cells import cell, width
from mailtui.ui.folderbook import Folderbook
from mailtui.ui.rows import Ink, Marks, Now, columns, row

WIDE, MEDIUM = 120, 80  # columns, as the breakpoints of the application have it
FOLDERS = 28  # cells of the folders' pane
BELOW = 2  # lines of status and hints

_ENTER = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J"
_LEAVE = "\x1b[?7h\x1b[?25h\x1b[?1049l"
_BOLD, _DIM, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"


@dataclass(frozen=True, slots=True)
class Box:
    """Where a pane is: outer place and size in cells."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class View:
    """What there is to paint: words over the list, how many rows it has, the first of them."""

    title: str
    total: int
    rows: list[Summary]


def paint(
    store: Path, accounts: Iterable[str], size: tuple[int, int], clock: Callable[[], float], to: TextIO
) -> bool:
    """Paint on the alternate screen of the terminal; whether that was possible. Nothing is painted if
    there is no mail yet, and nothing of what may go wrong here is worth a word: the program starts."""
    with contextlib.suppress(Trouble, OSError):
        view = look(store, accounts, size[1])
        if view is not None:
            to.write(_ENTER + "".join(picture(view, size, clock())))
            to.flush()
            return True
    return False


def wipe(to: TextIO) -> None:
    """Leave the alternate screen again, because the program could not be loaded."""
    to.write(_LEAVE)
    to.flush()


def look(store: Path, accounts: Iterable[str], rows: int) -> View | None:
    """The folder that the program begins in, None if there is none. Raises a Trouble without a store."""
    with Reader(store) as reader:
        book = Folderbook(reader.folders(), accounts)
        folder = book.first()
        if folder is None or not folder.total:
            return None
        title = "  ".join(filter(None, book.heading(folder)))
        return View(title, folder.total, reader.window(folder.id, rows))


def picture(view: View, size: tuple[int, int], now: float) -> list[str]:
    """Everything to write to the terminal, line by line of each pane."""
    columns_, lines = size
    height = lines - BELOW
    if columns_ < 10 or height < 4:
        return []
    if columns_ >= WIDE:
        upper = max(height * 2 // 5, 8)
        list_ = Box(FOLDERS, 0, columns_ - FOLDERS, upper)
        frames = [Box(0, 0, FOLDERS, height), list_, Box(FOLDERS, upper, columns_ - FOLDERS, height - upper)]
        parts = [part for box in frames for part in _frame(box)]
        parts += [_title(Box(0, 0, FOLDERS, 1), " Folders "), _title(list_, f" {view.title} ")]
        inner = Box(list_.x + 1, 1, list_.width - 2, list_.height - 2)
    else:
        rule = "─" if columns_ >= MEDIUM else " "
        parts = [
            _at(0, 0) + _DIM + rule * columns_ + _PLAIN,
            _title(Box(-2, 0, columns_, 1), f" {view.title} "),
        ]
        inner = Box(0, 1, columns_, height - 1)
    return parts + list(_rows(view, inner, now))


def _rows(view: View, inner: Box, now: float) -> Iterable[str]:
    scrolls = view.total > inner.height
    layout = columns(inner.width - scrolls)
    for index, summary in enumerate(view.rows[: inner.height]):
        pieces = row(summary, layout, Now(now), Marks(cursor=index == 0))
        bold = _BOLD if summary.unread else ""
        text = "".join(f"{_DIM if piece.ink is Ink.DATE else bold}{piece.text}{_PLAIN}" for piece in pieces)
        yield _at(inner.x, inner.y + index) + text


def _frame(box: Box) -> Iterable[str]:
    bar = "─" * (box.width - 2)
    yield f"{_at(box.x, box.y)}{_DIM}╭{bar}╮"
    for y in range(box.y + 1, box.y + box.height - 1):
        yield f"{_at(box.x, y)}│{_at(box.x + box.width - 1, y)}│"
    yield f"{_at(box.x, box.y + box.height - 1)}╰{bar}╯{_PLAIN}"


def _title(box: Box, title: str) -> str:
    return _at(box.x + 2, box.y) + _BOLD + cell(title, min(width(title), max(box.width - 4, 0))) + _PLAIN


def _at(x: int, y: int) -> str:
    return f"\x1b[{y + 1};{x + 1}H"
