"""The message list on the screen: what keys and the mouse do, and what happens elsewhere meanwhile."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from mailtui.model.address import Address
from mailtui.model.event import FolderChanged
from mailtui.model.message import Flag
from mailtui.store.reading import Reader
from mailtui.text.search import parse
from mailtui.ui import glyphs
from mailtui.ui.widgets.message_list import MessageList
from mailtui.ui.widgets.message_list_source import Filtered, FolderSource, Found, Source
from tests.ui.stage import HOUR, NOON, Shop, Stage, letter


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(tmp_path / "mail.db")
    yield shop
    shop.writer.close()


class Listed:
    """A list on a stage, and what it posted."""

    def __init__(self, stage: Stage, pilot: Pilot[None], shop: Shop) -> None:
        self.stage, self.pilot, self.shop = stage, pilot, shop

    @property
    def view(self) -> MessageList:
        return self.stage.query_one(MessageList)

    @property
    def rows(self) -> list[str]:
        return [self.view.render_line(y).text for y in range(self.view.size.height)]

    @property
    def subject(self) -> str:
        summary = self.view.summary
        return summary.subject if summary else ""

    @property
    def cursor_row(self) -> int:
        """The row on the screen that bears the cursor's sign."""
        return next(y for y, row in enumerate(self.rows) if row.startswith(glyphs.CURSOR))

    async def act(self, *actions: str) -> None:
        for action in actions:
            done = getattr(self.view, f"do_{action}")()
            if done is not None:
                await done
            await self.pilot.pause()

    async def publish(self, changes: object) -> None:
        self.stage.publish(changes)  # type: ignore[arg-type]
        await self.pilot.pause()
        await self.pilot.pause()

    def posted(self, kind: type) -> list[object]:
        """Each once, though several around the widget saw it."""
        return list(dict.fromkeys(message for message in self.stage.posted if isinstance(message, kind)))


@asynccontextmanager
async def listed(
    shop: Shop, source: Source | None = None, *, size: tuple[int, int] = (80, 12)
) -> AsyncIterator[Listed]:
    stage = Stage(shop.path, MessageList)
    async with stage.run_test(size=size, message_hook=stage.posted.append) as pilot:
        on = Listed(stage, pilot, shop)
        on.view.focus()
        on.view.show(source or FolderSource(shop.folder()))
        await pilot.pause(0.05)
        await stage.workers.wait_for_complete()
        await pilot.pause()
        yield on


async def test_the_newest_message_is_on_top_and_under_the_cursor(shop: Shop) -> None:
    shop.add(shop.mail(30))
    async with listed(shop) as on:
        assert on.rows[0].startswith(glyphs.CURSOR)
        assert "Subject 30" in on.rows[0]
        assert "Subject 21" in on.rows[9]


async def test_rows_fill_the_width_beside_the_scroll_bar(shop: Shop) -> None:
    shop.add(shop.mail(30))
    async with listed(shop) as on:
        widths = {on.view.render_line(y).cell_length for y in range(10)}
        assert widths == {on.view.scrollable_content_region.width}


async def test_the_cursor_goes_down_and_up_and_stops_at_the_ends(shop: Shop) -> None:
    shop.add(shop.mail(3))
    async with listed(shop) as on:
        await on.act("up")
        assert on.subject == "Subject 3"
        await on.act("down", "down", "down")
        assert on.subject == "Subject 1"
        assert not on.view.step(1)


async def test_at_the_edge_the_list_jumps_by_half_a_page(shop: Shop) -> None:
    shop.add(shop.mail(60))
    async with listed(shop) as on:
        await on.act(*["down"] * 9)
        assert on.view.scroll_offset.y == 0
        await on.act("down")
        assert on.view.scroll_offset.y == 5
        assert on.cursor_row == 5
        assert on.subject == "Subject 50"


async def test_pages_first_and_last(shop: Shop) -> None:
    shop.add(shop.mail(60))
    async with listed(shop) as on:
        await on.act("page_down")
        assert on.subject == "Subject 51"
        await on.act("half_page_down")
        assert on.subject == "Subject 46"
        await on.act("last")
        assert on.subject == "Subject 1"
        assert on.cursor_row == 9
        await on.act("page_up")
        assert on.subject == "Subject 10"
        await on.act("first")
        assert on.cursor_row == 0


