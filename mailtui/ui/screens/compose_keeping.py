"""Nothing written is lost: kept as it is typed, kept when the screen is put aside or the program ends."""

import asyncio
from datetime import datetime

from textual.content import Content
from textual.timer import Timer
from textual.widgets import Input, TextArea

from mailtui.model.draft import Draft
from mailtui.model.intent import DiscardDraft, SaveDraft, TrashMessages
from mailtui.ui import drafting
from mailtui.ui.plain import plain, set_title
from mailtui.ui.saying import Say
from mailtui.ui.screens.compose_fields import ComposeFields
from mailtui.ui.shell import shell
from mailtui.ui.wording import count

PAUSE = 0.3  # seconds from the first change to its being on its way to the disk
PATIENCE = 2.0  # seconds an ending program waits for that
_COUNTED = 200_000  # characters of which the words are counted


class ComposeKeeping(ComposeFields):
    """`begun` is the draft as it was opened, `kept` as it was last written down."""

    def __init__(self) -> None:
        super().__init__()
        self.title_ = ""
        self.begun = self.kept = self.base
        self.stored = False  # the service has it, or will
        self.settled = True  # the server's copy follows, or there is none to follow
        self.gone = False  # sent or thrown away: nothing is kept any more
        self._due: Timer | None = None
        self._saved = ""
        self._copied = False  # the server has it too
        self._keeping = asyncio.Lock()

    def open_with(self, draft: Draft, title: str, *, stored: bool) -> None:
        self.fill(draft)
        self.title_, self.stored, self.settled = title, stored, not stored
        self.begun = self.kept = self.draft()
        self.entitle()

    # keeping

    def on_input_changed(self, message: Input.Changed) -> None:
        self.changed()

    def on_text_area_changed(self, message: TextArea.Changed) -> None:
        self.changed()

    def changed(self) -> None:
        self.entitle()
        if self._due is None and not self.gone:
            self._due = self.set_timer(PAUSE, self._save_soon)

    def _save_soon(self) -> None:
        self._due = None
        self.run_worker(self.flush(), group="keeping")

    async def settle(self) -> None:
        """The same when the user is done with it for now: the server is to have it too."""
        await self.flush(settled=True)

    async def flush(self, *, settled: bool = False) -> None:
        """Have what is written kept; returns once it is, or after a while in which it could not be."""
        async with self._keeping:
            if self.gone or not self.is_running:
                return
            draft = self.draft()
            if draft == self.kept and not (settled and self.stored and not self.settled):
                return
            before, self.kept, self.stored, self.settled = self.kept, draft, True, settled
            task = shell(self).submit(SaveDraft(draft, settled))
            done, _ = await asyncio.wait({task}, timeout=PATIENCE)
            if not done:
                return  # it goes on by itself as soon as the service can be had
            refusal = task.result().refusal
            if refusal is not None:
                self.kept = before
                shell(self).trouble(refusal.what, refusal.advice or "Your text is not kept yet.")
                return
            self._follow_files(draft)
        self._copied = False
        moment = datetime.fromtimestamp(shell(self).clock()).astimezone()
        self._saved = f"kept {moment:%H:%M:%S}"
        self.entitle()

    def _follow_files(self, saved: Draft) -> None:
        """Attachments from other messages were put where they outlive those."""
        reader = shell(self).readers.here
        stored = reader.draft(saved.id) if reader is not None else None
        if stored is None or stored.attachments == saved.attachments or self.files != saved.attachments:
            return
        untouched = self.kept == self.draft()
        self.files = stored.attachments
        self.sizes |= {
            new.path: self.sizes.get(old.path)
            for old, new in zip(saved.attachments, stored.attachments, strict=True)
        }
        if untouched:
            self.kept = self.draft()

    def note_copy(self) -> None:
        """Something became of the draft: the server may have it by now."""
        reader = shell(self).readers.here
        copied = reader is not None and self.draft() == self.kept and reader.draft_copied(self.base.id)
        if copied != self._copied:
            self._copied = copied
            self.entitle()

    def do_save_draft(self) -> None:
        self.run_worker(self._save_now(), group="keeping")

    async def _save_now(self) -> None:
        await self.settle()
        if self.stored:
            shell(self).say("The draft is kept.")
        else:
            shell(self).say("There is nothing to keep yet.", Say.HINT)

    def entitle(self) -> None:
        """What the border says: what this is, whether it is kept, how long it is."""
        if not self.is_mounted or self.gone:
            return
        text = self.text.text
        words = count(len(text.split()), "word") if len(text) < _COUNTED else ""
        saved = f"{self._saved or 'kept'}, on the server too" if self._copied else self._saved
        parts = [plain(self.title_), plain(saved, "$foreground-muted not bold")]
        title = Content("  ").join([part for part in parts if part])
        set_title(self.query_one("#writing"), title, plain(words))

    # leaving

    @property
    def name_(self) -> str:
        return f"writing {self.base.id}"

    def close(self) -> None:
        """Leave for good; what was written is kept or gone by now."""
        self.gone = True
        if self._due is not None:
            self._due.stop()
        self.dismiss(None)

    async def do_keep_draft(self) -> None:
        await self.settle()
        if self.stored:
            shell(self).say(f"The draft is kept; {shell(self).key_of('resume')} goes on with it.")
        self.close()

    async def do_discard_draft(self) -> None:
        if self.stored or self.base.replaces is not None or drafting.worth_keeping(self.draft(), self.begun):
            lasting = self.stored or self.base.replaces is None
            sure = await shell(self).confirm(
                "Throw this draft away?",
                yes="Throw away",
                advice="This can't be undone." if lasting else "",
            )
            if not sure:
                return
        if self.stored:
            self.gone = True
            shell(self).wish(DiscardDraft(self.base.id), said="The draft is gone")
        elif self.base.replaces is not None:
            self.gone = True
            shell(self).wish(
                TrashMessages((self.base.replaces,)), said="The draft is in the trash", undo=True
            )
        self.close()

    async def do_aside(self) -> None:
        """To the mail; this screen waits as it is."""
        await self.settle()
        self.review.leave()
        shell(self).desk.put(self.base.id, self)
        self.app.install_screen(self, self.name_)
        self.app.pop_screen()
        shell(self).say(f"{shell(self).key_of('resume')} goes on writing.", Say.HINT)

    def come_back(self) -> None:
        """To the front again."""
        self.app.uninstall_screen(self)
        self.app.push_screen(self)
