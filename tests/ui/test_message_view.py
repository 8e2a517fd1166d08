"""The open message on the screen: shown at once, fetched if need be, scrolled, folded, copied."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from textual.geometry import Offset
from textual.pilot import Pilot
from textual.selection import Selection

from mailtui.model.account import ConnectionState
from mailtui.model.address import Address
from mailtui.model.event import BodyArrived, BodyFailed, ConnectionChanged, Event, PartArrived
from mailtui.model.intent import FetchBody
from mailtui.model.message import Header
from mailtui.model.part import Body, Link, Part
from mailtui.ui.widgets.message_view import MessageView
from mailtui.ui.widgets.message_view_paint import GUTTER
from tests.ui.stage import HOUR, NOON, Shop, Stage, letter

LONG_QUOTE = "\n".join(f"> quoted {number}" for number in range(20))
ALTERNATIVE = Part(
    "", "multipart/alternative", children=(Part("1", "text/plain", 10), Part("2", "text/html", 10))
)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(tmp_path / "mail.db")
    yield shop
    shop.writer.close()


class Viewed:
    """A view on a stage, and what it posted."""

    def __init__(self, stage: Stage, pilot: Pilot[None]) -> None:
        self.stage, self.pilot = stage, pilot

    @property
    def view(self) -> MessageView:
        return self.stage.query_one(MessageView)

    @property
    def rows(self) -> list[str]:
        return [self.view.render_line(y).text.rstrip() for y in range(self.view.size.height)]

    @property
    def text(self) -> str:
        return "\n".join(self.rows)

    async def show(self, message: int) -> None:
        self.view.show(message)
        await self.settle()

    async def hear(self, event: Event) -> None:
        self.stage.happened.publish(event)
        await self.settle()

    async def settle(self) -> None:
        await self.pilot.pause()
        await self.stage.workers.wait_for_complete()
        await self.pilot.pause()

    def posted(self, kind: type) -> list[object]:
        """Each once, though several around the widget saw it."""
        return list(dict.fromkeys(message for message in self.stage.posted if isinstance(message, kind)))


@asynccontextmanager
async def viewed(shop: Shop, *, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Viewed]:
    stage = Stage(shop.path, MessageView)
    async with stage.run_test(size=size, message_hook=stage.posted.append) as pilot:
        on = Viewed(stage, pilot)
        on.view.focus()
        yield on


def put(shop: Shop, body: Body | None = None, *, uid: int = 1, root: Part | None = None) -> int:
    """A message in the store, perhaps with its text."""
    shop.add([letter(uid)])
    message = shop.writer.by_uid(shop.folder(), [uid])[uid]
    if root is not None:
        shop.writer.put_structure(message, root)
    if body is not None:
        shop.writer.put_body(message, body)
    return message


async def test_a_text_that_is_here_is_shown_at_once_and_nothing_is_asked(shop: Shop) -> None:
    message = put(shop, Body("Hello there."))
    async with viewed(shop) as on:
        on.view.show(message)
        assert "Subject 1" in on.rows[0]
        assert f"{GUTTER}Hello there." in on.rows
        await on.settle()
        assert on.stage.wishes == []
        (shown,) = on.posted(MessageView.Shown)
        assert isinstance(shown, MessageView.Shown)
        assert shown.message == message


async def test_the_text_of_a_very_large_message_is_read_beside_the_loop(shop: Shop) -> None:
    shop.add([replace(letter(1), size=30_000_000)])
    message = shop.writer.by_uid(shop.folder(), [1])[1]
    shop.writer.put_body(message, Body("Hello from far away."))
    async with viewed(shop) as on:
        on.view.show(message)
        assert "Subject 1" in on.text
        assert "far away" not in on.text
        await on.settle()
        assert "Hello from far away." in on.text


async def test_the_text_of_one_message_never_shows_under_another(shop: Shop) -> None:
    shop.add([replace(letter(1), size=30_000_000)])
    slow = shop.writer.by_uid(shop.folder(), [1])[1]
    shop.writer.put_body(slow, Body("Slow words."))
    quick = put(shop, Body("Quick words."), uid=2)
    async with viewed(shop) as on:
        on.view.show(slow)
        on.view.show(quick)
        await on.settle()
        assert "Subject 2" in on.text
        assert "Quick words." in on.text
        assert "Slow words." not in on.text


async def test_a_text_that_is_not_here_is_asked_for_and_shown_when_it_comes(shop: Shop) -> None:
    message = put(shop)
    async with viewed(shop) as on:
        await on.show(message)
        assert on.stage.wishes == [FetchBody(message)]
        assert "Subject 1" in on.text
        assert "Fetching" not in on.text
        await on.pilot.pause(0.25)
        assert "Fetching the text …" in on.text
        assert not on.posted(MessageView.Shown)
        shop.writer.put_body(message, Body("Here I am."))
        await on.hear(BodyArrived(message))
        assert "Here I am." in on.text
        assert on.posted(MessageView.Shown)


async def test_without_a_connection_it_says_so_and_asks_again_when_there_is_one(shop: Shop) -> None:
    message = put(shop)
    async with viewed(shop) as on:
        offline = ConnectionChanged("work", ConnectionState.OFFLINE)
        on.stage.connections.hear(offline)
        await on.show(message)
        await on.pilot.pause(0.25)
        assert "when there is a connection again" in on.text
        await on.hear(ConnectionChanged("work", ConnectionState.ONLINE))
        assert on.stage.wishes == [FetchBody(message), FetchBody(message)]


async def test_a_text_that_can_not_be_had_says_why(shop: Shop) -> None:
    message = put(shop)
    async with viewed(shop) as on:
        await on.show(message)
        await on.hear(BodyFailed(message, "The server has lost it.", "Look for it elsewhere."))
        assert "The server has lost it. Look for it elsewhere." in on.text


async def test_news_of_other_messages_change_nothing(shop: Shop) -> None:
    message = put(shop)
    async with viewed(shop) as on:
        await on.show(message)
        await on.hear(BodyArrived(message + 1))
        await on.hear(BodyFailed(message + 1, "Lost."))
        assert "Lost." not in on.text


async def test_nothing_is_asked_for_when_that_was_not_wanted(shop: Shop) -> None:
    message = put(shop)
    async with viewed(shop) as on:
        on.view.show(message, fetch=False)
        await on.settle()
        assert on.stage.wishes == []
        assert "not here" in on.text


async def test_a_message_that_is_gone_shows_nothing(shop: Shop) -> None:
    async with viewed(shop) as on:
        await on.show(4711)
        assert on.view.message is None
        assert on.text.strip() == ""


async def test_an_empty_text_is_said(shop: Shop) -> None:
    message = put(shop, Body(""))
    async with viewed(shop) as on:
        await on.show(message)
        assert "There is no text." in on.text


async def test_every_row_of_a_text_has_the_gutter_and_the_card_has_not(shop: Shop) -> None:
    fake = "Subject 1\nBoss <boss@example.org>\n" + "─" * 70
    message = put(shop, Body(fake))
    async with viewed(shop) as on:
        await on.show(message)
        assert on.rows.count("Subject 1") == 1
        assert f"{GUTTER}Subject 1" in on.rows


async def test_scrolling_by_lines_and_pages(shop: Shop) -> None:
    message = put(shop, Body("\n".join(f"line {number}" for number in range(200))))
    async with viewed(shop) as on:
        await on.show(message)
        on.view.do_down()
        assert on.view.scroll_offset.y == 1
        on.view.do_read_on()
        assert on.view.scroll_offset.y == 1 + on.view.size.height - 2
        on.view.do_read_back()
        on.view.do_up()
        assert on.view.scroll_offset.y == 0
        on.view.do_half_page_down()
        assert on.view.scroll_offset.y == on.view.size.height // 2
        on.view.do_last()
        assert on.view.percent == 100
        assert "line 199" in on.text
        on.view.do_read_on()
        assert "end" in on.stage.told[-1]
        on.view.do_first()
        assert on.view.percent == 0


def below(on: Viewed) -> str:
    """The lower border as it was painted last: what was not painted anew is kept from before."""
    return on.stage.screen._compositor.render_strips()[-1].text


async def test_the_border_says_at_once_how_far_one_has_read(shop: Shop) -> None:
    message = put(shop, Body("\n".join(f"line {number}" for number in range(200))))
    async with viewed(shop) as on:
        await on.show(message)
        assert " 0 % " in below(on)
        while not on.view.at_end:
            on.view.do_read_on()
            await on.settle()
            assert f" {on.view.percent} % " in below(on)
        assert " 100 % " in below(on)
        on.view.do_first()
        await on.settle()
        assert " 0 % " in below(on)


async def test_the_whole_of_a_very_long_text_can_be_reached(shop: Shop) -> None:
    message = put(shop, Body("\n".join(f"line {number}" for number in range(60_000))))
    async with viewed(shop) as on:
        await on.show(message)
        assert "line 3" in on.text
        on.view.do_last()
        assert "line 59999" in on.text


async def test_quotes_are_folded_and_unfolded_by_key_and_by_click(shop: Shop) -> None:
    message = put(shop, Body(f"Hi\n\n{LONG_QUOTE}\n\nBye"))
    async with viewed(shop) as on:
        await on.show(message)
        assert "quoted 1" in on.text
        assert "quoted 2" not in on.text
        assert "… 18 more quoted lines, T" in on.text
        on.view.do_toggle_quotes()
        assert "quoted 9" in on.text
        on.view.do_toggle_quotes()
        assert "quoted 9" not in on.text
        y = next(y for y, row in enumerate(on.rows) if "more quoted lines" in row)
        await on.pilot.click(MessageView, offset=(5, y + 1))
        assert "quoted 9" in on.text


async def test_without_quotes_that_is_said(shop: Shop) -> None:
    message = put(shop, Body("Hi"))
    async with viewed(shop) as on:
        await on.show(message)
        on.view.do_toggle_quotes()
        assert on.stage.told == ["There is no long quote here."]


async def test_text_and_html_change_places(shop: Shop) -> None:
    message = put(shop, Body("plain words"), root=ALTERNATIVE)
    async with viewed(shop) as on:
        await on.show(message)
        on.view.do_toggle_html()
        await on.settle()
        assert on.stage.wishes == [FetchBody(message, html=True)]
        shop.writer.put_body(message, Body("# Big words", from_html=True), html=True)
        await on.hear(BodyArrived(message))
        assert "Big words" in on.text
        assert "#" not in on.text
        on.view.do_toggle_html()
        await on.settle()
        assert "plain words" in on.text


async def test_a_message_with_one_kind_of_text_says_so(shop: Shop) -> None:
    message = put(shop, Body("plain words"), root=Part("1", "text/plain", 10))
    async with viewed(shop) as on:
        await on.show(message)
        on.view.do_toggle_html()
        assert on.stage.told == ["This message has only plain text."]
        assert "plain words" in on.text


async def test_the_rest_of_a_long_text_is_fetched_on_demand_and_the_reader_stays_where_they_are(
    shop: Shop,
) -> None:
    lines = [f"line {number}" for number in range(300)]
    message = put(shop, Body("\n".join(lines[:200]), missing=5000))
    async with viewed(shop) as on:
        await on.show(message)
        assert "5.0 kB of the text are still on the server" in on.text
        for _ in range(4):
            on.view.do_page_down()
        top = on.rows[0]
        on.view.do_show_whole()
        assert on.stage.wishes == [FetchBody(message, whole=True)]
        shop.writer.put_body(message, Body("\n".join(lines)))
        await on.hear(BodyArrived(message))
        assert on.rows[0] == top
        on.view.do_last()
        assert "line 299" in on.text
        on.view.do_show_whole()
        assert on.stage.told[-1] == "All of the text is here."


async def test_links_lead_where_they_say_and_are_posted_when_clicked(shop: Shop) -> None:
    body = Body(
        "Look at https://example.org/a now", (Link("https://example.org/a", "https://example.org/a"),)
    )
    message = put(shop, body)
    async with viewed(shop) as on:
        await on.show(message)
        y = next(y for y, row in enumerate(on.rows) if "Look at" in row)
        linked = [segment for segment in on.view.render_line(y) if segment.style and segment.style.link]
        assert [(segment.text, segment.style.link) for segment in linked if segment.style] == [
            ("https://example.org/a", "https://example.org/a")
        ]
        await on.pilot.click(MessageView, offset=(15, y + 1))
        (chosen,) = on.posted(MessageView.LinkChosen)
        assert isinstance(chosen, MessageView.LinkChosen)
        assert chosen.url == "https://example.org/a"


async def test_numbered_links_of_html_are_links_unless_they_lead_nowhere_safe(shop: Shop) -> None:
    links = (Link("Read more", "https://example.org/x"), Link("evil", "javascript:alert(1)"))
    message = put(shop, Body("Read more [1] and evil [2] and [3]", links, from_html=True))
    async with viewed(shop) as on:
        await on.show(message)
        y = next(y for y, row in enumerate(on.rows) if "Read more" in row)
        linked = [segment for segment in on.view.render_line(y) if segment.style and segment.style.link]
        assert [segment.text for segment in linked] == ["Read more [1]"]


async def test_what_is_selected_can_be_copied_without_gutter_and_wraps(shop: Shop) -> None:
    line = "words that are wrapped at the end of the pane because there are so many of them in one line"
    message = put(shop, Body(f"first\n{line}\nlast"))
    async with viewed(shop, size=(60, 20)) as on:
        await on.show(message)
        top = len(on.view._card)
        selected = Selection(Offset(0, top + 1), Offset(4, top + 3))
        assert on.view.get_selection(selected) == (f"{line}\nlast", "\n")
        assert on.view.get_selection(Selection(None, None)) == (f"first\n{line}\nlast\n", "\n")


async def test_selecting_with_the_mouse_shows_and_gives_the_text(shop: Shop) -> None:
    message = put(shop, Body("alpha beta gamma"))
    async with viewed(shop) as on:
        await on.show(message)
        y = next(y for y, row in enumerate(on.rows) if "alpha" in row) + 1
        await on.pilot.mouse_down(MessageView, offset=(3 + 6, y))
        await on.pilot.hover(MessageView, offset=(3 + 9, y))
        await on.pilot.mouse_up(MessageView, offset=(3 + 9, y))
        assert on.stage.screen.get_selected_text() == "beta"


async def test_a_resize_keeps_what_is_read_in_sight(shop: Shop) -> None:
    text = "\n".join(f"line {number} " + "word " * 30 for number in range(100))
    message = put(shop, Body(text))
    async with viewed(shop) as on:
        await on.show(message)
        on.view.scroll_to(y=on.view._top_of_line(50), animate=False)
        await on.pilot.pause()
        assert "line 50 " in on.rows[0]
        await on.pilot.resize_terminal(50, 24)
        await on.settle()
        assert "line 50 " in on.rows[0]


async def test_a_part_that_was_downloaded_is_marked(shop: Shop) -> None:
    root = Part(
        "", "multipart/mixed", children=(Part("1", "text/plain", 10), Part("2", "application/pdf", 100))
    )
    message = put(shop, Body("x"), root=root)
    async with viewed(shop) as on:
        await on.show(message)
        assert "application/pdf 100 B" in on.text
        handle, path = shop.writer.create_part_file(message, "2")
        with open(handle, "wb") as written:
            written.write(b"x")
        place = shop.writer.put_part_path(message, "2", path, 1)
        await on.hear(PartArrived(message, "2", str(place)))
        assert "✓ here" in on.text


async def test_hostile_mail_is_painted_as_text(shop: Shop) -> None:
    evil = "\x1b]52;c;UFdORUQ=\x07[/] [link=http://x]y[/link] \u202e\x9b31m"
    header = Header(evil, (Address(evil, "e@x"),), (Address(evil, evil),), sent=NOON - HOUR)
    shop.add([letter(1, header=header)])
    message = shop.writer.by_uid(shop.folder(), [1])[1]
    root = Part("2", "application/pdf", 5, disposition="attachment", name=evil)
    shop.writer.put_structure(message, root)
    shop.writer.put_body(message, Body(evil, (Link(evil, f"https://x/{evil}"),), trouble=evil))
    async with viewed(shop) as on:
        await on.show(message)
        assert not any((ord(sign) < 32 and sign != "\n") or 0x7F <= ord(sign) < 0xA0 for sign in on.text)
        assert "\u202e" not in on.text
        assert "[/]" in on.text


@pytest.mark.parametrize("size", [(1, 1), (6, 3), (20, 5), (200, 60)])
async def test_every_size_is_survived(shop: Shop, size: tuple[int, int]) -> None:
    message = put(
        shop, Body(f"Hi 会議\n\n{LONG_QUOTE}\n\nBye https://example.org/{'x' * 300}"), root=ALTERNATIVE
    )
    async with viewed(shop, size=size) as on:
        await on.show(message)
        on.view.do_toggle_quotes()
        on.view.do_last()
        for width, height in ((80, 24), size, (3, 40)):
            await on.pilot.resize_terminal(width, height)
            await on.pilot.pause()
