"""What goes on: connections, jobs, what waits and what went wrong, and what can be done about each."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.timer import Timer
from textual.widgets import Static

from mailtui.model.event import (
    ActivityReported,
    ConnectionChanged,
    Event,
    FoldersChanged,
    LinkLost,
    OperationFailed,
    OutboxChanged,
    QueueChanged,
)
from mailtui.model.intent import WATCHED, Intent, RecordProtocol, WatchActivity
from mailtui.model.trouble import Trouble
from mailtui.text import sanitize
from mailtui.ui.activity import Entry, Known, Stored, counts, lines, stored
from mailtui.ui.context import Context
from mailtui.ui.latest import run_latest
from mailtui.ui.plain import plain, set_title
from mailtui.ui.saying import Say, Saying
from mailtui.ui.screens.base import ActionModal
from mailtui.ui.screens.pager import PagerScreen
from mailtui.ui.shell import shell
from mailtui.ui.situation import Situation
from mailtui.ui.widgets.activity_list import ActivityList
from mailtui.ui.widgets.hint_line import HintLine, hints
from mailtui.ui.widgets.rows import Rows

_FRAME = 6  # lines of the box that are not the list
_PAUSE = 0.1  # seconds in which news is gathered
_TAIL = 256_000  # octets of the protocol log that are shown
_NEWS = (ActivityReported, ConnectionChanged, FoldersChanged, OperationFailed, OutboxChanged, QueueChanged)


class ActivityScreen(ActionModal[None]):
    """Painted anew only when something differs. Escape closes it."""

    CSS_PATH = "activity.tcss"
    AUTO_FOCUS = "ActivityList"
    context = Context.ACTIVITY

    def __init__(self) -> None:
        super().__init__()
        self._reports: dict[str, ActivityReported] = {}
        self._gathering: Timer | None = None
        self._asked: asyncio.Task[object] | None = None
        self._said: Saying | None = None

    def compose(self) -> ComposeResult:
        with Vertical(id="box") as box:
            yield ActivityList()
            yield Static(id="whole")
            yield HintLine()
        set_title(box, plain("Activity"), plain(""))

    def on_mount(self) -> None:
        self.query_one(HintLine).show(hints(Context.ACTIVITY, shell(self).keymap))
        shell(self).happened.subscribe(self, self.heard)
        self._watch()
        self.set_interval(WATCHED / 3, self._watch)
        self._read()

    def _watch(self) -> None:
        """Say that somebody looks; once more only when the last time was heard."""
        if self._asked is None or self._asked.done():
            self._asked = shell(self).submit(WatchActivity())

    def on_resize(self) -> None:
        """The list gives way to the lines below it, and the box to the screen."""
        margin = 0 if self.has_class("-narrow") else self.size.height // 12
        self.query_one(ActivityList).styles.max_height = max(self.size.height - margin - _FRAME, 3)

    # what is shown

    def heard(self, event: Event) -> None:
        if isinstance(event, ActivityReported):
            self._reports[event.account] = event
        elif isinstance(event, LinkLost):
            self._reports.clear()
        elif not isinstance(event, _NEWS):
            return
        if self._gathering is None:
            self._gathering = self.set_timer(_PAUSE, self._read)

    def _read(self) -> None:
        self._gathering = None
        run_latest(self, "activity", self._fill)

    async def _fill(self) -> None:
        reports = tuple(self._reports.values())
        try:
            found = await shell(self).readers.run(lambda reader: stored(reader, reports))
        except Trouble:  # there is no local copy yet, so nothing waits in it
            found = Stored()
        here = shell(self)
        servers = {key: f"{one.imap.host}:{one.imap.port}" for key, one in here.accounts.items()}
        known = Known(servers, here.connections.of, self._reports, found, here.folders, here.clock())
        rows = lines(known)
        if self.query_one(ActivityList).show(rows):
            set_title(self.query_one("#box"), plain("Activity"), plain(counts(rows)))
            self._explain()

    def on_rows_marked(self, message: Rows.Marked) -> None:
        message.stop()
        self._said = None
        self._explain()

    def show_saying(self, saying: Saying | None, undo_key: str) -> None:
        """The status line is far below, or covered."""
        self._said = saying
        if self.is_mounted:
            self._explain()

    def _explain(self) -> None:
        """Everything about the row under the cursor, also what its columns have no room for; or what
        was just said."""
        entry, said = self.entry, self._said
        if said is not None:
            style = "$text-error" if said.kind is Say.TROUBLE else "$text-accent"
            self.query_one("#whole", Static).update(plain(said.text, style))
            return
        self.query_one("#whole", Static).update(plain(entry.whole if entry else "", "$foreground-muted"))

    @property
    def entry(self) -> Entry | None:
        return self.query_one(ActivityList).entry

    def situation(self) -> Situation:
        return replace(super().situation(), entry=self.entry)

    # what can be done

    def _wish(self, choose: Callable[[Entry], Intent | None], said: str) -> None:
        wish = choose(self.entry) if self.entry else None
        if wish is not None:  # else the table has said why not
            shell(self).wish(wish, said=said)

    def do_retry(self) -> None:
        self._wish(lambda entry: entry.retry, "Trying again")

    def do_stop_job(self) -> None:
        self._wish(lambda entry: entry.stop, "Stopped")

    def do_give_up(self) -> None:
        self._wish(lambda entry: entry.drop, "Gave it up")

    def do_mark_sent(self) -> None:
        self._wish(lambda entry: entry.arrived, "It counts as sent")

    def do_record(self) -> None:
        account = self._account()
        on = not self._recording(account)
        said = f"Writing down what is said to {account}'s servers" if on else "The protocol log is off"
        shell(self).wish(RecordProtocol(account, on), said=said)

    def do_protocol(self) -> Awaitable[None] | None:
        account = self._account()
        path = self._recording(account)
        if not path:
            key = shell(self).key_of("record")
            shell(self).say(f"The protocol log of {account} is off; {key} begins one.", Say.HINT)
            return None
        return self._show_log(account, Path(path))

    async def _show_log(self, account: str, path: Path) -> None:
        try:
            said = await asyncio.to_thread(_tail, path)
        except OSError as error:
            raise Trouble(f"The protocol log can't be read: {error.strerror}.") from error
        pager = PagerScreen(f"Protocol log of {account} · {path}", said or ["Nothing was said yet."])
        await self.app.push_screen(pager)
        pager.show_end()

    def _account(self) -> str:
        entry = self.entry
        return entry.account if entry else next(iter(shell(self).accounts), "")

    def _recording(self, account: str) -> str:
        report = self._reports.get(account)
        return report.recording if report else ""

    def on_hint_line_clicked(self, message: HintLine.Clicked) -> None:
        shell(self).act(message.action)

    def do_back(self) -> None:
        self.dismiss(None)


def _tail(path: Path) -> list[str]:
    """The end of the log, safe to paint. Blocks."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(size - _TAIL, 0))
        raw = file.read(_TAIL)
    if size > _TAIL:
        raw = raw.partition(b"\n")[2]
    return sanitize.block(raw.decode("utf-8", "replace")).splitlines()
