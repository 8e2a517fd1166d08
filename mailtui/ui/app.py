"""The application: starts from the store, connects the link behind the first frame, ends cleanly."""

import asyncio
import gc
import os
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import events
from textual.signal import Signal
from textual.timer import Timer

from mailtui.config.settings import Settings
from mailtui.model.event import Event
from mailtui.model.intent import FetchPart, Intent, Undo
from mailtui.model.trouble import Trouble
from mailtui.ui import crash, dispatch, signals, theme
from mailtui.ui.actions import BY_ID, Action
from mailtui.ui.acts import Act, Acts
from mailtui.ui.choice import Choice
from mailtui.ui.commands import Commands
from mailtui.ui.compose_request import Compose, New
from mailtui.ui.connections import Connections
from mailtui.ui.desk import Desk
from mailtui.ui.downloads import Download, Downloads, Then
from mailtui.ui.folderbook import Folderbook
from mailtui.ui.keymap import keymap
from mailtui.ui.news import News
from mailtui.ui.opening import Opened
from mailtui.ui.readers import Readers
from mailtui.ui.recent import Recent
from mailtui.ui.repeat import Repeat
from mailtui.ui.saying import SECONDS, Say, Saying
from mailtui.ui.screens.base import ActionModal, ActionScreen, Keyed
from mailtui.ui.screens.mail import MailScreen
from mailtui.ui.screens.main import MainScreen
from mailtui.ui.searches import Searches
from mailtui.ui.terminal import LastingDriver, PaintedDriver
from mailtui.ui.typeahead import Typeahead
from mailtui.ui.wishes import Wishes

if TYPE_CHECKING:  # the link is loaded after the first frame
    from mailtui.link.ack import Ack
    from mailtui.link.client import Client

Connect = Callable[[], "Awaitable[Client]"]
FAREWELL = 2.0  # seconds that an ending program waits for acknowledgements


