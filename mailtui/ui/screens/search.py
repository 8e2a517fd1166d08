"""Searching: what is here shows as it is typed, what only the servers have comes below when asked for."""

import uuid
from collections.abc import Callable
from dataclasses import replace

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Input

from mailtui.model.event import Event, SearchEnded, SearchFound
from mailtui.model.intent import CancelSearch, SearchServer
from mailtui.model.trouble import Trouble
from mailtui.text.search import parse
from mailtui.ui.context import Context
from mailtui.ui.folderbook import shown_path
from mailtui.ui.latest import run_latest
from mailtui.ui.plain import plain, set_title
from mailtui.ui.saying import Say
from mailtui.ui.screens.reading import Reading
from mailtui.ui.screens.search_line import SearchLine
from mailtui.ui.screens.search_results import Results
from mailtui.ui.shell import shell
from mailtui.ui.situation import Situation
from mailtui.ui.widgets.hint_line import HintLine
from mailtui.ui.widgets.message_list import MessageList
from mailtui.ui.widgets.message_list_source import Found
from mailtui.ui.widgets.message_view import MessageView

PAUSE = 0.08  # seconds of no typing after which what is here is searched
MOST = 1000  # messages shown that are here; nobody scrolls through more, another word helps
PEOPLE = 6
_HINTS = (
    ("servers", "⏎", "ask the servers"),
    ("complete", "Tab", "complete"),
    ("where", "⇧Tab", "where"),
    ("results", "↓", "results"),
    ("earlier", "↑", "earlier searches"),
    ("leave", "Esc", "back"),
)


