"""Why an action can't be done here and now, in words for the palette and the status line."""

from collections.abc import Mapping

from mailtui.model.folder import Role
from mailtui.ui.activity import Entry, Group
from mailtui.ui.context import Context
from mailtui.ui.situation import Situation

DESTRUCTIBLE = frozenset({Role.TRASH, Role.JUNK, Role.DRAFTS})


def no_message(now: Situation) -> str | None:
    return None if now.targets else "There is no message here."


def not_opened(now: Situation) -> str | None:
    return None if now.opened or now.cursor else "No message is open."


def no_archive(now: Situation) -> str | None:
    if now.targets and not now.roles & {Role.ARCHIVE, Role.ALL}:
        return "This account has no archive folder; press s to move instead."
    if now.folder is not None and now.folder.role in (Role.ARCHIVE, Role.ALL):
        return "This is the archive already."
    return no_message(now)


def no_trash(now: Situation) -> str | None:
    if now.targets and Role.TRASH not in now.roles:
        return "This account has no trash folder; press s to move instead."
    return no_message(now)


def no_junk(now: Situation) -> str | None:
    if now.targets and Role.JUNK not in now.roles:
        return "This account has no junk folder; press s to move instead."
    return no_message(now)


def not_destructible(now: Situation) -> str | None:
    if now.folder is not None and now.folder.role not in DESTRUCTIBLE:
        return "Messages are destroyed only from Trash, Junk or Drafts; move them to Trash first."
    return no_message(now)


def no_undo(now: Situation) -> str | None:
    return None if now.undo else "There is nothing to undo."


def no_repeat(now: Situation) -> str | None:
    return None if now.repeat else "There is nothing to repeat yet."


def no_selection(now: Situation) -> str | None:
    return None if now.selected else "Nothing is selected."


def no_links(now: Situation) -> str | None:
    return None if now.links else "This message has no links."


def no_folder(now: Situation) -> str | None:
    return None if now.marked else "There is no folder here."


def no_folders(now: Situation) -> str | None:
    return None if now.roles or now.folder or now.marked else "There are no folders yet."


def fixed_folder(now: Situation) -> str | None:
    if now.marked is None:
        return "There is no folder here."
    if now.marked.role is Role.INBOX:
        return "The inbox can't be renamed, moved or deleted."
    return None


def not_busy(now: Situation) -> str | None:
    return None if now.busy else "Nothing is running."


_RETRIES = {
    Group.CONNECTIONS: "This connection stands; there is nothing to try again.",
    Group.JOBS: "It is done as soon as it can be.",
    Group.ITEMS: "It is on its way; there is nothing to try again.",
}
_STOPS = {
    Group.JOBS: "That goes on by itself, and gives way to whatever you do.",
    Group.OPERATIONS: "What is still to be carried out can be given up instead.",
    Group.ITEMS: "What is still to be sent can be given up instead.",
}
_DROPS = {
    Group.JOBS: "What is under way can be stopped instead.",
    Group.ITEMS: "It has left; there is nothing to give up.",
}


def no_row(now: Situation) -> str | None:
    return "There is nothing here." if now.empty else None


def no_item(now: Situation) -> str | None:
    return "Nothing waits to be sent or carried out." if now.empty else None


def no_retry(now: Situation) -> str | None:
    if now.empty:
        return no_item(now)
    if now.context is not Context.ACTIVITY or (now.entry and now.entry.retry):
        return None
    return _why_not(now.entry, _RETRIES)


def no_stop(now: Situation) -> str | None:
    return None if now.entry and now.entry.stop else _why_not(now.entry, _STOPS)


def no_drop(now: Situation) -> str | None:
    return None if now.entry and now.entry.drop else _why_not(now.entry, _DROPS)


def not_unknown(now: Situation) -> str | None:
    if now.empty:
        return no_item(now)
    if now.context is not Context.ACTIVITY or (now.entry and now.entry.arrived):
        return None
    return "Only what nobody knows about can be called arrived."


def _why_not(entry: Entry | None, reasons: Mapping[Group, str]) -> str:
    if entry is None:
        return "Nothing goes on here."
    return reasons.get(entry.group, "That does not apply to this row.")


def no_drafts(now: Situation) -> str | None:
    return _missing(now, Role.DRAFTS, "drafts")


def no_sent(now: Situation) -> str | None:
    return _missing(now, Role.SENT, "sent")


def no_all(now: Situation) -> str | None:
    if now.roles & {Role.ALL, Role.ARCHIVE}:
        return None
    return "This account has no folder with all mail."


def no_inbox(now: Situation) -> str | None:
    return _missing(now, Role.INBOX, "inbox")


def _missing(now: Situation, role: Role, name: str) -> str | None:
    return None if role in now.roles else f"This account has no {name} folder."
