"""What FETCH told about messages becomes rows of the local copy."""

from collections.abc import Iterable, Sequence

from mailtui.imap.index import fetch_alone, fetch_index
from mailtui.imap.types import FetchedHeader
from mailtui.model.message import Flag, Header, Indexed
from mailtui.model.trouble import Garbled, Trouble, Unreachable
from mailtui.service.books import Books
from mailtui.service.session import Session
from mailtui.store.changes import Changes, merged
from mailtui.text.headers import decode
from mailtui.text.sanitize import line

WINDOW = 500  # messages of one FETCH
PATIENCE = 50  # messages of a folder that are asked for one by one in one go


def indexed(fetched: FetchedHeader) -> Indexed:
    """As the store wants it. Linear in the header's size, and never raises."""
    return Indexed(
        uid=fetched.uid,
        flags=fetched.flags,
        keywords=fetched.keywords,
        received=fetched.received,
        size=fetched.size,
        header=decode(fetched.header),
        structure=fetched.structure,
        attachments=fetched.attachments,
        modseq=fetched.modseq,
        trouble=line(fetched.trouble),
    )


def write(books: Books, folder: int, headers: Iterable[FetchedHeader]) -> Changes:
    """Into the local copy, and told to the fronts. Raises NoFolder."""
    rows = [indexed(one) for one in headers]
    return books.changed(books.writer.index(folder, rows)) if rows else Changes()


def windows(uids: Sequence[int]) -> list[list[int]]:
    """Ascending UIDs as windows, the newest first."""
    return [list(uids[max(end - WINDOW, 0) : end]) for end in range(len(uids), 0, -WINDOW)]


def fetch(books: Books, session: Session, folder: int, uids: Sequence[int]) -> Changes:
    """Index these UIDs (ascending) of the folder that the session is in, newest first."""
    made: list[Changes] = []
    doubtful: list[int] = []
    wanted = windows(uids)
    for window, headers in zip(wanted, fetch_index(session.connection, wanted), strict=True):
        made.append(write(books, folder, headers))
        doubtful += unsettled(window, headers)
    made.append(one_by_one(books, session, folder, doubtful))
    return merged(made)


def unsettled(window: Sequence[int], headers: Iterable[FetchedHeader]) -> list[int]:
    """UIDs of a window that did not come, or came with a fault."""
    fine = {header.uid for header in headers if not header.trouble}
    return [uid for uid in window if uid not in fine]


def one_by_one(books: Books, session: Session, folder: int, uids: Sequence[int]) -> Changes:
    """Messages that spoil the answers about others: each alone, and if that fails a row that says
    so (law 5). Those that are gone are left out."""
    made: list[Changes] = []
    for uid in sorted(uids, reverse=True)[:PATIENCE]:
        try:
            fetched = fetch_alone(session.connection, uid)
            if fetched is None:
                continue
            found = indexed(fetched)
        except (Unreachable, Garbled):
            _quarantine(books, folder, uid, "The connection breaks when this message is asked for.")
            raise
        except Trouble as trouble:
            found = _unreadable(uid, trouble.what)
        made.append(books.changed(books.writer.index(folder, [found])))
    return merged(made)


def _quarantine(books: Books, folder: int, uid: int, why: str) -> None:
    books.changed(books.writer.index(folder, [_unreadable(uid, why)]))


def _unreadable(uid: int, why: str) -> Indexed:
    return Indexed(uid, Flag.SEEN, (), 0, 0, Header(), trouble=line(why))
