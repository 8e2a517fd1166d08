"""What a cursor move writes to the terminal: two rows and the position, over SSH too."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from textual._compositor import ChopsUpdate
from textual.pilot import Pilot

from mailtui.model.address import Address
from mailtui.model.message import Flag
from mailtui.ui.widgets.message_list import MessageList
from mailtui.ui.widgets.message_list_source import FolderSource
from tests.ui.stage import HOUR, NOON, Shop, Stage, letter

BUDGET = 600  # octets a move, at 120×40
SUBJECT = "Re: a subject that is long enough to fill the row to its end, whatever the width of it is today"


class Counting(Stage):
    """Counts the octets of every partial update."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, MessageList)
        self.octets: list[int] = []

    def _display(self, screen: Any, renderable: Any) -> None:
        if isinstance(renderable, ChopsUpdate):
            self.octets.append(len(renderable.render_segments(self.console).encode()))
        super()._display(screen, renderable)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(tmp_path / "mail.db")
    ana = Address("Ana Müller", "ana@example.org")
    for uid in range(1, 400):
        flags = Flag.SEEN if uid % 4 else Flag.NONE
        shop.add([letter(uid, NOON - uid * HOUR, subject=f"{uid} {SUBJECT}", sender=ana, flags=flags)])
    yield shop
    shop.writer.close()


async def quiet(app: Counting, pilot: "Pilot[None]") -> None:
    """Until nothing is written any more."""
    await app.workers.wait_for_complete()
    app.octets.append(0)
    while app.octets:
        app.octets.clear()
        await pilot.pause(0.2)


async def test_a_cursor_move_writes_two_rows_and_the_position_and_no_more(shop: Shop) -> None:
    app = Counting(shop.path)
    async with app.run_test(size=(120, 40)) as pilot:
        view = app.query_one(MessageList)
        view.focus()
        view.show(FolderSource(shop.folder()))
        await quiet(app, pilot)
        moves: list[int] = []
        for _ in range(30):
            app.octets.clear()
            view.do_down()
            await pilot.pause()
            moves.append(sum(app.octets))
        assert sum(moves) / len(moves) <= BUDGET + 20  # every fourth row is unread, with two colours more
        assert sorted(moves)[len(moves) // 2] <= BUDGET
        await quiet(app, pilot)
        await pilot.pause(0.3)
        assert app.octets == []
