"""What a server tells unasked about the folder that a session is in, written down."""

from collections.abc import Sequence

from mailtui.imap import uids
from mailtui.imap.types import Dirty, Exists, Expunged, FlagsPushed, Push, Vanished
from mailtui.service.books import Books
from mailtui.service.session import Session


def write_down(books: Books, session: Session, pushes: Sequence[Push]) -> None:
    """Apply what names its messages, and keep the session's count of them."""
    folder = session.folder
    if folder is None:
        return
    told = [(one.uid, one.flags, one.keywords, one.modseq) for one in pushes if isinstance(one, FlagsPushed)]
    if told:
        books.changed(books.writer.update_flags(folder, told))
    gone = [between for push in pushes if isinstance(push, Vanished) for between in push.ranges]
    if gone:
        books.changed(books.writer.vanish_ranges(folder, gone))
    for push in pushes:
        if isinstance(push, Exists):
            session.exists = push.number
        elif isinstance(push, Expunged):
            session.exists = max(session.exists - 1, 0)
        elif isinstance(push, Vanished) and not push.earlier:
            session.exists = max(session.exists - uids.count(push.ranges), 0)


def counted(pushes: Sequence[Push]) -> bool:
    """Whether messages came or went."""
    return any(isinstance(push, Exists | Expunged | Vanished) for push in pushes)


def doubtful(pushes: Sequence[Push]) -> bool:
    """Whether something changed that only a look at the folder can tell."""
    return any(isinstance(push, Dirty) for push in pushes)
