"""What is done with messages: flags, archive, trash, moves; the same on every screen with a list."""

from collections.abc import Awaitable, Sequence

from mailtui.model.folder import Folder, Role
from mailtui.model.intent import (
    ArchiveMessages,
    ChangeFlags,
    CopyMessages,
    DestroyMessages,
    MoveMessages,
    TrashMessages,
)
from mailtui.model.message import Flag, Summary
from mailtui.model.trouble import Trouble
from mailtui.ui.choice import Choice
from mailtui.ui.folderbook import shown_path
from mailtui.ui.saying import Say
from mailtui.ui.screens.base import ActionScreen
from mailtui.ui.shell import shell
from mailtui.ui.widgets.message_list import MessageList
from mailtui.ui.wording import count


class Filing(ActionScreen[None]):
    """Takes the targets when the key is pressed, shows the effect at once, sends the wish (law 10)."""

    @property
    def message_list(self) -> MessageList:
        raise NotImplementedError

    @property
    def folder(self) -> Folder | None:
        """The folder on the list, None if the rows come from several."""
        return None

    def targets(self) -> tuple[int, ...]:
        """The messages that an action applies to now."""
        return self.message_list.targets()

    def gone(self, ids: Sequence[int]) -> None:
        """These leave the list, whatever the service will say."""
        self.message_list.hide(ids)

    def _rows(self, ids: Sequence[int]) -> list[Summary]:
        """What is known of the targets; of very many only of the first thousand."""
        return self.message_list.summaries(ids[:1000])

    # leaving the folder

    def do_archive(self) -> None:
        ids = self.targets()
        shell(self).wish(ArchiveMessages(ids), said=f"Archived {count(len(ids), 'message')}", undo=True)
        self.gone(ids)

    def do_trash(self) -> Awaitable[None] | None:
        if self.folder is not None and self.folder.role is Role.TRASH:
            return self._destroy(self.targets())
        ids = self.targets()
        shell(self).wish(TrashMessages(ids), said=f"Moved {count(len(ids), 'message')} to Trash", undo=True)
        self.gone(ids)
        return None

    def do_destroy(self) -> Awaitable[None]:
        return self._destroy(self.targets())

    async def _destroy(self, ids: tuple[int, ...]) -> None:
        messages = count(len(ids), "message")
        sure = await shell(self).confirm(
            f"Destroy {messages} for good?", yes="Destroy", advice="This can't be undone."
        )
        if sure:
            shell(self).wish(DestroyMessages(ids), said=f"Destroyed {messages}")
            self.gone(ids)

    def do_junk(self) -> None:
        ids = self.targets()
        rows, book = self._rows(ids), shell(self).folders
        account = _one_account(rows)
        back = all(_role(self, row) is Role.JUNK for row in rows)
        target = book.role(account, Role.INBOX if back else Role.JUNK)
        if target is None:
            raise Trouble("This account has no folder for that.", "Press s to move instead.")
        said = f"{count(len(ids), 'message')} {'is no spam' if len(ids) == 1 else 'are no spam'}"
        spam = f"Moved {count(len(ids), 'message')} to {target.name}"
        shell(self).wish(MoveMessages(ids, target.id), said=said if back else spam, undo=True)
        self.gone(ids)

    def do_move(self, argument: str = "") -> Awaitable[None] | None:
        return self._to_folder(self.targets(), argument, leave=True)

    def do_copy(self, argument: str = "") -> Awaitable[None] | None:
        return self._to_folder(self.targets(), argument, leave=False)

    def _to_folder(self, ids: tuple[int, ...], name: str, *, leave: bool) -> Awaitable[None] | None:
        account = _one_account(self._rows(ids))
        if not name:
            return self._choose_folder(ids, account, leave=leave)
        target = shell(self).folders.named(name, account)
        if target is None or target.account != account:
            raise Trouble(f"There is no folder called {name} in {account}.", "Press s to choose one.")
        self._put(ids, target, leave=leave)
        return None

    async def _choose_folder(self, ids: tuple[int, ...], account: str, *, leave: bool) -> None:
        here = self.folder.id if self.folder and leave else None
        choices = folder_choices(self, account, without=here)
        title = f"{'Move' if leave else 'Copy'} {count(len(ids), 'message')} to"
        chosen = await shell(self).choose(title, choices)
        target = shell(self).folders.get(chosen.value) if chosen and isinstance(chosen.value, int) else None
        if target is not None:
            self._put(ids, target, leave=leave)

    def _put(self, ids: tuple[int, ...], target: Folder, *, leave: bool) -> None:
        here = shell(self)
        here.recent.use(target.id)
        here.repeat.argument = shown_path(target)
        messages, path = count(len(ids), "message"), shown_path(target)
        if not leave:
            here.wish(CopyMessages(ids, target.id), said=f"Copied {messages} to {path}", undo=True)
            return
        here.wish(MoveMessages(ids, target.id), said=f"Moved {messages} to {path}", undo=True)
        self.gone(ids)

    # flags

    def do_flag(self) -> None:
        ids = self.targets()
        on = not all(row.flags & Flag.FLAGGED for row in self._rows(ids))
        self._change(ids, Flag.FLAGGED, on, "Flagged" if on else "Unflagged")

    def do_read(self) -> None:
        ids = self.targets()
        on = any(row.unread for row in self._rows(ids))
        self._change(ids, Flag.SEEN, on, "Marked read:" if on else "Marked unread:")

    def _change(self, ids: tuple[int, ...], flag: Flag, on: bool, done: str) -> None:
        add, remove = (flag, Flag.NONE) if on else (Flag.NONE, flag)
        said = f"{done} {count(len(ids), 'message')}"
        shell(self).wish(ChangeFlags(ids, add=add, remove=remove), said=said, undo=True)
        self.message_list.amend(ids, add, remove)

    # once more, and back

    def do_undo(self) -> None:
        act = shell(self).acts.pop()
        if act is not None:
            act.undo()
            shell(self).say(f"Taken back: {act.title}", Say.DONE)

    def do_repeat(self) -> None:
        repeat = shell(self).repeat
        if repeat.action is not None:
            shell(self).act(repeat.action.id, repeat.argument)


def _role(screen: Filing, row: Summary) -> Role | None:
    folder = shell(screen).folders.get(row.folder)
    return folder.role if folder else None


def _one_account(rows: Sequence[Summary]) -> str:
    accounts = {row.account for row in rows}
    if len(accounts) > 1:
        raise Trouble("These messages are in different accounts.", "Do it for one account at a time.")
    return accounts.pop() if accounts else ""


def folder_choices(screen: Filing, account: str | None = None, *, without: int | None = None) -> list[Choice]:
    """The folders to choose from, those used last on top; of all accounts if none is given."""
    here = shell(screen)
    several = account is None and len(here.folders.accounts()) > 1
    folders = [one for one in here.folders if one.selectable and one.id != without]
    folders = [one for one in folders if account is None or one.account == account]
    recent = [one for ident in here.recent for one in folders if one.id == ident]
    rest = [one for one in folders if one not in recent]
    rows = [("Used last" if recent else "", one) for one in recent]
    rows += [("All folders" if recent else "", one) for one in rest]
    return [
        Choice(
            f"{one.account} / {shown_path(one)}" if several else shown_path(one),
            one.id,
            f"{one.unread:,} unread" if one.unread else "",
            group=group,
        )
        for group, one in rows
    ]
