"""The open message: what is here is shown at once, a text that isn't is asked for and shown when it
has come."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.message import Message as Posted
from textual.timer import Timer

from mailtui.model.account import ConnectionState
from mailtui.model.event import BodyArrived, BodyFailed, ConnectionChanged, Event, PartArrived
from mailtui.model.intent import FetchBody
from mailtui.model.message import Message
from mailtui.model.part import Body, Part, attachments
from mailtui.store.reading import Reader
from mailtui.ui.context import Context
from mailtui.ui.latest import run_latest
from mailtui.ui.plain import steady
from mailtui.ui.saying import Say
from mailtui.ui.shell import shell
from mailtui.ui.widgets.message_view_paint import LOOKS
from mailtui.ui.widgets.message_view_text import MessageText

if TYPE_CHECKING:  # loaded when the first message is opened
    from mailtui.ui.widgets.message_view_card import Opened

PATIENCE = 0.15  # seconds before it is said that a text is being fetched
LARGE = 1_000_000  # octets of a message from which on its text is read in the thread
_HINTS = ("parts", "show-whole")


class MessageView(MessageText):
    """Follows what the service says of the message it shows."""

    DEFAULT_CSS = LOOKS
    context: Context = Context.MESSAGE

    class Shown(Posted):
        """The text of a message was really painted."""

        def __init__(self, message: int) -> None:
            super().__init__()
            self.message = message

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self._html = False
        self._asked = False  # the service was asked for the text
        self._fetch = True
        self._waiting: Timer | None = None
        self._untold: int | None = None  # its text was laid out, but has not been seen yet

    def on_mount(self) -> None:
        shell(self).happened.subscribe(self, self.heard)

    @property
    def message(self) -> Message | None:
        return self._opened.message if self._opened else None

    @property
    def body(self) -> Body | None:
        """The text that is shown, None while it is not here."""
        return self._opened.body if self._opened else None

    def show(self, message: int, *, fetch: bool = True) -> None:
        """Open a message. Its text is asked for if it isn't here and `fetch` says so."""
        reader = shell(self).readers.here
        found = reader.message(message) if reader else None
        if found is None:
            self.clear()
            return
        self._html, self._asked, self._fetch, self._untold = False, False, fetch, None
        self._stop_waiting()
        self.lay_out(self._about(found))
        self._read(keep=False)

    def clear(self) -> None:
        """Show nothing."""
        self._stop_waiting()
        self._untold = None
        self.lay_out(None)

    def _about(self, message: Message) -> "Opened":
        from mailtui.ui.widgets.message_view_card import Opened

        reader, account = shell(self).readers.here, shell(self).accounts.get(message.summary.account)
        root = reader.structure(message.summary.id) if reader else None
        files = attachments(root) if root else ()
        ident = message.summary.id
        here = frozenset(part.section for part in files if reader and reader.part_path(ident, part.section))
        hints = {action: shell(self).key_of(action) for action in _HINTS}
        own = account.own if account else frozenset()
        return Opened(message, own, root, None, here, hints)

    # the text

    def _read(self, *, keep: bool) -> None:
        """Have the text from the store: at once, or in the thread if that may take a while."""
        opened, reader = self._opened, shell(self).readers.here
        if opened is None or reader is None:
            return
        query = self._query(opened.message.summary.id)
        if opened.message.summary.size < LARGE:
            self._have(opened.message, query(reader), keep=keep)
        else:
            run_latest(self, "text", self._read_there, opened.message, query, keep)

    def _query(self, message: int) -> Callable[[Reader], Body | None]:
        html = self._html
        return lambda reader: reader.body(message, html)

    async def _read_there(self, message: Message, query: Callable[[Reader], Body | None], keep: bool) -> None:
        body = await shell(self).readers.run(query)
        if self.message is not None and self.message.summary.id == message.summary.id:
            self._have(message, body, keep=keep)

    def _have(self, message: Message, body: Body | None, *, keep: bool) -> None:
        opened = self._opened
        if opened is None:
            return
        if body is None:
            if self._fetch and not self._asked:
                self._ask(FetchBody(message.summary.id, html=self._html))
            elif not self._fetch:
                self.lay_out(opened, words="The text is not here.")
            return
        self._stop_waiting()
        empty = not body.text and not body.trouble
        self.lay_out(replace(opened, body=body), words="There is no text." if empty else "", keep=keep)
        self._untold = message.summary.id
        self.call_after_refresh(self._tell_shown)

    def _ask(self, wish: FetchBody) -> None:
        self._asked = True
        shell(self).wish(wish)
        self._stop_waiting()
        self._waiting = self.set_timer(PATIENCE, self._say_waiting)

    def _say_waiting(self) -> None:
        self._waiting = None
        opened = self._opened
        if opened is None or opened.body is not None:
            return
        connection = shell(self).connections.of(opened.message.summary.account)
        if connection.state in (ConnectionState.OFFLINE, ConnectionState.WAITING):
            words = "The text is not here yet. It is fetched when there is a connection again."
        else:
            words = "Fetching the text …"
        self.lay_out(opened, words=words, keep=True)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.stop()
            self._waiting = None

    def _tell_shown(self) -> None:
        """Only what is on the screen has been seen."""
        if self._untold is not None and self.display and self.size.height and self.screen.is_current:
            told, self._untold = self._untold, None
            self.post_message(self.Shown(told))

    def on_show(self) -> None:
        self.call_after_refresh(self._tell_shown)

    # news

    def heard(self, event: Event) -> None:
        message = self.message
        if message is None:
            return
        ident = message.summary.id
        match event:
            case BodyArrived(arrived) if arrived == ident:
                self._arrived(ident)
            case BodyFailed(failed, what, advice) if failed == ident:
                self._failed(f"{what} {advice}".strip())
            case PartArrived(arrived) if arrived == ident and self._opened is not None:
                fresh = self._about(message)
                self.lay_out(replace(fresh, body=self.body), words=self._words, keep=True)
            case ConnectionChanged(account, ConnectionState.ONLINE) if account == message.summary.account:
                if self.body is None and self._fetch:
                    self._ask(FetchBody(ident, html=self._html))

    def _arrived(self, ident: int) -> None:
        reader = shell(self).readers.here
        message = reader.message(ident) if reader else None
        if message is None:
            return
        here, former = self._about(message), self.body
        self._opened = replace(here, body=former)
        self._read(keep=True)

    def _failed(self, words: str) -> None:
        self._stop_waiting()
        opened = self._opened
        if opened is not None and opened.body is None:
            self.lay_out(opened, words=steady(words), keep=True)
        else:
            shell(self).trouble(words)

    # what keys do

    def do_read_on(self) -> None:
        if self.at_end:
            key = shell(self).key_of("next-unread")
            shell(self).say(f"This is the end.{f' {key}: next unread message' if key else ''}", Say.HINT)
        else:
            self.do_page_down()

    def do_read_back(self) -> None:
        self.do_page_up()

    def do_toggle_quotes(self) -> None:
        if self.toggle_folds() is None:
            shell(self).say("There is no long quote here.", Say.HINT)

    def do_toggle_html(self) -> None:
        opened = self._opened
        if opened is None:
            return
        kinds = _texts(opened.root)
        shown = "text/html" if opened.body is not None and opened.body.from_html else "text/plain"
        if not kinds - {shown}:
            only = "HTML" if shown == "text/html" else "plain text"
            shell(self).say(f"This message has only {only}.", Say.HINT)
            return
        self._html, self._asked, self._fetch = not self._html, False, True
        self.lay_out(replace(opened, body=None))
        self._read(keep=False)

    def do_show_whole(self) -> None:
        body, message = self.body, self.message
        if message is None or body is None or not body.missing:
            shell(self).say("All of the text is here.", Say.HINT)
            return
        shell(self).wish(FetchBody(message.summary.id, whole=True, html=self._html))
        shell(self).say("Fetching the rest …", Say.HINT)


def _texts(root: Part | None) -> set[str]:
    """The kinds of text a message has."""
    if root is None:
        return set()
    return {part.type for part in root.walk() if part.type in ("text/plain", "text/html") and not part.name}