async def test_new_mail_shows_above_while_the_top_is_in_sight_and_the_cursor_keeps_its_message(
    shop: Shop,
) -> None:
    shop.add(shop.mail(30))
    async with listed(shop) as on:
        await on.publish(shop.add([letter(31, NOON)]))
        assert "Subject 31" in on.rows[0]
        assert on.subject == "Subject 30"
        assert on.cursor_row == 1


async def test_further_down_nothing_moves_when_new_mail_arrives(shop: Shop) -> None:
    shop.add(shop.mail(60))
    async with listed(shop) as on:
        await on.act(*["down"] * 12)
        before = on.rows
        await on.publish(shop.add([letter(61, NOON), letter(62, NOON + 1)]))
        assert on.rows == before


async def test_when_the_message_under_the_cursor_goes_the_next_older_is_there(shop: Shop) -> None:
    shop.add(shop.mail(60))
    async with listed(shop) as on:
        await on.act(*["down"] * 12)
        row, message = on.cursor_row, on.view.cursor
        assert message is not None
        on.view.hide([message])
        await on.pilot.pause()
        assert on.cursor_row == row
        assert on.subject == "Subject 47"
        on.view.restore([message])
        await on.pilot.pause()
        assert any("Subject 48" in text for text in on.rows)
        assert on.subject == "Subject 47"


async def test_a_flag_shows_before_the_store_has_it(shop: Shop) -> None:
    shop.add(shop.mail(3))
    async with listed(shop) as on:
        message = on.view.cursor
        assert message is not None
        on.view.amend([message], Flag.FLAGGED)
        assert glyphs.FLAGGED in on.rows[0]
        on.view.restore([message])
        assert glyphs.FLAGGED not in on.rows[0]


async def test_selecting_moves_on_and_marks_the_row(shop: Shop) -> None:
    shop.add(shop.mail(5))
    async with listed(shop) as on:
        await on.act("select", "select")
        assert [glyphs.SELECTED in row for row in on.rows[:3]] == [True, True, False]
        assert [row.subject for row in on.view.summaries(on.view.selection)] == ["Subject 5", "Subject 4"]
        assert on.view.targets() == on.view.selection
        await on.act("clear_selection")
        assert on.view.selected == 0
        assert on.view.targets() == (on.view.cursor,)


async def test_a_range_follows_the_cursor_until_it_is_ended(shop: Shop) -> None:
    shop.add(shop.mail(9))
    async with listed(shop) as on:
        await on.act("down", "select_range", "down", "down", "down", "up")
        assert on.view.selected == 3
        await on.act("select_range", "down")
        assert on.view.selected == 3


async def test_everything_is_selected_also_what_is_not_on_the_screen_but_not_what_comes_later(
    shop: Shop,
) -> None:
    shop.add(shop.mail(500))
    async with listed(shop) as on:
        await on.act("select_all")
        assert on.view.selected == 500
        assert len(on.view.selection) == 500
        await on.publish(shop.add([letter(501, NOON)]))
        assert on.view.selected == 500
        await on.act("select")
        assert on.view.selected == 499


async def test_selecting_by_pattern(shop: Shop) -> None:
    ana = Address("Ana", "ana@example.org")
    shop.add([*shop.mail(5), letter(10, NOON, sender=ana), letter(11, NOON - 9 * HOUR, sender=ana)])
    async with listed(shop) as on:
        await on.view.do_select_pattern("from:ana")
        assert [row.sender for row in on.view.summaries(on.view.selection)] == [ana, ana]
        on.stage.answers = ["subject:3"]
        await on.view.do_select_pattern()
        assert on.view.selected == 3


async def test_what_goes_is_no_longer_selected(shop: Shop) -> None:
    shop.add(shop.mail(5))
    async with listed(shop) as on:
        await on.act("select", "select")
        await on.publish(shop.writer.vanish(shop.folder(), [5]))
        assert [row.subject for row in on.view.summaries(on.view.selection)] == ["Subject 4"]


