"""The main screen: folders, the list of one folder, the message that is open."""

from collections.abc import Awaitable
from dataclasses import replace

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content

from mailtui.model.folder import Folder
from mailtui.model.intent import ShowFolder
from mailtui.ui.context import Context
from mailtui.ui.plain import plain, set_title
from mailtui.ui.saying import Say
from mailtui.ui.screens.folders import FolderActions
from mailtui.ui.shell import shell
from mailtui.ui.situation import Situation
from mailtui.ui.widgets.folder_tree import FolderTree
from mailtui.ui.widgets.message_list import MessageList
from mailtui.ui.widgets.message_list_source import Filtered, FolderSource, Source
from mailtui.ui.widgets.message_view import MessageView


class MainScreen(FolderActions):
    """Wide: three panes, the message pane follows the cursor once it rests. Narrower: the list, and
    over it by turns the open message or the drawer with the folders."""

    CSS_PATH = "main.tcss"
    AUTO_FOCUS = "MessageList"
    context = Context.LIST

    def __init__(self) -> None:
        super().__init__()
        self._folder: Folder | None = None
        self._title = ""
        self._filter = ""
        self._heads: tuple[str, ...] = ()

    def body(self) -> ComposeResult:
        with Horizontal(id="panes"):
            yield FolderTree(id="folders")
            with Vertical(id="mail"):
                yield MessageList(id="list")
                yield MessageView(id="message")

    @property
    def message_list(self) -> MessageList:
        return self.query_one(MessageList)

    @property
    def message_view(self) -> MessageView:
        return self.query_one(MessageView)

    @property
    def folder(self) -> Folder | None:
        return shell(self).folders.get(self._folder.id) if self._folder else None

    @property
    def wide(self) -> bool:
        return self.has_class("-wide")

    @property
    def follows(self) -> bool:
        return self.wide

    def situation(self) -> Situation:
        return replace(super().situation(), marked=self.at_hand[0], filtered=bool(self._filter))

    # folders

    def on_mount(self) -> None:
        super().on_mount()
        self.folders_changed()

    def folders_changed(self) -> None:
        """The folderbook was read anew: show it, and the first inbox if nothing is shown yet."""
        book = shell(self).folders
        self.folder_tree.show(book)
        if self.folder is None and (first := book.first()) is not None:
            self.open_folder(first)
        self._entitle()

    def open_folder(self, folder: Folder) -> None:
        self._folder, self._title, self._filter = folder, "", ""
        self.remove_class("-reading", "-drawer")
        self.message_view.clear()
        self.message_list.show(FolderSource(folder.id))
        self.folder_tree.settle(folder.id)
        self.message_list.focus()
        shell(self).wish(ShowFolder(folder.id))
        self._entitle()

    def show_rows(self, title: str, source: Source) -> None:
        self._folder, self._title, self._filter = None, title, ""
        self.remove_class("-reading", "-drawer")
        self.message_view.clear()
        self.message_list.show(source)
        self.folder_tree.settle(None)
        self.message_list.focus()
        self._entitle()

    def on_rows_chosen(self) -> None:
        folder = self.folder_tree.marked
        if folder is not None:
            self.open_folder(folder)

    def _entitle(self) -> None:
        """Titles in the borders; only when they differ, since a title repaints its pane."""
        folder, book = self.folder, shell(self).folders
        name, account, unread = book.heading(folder) if folder else (self._title, "", "")
        heads = (name, account, unread, self._filter, str(self.wide))
        if heads == self._heads:
            return
        self._heads = heads
        parts = [
            plain(name),
            plain(account, "$foreground-muted not bold"),
            plain(f"/ {self._filter}" if self._filter else "", "$text-warning not bold"),
            plain(unread, "$text-accent not bold"),
        ]
        set_title(self.message_list, Content("  ").join([part for part in parts if part]))
        set_title(self.folder_tree, plain("Folders"))
        set_title(self.message_view, plain("" if self.wide else name))

    def on_resize(self) -> None:
        self.say_position()
        self._entitle()

    # the panes

    def do_focus_folders(self) -> None:
        self.add_class("-drawer")
        self.folder_tree.focus()

    def do_focus_list(self) -> None:
        self.remove_class("-drawer")
        self.close_message()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        if event.widget is not self.folder_tree:
            self.remove_class("-drawer")

    def do_back(self) -> None:
        if self.here is not Context.LIST:
            self.do_focus_list()
        elif self.message_list.selection:
            self.message_list.clear_selection()
        elif self._filter and self.folder:
            self.open_folder(self.folder)
        elif self.folder is None and (first := shell(self).folders.first()) is not None:
            self.open_folder(first)
        else:
            key = shell(self).key_of("quit")
            shell(self).say(f"{key} quits." if key else "There is nothing to go back to.", Say.HINT)

    # filtering

    def do_filter(self, argument: str = "") -> Awaitable[None] | None:
        if argument:
            self._filter_by(argument)
            return None
        return self._ask_filter()

    async def _ask_filter(self) -> None:
        text = await shell(self).ask(
            "Filter", value=self._filter, hint="from:ana is:unread budget; empty shows all"
        )
        if text is not None:
            self._filter_by(text)

    def _filter_by(self, text: str) -> None:
        from mailtui.text.search import parse

        folder = self.folder
        if folder is None:
            shell(self).say("Only the list of a folder can be filtered.", Say.HINT)
        elif not text.strip():
            self.open_folder(folder)
        else:
            query = parse(text, shell(self).today())
            self._filter = text.strip()
            self.message_list.show(Filtered(folder.id, text, query))
            self._entitle()
            if query.troubles:
                shell(self).say(" ".join(query.troubles), Say.TROUBLE)
