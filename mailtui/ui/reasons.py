"""Why an action can't be done here and now, in words for the palette and the status line."""

from mailtui.model.folder import Role
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
        return "Messages are destroyed only from Trash, Junk or Drafts; press d to throw them away first."
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


def fixed_folder(now: Situation) -> str | None:
    if now.marked is None:
        return "There is no folder here."
    if now.marked.role is Role.INBOX:
        return "The inbox can't be renamed, moved or deleted."
    return None


def not_busy(now: Situation) -> str | None:
    return None if now.busy else "Nothing is running."


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
