"""Searching: what is here as it is typed, the servers below it when asked, results like any list."""

from textual.pilot import Pilot

from mailtui.model.event import SearchEnded, SearchFound
from mailtui.model.intent import ArchiveMessages, CancelSearch, ChangeFlags, SearchServer
from mailtui.ui.app import MailtuiApp
from mailtui.ui.screens.search import SearchScreen
from tests.ui.acting import press, running, settled, until
from tests.ui.mailbox import Mailbox, Recorder


def screen(app: MailtuiApp) -> SearchScreen:
    assert isinstance(app.screen, SearchScreen)
    return app.screen


def subjects(app: MailtuiApp) -> list[str]:
    listing = screen(app).message_list
    return [row.subject for row in listing.summaries(listing._listing.ids() if listing._listing else ())]


def painted(app: MailtuiApp) -> str:
    listing = screen(app).message_list
    return "\n".join(listing.render_line(y).text for y in range(listing.size.height))


async def search(pilot: "Pilot[None]", text: str, *then: str) -> None:
    """Open the search, type, and wait until what is here has been searched."""
    app = pilot.app
    assert isinstance(app, MailtuiApp)
    await press(pilot, "slash")
    await press(pilot, *text)
    await until(pilot, lambda: getattr(screen(app).message_list.source, "title", "") == text)
    await press(pilot, *then)


