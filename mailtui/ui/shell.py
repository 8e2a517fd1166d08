"""What the application offers to the widgets and screens in it, and nothing more."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Protocol, cast

from textual.dom import DOMNode
from textual.signal import Signal

from mailtui.config.settings import Settings
from mailtui.model.account import Account
from mailtui.model.event import Event
from mailtui.model.intent import FetchPart, Intent
from mailtui.ui.acts import Acts
from mailtui.ui.choice import Choice
from mailtui.ui.compose_request import Compose
from mailtui.ui.connections import Connections
from mailtui.ui.desk import Desk
from mailtui.ui.downloads import Downloads, Then
from mailtui.ui.folderbook import Folderbook
from mailtui.ui.keymap import Keymap
from mailtui.ui.opening import Opened
from mailtui.ui.readers import Readers
from mailtui.ui.recent import Recent
from mailtui.ui.repeat import Repeat
from mailtui.ui.saying import Say, Saying
from mailtui.ui.searches import Searches

if TYPE_CHECKING:  # the link is loaded after the first frame
    from mailtui.link.ack import Ack


class Shell(Protocol):
    """`MailtuiApp` as its widgets see it."""

    settings: Settings
    accounts: Mapping[str, Account]
    readers: Readers
    keymap: Keymap
    acts: Acts
    connections: Connections
    downloads: Downloads
    desk: Desk
    repeat: Repeat
    folders: Folderbook
    recent: Recent
    searches: Searches
    happened: Signal[Event]
    refused: Signal[Intent]
    clock: Callable[[], float]
    opened: Opened
    saying: Saying | None
    synchronising: set[str]  # accounts that the user asked to look for new mail

    def wish(self, intent: Intent, *, said: str = "", undo: bool = False) -> str:
        """Send an intent, in order with the others, and return its id at once. `said` tells the user
        what was done; with `undo` it can be taken back by `u`."""

    def submit(self, intent: Intent) -> "asyncio.Task[Ack]":
        """The same for those who wait for the acknowledgement; a refusal is in it."""

    def say(self, text: str, kind: Say = Say.DONE, *, seconds: float = 0, undo: bool = False) -> None:
        """Put a line into the status line, for a while."""

    def trouble(self, what: str, advice: str = "") -> None:
        """Say what went wrong and what to do, in the status line and not in the way."""

    async def ask(self, question: str, *, value: str = "", hint: str = "") -> str | None:
        """A line of text from the user; None if they thought better of it."""

    async def confirm(self, question: str, *, yes: str, advice: str = "") -> bool:
        """Whether the user says yes to something that can't be taken back."""

    async def choose(self, title: str, choices: Sequence[Choice], *, hint: str = "") -> Choice | None:
        """One of many, found by typing some of its letters."""

    def connect_link(self) -> None:
        """Try to get hold of the service if it could not be had."""

    def fetch(self, part: FetchPart, title: str, then: Then) -> None:
        """Have a part downloaded unless it is here, then call `then` with its path."""

    def cancel_downloads(self) -> None:
        """End what is being fetched."""

    def key_of(self, action: str) -> str:
        """The first key of an action for people, "" if it has none."""

    def today(self) -> date:
        """For search words such as `yesterday`."""

    def act(self, action: str, argument: str = "") -> None:
        """Do an action of the table where the focus is."""

    def open_compose(self, request: Compose) -> None:
        """Open a screen to write in."""

    def open_search(self, text: str = "", *, account: str | None = None, folder: int | None = None) -> None:
        """Open the search screen."""


def shell(node: DOMNode) -> Shell:
    """The application around a widget, typed."""
    return cast(Shell, node.app)