async def test_the_next_unread_message_is_found_near_and_far_and_around_the_end(shop: Shop) -> None:
    letters = shop.mail(1200)
    letters[3] = letter(1197, letters[3].received, flags=Flag.NONE)
    letters[1100] = letter(100, letters[1100].received, flags=Flag.NONE)
    shop.add(letters)
    async with listed(shop) as on:
        await on.act("next_unread")
        assert on.subject == "Subject 1197"
        await on.act("next_unread")
        assert on.subject == "Subject 100"
        await on.act("next_unread")
        assert on.subject == "Subject 1197"
        await on.act("previous_unread")
        assert on.subject == "Subject 100"


async def test_without_another_unread_message_it_is_said(shop: Shop) -> None:
    shop.add(shop.mail(3))
    async with listed(shop) as on:
        await on.act("next_unread")
        assert on.stage.told == ["There is no other unread message here."]


async def test_the_position_and_the_unread_are_told(shop: Shop) -> None:
    shop.add([letter(1, NOON, flags=Flag.NONE), letter(2, NOON - HOUR)])
    async with listed(shop) as on:
        await on.act("down")
        counted = on.posted(MessageList.Counted)
        last = counted[-1]
        assert isinstance(last, MessageList.Counted)
        assert (last.position, last.total, last.unread) == (2, 2, 1)
        assert on.view.position_words() == "2/2"
        await on.act("select")
        assert on.view.position_words() == "1 selected · 2/2"


async def test_opening_posts_the_message_under_the_cursor(shop: Shop) -> None:
    shop.add(shop.mail(3))
    async with listed(shop) as on:
        await on.act("down", "open")
        opened = on.posted(MessageList.Opened)[-1]
        assert isinstance(opened, MessageList.Opened)
        assert opened.message == on.view.cursor


async def test_a_click_puts_the_cursor_there_and_another_one_opens(shop: Shop) -> None:
    shop.add(shop.mail(9))
    async with listed(shop) as on:
        await on.pilot.click(MessageList, offset=(10, 4))
        assert on.subject == "Subject 6"
        assert not on.posted(MessageList.Opened)
        await on.pilot.click(MessageList, offset=(10, 4))
        assert on.posted(MessageList.Opened)


async def test_clicks_with_control_and_shift_select(shop: Shop) -> None:
    shop.add(shop.mail(9))
    async with listed(shop) as on:
        await on.pilot.click(MessageList, offset=(10, 3), control=True)
        assert on.view.selected == 1
        await on.pilot.click(MessageList, offset=(10, 6), shift=True)
        assert on.view.selected == 4


async def test_the_wheel_scrolls_and_leaves_the_cursor(shop: Shop) -> None:
    shop.add(shop.mail(60))
    async with listed(shop) as on:
        under = on.view.cursor
        on.view.scroll_to(y=30, animate=False)
        await on.pilot.pause()
        assert on.view.cursor == under
        await on.publish(shop.add([letter(61, NOON)]))
        assert "Subject 30" in on.rows[0]


async def test_an_empty_folder_says_so(shop: Shop) -> None:
    async with listed(shop) as on:
        assert any("Nothing here." in row for row in on.rows)
        assert on.view.targets() == ()
        await on.act("down", "open", "select", "select_range", "last")
        assert on.view.cursor is None


async def test_the_last_message_going_is_told(shop: Shop) -> None:
    shop.add(shop.mail(1))
    async with listed(shop) as on:
        await on.publish(shop.writer.vanish(shop.folder(), [1]))
        assert on.posted(MessageList.Emptied)
        assert any("Nothing here." in row for row in on.rows)


async def test_a_filter_that_shows_nothing_says_what_it_was(shop: Shop) -> None:
    shop.add(shop.mail(3))
    query = parse("nowhere", Stage.today(Stage(shop.path, MessageList)))
    async with listed(shop, Filtered(shop.folder(), "nowhere", query)) as on:
        assert any("Nothing here matches" in row for row in on.rows)
        assert any("nowhere" in row for row in on.rows)


async def test_filtering_and_showing_all_again_keeps_the_cursor_on_its_message(shop: Shop) -> None:
    shop.add(shop.mail(40))
    async with listed(shop) as on:
        await on.act(*["down"] * 15)
        assert on.subject == "Subject 25"
        query = parse("subject:25", on.stage.today())
        on.view.show(Filtered(shop.folder(), "subject:25", query))
        await on.pilot.pause(0.05)
        assert on.view.position_words() == "1/1"
        on.view.show(FolderSource(shop.folder()))
        await on.pilot.pause(0.05)
        assert on.subject == "Subject 25"


