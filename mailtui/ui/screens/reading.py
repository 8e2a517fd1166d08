"""A list with a message pane: which message is open, when it counts as read, the next one."""

from collections.abc import Awaitable, Callable, Sequence

from textual.timer import Timer

from mailtui.model.intent import ChangeFlags, ShowMessage
from mailtui.model.message import Flag
from mailtui.ui.saying import Say
from mailtui.ui.screens.mail import MailScreen
from mailtui.ui.shell import shell
from mailtui.ui.widgets.message_list import MessageList
from mailtui.ui.widgets.message_view import MessageView
from mailtui.ui.widgets.status_line import StatusLine
from mailtui.ui.wording import count

REST = 0.25  # seconds the cursor rests on a message before a pane that follows it shows it


class Reading(MailScreen):
    """Base of the main screen and of the search screen. The class `-reading` tells that the message
    is in front where there is room for one pane only."""

    def __init__(self) -> None:
        super().__init__()
        self._resting: Timer | None = None
        self._opened: int | None = None  # opened on purpose, so it counts as read once it is shown

    @property
    def follows(self) -> bool:
        """Whether the message pane shows what the cursor rests on."""
        return False

    # the open message

    def on_message_list_cursor_moved(self, message: MessageList.CursorMoved) -> None:
        if self._resting is not None:
            self._resting.stop()
            self._resting = None
        if message.message is None:
            self.message_view.clear()
        elif self.has_class("-reading"):
            self._show(message.message)
        elif self.follows:
            rested = message.message
            self._resting = self.set_timer(REST, lambda: self._rest(rested))

    def _rest(self, message: int) -> None:
        if self.message_list.cursor == message and self.follows:
            self._show(message)

    def on_message_list_opened(self, message: MessageList.Opened) -> None:
        if not self.edits(message.message):
            self.open_message(message.message)

    def open_message(self, message: int) -> None:
        """Show a message because the user wants to read it."""
        self._opened = message
        self.add_class("-reading")
        self._show(message)
        self.message_view.focus()

    def close_message(self) -> None:
        """Back to the list."""
        self.remove_class("-reading")
        self._opened = None
        self.message_list.focus()

    def _show(self, message: int) -> None:
        opened = self.message_view.message
        if opened is None or opened.summary.id != message:
            self.message_view.show(message)
        elif self._opened == message and self.message_view.body is not None:
            self._seen(message)

    def on_message_view_shown(self, message: MessageView.Shown) -> None:
        shell(self).wish(ShowMessage(message.message))
        if message.message == self._opened:
            self._seen(message.message)

    def _seen(self, message: int) -> None:
        """It was really shown, so it has been read."""
        rows = self.message_list.summaries([message])
        if rows and rows[0].unread:
            shell(self).wish(ChangeFlags((message,), add=Flag.SEEN))
            self.message_list.amend((message,), Flag.SEEN)

    def gone(self, ids: Sequence[int]) -> None:
        opened = self.message_view.message
        super().gone(ids)
        if opened is None or opened.summary.id not in ids:
            return
        following = self.message_list.cursor
        if following is None:
            self.message_view.clear()
            self.close_message()
        elif self.reading:
            self.open_message(following)

    # the next one

    def do_next_message(self) -> None:
        self._turn(1, "This is the last message.")

    def do_previous_message(self) -> None:
        self._turn(-1, "This is the first message.")

    def _turn(self, by: int, end: str) -> None:
        if self.message_list.step(by) and self.message_list.cursor is not None:
            self.open_message(self.message_list.cursor)
        else:
            shell(self).say(end, Say.HINT)

    def do_next_unread(self) -> Awaitable[None]:
        return self._turn_unread(self.message_list.do_next_unread)

    def do_previous_unread(self) -> Awaitable[None]:
        return self._turn_unread(self.message_list.do_previous_unread)

    async def _turn_unread(self, find: Callable[[], Awaitable[None] | None]) -> None:
        before = self.message_list.cursor
        looking = find()
        if looking is not None:
            await looking
        following = self.message_list.cursor
        if following is not None and following != before:
            self.open_message(following)

    def do_focus_message(self) -> None:
        if self.message_list.cursor is not None:
            self.open_message(self.message_list.cursor)

    def on_text_selected(self) -> None:
        """What the mouse has selected goes to the clipboard, as in other terminal programs."""
        text = self.get_selected_text()
        if text:
            self.app.copy_to_clipboard(text)
            shell(self).say(f"Copied {count(len(text.splitlines()), 'line')}", Say.DONE)

    # where the cursor is

    def on_message_list_counted(self) -> None:
        self.say_position()

    def on_message_list_selection_changed(self) -> None:
        self.say_position()

    def say_position(self) -> None:
        """Where the list has a border, the position is in it."""
        if self.is_mounted:
            framed = bool(self.message_list.styles.gutter.bottom)
            self.query_one(StatusLine).place("" if framed else self.message_list.position_words())
