"""Going from folder to folder: the jump list, `g i`, the next one down the tree."""

from collections.abc import Awaitable

from mailtui.model.folder import Folder, Role
from mailtui.model.query import All, Field, Query, Term
from mailtui.model.trouble import Trouble
from mailtui.ui.saying import Say
from mailtui.ui.screens.filing import folder_choices
from mailtui.ui.screens.reading import Reading
from mailtui.ui.shell import shell
from mailtui.ui.widgets.message_list_source import Found, Source

FLAGGED = Query(All((Term(Field.IS, "flagged"),)))
MOST_FLAGGED = 5000


class Going(Reading):
    """Base of the main screen. It says how a folder is opened and rows from elsewhere are shown."""

    def open_folder(self, folder: Folder) -> None:
        raise NotImplementedError

    def show_rows(self, title: str, source: Source) -> None:
        raise NotImplementedError

    def do_go(self, argument: str = "") -> Awaitable[None] | None:
        if not argument:
            return self._jump()
        folder = shell(self).folders.named(argument, self.account)
        if folder is None:
            raise Trouble(f"There is no folder called {argument}.", "Press c to choose one.")
        self._go(folder)
        return None

    async def _jump(self) -> None:
        chosen = await shell(self).choose("Go to", folder_choices(self))
        folder = shell(self).folders.get(chosen.value) if chosen and isinstance(chosen.value, int) else None
        if folder is not None:
            self._go(folder)

    def _go(self, folder: Folder) -> None:
        shell(self).recent.use(folder.id)
        self.open_folder(folder)

    def _go_role(self, *roles: Role) -> None:
        folder = shell(self).folders.role(self.account, *roles)
        if folder is not None:
            self._go(folder)

    def do_go_inbox(self) -> None:
        self._go_role(Role.INBOX)

    def do_go_drafts(self) -> None:
        self._go_role(Role.DRAFTS)

    def do_go_sent(self) -> None:
        self._go_role(Role.SENT)

    def do_go_all(self) -> None:
        self._go_role(Role.ALL, Role.ARCHIVE)

    async def do_go_starred(self) -> None:
        found = await shell(self).readers.run(lambda reader: reader.search(FLAGGED, limit=MOST_FLAGGED))
        self.show_rows("Flagged", Found("Flagged", tuple(found)))

    def do_go_outbox(self) -> None:
        from mailtui.ui.screens.outbox import OutboxScreen

        self.app.push_screen(OutboxScreen())

    def do_go_activity(self) -> None:
        from mailtui.ui.screens.activity import ActivityScreen

        self.app.push_screen(ActivityScreen())

    def do_kept(self) -> None:
        from mailtui.ui.screens.kept import KeptScreen

        folder, account = self.at_hand
        self.app.push_screen(KeptScreen(account, folder))

    @property
    def at_hand(self) -> tuple[Folder | None, str]:
        """The folder and the account that the focus is on."""
        return self.folder, self.account

    def do_next_folder(self) -> None:
        self._step(1, "This is the last folder.")

    def do_previous_folder(self) -> None:
        self._step(-1, "This is the first folder.")

    def _step(self, by: int, end: str) -> None:
        neighbour = shell(self).folders.neighbour(self.folder.id, by) if self.folder else None
        if neighbour is None:
            shell(self).say(end, Say.HINT)
        else:
            self.open_folder(neighbour)
