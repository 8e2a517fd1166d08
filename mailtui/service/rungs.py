"""What each rung of the ladder does for one folder that is selected. All of them may be interrupted
anywhere and begun again."""

from bisect import bisect_left
from dataclasses import dataclass
from typing import assert_never

from mailtui.imap import uids
from mailtui.imap.changes import flags_since
from mailtui.imap.flags import fetch_flags, flag_sets, flag_windows
from mailtui.imap.index import since
from mailtui.imap.searching import all_uids
from mailtui.imap.types import Difference, FetchedFlags, Selected
from mailtui.model.folder import FolderState
from mailtui.model.message import Flag
from mailtui.service import ladder
from mailtui.service.books import Books
from mailtui.service.indexing import WINDOW, fetch, one_by_one, unsettled, write
from mailtui.service.ladder import Rung
from mailtui.service.session import Session
from mailtui.store.changes import Changes, merged

_SMALL = 1000  # messages of a folder whose flags are simply all fetched
_RECENT = 300  # messages at the top whose flags are fetched even if the sets agree: keywords
_STEP = 500  # flags written before it is noted how far we are


class Misled(Exception):
    """What the server said can't be right, so a surer way must be taken. The message says why."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A folder that the session is in: what it was `before`, and what SELECT said. `deep`: flags may
    differ although no MODSEQ can tell."""

    books: Books
    session: Session
    folder: int
    before: FolderState
    selected: Selected
    difference: Difference | None = None
    deep: bool = False


def climb(visit: Visit, rung: Rung) -> Changes:
    """Bring the folder up to date from this rung. Raises Misled, with what could be done having been
    done, or a Trouble."""
    if rung is Rung.QRESYNC:
        return _by_difference(visit)
    if rung is Rung.CONDSTORE:
        return _by_modseq(visit)
    if rung is Rung.SETS:
        made = [_arrivals(visit), departures(visit)]
        return merged([*made, _flags(visit)] if visit.deep else made)
    if rung is Rung.WINDOWS:
        return merged([_arrivals(visit), _everything(visit)])
    assert_never(rung)


# by what the server remembers


def _by_difference(visit: Visit) -> Changes:
    difference = visit.difference
    if difference is None:
        raise Misled("it was not told what changed")
    if difference.trouble:
        raise Misled(difference.trouble)
    _plausible(visit)
    books, folder = visit.books, visit.folder
    made = [books.changed(books.writer.vanish_ranges(folder, difference.vanished)), _arrivals(visit)]
    return merged([*made, _apply(visit, difference.changed)])


def _by_modseq(visit: Visit) -> Changes:
    _plausible(visit)
    made = [_arrivals(visit), departures(visit)]
    known = ladder.since(visit.books, visit.folder, visit.before)
    if known is None or visit.selected.highestmodseq == visit.before.highestmodseq:
        return merged(made)
    difference = flags_since(visit.session.connection, known)
    if difference.trouble:
        raise Misled(difference.trouble)
    return merged([*made, _apply(visit, difference.changed)])


def _plausible(visit: Visit) -> None:
    """RFC 7162 §3.1.2.1: the highest MODSEQ never decreases. If it does, nor do those of messages mean
    anything."""
    said, known = visit.selected.highestmodseq, visit.before.highestmodseq
    if said < known:
        visit.books.writer.forget_modseqs(visit.folder)
        raise Misled(f"HIGHESTMODSEQ was {known} and is {said}" if said else "there is no HIGHESTMODSEQ now")


def _apply(visit: Visit, changed: tuple[FetchedFlags, ...]) -> Changes:
    """Flags in ascending order of MODSEQ; how far we are is written down with them, so that an
    interruption costs little."""
    books, folder = visit.books, visit.folder
    made: list[Changes] = []
    for start in range(0, len(changed), _STEP):
        some, rest = changed[start : start + _STEP], changed[start + _STEP :][:1]
        reached = min(some[-1].modseq, visit.selected.highestmodseq)
        reached = min(reached, rest[0].modseq - 1) if rest else reached
        with books.writer.transaction():
            changes = books.writer.update_flags(folder, _told(some))
            if reached > books.writer.folder_state(folder).highestmodseq:
                books.amend(folder, highestmodseq=reached)
        made.append(books.changed(changes))
    return merged(made)


