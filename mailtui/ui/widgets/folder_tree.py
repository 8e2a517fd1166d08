"""The folders of all accounts with their unread counts: a tree that folds."""

from collections.abc import Iterable
from dataclasses import dataclass

from textual import events

from mailtui.model.folder import Folder, Role
from mailtui.ui import glyphs
from mailtui.ui.context import Context
from mailtui.ui.folderbook import Folderbook
from mailtui.ui.plain import steady
from mailtui.ui.widgets.rows import Piece, Rows, columns
from mailtui.ui.wording import bounded


@dataclass(frozen=True, slots=True)
class Branch:
    """A row: an account's name (`folder` None), a folder, `depth` levels in, or an empty row before
    an account (`depth` -1)."""

    account: str
    folder: Folder | None
    depth: int
    parent: bool  # whether anything is below it
    unread: int  # its own, and that of what is folded away below it

    @property
    def key(self) -> str | int:
        return self.folder.id if self.folder else self.account if self.depth >= 0 else ""


class FolderTree(Rows):
    """Follows the Folderbook; `current` is the folder on the list, which has the mark of it."""

    context = Context.FOLDERS
    COMPONENT_CLASSES = Rows.COMPONENT_CLASSES | {"folder-tree--current"}
    DEFAULT_CSS = """
    FolderTree > .folder-tree--current { color: $text-accent; text-style: bold; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._book = Folderbook()
        self._branches: list[Branch] = []
        self._unfolded: set[int] = set()
        self._folded_accounts: set[str] = set()
        self._expected: tuple[str, str] | None = None  # account and path
        self.current: int | None = None

    # what is shown

    def show(self, book: Folderbook) -> None:
        """The folders were read anew; the cursor stays on its folder if that is still there."""
        at = self._branches[self._cursor].key if self._cursor < len(self._branches) else None
        self._book = book
        new = next((one for one in book if (one.account, one.path) == self._expected), None)
        if new is not None:
            self._expected, at = None, new.id
            self._unfold_to(new.id)
        self._grow(at)

    def expect(self, account: str, path: str) -> None:
        """The user makes this folder: once it is there the cursor goes to it."""
        self._expected = (account, path)

    def settle(self, folder: int | None) -> None:
        """This folder is on the list now: mark it, unfold the way to it, put the cursor there."""
        self.current = folder
        self._unfold_to(folder)
        self._grow(folder)

    @property
    def marked(self) -> Folder | None:
        """The folder under the cursor, None on an account's row."""
        return self._branches[self._cursor].folder if self._cursor < len(self._branches) else None

    @property
    def account(self) -> str:
        """The account of the row under the cursor."""
        return self._branches[self._cursor].account if self._cursor < len(self._branches) else ""

    def _unfold_to(self, folder: int | None) -> None:
        one = self._book.get(folder)
        if one is None:
            return
        self._folded_accounts.discard(one.account)
        paths = {other.path: other.id for other in self._book.of(one.account)}
        parent = one.parent
        while parent is not None:
            if parent in paths:
                self._unfolded.add(paths[parent])
            parent = parent.rpartition(one.delimiter)[0] or None

    def _grow(self, at: str | int | None) -> None:
        self._branches = list(self._branch_out())
        keys = [branch.key for branch in self._branches]
        self._cursor = keys.index(at) if at in keys else min(self._cursor, max(len(keys) - 1, 0))
        self.changed()
        if self.is_mounted:
            self._reveal(self._cursor)

    def _branch_out(self) -> Iterable[Branch]:
        accounts = self._book.accounts()
        for number, account in enumerate(accounts):
            if number:
                yield Branch(account, None, -1, False, 0)
            folders = self._book.of(account)
            folded = account in self._folded_accounts
            if len(accounts) > 1:
                unread = sum(one.unread for one in folders if one.role is Role.INBOX) if folded else 0
                yield Branch(account, None, 0, True, unread)
            if not folded:
                yield from self._below(account, folders, 0)

    def _below(self, account: str, folders: list[Folder], base: int) -> Iterable[Branch]:
        parents = {one.parent for one in folders}
        paths = {one.path: one for one in folders}
        for one in folders:
            above = list(_ancestors(one, paths))
            if any(parent.id not in self._unfolded for parent in above):
                continue
            has_more = one.path in parents
            unread = one.unread
            if has_more and one.id not in self._unfolded:
                start = one.path + one.delimiter
                unread += sum(other.unread for other in folders if other.path.startswith(start))
            yield Branch(account, one, base + len(above), has_more, unread)

    # rows

    def count(self) -> int:
        return len(self._branches)

    def silent(self, index: int) -> bool:
        return self._branches[index].depth < 0

    def pieces(self, index: int, cells: int) -> list[Piece]:
        branch = self._branches[index]
        if self.silent(index):
            return []
        counter = bounded(branch.unread) if branch.unread else ""
        right: list[Piece] = [(f" {counter:>3} ", "rows--accent")] if counter else [(" ", "")]
        if branch.folder is None:
            sign = glyphs.CLOSED if branch.account in self._folded_accounts else glyphs.OPEN
            return columns(
                [(f"{sign} ", "rows--dim"), (steady(branch.account), "rows--heading")], right, cells
            )
        return columns(
            [(_indent(self, branch), "rows--dim"), self._label(branch.folder, branch.unread)], right, cells
        )

    def _label(self, folder: Folder, unread: int) -> Piece:
        if folder.id == self.current:
            style = "folder-tree--current"
        elif not folder.selectable:
            style = "rows--dim"
        else:
            style = "rows--strong" if unread else ""
        return steady(folder.name), style

    # actions

    def _toggle(self, branch: Branch, *, unfold: bool) -> None:
        if branch.folder is None:
            (self._folded_accounts.discard if unfold else self._folded_accounts.add)(branch.account)
        elif unfold:
            self._unfolded.add(branch.folder.id)
        else:
            self._unfolded.discard(branch.folder.id)
        self._grow(branch.key)

    def _is_open(self, branch: Branch) -> bool:
        if branch.folder is None:
            return branch.account not in self._folded_accounts
        return branch.folder.id in self._unfolded

    def do_expand(self) -> None:
        branch = self._branches[self._cursor]
        if branch.parent and not self._is_open(branch):
            self._toggle(branch, unfold=True)
        else:
            self.do_down()

    def do_collapse(self) -> None:
        branch = self._branches[self._cursor]
        if branch.parent and self._is_open(branch):
            self._toggle(branch, unfold=False)
            return
        for index in range(self._cursor - 1, -1, -1):  # to the row it hangs on
            if self._branches[index].depth < branch.depth or self._branches[index].folder is None:
                self.place(index)
                return

    def do_open_folder(self) -> None:
        branch = self._branches[self._cursor]
        if branch.folder is not None and branch.folder.selectable:
            self.post_message(self.Chosen(self, self._cursor))
        else:
            self._toggle(branch, unfold=not self._is_open(branch))

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset_capture(self)
        index = self.scroll_offset.y + offset.y
        if not 0 <= index < len(self._branches) or self.silent(index):
            return
        branch = self._branches[index]
        self.place(index)
        on_sign = branch.parent and offset.x <= len(_indent(self, branch))
        if branch.folder is None or on_sign or not branch.folder.selectable:
            self._toggle(branch, unfold=not self._is_open(branch))
        else:
            self.post_message(self.Chosen(self, index))


def _ancestors(folder: Folder, paths: dict[str, Folder]) -> Iterable[Folder]:
    parent = folder.parent
    while parent is not None:
        if parent in paths:
            yield paths[parent]
        parent = parent.rpartition(folder.delimiter)[0] or None


def _indent(tree: FolderTree, branch: Branch) -> str:
    sign = " "
    if branch.parent:
        sign = glyphs.OPEN if tree._is_open(branch) else glyphs.CLOSED
    return "  " * branch.depth + sign + " "
