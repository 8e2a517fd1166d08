"""A message on its way out: it leaves after a few seconds, and until then `u` brings it back."""

from textual.app import App
from textual.timer import Timer

from mailtui.model.draft import Draft, OutboxItem, Stage
from mailtui.model.intent import CancelSend
from mailtui.ui.acts import Act
from mailtui.ui.compose_request import Resume
from mailtui.ui.plain import cell, width
from mailtui.ui.shell import shell

_LONGEST = 40


class Departure:
    """Counts down in the status line, unless something else is said there meanwhile."""

    def __init__(self, app: App[object], draft: Draft, delay: int) -> None:
        self._app, self._here = app, shell(app)
        self._draft, self._left = draft, delay
        subject = draft.subject.strip() or "Your message"
        self._title = cell(subject, min(_LONGEST, width(subject))).strip()
        self._said = ""
        self._ticks: Timer | None = None

    def begin(self) -> None:
        """The message was queued a moment ago."""
        if self._left <= 0:
            self._here.say(f"{self._title} is being sent.")
            return
        self._here.acts.push(Act(f"sending {self._title}", self._take_back, self._token))
        self._ticks = self._app.set_interval(1, self._tick)
        self._say()

    @property
    def _token(self) -> str:
        return f"send {self._draft.id}"

    @property
    def _item(self) -> OutboxItem | None:
        reader = self._here.readers.here
        found = reader.outbox() if reader is not None else []
        return next((one for one in found if one.draft == self._draft.id), None)

    def _say(self) -> None:
        self._said = f"{self._title} leaves in {self._left} s"
        self._here.say(self._said, seconds=1.5, undo=True)

    def _tick(self) -> None:
        self._left -= 1
        saying, item = self._here.saying, self._item
        if self._left <= 0 or item is None or item.stage is not Stage.QUEUED:
            self._end()
        elif saying is None or saying.text == self._said:
            self._say()

    def _end(self) -> None:
        """It has left, or never will: `u` means something else again."""
        if self._ticks is not None:
            self._ticks.stop()
            self._ticks = None
        self._here.acts.drop(self._token)

    def _take_back(self) -> None:
        self._end()
        self._app.run_worker(self._cancel())

    async def _cancel(self) -> None:
        item = self._item
        if item is None:
            self._here.trouble("The message is not in the outbox any more.")
            return
        ack = await self._here.submit(CancelSend(item.id))
        if ack.refusal is not None:
            self._here.trouble(ack.refusal.what, ack.refusal.advice)
        else:
            self._here.open_compose(Resume(self._draft.id))