def _told(
    some: tuple[FetchedFlags, ...] | list[FetchedFlags],
) -> list[tuple[int, Flag, tuple[str, ...], int]]:
    return [(one.uid, one.flags, one.keywords, one.modseq) for one in some]


# new messages


def _arrivals(visit: Visit) -> Changes:
    """Messages from the UIDNEXT that we knew on, if there may be any."""
    state = visit.books.writer.folder_state(visit.folder)
    uidnext = visit.selected.uidnext
    if uidnext and uidnext <= state.uidnext:
        return Changes()
    return news(visit.books, visit.session, visit.folder, uidnext)


def news(books: Books, session: Session, folder: int, uidnext: int) -> Changes:
    """Messages from the UIDNEXT that we knew on. `uidnext` is the server's, 0 if it did not say."""
    state = books.writer.folder_state(folder)
    if uidnext and uidnext - state.uidnext > WINDOW:
        everything = all_uids(session.connection)
        fresh = everything[bisect_left(everything, state.uidnext) :]
        changes = fetch(books, session, folder, fresh)
        highest = max(fresh, default=0)
    else:
        headers = since(session.connection, state.uidnext)
        changes = write(books, folder, headers)
        found = [header.uid for header in headers]
        changes += one_by_one(books, session, folder, unsettled(found, headers))
        highest = max(found, default=0)
    books.amend(folder, uidnext=max(state.uidnext, uidnext, highest + 1))
    return changes


# by comparing sets


def departures(visit: Visit) -> Changes:
    """If the number of messages is not what the server says: what is gone, and what we lack. A
    folder that is not complete is compared when it is filled."""
    books, session, folder = visit.books, visit.session, visit.folder
    complete = books.writer.folder_state(folder).complete
    if not complete or books.writer.count_uids(folder) == session.exists:
        return Changes()
    return compare(books, session, folder, uids.joined(uids.spans(all_uids(session.connection))))


def compare(books: Books, session: Session, folder: int, there: uids.Ranges) -> Changes:
    """What is not `there` is gone; what we lack of it is fetched."""
    known = uids.joined(uids.spans(books.writer.uids(folder)))
    changes = books.changed(books.writer.vanish_ranges(folder, uids.without(known, there)))
    return changes + fetch(books, session, folder, uids.spelled_out(uids.without(there, known)))


def _flags(visit: Visit) -> Changes:
    """Flags that differ from ours: of a small folder all are fetched; of a large one those that a
    comparison of sets finds, and the newest ones, whose keywords may differ too."""
    writer, connection = visit.books.writer, visit.session.connection
    known = writer.uids(visit.folder)
    if not known:
        return Changes()
    if len(known) <= _SMALL:
        return _update(visit, fetch_flags(connection, None))
    ours = uids.joined(uids.spans(known))
    differing = [*uids.spans(known[-_RECENT:])]
    for flag, found in flag_sets(connection).items():
        if flag is not Flag.DRAFT:
            there = uids.joined(uids.spans(found))
            here = uids.joined(uids.spans(writer.uids_with(visit.folder, flag)))
            differing += uids.without(here, there)
            differing += uids.without(there, uids.joined((*here, *uids.without(there, ours))))
    return _update(visit, fetch_flags(connection, uids.spelled_out(uids.joined(differing))))


def _update(visit: Visit, told: list[FetchedFlags]) -> Changes:
    return visit.books.changed(visit.books.writer.update_flags(visit.folder, _told(told)))


# by looking at everything


def _everything(visit: Visit) -> Changes:
    there: list[tuple[int, int]] = []
    made: list[Changes] = []
    for window in flag_windows(visit.session.connection):
        there += uids.spans(one.uid for one in window)
        made.append(_update(visit, window))
    made.append(compare(visit.books, visit.session, visit.folder, uids.joined(there)))
    return merged(made)