async def test_coming_back_to_a_folder_finds_the_cursor_where_it_was(shop: Shop) -> None:
    shop.add(shop.mail(40))
    shop.add(shop.mail(5, "Archive"), "Archive")
    async with listed(shop) as on:
        await on.act("down", "down")
        on.view.show(FolderSource(shop.folder("Archive")))
        await on.pilot.pause(0.05)
        assert on.subject == "Subject 5"
        on.view.show(FolderSource(shop.folder()))
        await on.pilot.pause(0.05)
        assert on.subject == "Subject 38"


async def test_rules_between_found_messages_are_stepped_over(shop: Shop) -> None:
    shop.add(shop.mail(3))
    with_rules = await _found(shop)
    async with listed(shop, with_rules) as on:
        assert "server: work" in on.rows[1]
        await on.act("down")
        assert on.subject == "Subject 2"
        assert on.view.position_words() == "2/3"
        await on.act("up")
        assert on.subject == "Subject 3"
        await on.act("select_all")
        assert on.view.selected == 3


async def _found(shop: Shop) -> Found:
    known = shop.writer.by_uid(shop.folder(), [1, 2, 3])
    return Found("x", (known[3], -1, known[2], known[1]), rules=("server: work … 2 found, 2 new",))


async def test_more_results_do_not_move_the_cursor(shop: Shop) -> None:
    shop.add(shop.mail(3))
    known = shop.writer.by_uid(shop.folder(), [1, 2, 3])
    async with listed(shop, Found("x", (known[2],))) as on:
        on.view.extend(Found("x", (known[3], known[2], -1, known[1]), rules=("server",)))
        await on.pilot.pause()
        assert on.subject == "Subject 2"
        assert on.view.position_words() == "2/3"


async def test_sent_mail_shows_whom_it_went_to(shop: Shop) -> None:
    shop.add([letter(1, to=(Address("Olaf", "olaf@example.org"),))], "Sent")
    async with listed(shop, FolderSource(shop.folder("Sent"))) as on:
        assert "To: Olaf" in on.rows[0]


async def test_hostile_mail_is_painted_as_text(shop: Shop) -> None:
    evil = "\x1b]52;c;UFdORUQ=\x07[/] [link=http://x]y[/link] \u202e\x9b31m"
    shop.add([letter(1, subject=evil, sender=Address(evil, "e@x"))])
    async with listed(shop) as on:
        painted = "".join(on.rows)
        assert not any(ord(sign) < 32 or 0x7F <= ord(sign) < 0xA0 or sign == "\u202e" for sign in painted)
        assert "[/]" in painted


@pytest.mark.parametrize("size", [(1, 1), (5, 3), (20, 4), (40, 10), (200, 50)])
async def test_every_size_is_survived(shop: Shop, size: tuple[int, int]) -> None:
    shop.add(shop.mail(30))
    async with listed(shop, size=size) as on:
        await on.act("down", "last", "first", "page_down")
        for width, height in ((80, 24), size, (3, 40)):
            await on.pilot.resize_terminal(width, height)
            await on.pilot.pause()


async def test_a_folder_that_keeps_changing_is_not_read_over_and_over(shop: Shop) -> None:
    shop.add(shop.mail(100))
    async with listed(shop) as on:
        readings: list[object] = []
        run = on.stage.readers.run

        async def counted(query: Callable[[Reader], object]) -> object:
            readings.append(query)
            return await run(query)

        on.stage.readers.run = counted  # type: ignore[assignment, method-assign] # counts
        for _ in range(20):
            on.stage.happened.publish(FolderChanged(shop.folder(), many=True))
            await on.pilot.pause(0.01)
        assert len(readings) <= 2


async def test_events_of_other_folders_and_unknown_messages_are_harmless(shop: Shop) -> None:
    shop.add(shop.mail(3))
    async with listed(shop) as on:
        for event in (
            FolderChanged(999, added=(1,), removed=(2,)),
            FolderChanged(shop.folder(), removed=(12345,), changed=(54321,), added=(77777,)),
            FolderChanged(shop.folder(), many=True),
        ):
            on.stage.happened.publish(event)
            await on.pilot.pause()
        assert "Subject 3" in on.rows[0]
