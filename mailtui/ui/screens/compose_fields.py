"""The compose screen's fields: what stands in them is the draft."""

from collections.abc import Iterator
from dataclasses import replace

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Static

from mailtui.model.draft import Attachment, Draft
from mailtui.text import sanitize
from mailtui.ui import drafting, glyphs
from mailtui.ui.choice import Choice
from mailtui.ui.context import Context
from mailtui.ui.plain import plain
from mailtui.ui.saying import Say
from mailtui.ui.screens.base import ActionScreen
from mailtui.ui.shell import shell
from mailtui.ui.situation import Situation
from mailtui.ui.widgets.attachment_bar import AttachmentBar
from mailtui.ui.widgets.field import Field, Line
from mailtui.ui.widgets.message_view import MessageView
from mailtui.ui.widgets.recipients import Recipients
from mailtui.ui.widgets.review_line import ReviewLine
from mailtui.ui.widgets.sender_field import SenderField
from mailtui.ui.widgets.writing_area import WritingArea

_ORDER = ("from", "to", "cc", "bcc", "subject", "attachments", "text")


class ComposeFields(ActionScreen[None]):
    """From, To, Cc, Bcc, Subject, attachments, text; and the message they are about."""

    CSS_PATH = "compose.tcss"
    AUTO_FOCUS = ""
    context = Context.COMPOSE

    def __init__(self) -> None:
        super().__init__()
        self.base = Draft("", "", "")  # what stands in no field: id, account, what it answers
        self.files: tuple[Attachment, ...] = ()
        self.awaited: list[str] = []  # names of files still being fetched
        self.sizes: dict[str, int | None] = {}

    def body(self) -> ComposeResult:
        with Horizontal(id="panes"):
            with Vertical(id="writing"):
                yield SenderField(id="from")
                yield Recipients("To", id="to")
                yield Recipients("Cc", id="cc")
                yield Recipients("Bcc", id="bcc")
                yield Field("Subject", id="subject")
                yield AttachmentBar(id="attachments")
                yield Static(plain(glyphs.RULE * 300), id="rule")
                yield WritingArea(id="text")
            yield MessageView(id="beside")
        yield ReviewLine(id="review")

    @property
    def text(self) -> WritingArea:
        return self.query_one("#text", WritingArea)

    @property
    def review(self) -> ReviewLine:
        return self.query_one("#review", ReviewLine)

    @property
    def bar(self) -> AttachmentBar:
        return self.query_one("#attachments", AttachmentBar)

    @property
    def account(self) -> str:
        return self.base.account or super().account

    def field(self, name: str) -> Field:
        return self.query_one(f"#{name}", Field)

    def draft(self) -> Draft:
        """What is written now."""
        return replace(
            self.base,
            to=self.field("to").value.strip().rstrip(","),
            cc=self.field("cc").value.strip().rstrip(","),
            bcc=self.field("bcc").value.strip().rstrip(","),
            subject=self.field("subject").value,
            body=self.text.text,
            attachments=self.files,
            saved=0,
        )

    def fill(self, draft: Draft) -> None:
        """Put a draft into the fields."""
        self.base, self.files = draft, draft.attachments
        for name in ("to", "cc", "bcc", "subject"):
            self.field(name).value = str(getattr(draft, name))
        self.set_class(bool(draft.bcc), "-bcc")
        self.text.load_text(sanitize.block(draft.body))
        self.show_sender()
        self.show_files()

    def show_sender(self) -> None:
        several = len(drafting.identities(shell(self).accounts.values())) > 1
        self.query_one(SenderField).show(self.base.sender, several)

    def show_files(self) -> None:
        self.bar.show(self.files, self.sizes, self.awaited)

    # from field to field

    def _stops(self) -> Iterator[Widget]:
        for name in _ORDER:
            field = self.query_one(f"#{name}")
            if field.display:
                yield field.query_one(Line) if isinstance(field, Field) else field

    def _step(self, by: int) -> None:
        """The files are passed on the way down, since one types on in the text; the way up leads to them."""
        stops = [one for one in self._stops() if by < 0 or one is not self.bar or one is self.focused]
        at = stops.index(self.focused) if self.focused in stops else len(stops) - 1
        self.review.leave()
        stops[(at + by) % len(stops)].focus()

    def do_next_field(self) -> None:
        self._step(1)

    def do_previous_field(self) -> None:
        self._step(-1)

    def on_line_left(self, message: Line.Left) -> None:
        self._step(message.step)

    def on_writing_area_left_above(self) -> None:
        self._step(-1)

    def go_to(self, name: str) -> None:
        """The focus on a field, which is shown if it was not."""
        if name == "bcc":
            self.add_class("-bcc")
        widget = self.query_one(f"#{name}")
        (widget if widget.display else self.text).focus()

    def do_beside(self) -> None:
        """To the message that this one is about, to read on in it; `back` leads back."""
        beside = self.query_one("#beside", MessageView)
        if not beside.display:
            shell(self).say("There is no message beside this one.", Say.HINT)
            return
        self.review.leave()
        beside.focus()

    def do_back(self) -> None:
        self.text.focus()

    def situation(self) -> Situation:
        beside = self.query_one("#beside", MessageView)
        return replace(super().situation(), opened=beside.message, undo=shell(self).acts.newest)

    def do_help_writing(self) -> None:
        from mailtui.ui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(Context.COMPOSE, shell(self).keymap))

    # whom it is from, and who else gets it

    async def do_sender(self) -> None:
        known = drafting.identities(shell(self).accounts.values())
        rows = [Choice(one.sender, one, one.account) for one in known]
        chosen = await shell(self).choose("Write from", rows)
        if chosen is not None and isinstance(chosen.value, drafting.Identity):
            self._write_from(chosen.value)

    def _write_from(self, identity: drafting.Identity) -> None:
        accounts = shell(self).accounts
        before, after = accounts.get(self.base.account), accounts[identity.account]
        if before is not None and before.key != after.key:
            signed = drafting.signed_anew(self.text.text, before.signature, after.signature)
            if signed != self.text.text:
                self.text.replace_text(signed)
        self.base = replace(self.base, account=identity.account, sender=identity.sender)
        self.show_sender()
        self.changed()

    def do_bcc(self) -> None:
        self.review.leave()
        self.go_to("bcc")

    def changed(self) -> None:
        """Something was written: it is to be kept."""
        raise NotImplementedError