class MailtuiApp(Commands, inherit_bindings=False):
    """`connect` makes the link's client; `store` is the local copy's file. `mailto` opens a message to
    write at once; `painted` tells that the first picture is on the terminal. Implements `Shell`."""

    TITLE = "mailtui"
    # The main screen's is loaded with the application: Textual would parse all of it twice over.
    CSS_PATH: ClassVar = ["app.tcss", "screens/main.tcss"]
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-medium"), (120, "-wide")]  # noqa: RUF012 - as Textual has it

    def __init__(
        self,
        settings: Settings,
        store: Path,
        connect: Connect,
        *,
        clock: Callable[[], float] = time.time,
        new_id: Callable[[], str] = lambda: uuid.uuid4().hex,
        environment: Mapping[str, str] = os.environ,
        mailto: str | None = None,
        painted: bool = False,
    ) -> None:
        super().__init__(driver_class=PaintedDriver if painted else LastingDriver)
        self.animation_level = "none"
        self.settings, self.clock = settings, clock
        self.accounts = {account.key: account for account in settings.accounts}
        self.readers, self.recent, self.searches = Readers(store), Recent(), Searches()
        self.folders = Folderbook(accounts=self.accounts)
        self.acts, self.repeat, self.opened = Acts(), Repeat(), Opened()
        self.connections, self.downloads = Connections(self.accounts), Downloads()
        self.desk = Desk()
        self.keymap = keymap(settings.keymap, settings.keys)
        self.saying: Saying | None = None
        self.synchronising: set[str] = set()
        self.happened: Signal[Event] = Signal(self, "happened")
        self.refused: Signal[Intent] = Signal(self, "refused")
        self._wishes, self._news = Wishes(new_id), News(self)
        self.typeahead = Typeahead(self)
        self._connect_link, self._mailto = connect, mailto
        self._client: Client | None = None
        self._connecting = False
        self._quiet: Timer | None = None
        self._ending = False
        self.theme = theme.chosen(settings.theme, self.available_themes, environment)

    def get_css_variables(self) -> dict[str, str]:
        variables = super().get_css_variables()
        return {**variables, **theme.borders(variables, self.current_theme.ansi)}

    def get_default_screen(self) -> MainScreen:
        self._news.read_folders_now()
        return MainScreen()

    async def on_event(self, event: events.Event) -> None:
        typed = event if isinstance(event, (events.Key, events.Paste)) and not event.is_forwarded else None
        if typed is None or not self.typeahead.holds(typed):
            await super().on_event(event)

    # beginning and ending

    def on_mount(self) -> None:
        self.screen_change_signal.subscribe(self, self.typeahead.opened, immediate=True)

    def on_ready(self) -> None:
        gc.freeze()  # what is loaded stays; collecting it again and again would take 20 ms a time
        gc.enable()
        signals.install(lambda: self.run_soon(self.leave()))
        for problem in self.keymap.problems:
            self.trouble(problem)
        self.connect_link()
        if self._mailto is not None:
            self.open_compose(New(mailto=self._mailto))

    def connect_link(self) -> None:
        """Begin to get hold of the service, unless that is done or under way."""
        if self._client is None and not self._connecting:
            self._connecting = True
            self.run_worker(self._connect(), group="link")

    async def _connect(self) -> None:
        try:
            client = await self._connect_link()
        except Trouble as trouble:
            self.trouble(trouble.what, trouble.advice or f"{self.key_of('synchronise')} tries again.")
            return
        finally:
            self._connecting = False
        client.on_event = self._news.hear
        self._client = client
        self._wishes.connect(client)
        if not len(self.folders):
            await self._news.read_folders()

    async def leave(self) -> None:
        """End as `Q` does: keep what is being written, hand over what was wished, let the link go."""
        if self._ending:
            return
        self._ending = True
        for screen in (*self.screen_stack, *self.desk):
            settle = getattr(screen, "settle", None)
            if callable(settle):
                await settle()
        await self._wishes.drain(FAREWELL)
        self.exit()

    async def on_unmount(self) -> None:
        signals.uninstall()
        if self._client is not None:
            await self._client.close()
        await self.readers.close()
        self.opened.close()

    def _fatal_error(self) -> None:
        """Textual's own report prints local variables (notes: security)."""
        error = self._exception
        if error is not None:
            self._exit_renderables.append(Text(crash.report(error)))
        self._close_messages_no_wait()

    def _set_pointer_shape(self, shape: str) -> None:
        """Textual tells the terminal with every new screen; ours have one shape."""

    # wishes

    def wish(self, intent: Intent, *, said: str = "", undo: bool = False) -> str:
        intent_id = self._wishes.new_id()
        if undo:
            title = said[:1].lower() + said[1:]
            self.acts.push(Act(title, lambda: self._take_back(intent_id), intent_id))
        if said:
            self.say(said, undo=undo)
        self.run_soon(self._answered(intent, self._wishes.send(intent, intent_id)))
        return intent_id

    def _take_back(self, intent_id: str) -> None:
        self.wish(Undo(intent_id))

    async def _answered(self, intent: Intent, answer: "asyncio.Task[Ack]") -> None:
        ack = await answer
        if ack.refusal is not None:
            self.acts.drop(ack.id)
            self.trouble(ack.refusal.what, ack.refusal.advice)
            self.refused.publish(intent)

    def submit(self, intent: Intent) -> "asyncio.Task[Ack]":
        return self._wishes.send(intent, self._wishes.new_id())

    def fetch(self, part: FetchPart, title: str, then: Then) -> None:
        reader = self.readers.here
        path = reader.part_path(part.message, part.section) if reader else None
        if path is not None:
            self._do(then(path))
        elif self.downloads.want(Download(part.message, part.section, title, then)):
            self.wish(part)
            self.refresh_status()

    # what is said

    def say(self, text: str, kind: Say = Say.DONE, *, seconds: float = 0, undo: bool = False) -> None:
        self._show_saying(Saying(text, kind, undo))
        self._quiet = self.set_timer(seconds or SECONDS[kind], lambda: self._show_saying(None))

    def trouble(self, what: str, advice: str = "") -> None:
        self.say(f"{what} {advice}".strip(), Say.TROUBLE)

    def _show_saying(self, saying: Saying | None) -> None:
        if self._quiet is not None:
            self._quiet.stop()
        self.saying = saying
        for screen in self.screen_stack:
            if isinstance(screen, Keyed):
                screen.show_saying(saying, self.key_of("undo"))

    def refresh_status(self) -> None:
        """The connections or the downloads differ."""
        for screen in self.screen_stack:
            if isinstance(screen, ActionScreen):
                screen.show_connections()

    def folders_changed(self) -> None:
        """The folderbook differs."""
        for screen in self.screen_stack:
            if isinstance(screen, MainScreen):
                screen.folders_changed()

    # questions

    async def ask(self, question: str, *, value: str = "", hint: str = "") -> str | None:
        from mailtui.ui.screens.prompts import AskScreen

        return await self.push_screen_wait(AskScreen(question, value=value, hint=hint))

    async def confirm(self, question: str, *, yes: str, advice: str = "") -> bool:
        from mailtui.ui.screens.prompts import ConfirmScreen

        return await self.push_screen_wait(ConfirmScreen(question, yes=yes, advice=advice))

    async def choose(self, title: str, choices: Sequence[Choice], *, hint: str = "") -> Choice | None:
        from mailtui.ui.screens.choose import ChooseScreen

        return await self.push_screen_wait(ChooseScreen(title, choices, hint=hint))

    # actions

    def act(self, action: str, argument: str = "") -> None:
        one, screen = BY_ID[action], self.screen
        if not screen.is_mounted:
            return  # there is nothing yet that it could be meant for
        handler, where = dispatch.handler_of(one, screen.focused or screen), screen
        if handler is None and self._over_mail:
            handler, where = dispatch.handler_of(one, self.screen_stack[0]), self.screen_stack[0]
        situation = where.situation() if isinstance(where, Keyed) else None
        reason = dispatch.refusal(one, situation) if situation else None
        if reason is not None:
            self.say(reason, Say.HINT)
            return
        if handler is None:
            self.say(f"{one.title} does not apply here.", Say.HINT)
            return
        while self.screen is not where:
            self.pop_screen()
        if one.repeats:
            self.repeat.remember(one, argument)
        self._perform(handler, one, argument)

    @property
    def _over_mail(self) -> bool:
        """Whether what only the main screen can do may close what is over it: a search, and dialogues
        in which nothing is being written or asked."""
        return all(isinstance(screen, (MailScreen, ActionModal)) for screen in self.screen_stack)

    def _perform(self, handler: dispatch.Handler, action: Action, argument: str) -> None:
        try:
            self._do(dispatch.call(handler, action, argument))
        except Trouble as trouble:
            self.trouble(trouble.what, trouble.advice)

    def _do(self, work: Awaitable[None] | None) -> None:
        """What a key has begun: those typed after it wait for what comes of it."""
        if work is not None:
            self.run_soon(self.typeahead.follow(work))

    def run_soon(self, work: Awaitable[None] | None) -> None:
        """Let something that takes its time go on by itself; its Troubles are said."""
        if work is not None:
            self.run_worker(self._said(work))

    async def _said(self, work: Awaitable[None]) -> None:
        try:
            await work
        except Trouble as trouble:
            self.trouble(trouble.what, trouble.advice)

    def key_of(self, action: str) -> str:
        return self.keymap.of(BY_ID[action])

    def today(self) -> date:
        return datetime.fromtimestamp(self.clock()).astimezone().date()

    # screens of the other rooms of the house

    def open_compose(self, request: Compose) -> None:
        from mailtui.ui.screens.compose import ComposeScreen

        self.push_screen(ComposeScreen(request))

    def open_search(self, text: str = "", *, account: str | None = None, folder: int | None = None) -> None:
        from mailtui.ui.screens.search import SearchScreen

        self.push_screen(SearchScreen(text, account=account, folder=folder))
