"""What an action needs to know to say why it can't be done here and now."""

from dataclasses import dataclass

from mailtui.model.folder import Folder, Role
from mailtui.model.message import Message, Summary
from mailtui.ui.activity import Entry
from mailtui.ui.context import Context


@dataclass(frozen=True, slots=True)
class Situation:
    """The screen at one moment. `targets` is how many messages an action would apply to; `folder` is
    the one on the list, `marked` the one at hand: under the cursor of the tree if that has the focus."""

    context: Context
    targets: int = 0
    selected: int = 0
    cursor: Summary | None = None
    folder: Folder | None = None
    marked: Folder | None = None
    roles: frozenset[Role] = frozenset()  # those the account at hand has
    opened: Message | None = None
    links: int = 0
    undo: str = ""  # title of what `u` would take back
    repeat: str = ""
    filtered: bool = False
    busy: bool = False  # something runs that Ctrl-C would end
    accounts: int = 1
    empty: bool = False  # a dialogue without rows
    entry: Entry | None = None  # the row of the activity screen under the cursor
