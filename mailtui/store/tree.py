"""Folders in the order of a tree."""

from collections.abc import Sequence

from mailtui.model.folder import Folder, Role

_ROLES = {
    role: rank
    for rank, role in enumerate(
        (Role.INBOX, Role.DRAFTS, Role.SENT, Role.ARCHIVE, Role.ALL, Role.JUNK, Role.TRASH)
    )
}


def ordered(folders: Sequence[Folder]) -> list[Folder]:
    """One account's folders: the inbox, then roles, then by name whatever its case; what is below a
    folder follows it. A folder whose parent isn't listed stands at the top."""
    paths = {folder.path for folder in folders}
    below: dict[str | None, list[Folder]] = {}
    for folder in folders:
        parent = folder.parent
        while parent is not None and parent not in paths:
            parent = parent.rpartition(folder.delimiter)[0] or None
        below.setdefault(parent, []).append(folder)
    result: list[Folder] = []
    stack = sorted(below.get(None, ()), key=_rank, reverse=True)
    while stack:
        folder = stack.pop()
        result.append(folder)
        stack.extend(sorted(below.pop(folder.path, ()), key=_rank, reverse=True))
    return result


def _rank(folder: Folder) -> tuple[int, str, str, int]:
    return (
        _ROLES.get(folder.role, len(_ROLES)) if folder.role else len(_ROLES),
        folder.name.casefold(),
        folder.path,
        folder.id,
    )