async def test_what_is_here_is_found_as_it_is_typed(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        await search(pilot, "budget")
        assert subjects(app) == ["Re: Budget for Q3", "Budget for Q3"]
        assert "Inbox" in painted(app)


async def test_results_say_where_they_are(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        await search(pilot, "sunday")
        assert "home/Inbox" in painted(app)
        await press(pilot, "escape")
        await search(pilot, "newsletter")
        assert " Trash " in painted(app)


async def test_nothing_is_asked_of_servers_until_enter(app: MailtuiApp, recorder: Recorder) -> None:
    async with running(app) as pilot:
        await search(pilot, "budget")
        assert not recorder.of(SearchServer)
        await press(pilot, "enter")
        (asked,) = recorder.of(SearchServer)
        assert isinstance(asked, SearchServer)
        assert (asked.text, asked.account, asked.folder) == ("budget", None, None)
        assert "server: work … is looking" in painted(app)


async def test_what_only_the_server_has_comes_below_a_rule(
    app: MailtuiApp, recorder: Recorder, mailbox: Mailbox
) -> None:
    async with running(app) as pilot:
        await search(pilot, "budget", "enter")
        (asked,) = recorder.of(SearchServer)
        assert isinstance(asked, SearchServer)
        known, fresh = mailbox.messages["Budget for Q3"], mailbox.messages["Old newsletter"]
        cursor = screen(app).message_list.cursor
        recorder.tell(SearchFound(asked.search, "work", (fresh, known)))
        recorder.tell(SearchEnded(asked.search, "work", 41))
        recorder.tell(SearchEnded(asked.search, "home", 0, "No connection."))
        await settled(pilot)
        assert subjects(app) == ["Re: Budget for Q3", "Budget for Q3", "Old newsletter"]
        assert "server: work ✓ 41 found, 1 new" in painted(app)
        assert "server: home ! No connection." in painted(app)
        assert screen(app).message_list.cursor == cursor


async def test_where_nobody_found_anything_the_cursor_keys_do_no_harm(
    app: MailtuiApp, recorder: Recorder
) -> None:
    async with running(app) as pilot:
        await search(pilot, "zzqq", "enter")
        (asked,) = recorder.of(SearchServer)
        assert isinstance(asked, SearchServer)
        for account in ("work", "home"):
            recorder.tell(SearchEnded(asked.search, account, 0))
        await settled(pilot)
        screen(app).message_list.focus()
        await press(pilot, "j", "down", "k", "up", "G", "g", "g")
        assert "server: work ✓ found nothing" in painted(app)


async def test_another_text_forgets_the_servers_answer_and_stops_them(
    app: MailtuiApp, recorder: Recorder
) -> None:
    async with running(app) as pilot:
        await search(pilot, "budget", "enter", "slash", "backspace")
        await until(pilot, lambda: recorder.of(CancelSearch))
        (asked,) = recorder.of(SearchServer)
        assert isinstance(asked, SearchServer)
        assert recorder.of(CancelSearch) == [CancelSearch(asked.search)]
        await until(pilot, lambda: "server:" not in painted(app))
        recorder.tell(SearchFound(asked.search, "work", (1,)))
        await settled(pilot)
        assert "server:" not in painted(app)


async def test_a_running_search_can_be_stopped(app: MailtuiApp, recorder: Recorder) -> None:
    async with running(app) as pilot:
        await search(pilot, "budget", "enter", "ctrl+c")
        assert recorder.of(CancelSearch)
        assert "stopped" in painted(app)


async def test_leaving_stops_the_servers_and_shows_the_mail_again(
    app: MailtuiApp, recorder: Recorder
) -> None:
    async with running(app) as pilot:
        await search(pilot, "budget", "enter", "q")
        assert recorder.of(CancelSearch)
        assert not isinstance(app.screen, SearchScreen)


async def test_escape_leaves_from_the_line(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        await search(pilot, "budget", "escape")
        assert not isinstance(app.screen, SearchScreen)


async def test_results_are_filed_like_any_list(app: MailtuiApp, recorder: Recorder, mailbox: Mailbox) -> None:
    async with running(app) as pilot:
        await search(pilot, "budget", "down", "x", "x", "a")
        both = (mailbox.messages["Re: Budget for Q3"], mailbox.messages["Budget for Q3"])
        assert recorder.of(ArchiveMessages) == [ArchiveMessages(both)]
        assert subjects(app) == []
        await press(pilot, "u")
        await until(pilot, lambda: len(subjects(app)) == 2)


async def test_a_result_is_opened_read_and_left_again(
    app: MailtuiApp, recorder: Recorder, mailbox: Mailbox
) -> None:
    async with running(app) as pilot:
        await search(pilot, "budget", "down", "enter")
        await until(pilot, lambda: screen(app).message_view.body is not None)
        opened = screen(app).message_view.message
        assert opened is not None
        assert opened.summary.subject == "Re: Budget for Q3"
        await until(pilot, lambda: recorder.of(ChangeFlags))
        await press(pilot, "J")
        opened = screen(app).message_view.message
        assert opened is not None
        assert opened.summary.subject == "Budget for Q3"
        await press(pilot, "q")
        assert screen(app).focused is screen(app).message_list


async def test_tab_completes_fields_and_their_values(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        await press(pilot, "slash", *"fr", "tab")
        assert screen(app).search.line.value == "from:"
        await press(pilot, *"ol")
        await until(pilot, lambda: screen(app).search.offers)
        await press(pilot, "tab", *"is:un", "tab")
        assert screen(app).search.line.value == "from:olaf@example.se is:unread "
        await press(pilot, *"in:arch", "tab")
        assert screen(app).search.text.endswith("in:Archive")


async def test_shift_tab_looks_elsewhere(app: MailtuiApp, recorder: Recorder, mailbox: Mailbox) -> None:
    async with running(app) as pilot:
        app.open_search("newsletter", account="work", folder=mailbox.folders["work/INBOX"])
        await settled(pilot)
        await until(pilot, lambda: subjects(app) == ["Old newsletter"])
        await press(pilot, "shift+tab")
        await until(pilot, lambda: subjects(app) == ["Old newsletter"])
        await press(pilot, "shift+tab")
        await until(pilot, lambda: subjects(app) == [])
        await press(pilot, "enter")
        (asked,) = recorder.of(SearchServer)
        assert isinstance(asked, SearchServer)
        assert (asked.account, asked.folder) == ("work", mailbox.folders["work/INBOX"])
        await press(pilot, "slash", "shift+tab")
        await until(pilot, lambda: subjects(app) == ["Old newsletter"])


async def test_earlier_searches_come_back_with_the_arrows(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        await search(pilot, "budget", "enter", "q")
        await search(pilot, "invoice", "enter", "q")
        await press(pilot, "slash", "up")
        assert screen(app).search.text == "invoice"
        await press(pilot, "up")
        assert screen(app).search.text == "budget"
        await press(pilot, "down", "down")
        assert screen(app).search.text == ""


async def test_what_was_not_understood_is_said(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        await search(pilot, "form:ana")
        await until(pilot, lambda: "Did you mean" in str(screen(app).search.query_one("#words").render()))


async def test_the_footer_tells_the_keys_of_typing_and_then_those_of_the_list(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        await search(pilot, "budget")
        assert "ask the servers" in str(screen(app).query_one("#hints").render())
        await press(pilot, "enter")
        assert "archive" in str(screen(app).query_one("#hints").render())


async def test_words_of_strangers_in_results_and_answers_are_harmless(
    app: MailtuiApp, recorder: Recorder, mailbox: Mailbox
) -> None:
    evil = "\x1b]52;c;UFdORUQ=\x07[/] budget"
    mailbox.add("work/INBOX", evil)
    async with running(app) as pilot:
        await search(pilot, "budget", "enter")
        (asked,) = recorder.of(SearchServer)
        assert isinstance(asked, SearchServer)
        recorder.tell(SearchEnded(asked.search, "work", 0, "\x1b[31m[/] evil"))
        await settled(pilot)
        text = painted(app)
        assert "[/]" in text
        assert not any(ord(sign) < 32 and sign != "\n" for sign in text)


async def test_narrow_screens_show_line_and_results_or_the_message(app: MailtuiApp) -> None:
    async with running(app, (60, 20)) as pilot:
        await search(pilot, "budget", "enter")
        assert "Re: Budget for Q3" in painted(app)
        await press(pilot, "enter")
        assert screen(app).message_view.display
        assert not screen(app).message_list.display