class SearchScreen(Reading):
    """The line at the top, the results, and over or below them the one that is open."""

    CSS_PATH = "search.tcss"
    AUTO_FOCUS = "QueryInput"
    context = Context.RESULTS

    def __init__(
        self,
        text: str = "",
        *,
        account: str | None = None,
        folder: int | None = None,
        new_id: Callable[[], str] = lambda: uuid.uuid4().hex,
    ) -> None:
        super().__init__()
        self._begun = text
        self._given = (account, folder)
        self._new_id = new_id
        self._scopes: list[tuple[str | None, int | None]] = [(None, None)]
        self._scope = 0
        self._results = Results()
        self._search = ""  # the id under which servers were asked
        self._asked: tuple[str, int] | None = None  # text and scope that they were asked for
        self._pause: Timer | None = None
        self._earlier = -1  # how far back in what was searched for
        self._said: tuple[str, ...] = ()

    def body(self) -> ComposeResult:
        yield SearchLine(self._begun, id="search")
        results = MessageList(id="results")
        results.context = Context.RESULTS
        yield results
        yield MessageView(id="message")

    @property
    def message_list(self) -> MessageList:
        return self.query_one(MessageList)

    @property
    def message_view(self) -> MessageView:
        return self.query_one(MessageView)

    @property
    def search(self) -> SearchLine:
        return self.query_one(SearchLine)

    @property
    def typing(self) -> bool:
        return self.focused is self.search.line

    def on_mount(self) -> None:
        super().on_mount()
        shell(self).happened.subscribe(self, self.heard)
        account, folder = self._given
        accounts = shell(self).accounts
        if account is not None and len(accounts) > 1:
            self._scopes.append((account, None))
        if folder is not None:
            self._scopes.append((account, folder))
        names = dict.fromkeys(shown_path(one) for one in shell(self).folders if one.selectable)
        self.search.know(folders=list(names))
        self.search.line.cursor_position = len(self._begun)
        self._entitle()
        self._look()

    def on_resize(self) -> None:
        self.say_position()
        self.search.show_words()
        self._entitle()

    def situation(self) -> Situation:
        now = super().situation()
        return replace(now, busy=now.busy or self._results.running)

    # what is here

    def on_input_changed(self, message: Input.Changed) -> None:
        message.stop()
        self.search.know(people=())
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(PAUSE, self._look)

    def _look(self) -> None:
        self._pause = None
        run_latest(self, "search", self._look_here, self.search.text)

    async def _look_here(self, text: str) -> None:
        """Search what is here, in the thread; a newer text takes the place of an older one."""
        here = shell(self)
        query = parse(text, here.today())
        account, folder = self._scopes[self._scope]
        if self._asked != (text, self._scope):
            self._stop_servers()
            self._results.forget_servers()
            self._asked = None
        found: list[int] = []
        try:
            if text:
                found = await here.readers.run(lambda reader: reader.search(query, account, folder, MOST))
            if begun := self.search.asks_for_people:
                people = await here.readers.run(lambda reader: reader.correspondents(begun, PEOPLE))
                self.search.know(people=people)
        except Trouble as trouble:
            here.trouble(trouble.what, trouble.advice)
        self._results.here = tuple(found)
        self.search.know(troubles=query.troubles)
        self.message_list.show(self._source())
        self._entitle()

    def _source(self) -> Found:
        text = self.search.text
        if not text:
            nothing: tuple[str, ...] = ("Type what you are looking for.",)
        elif self._asked is None:
            nothing = ("Nothing here matches.", "⏎ asks the servers.")
        else:
            nothing = ("Nothing was found.",)
        return self._results.source(text, nothing)

    def _entitle(self) -> None:
        """Titles in the borders; only when they differ, since a title repaints its pane."""
        account, folder = self._scopes[self._scope]
        place = shell(self).folders.get(folder)
        where = shown_path(place) if place else account or "everywhere"
        more = self._results.count - len(self._results.here)
        here = len(self._results.here)
        most = f"the newest {here:,}" if here == MOST else f"{here:,}"
        heads = [f"{most} here" if here else ""] + [f"{more:,} more on the server"] * bool(more)
        heads += ["asking the server …"] * self._results.running
        said = (where, "  ".join(filter(None, heads)), str(self.size.width))
        if said == self._said:
            return
        self._said = said
        set_title(self.search, Content.assemble("Search  ", plain(where, "$text-accent not bold")))
        set_title(self.message_list, plain(said[1]))

    # what the servers have

    def on_input_submitted(self, message: Input.Submitted) -> None:
        message.stop()
        self._enter()

    def _enter(self) -> None:
        text = self.search.text
        if not text:
            return
        self._earlier = -1
        shell(self).searches.use(text)
        if self._asked != (text, self._scope):
            self._ask_servers(text)
        if self._pause is not None:
            self._pause.stop()
            self._look()
        self.message_list.focus()

    def _ask_servers(self, text: str) -> None:
        here = shell(self)
        self._stop_servers()
        account, folder = self._scopes[self._scope]
        self._search, self._asked = self._new_id(), (text, self._scope)
        self._results.ask([account] if account is not None else list(here.accounts))
        here.wish(SearchServer(self._search, text, account, folder))
        self._more()

    def _more(self) -> None:
        self.message_list.extend(self._source())
        self._entitle()

    def heard(self, event: Event) -> None:
        match event:
            case SearchFound(search, account, messages) if search == self._search:
                reader = shell(self).readers.here
                rows = reader.summaries(messages) if reader else []
                newest = sorted(rows, key=lambda row: (row.received, row.id), reverse=True)
                self._results.found(account, [row.id for row in newest])
                self._more()
            case SearchEnded(search, account, found, trouble) if search == self._search:
                self._results.ended(account, found, trouble)
                self._more()

    def _stop_servers(self) -> None:
        if self._results.running:
            shell(self).wish(CancelSearch(self._search))
            self._results.cancelled()
        self._search = ""

    def do_cancel(self) -> None:
        if self._results.running:
            self._stop_servers()
            self._more()
            shell(self).say("Stopped searching on the server.", Say.HINT)
        else:
            shell(self).cancel_downloads()

    # keys

    def on_key(self, event: events.Key) -> None:
        if not self.typing:
            return
        ways = {
            "tab": self._complete,
            "shift+tab": self._elsewhere,
            "down": self._down,
            "up": self._up,
            "escape": self.do_back,
        }
        if event.key in ways:
            event.stop()
            event.prevent_default()
            ways[event.key]()

    def refresh_hints(self) -> None:
        """While a search is typed, what keys mean there."""
        if self.is_mounted and self.typing:
            self.query_one(HintLine).show(_HINTS)
        else:
            super().refresh_hints()

    def on_hint_line_clicked(self, message: HintLine.Clicked) -> None:
        ways = {
            "servers": self._enter,
            "complete": self._complete,
            "where": self._elsewhere,
            "results": self._down,
            "earlier": self._up,
            "leave": self.do_back,
        }
        if message.action in ways:
            message.prevent_default()
            ways[message.action]()

    def _complete(self) -> None:
        if not self.search.complete():
            self._elsewhere()

    def _elsewhere(self) -> None:
        """Search the next wider or narrower place."""
        self._scope = (self._scope + 1) % len(self._scopes)
        self._entitle()
        self._look()

    def _down(self) -> None:
        if self._earlier >= 0:
            self._recall(-1)
        elif self._results.count:
            self.message_list.focus()

    def _up(self) -> None:
        self._recall(1)

    def _recall(self, step: int) -> None:
        """Earlier searches, as a shell has its history."""
        earlier = self._earlier + step
        if -1 <= earlier < len(shell(self).searches):
            self._earlier = earlier
            self.search.text = shell(self).searches.at(earlier)

    def do_search(self, argument: str = "") -> None:
        """Back to the line; with an argument, that is searched for."""
        if argument:
            self.search.text = argument
        self.remove_class("-reading")
        self.search.line.focus()

    do_filter = do_search

    def do_focus_folders(self) -> None:
        self.do_search()

    def do_focus_list(self) -> None:
        self.close_message()

    def do_next_result(self) -> None:
        self._to_result(1, "This is the last result.")

    def do_previous_result(self) -> None:
        self._to_result(-1, "This is the first result.")

    def _to_result(self, by: int, end: str) -> None:
        if not self.message_list.step(by):
            shell(self).say(end, Say.HINT)

    def do_back(self) -> None:
        if self.here is Context.MESSAGE:
            self.close_message()
        elif self.message_list.selected and not self.typing:
            self.message_list.clear_selection()
        else:
            self._stop_servers()
            self.dismiss(None)
