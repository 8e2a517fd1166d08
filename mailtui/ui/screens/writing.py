"""Going on with what was begun: messages put aside, and drafts that the local copy keeps."""

from collections.abc import Awaitable

from mailtui.model.draft import Draft
from mailtui.ui.choice import Choice
from mailtui.ui.compose_request import Resume
from mailtui.ui.saying import Say
from mailtui.ui.screens.base import ActionScreen
from mailtui.ui.screens.compose_keeping import ComposeKeeping
from mailtui.ui.shell import shell
from mailtui.ui.wording import count, when


class Writing(ActionScreen[None]):
    """For the screens that show mail."""

    def on_mount(self) -> None:
        """Drafts that wait since the last time are worth a line."""
        drafts = _drafts(self)
        if drafts and len(self.app.screen_stack) == 1:
            wait = "waits" if len(drafts) == 1 else "wait"
            key = shell(self).key_of("resume")
            shell(self).say(f"{count(len(drafts), 'draft')} {wait}; {key} goes on.", Say.HINT, seconds=15)

    def do_resume(self) -> Awaitable[None] | None:
        here = shell(self)
        aside = list(here.desk)
        drafts = [one for one in _drafts(self) if one.id not in here.desk]
        if not aside and not drafts:
            here.say("There is no draft to go on with.", Say.HINT)
        elif aside and not drafts and len(aside) == 1:
            _take(self, aside[0])
        elif not aside and len(drafts) == 1:
            here.open_compose(Resume(drafts[0].id))
        else:
            return self._choose(aside, drafts)
        return None

    def go_on_with(self, draft: str) -> None:
        """With this one, wherever it is."""
        here, reader = shell(self), shell(self).readers.here
        aside = next((one for one in here.desk if one.base.id == draft), None)
        if aside is not None:
            _take(self, aside)
        elif reader is not None and draft not in {one.id for one in reader.drafts()}:
            here.say(f"That message waits to be sent; {here.key_of('go-outbox')} shows it.", Say.HINT)
        else:
            here.open_compose(Resume(draft))

    async def _choose(self, aside: list[ComposeKeeping], drafts: list[Draft]) -> None:
        now = shell(self).clock()
        rows = [Choice(_title(one.draft()), one, "put aside") for one in aside]
        rows += [Choice(_title(one), one, when(one.saved, now)) for one in drafts]
        chosen = await shell(self).choose("Go on writing", rows)
        if chosen is None:
            return
        if isinstance(chosen.value, ComposeKeeping):
            _take(self, chosen.value)
        elif isinstance(chosen.value, Draft):
            shell(self).open_compose(Resume(chosen.value.id))


def _take(screen: Writing, aside: ComposeKeeping) -> None:
    shell(screen).desk.take(aside.base.id)
    aside.come_back()


def _drafts(screen: Writing) -> list[Draft]:
    reader = shell(screen).readers.here
    return reader.drafts() if reader is not None else []


def _title(draft: Draft) -> str:
    whom = f"  to {draft.to}" if draft.to.strip() else ""
    return f"{draft.subject.strip() or '(no subject)'}{whom}"
