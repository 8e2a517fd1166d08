"""A message being written: how it begins, what is attached to it, the user's editor, sending it."""

import asyncio
import os
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import replace

from textual.app import SuspendNotSupported

from mailtui.model.draft import Attachment, Draft
from mailtui.model.event import BodyArrived, DraftsChanged, Event
from mailtui.model.intent import ChangeFlags, FetchBody, FetchPart, SendDraft
from mailtui.model.message import Flag, Message
from mailtui.model.part import Part
from mailtui.model.trouble import Refused, Trouble
from mailtui.ui import attaching, beginning, drafting, editor
from mailtui.ui.compose_request import Compose, Forward, Reply
from mailtui.ui.later import ask_when, leaves
from mailtui.ui.plain import plain, set_title
from mailtui.ui.saying import Say
from mailtui.ui.screens.compose_keeping import ComposeKeeping
from mailtui.ui.sending import Departure
from mailtui.ui.shell import shell
from mailtui.ui.widgets.message_view import MessageView


class ComposeScreen(ComposeKeeping):
    """Opened for a request; leaves when the message is sent, kept for later, or thrown away."""

    def __init__(self, request: Compose, new_id: Callable[[], str] = lambda: uuid.uuid4().hex) -> None:
        super().__init__()
        self._request, self._new_id = request, new_id
        self._begun: beginning.Begun | None = None
        self._sending = False
        self._arrived = False  # all of the draft on the server is here, but for its attachments

    # beginning

    def on_mount(self) -> None:
        super().on_mount()
        self._subscribe()
        try:
            begun = beginning.begin(self._request, shell(self), self._new_id)
        except Trouble as trouble:
            shell(self).trouble(trouble.what, trouble.advice)
            self.close()
            return
        self._begun = begun
        self.open_with(begun.draft, begun.title, stored=begun.kept)
        self._show_beside(begun.about)
        if isinstance(self._request, (Reply, Forward)) and begun.about and begun.about.summary.unread:
            shell(self).wish(ChangeFlags((begun.about.summary.id,), add=Flag.SEEN))
        self._fetch(begun)
        self._say_taken(begun.draft)
        self._recover()
        self.go_to(_first_empty(begun.draft))
        self.run_worker(self._measure(), group="files")

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        self._subscribe()

    def _say_taken(self, draft: Draft) -> None:
        reader = shell(self).readers.here
        if reader is not None and reader.draft_taken(draft.id):
            what = "Another program has sent, changed or removed this draft on the server meanwhile."
            shell(self).say(what, Say.TROUBLE)

    def _subscribe(self) -> None:
        """Anew after having been put aside: a screen off the stack is told nothing."""
        shell(self).happened.unsubscribe(self)
        shell(self).happened.subscribe(self, self.heard)
        self._quote()

    def _show_beside(self, about: Message | None) -> None:
        self.set_class(about is not None, "-about")
        if about is not None:
            view = self.query_one("#beside", MessageView)
            view.show(about.summary.id, fetch=False)
            set_title(view, plain(about.header.subject))

    def _fetch(self, begun: beginning.Begun) -> None:
        """What belongs to the draft and is not here yet."""
        if begun.about is None:
            return
        if begun.unquoted:
            shell(self).wish(FetchBody(begun.about.summary.id))
        for part in begun.parts:
            self._await(begun.about.summary.id, part)
        if begun.whole:
            self._await_whole(begun, begun.about)

    def heard(self, event: Event) -> None:
        if isinstance(event, BodyArrived):
            self._quote()
        elif isinstance(event, DraftsChanged) and event.draft == self.base.id:
            self.note_copy()

    def _quote(self) -> None:
        """Quote the message once its text has come, unless something was written meanwhile."""
        begun = self._begun
        if begun is None or not begun.unquoted or self.text.text != self.begun.body:
            return
        draft = beginning.quoted(begun, shell(self))
        if draft is not None:
            self._begun = replace(begun, unquoted=False)
            untouched = self.kept == self.begun == self.draft()
            self.text.load_text(draft.body)
            self.begun = replace(self.begun, body=self.text.text)
            if untouched:
                self.kept = self.begun

    # attachments

    def do_attach(self, argument: str = "") -> Awaitable[None]:
        return self._attach_file(argument)

    async def _attach_file(self, path: str) -> None:
        from mailtui.ui.screens.attach import AttachScreen

        if path:
            chosen: Attachment | None = await asyncio.to_thread(attaching.attachment, path)
        else:
            chosen = await self.app.push_screen_wait(AttachScreen())
        if chosen is not None:
            self._add(chosen)

    def _add(self, attachment: Attachment) -> None:
        self.files = (*self.files, attachment)
        self.show_files()
        self.changed()
        self.run_worker(self._measure(), group="files")

    def do_detach(self) -> None:
        marked = self.bar.marked
        if marked is None or self.focused is not self.bar:
            shell(self).say("There is no attachment here.", Say.HINT)
            return
        at = self.bar.cursor
        self.files = (*self.files[:at], *self.files[at + 1 :])
        self.show_files()
        self.changed()
        if not self.bar.display:
            self.text.focus()
        shell(self).say(f"{marked.name} does not go along.")

    async def _measure(self) -> dict[str, int | None]:
        self.sizes = await asyncio.to_thread(attaching.sizes, self.files)
        self.show_files()
        return self.sizes

    def _await(self, message: int, part: Part) -> None:
        """Attach a part of a message once it is here."""
        name = part.name or f"part {part.section}"

        def arrived(path: str) -> None:
            self.awaited.remove(name)
            if not self.gone:
                self._add(Attachment(path, name, part.type))
                self._take_over()

        self.awaited.append(name)
        self.show_files()
        shell(self).fetch(FetchPart(message, part.section), name, arrived)

    def _await_whole(self, begun: beginning.Begun, about: Message) -> None:
        """Attach a message as it came, or go on with the draft that it is."""
        name = f"{about.header.subject[:60] or 'message'}.eml"

        async def arrived(path: str) -> None:
            self.awaited.remove(name)
            if self.gone:
                return
            if begun.replaces is None:
                self._add(beginning.enclosed(about, path))
                return
            draft, parts = await asyncio.to_thread(beginning.from_server, begun.draft, path)
            if self.draft() != self.begun:
                shell(self).say(
                    "What you wrote meanwhile is a draft of its own; the other is kept.", Say.HINT
                )
                return
            self.open_with(draft, begun.title, stored=False)
            self._arrived = True
            for part in parts:
                self._await(about.summary.id, part)
            self._take_over()

        self.awaited.append(name)
        self.show_files()
        shell(self).fetch(FetchPart(about.summary.id, ""), name, arrived)

    def _take_over(self) -> None:
        """A draft from the server is replaced only by one that has all of it."""
        if self._arrived and not self.awaited and self._begun is not None:
            untouched = self.kept == self.begun == self.draft()
            self.base = replace(self.base, replaces=self._begun.replaces)
            self.begun = replace(self.begun, replaces=self._begun.replaces)
            if untouched:
                self.kept = self.begun

    # the user's editor

    @property
    def _manuscript(self) -> editor.Manuscript:
        return editor.Manuscript(shell(self).readers.path.parent / "editing", self.base.id)

    def _recover(self) -> None:
        """A text that an editor held when the program was killed."""
        left = self._manuscript.read()
        if left is None:
            return
        if left.strip() and left != self.text.text:
            self.text.replace_text(left)
            shell(self).say("This is what your editor had when mailtui ended.", Say.HINT)
        self._manuscript.done()

    async def do_editor(self) -> None:
        words = editor.command(shell(self).settings.editor, os.environ)
        self.review.leave()
        await self.flush()
        manuscript = self._manuscript
        manuscript.write(self.text.text)
        ended = ""
        try:
            with self.app.suspend():
                # The loop stands still: the terminal is the editor's, and the service has its own process.
                manuscript.edit(words)
                ended = manuscript.read() or ""
        except SuspendNotSupported as error:
            raise Refused("This terminal can't be lent to an editor.") from error
        if ended != self.text.text:
            self.text.replace_text(ended)
        await self.flush()
        manuscript.done()
        self.text.focus()

    # sending

    async def do_review(self) -> None:
        remarks = await self._remarks()
        draft = self.draft()
        self.review.ask(drafting.recipients(draft), len(draft.attachments), remarks)

    def do_go_on(self) -> None:
        self.review.leave()
        self.text.focus()

    async def do_send(self) -> None:
        """At once if there is nothing to remark, else after a last look."""
        remarks = await self._remarks()
        if remarks and not remarks[0].blocks and not self.review.shown:
            await self.do_review()
        else:
            await self._send(remarks)

    async def do_send_it(self) -> None:
        await self._send(await self._remarks())

    async def do_send_later(self, argument: str = "") -> None:
        self._check(await self._remarks())
        when = await ask_when(shell(self), argument)
        if when is not None:
            await self._send(await self._remarks(), when)

    async def _remarks(self) -> list[drafting.Remark]:
        return drafting.remarks(self.draft(), await self._measure())

    def _check(self, remarks: list[drafting.Remark]) -> None:
        """Raises Refused when it can't be sent like this."""
        blocking = next((remark for remark in remarks if remark.blocks), None)
        if blocking is not None:
            self.review.leave()
            self.go_to(blocking.field)
            raise Refused(blocking.text)
        if self.awaited:
            raise Refused(f"{self.awaited[0]} is still being fetched.", "Wait a moment, or take it away.")

    async def _send(self, remarks: list[drafting.Remark], at: int = 0) -> None:
        self._check(remarks)
        if self._sending:
            return
        self._sending = True
        try:
            await self._queue(at)
        finally:
            self._sending = False

    async def _queue(self, at: int) -> None:
        here, delay = shell(self), shell(self).settings.undo_send_seconds
        await self.flush()
        draft = self.draft()
        ack = await here.submit(SendDraft(draft, delay, at))
        if ack.refusal is not None:
            raise ack.refusal
        app = self.app
        self.close()
        if at:
            here.say(f"It {leaves(at, here.clock())}; {here.key_of('go-outbox')} shows it.")
        else:
            Departure(app, draft, delay).begin()


def _first_empty(draft: Draft) -> str:
    """The field to begin in."""
    if not draft.to.strip():
        return "to"
    return "text" if draft.subject.strip() else "subject"
