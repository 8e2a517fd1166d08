"""Making, renaming, moving and deleting folders from the folder tree."""

from collections.abc import Awaitable

from mailtui.model.folder import Folder
from mailtui.model.intent import CreateFolder, DeleteFolder, RenameFolder
from mailtui.model.trouble import Trouble
from mailtui.ui.choice import Choice
from mailtui.ui.folderbook import shown_path
from mailtui.ui.screens.going import Going
from mailtui.ui.shell import shell
from mailtui.ui.widgets.folder_tree import FolderTree
from mailtui.ui.wording import count

TOP = "(top)"


class FolderActions(Going):
    """The folder at hand is taken when the key is pressed: the one under the tree's cursor, or without
    the focus there the one on the list."""

    @property
    def folder_tree(self) -> FolderTree:
        return self.query_one(FolderTree)

    @property
    def at_hand(self) -> tuple[Folder | None, str]:
        tree = self.folder_tree
        return (tree.marked, tree.account) if self.focused is tree and tree.account else super().at_hand

    def do_new_folder(self) -> Awaitable[None]:
        return self._new(*self.at_hand)

    async def _new(self, above: Folder | None, account: str) -> None:
        below = f"{above.path}{above.delimiter}" if above and above.role is None and above.delimiter else ""
        shown = f"{shown_path(above)}/" if above and below else ""
        name = await shell(self).ask(
            "New folder", value=shown, hint=f"in {account}; a slash makes a folder below"
        )
        path = _typed_path(name or "", _delimiter(shell(self).folders.of(account)))
        if not path or (above and path == above.path):
            return
        if any(one.path == path for one in shell(self).folders.of(account)):
            raise Trouble(f"There is a folder called {path} already.")
        self.folder_tree.expect(account, path)
        shell(self).wish(CreateFolder(account, path), said=f"Made the folder {path}", undo=True)

    def do_rename_folder(self) -> Awaitable[None] | None:
        folder, _ = self.at_hand
        return self._rename(folder) if folder else None

    async def _rename(self, folder: Folder) -> None:
        name = await shell(self).ask(f"Rename {folder.name} to", value=folder.name)
        if name is None or name.strip() in ("", folder.name):
            return
        if folder.delimiter and folder.delimiter in name:
            raise Trouble(f"A name can't have {folder.delimiter} in it.", "Press s to move the folder.")
        path = f"{folder.parent}{folder.delimiter}{name.strip()}" if folder.parent else name.strip()
        said = f"Renamed {folder.name} to {name.strip()}"
        shell(self).wish(RenameFolder(folder.id, path), said=said, undo=True)

    def do_move_folder(self) -> Awaitable[None] | None:
        folder, _ = self.at_hand
        return self._move_below(folder) if folder else None

    async def _move_below(self, folder: Folder) -> None:
        inside = folder.path + (folder.delimiter or "/")
        others = [one for one in shell(self).folders.of(folder.account) if one.delimiter]
        places = [one for one in others if one.id != folder.id and not one.path.startswith(inside)]
        choices = [Choice("At the top", TOP), *(Choice(shown_path(one), one.id) for one in places)]
        chosen = await shell(self).choose(f"Move {folder.name} below", choices)
        if chosen is None:
            return
        above = next((one for one in places if one.id == chosen.value), None)
        path = f"{above.path}{above.delimiter}{folder.name}" if above else folder.name
        if path != folder.path:
            said = f"Moved {folder.name} to {chosen.text}"
            shell(self).wish(RenameFolder(folder.id, path), said=said, undo=True)

    def do_delete_folder(self) -> Awaitable[None] | None:
        folder, _ = self.at_hand
        return self._delete(folder) if folder else None

    async def _delete(self, folder: Folder) -> None:
        """With all that is below it, from the leaves on: no server deletes a folder before those."""
        inside = folder.path + folder.delimiter
        others = shell(self).folders.of(folder.account) if folder.delimiter else []
        below = [one for one in others if one.path.startswith(inside)]
        going = [*sorted(below, key=lambda one: -one.path.count(one.delimiter)), folder]
        messages = sum(one.total for one in going)
        sure = await shell(self).confirm(
            f"Delete the folder {shown_path(folder)}{_with(len(below), messages)}?",
            yes="Delete",
            advice="The server keeps no copy.",
        )
        for one in going if sure else ():
            said = f"Deleted the folder {folder.name}{_with(len(below), 0)}" if one is folder else ""
            shell(self).wish(DeleteFolder(one.id), said=said)


def _with(below: int, messages: int) -> str:
    """What goes along with a folder, as the middle of a sentence."""
    folders = f"the {count(below, 'folder')} below it" if below else ""
    mail = f"the {count(messages, 'message')} in {'them' if below else 'it'}" if messages else ""
    return (
        f", {folders} and {mail}"
        if folders and mail
        else f" and {folders or mail}"
        if folders or mail
        else ""
    )


def _delimiter(folders: list[Folder]) -> str:
    return next((one.delimiter for one in folders if one.delimiter), "/")


def _typed_path(typed: str, delimiter: str) -> str:
    """What was typed with slashes, as the server divides levels."""
    levels = [level.strip() for level in typed.replace(delimiter, "/").split("/")]
    return delimiter.join(level for level in levels if level)
