"""What the palette and the `:` line offer: the actions, and the folders to go to. Pure."""

from collections.abc import Sequence

from mailtui.ui.actions import ACTIONS, Action, Group
from mailtui.ui.choice import Choice
from mailtui.ui.context import NAMES, PANES, Context
from mailtui.ui.dispatch import refusal
from mailtui.ui.folderbook import Folderbook, shown_path
from mailtui.ui.keymap import Keymap
from mailtui.ui.situation import Situation

# Where the focus goes to do an action that the pane with the focus doesn't have.
FALLBACK = (Context.LIST, Context.RESULTS, Context.FOLDERS, Context.MESSAGE)
# What one comes to the palette for, first.
GROUPS = (
    Group.FILING,
    Group.WRITING,
    Group.READING,
    Group.SEARCHING,
    Group.SELECTING,
    Group.FOLDERS,
    Group.MAILTUI,
    Group.MOVING,
    Group.DIALOGUE,
)


def offered(situation: Situation) -> list[Action]:
    """What works in the pane with the focus first, then what works in the other panes."""
    wanted = [one for one in ACTIONS if not one.quiet and one.id != "palette" and _anywhere(one, situation)]
    wanted.sort(key=lambda one: GROUPS.index(one.group))
    there = [one for one in wanted if one.contexts & situation.context]
    return there + [one for one in wanted if one not in there]


def _anywhere(action: Action, situation: Situation) -> bool:
    """Whether it may be asked for here: what has to do with folders is done with the one at hand."""
    shown = situation.context | Context.LIST
    return bool(action.contexts & shown) or (action.group is Group.FOLDERS and bool(action.contexts & PANES))


def entries(situation: Situation, keymap: Keymap, folders: Folderbook) -> list[Choice]:
    """Rows of the palette; `value` is the action's id, or ("go", path)."""
    rows = [
        Choice(
            action.title,
            action.id,
            keymap.all_of(action),
            reason=refusal(action, situation) or "",
            group=_heading(action, situation.context),
            also=action.also,
        )
        for action in offered(situation)
    ]
    several = len(folders.accounts()) > 1
    for folder in folders:
        if folder.selectable:
            path = shown_path(folder)
            title = f"Go to {folder.account} / {path}" if several else f"Go to {path}"
            rows.append(Choice(title, folder, group="Folders"))
    return rows


def _heading(action: Action, context: Context) -> str:
    here = action.contexts & context or action.group is Group.FOLDERS
    return action.group.value if here else NAMES[Context.LIST]


def commands(situation: Situation) -> list[Choice]:
    """Rows of the `:` line, by id."""
    here = [one for one in ACTIONS if one.contexts & PANES and one.id != "command"]
    shown = sorted(here, key=lambda one: one.id)
    return [
        Choice(one.id, one.id, one.title + (f" ({one.argument})" if one.argument else ""), also=one.also)
        for one in shown
        if _anywhere(one, situation)
    ]


def arguments(folders: Folderbook, themes: Sequence[str]) -> dict[str, list[Choice]]:
    """What may follow each command that takes something known."""
    paths = [Choice(shown_path(folder), detail=folder.account) for folder in folders if folder.selectable]
    of_kind = {"folder": paths, "theme": [Choice(name) for name in sorted(themes)]}
    return {one.id: of_kind[one.argument] for one in ACTIONS if one.argument in of_kind}
