"""Brings one folder of the local copy up to the server's state, by UIDVALIDITY, UIDNEXT, counts and
differences of sets (RFC 4549 §4.3). New mail first; then what is gone; then flags."""

from bisect import bisect_left

from mailtui.imap.flags import fetch_flags, flag_sets
from mailtui.imap.index import newest, since
from mailtui.imap.searching import all_uids
from mailtui.imap.types import FetchedFlags, Selected
from mailtui.model.folder import FolderState
from mailtui.model.message import Flag
from mailtui.service.books import Books
from mailtui.service.entering import enter
from mailtui.service.indexing import WINDOW, fetch, one_by_one, unsettled, write
from mailtui.service.session import Session
from mailtui.store.changes import Changes, merged

FIRST = 100  # messages of the first look into a folder that was never seen
_SMALL = 1000  # messages of a folder whose flags are simply all fetched
_RECENT = 300  # messages at the top whose flags are fetched even if the sets agree: keywords


def look(books: Books, session: Session, folder: int, *, deep: bool = False) -> Changes:
    """Select the folder and catch up. `deep` compares the flags although nothing hints at a change.
    The first look at a folder takes its newest messages only; backfill.py does the rest."""
    selected = enter(books, session, folder, anew=True)
    state = books.writer.folder_state(folder)
    if state.uidnext == 0:
        return _first(books, session, folder, selected)
    unknown = not selected.uidnext
    made = []
    if unknown or selected.uidnext > state.uidnext:
        made.append(news(books, session, folder, state, selected.uidnext))
    made.append(departures(books, session, folder, state))
    unchanged = selected.highestmodseq and selected.highestmodseq == state.highestmodseq
    if not unchanged and (selected.highestmodseq or deep):
        made.append(flags(books, session, folder))
    books.amend(
        folder,
        exists=session.exists,
        uidnext=max(selected.uidnext, books.writer.folder_state(folder).uidnext),
        highestmodseq=selected.highestmodseq,
    )
    return merged(made)


def tail(books: Books, session: Session, folder: int) -> Changes:
    """The server said that the number of messages in the session's folder changed."""
    state = books.writer.folder_state(folder)
    if state.uidnext == 0:
        return Changes()
    made = []
    if books.writer.count_uids(folder) != session.exists or not state.complete:
        made.append(news(books, session, folder, state, 0))
        made.append(departures(books, session, folder, state))
    books.amend(folder, exists=session.exists)
    return merged(made)


def _first(books: Books, session: Session, folder: int, selected: Selected) -> Changes:
    headers = newest(session.connection, FIRST) if selected.exists else []
    changes = write(books, folder, headers)
    uids = [header.uid for header in headers]
    one_by_one(books, session, folder, unsettled(uids, headers))
    books.amend(
        folder,
        uidvalidity=selected.uidvalidity,
        uidnext=max(selected.uidnext, max(uids, default=0) + 1),
        highestmodseq=selected.highestmodseq,
        exists=selected.exists,
        low_uid=min(uids, default=1),
        complete=len(set(uids)) >= selected.exists,
    )
    return changes


def news(books: Books, session: Session, folder: int, state: FolderState, uidnext: int) -> Changes:
    """Messages from the UIDNEXT that we knew on. `uidnext` is the server's, 0 if it did not say."""
    if uidnext and uidnext - state.uidnext > WINDOW:
        everything = all_uids(session.connection)
        fresh = everything[bisect_left(everything, state.uidnext) :]
        changes = fetch(books, session, folder, fresh)
        highest = max(fresh, default=0)
    else:
        headers = since(session.connection, state.uidnext)
        changes = write(books, folder, headers)
        uids = [header.uid for header in headers]
        changes += one_by_one(books, session, folder, unsettled(uids, headers))
        highest = max(uids, default=0)
    books.amend(folder, uidnext=max(state.uidnext, uidnext, highest + 1))
    return changes


def departures(books: Books, session: Session, folder: int, state: FolderState) -> Changes:
    """If the number of messages is not what the server says: what is gone, and what we lack. A
    folder that is not complete is compared when it is filled."""
    if not state.complete or books.writer.count_uids(folder) == session.exists:
        return Changes()
    there = set(all_uids(session.connection))
    known = set(books.writer.uids(folder))
    changes = books.changed(books.writer.vanish(folder, sorted(known - there)))
    return changes + fetch(books, session, folder, sorted(there - known))


def flags(books: Books, session: Session, folder: int) -> Changes:
    """Flags that differ from ours: of a small folder all are fetched; of a large one those that a
    comparison of sets finds, and the newest ones, whose keywords may differ too."""
    known = books.writer.uids(folder)
    if not known:
        return Changes()
    if len(known) <= _SMALL:
        return _update(books, folder, fetch_flags(session.connection, None))
    differing: set[int] = set(known[-_RECENT:])
    ours = set(known)
    for flag, there in flag_sets(session.connection).items():
        if flag is not Flag.DRAFT:
            differing |= (set(there) & ours) ^ set(books.writer.uids_with(folder, flag))
    return _update(books, folder, fetch_flags(session.connection, sorted(differing)))


def _update(books: Books, folder: int, told: list[FetchedFlags]) -> Changes:
    return books.changed(
        books.writer.update_flags(folder, [(one.uid, one.flags, one.keywords, one.modseq) for one in told])
    )
