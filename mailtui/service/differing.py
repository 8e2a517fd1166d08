"""What LIST and STATUS say of a folder (RFC 5819), against what is known of it: only folders that differ
are visited."""

from mailtui.model.folder import FolderState, ServerFolder
from mailtui.service.books import Books


def moved(listed: ServerFolder, state: FolderState) -> bool:
    """Whether something came or went, or any flag changed as far as a MODSEQ can tell."""
    if not state.complete or listed.messages is None or listed.uidnext is None:
        return True
    return (
        listed.uidvalidity != state.uidvalidity
        or listed.uidnext != state.uidnext
        or listed.messages != state.exists
        or (by_modseq(listed, state) and listed.highestmodseq != state.highestmodseq)
    )


def by_modseq(listed: ServerFolder, state: FolderState) -> bool:
    """Whether a MODSEQ (RFC 7162) tells that nothing changed."""
    return bool(listed.highestmodseq and state.highestmodseq)


def settle_empty(books: Books, listed: ServerFolder, folder: int) -> bool:
    """Whether all there is to know of a new folder is that nothing is in it; then it is written down."""
    if listed.messages != 0 or not (listed.uidvalidity and listed.uidnext):
        return False
    if not listed.selectable or books.writer.folder_state(folder).uidnext:
        return False
    books.amend(
        folder,
        uidvalidity=listed.uidvalidity,
        uidnext=listed.uidnext,
        highestmodseq=listed.highestmodseq or 0,
        low_uid=1,
        complete=True,
    )
    return True
