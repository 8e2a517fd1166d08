"""Brings one folder of the local copy up to the server's state (RFC 4549 §4.3): by the cheapest way that
the server offers, and a surer one when the result is not what the server counts."""

import logging
from dataclasses import dataclass, replace

from mailtui.imap.index import newest
from mailtui.imap.types import Resumed, Selected, Since
from mailtui.imap.watching import noop
from mailtui.model.folder import FolderState
from mailtui.service import ladder
from mailtui.service.books import Books
from mailtui.service.entering import resume
from mailtui.service.indexing import one_by_one, unsettled, write
from mailtui.service.ladder import Ladder, Rung
from mailtui.service.rungs import Misled, Visit, climb, departures, news
from mailtui.service.session import Session
from mailtui.store.changes import Changes, merged

_log = logging.getLogger(__name__)

FIRST = 100  # messages of the first look into a folder that was never seen


@dataclass(frozen=True, slots=True)
class Plan:
    """How a look at a folder begins: what it is before anything is sent, the rung, and what to ask
    SELECT for."""

    before: FolderState
    rung: Rung
    since: Since | None


class Looker:
    """Of one account. Its methods are for the threads that own the sessions; they raise a Trouble."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._ladder = Ladder(books.key)

    def plan(self, session: Session, folder: int) -> Plan:
        before = self._books.writer.folder_state(folder)
        rung = self._ladder.rung(folder, session.connection, before)
        known = ladder.since(self._books, folder, before) if rung is Rung.QRESYNC else None
        if rung is Rung.QRESYNC and known is None:
            rung = Rung.CONDSTORE
        return Plan(before, rung, known)

    def look(self, session: Session, folder: int, *, deep: bool = False) -> Changes:
        """Select the folder and catch up. `deep` compares the flags although nothing hints at a change.
        The first look at a folder takes its newest messages only; backfill.py does the rest."""
        plan = self.plan(session, folder)
        resumed = resume(self._books, session, folder, plan.since)
        return self.catch_up(session, folder, plan, resumed, deep=deep)

    def catch_up(self, session: Session, folder: int, plan: Plan, resumed: Resumed, *, deep: bool) -> Changes:
        """The same for a folder that was selected by that plan just now."""
        books, selected = self._books, resumed.selected
        state = books.writer.folder_state(folder)
        if state.uidnext == 0:
            return _first(books, session, folder, selected)
        visit = Visit(books, session, folder, plan.before, selected, resumed.difference, deep)
        made = self._climb(visit, plan.rung)
        trusted = self._ladder.trusts_modseq(folder)
        books.amend(
            folder,
            exists=session.exists,
            uidnext=max(selected.uidnext, books.writer.folder_state(folder).uidnext),
            highestmodseq=selected.highestmodseq if trusted else 0,
        )
        return merged(made)

    def tail(self, session: Session, folder: int) -> Changes:
        """The server said that the number of messages in the session's folder changed."""
        books = self._books
        state, selected = books.writer.folder_state(folder), session.connection.selected
        if state.uidnext == 0 or selected is None:
            return Changes()
        made = []
        if books.writer.count_uids(folder) != session.exists or not state.complete:
            made.append(news(books, session, folder, 0))
            made.append(departures(Visit(books, session, folder, state, selected)))
        books.amend(folder, exists=session.exists)
        return merged(made)

    def _climb(self, visit: Visit, rung: Rung) -> list[Changes]:
        """From this rung down, until what we have is what the server counts."""
        made: list[Changes] = []
        while True:
            try:
                made.append(climb(visit, rung))
            except Misled as misled:
                self._ladder.fell(visit.folder, rung, str(misled))
                rung, visit = Rung(rung + 1), replace(visit, deep=True)
                continue
            if len(made) > 1 and made[-1]:
                self._ladder.fell(visit.folder, Rung(rung - 1), "something was left out")
            if self._agrees(visit):
                return made
            if rung is Rung.WINDOWS:
                if not made[-1]:
                    self._ladder.explain(visit.folder, self._lacking(visit))
                return made
            why = f"{self._lacking(visit)} messages lack"
            _log.info("%s: folder %d, %s: %s.", self._books.key, visit.folder, rung.name, why)
            rung, visit = Rung(rung + 1), replace(visit, deep=True)

    def _agrees(self, visit: Visit) -> bool:
        """Whether we know of as many messages as there are. Some may just be coming or going, which is
        known after a NOOP; whoever hears of it looks again."""
        session = visit.session
        if not self._books.writer.folder_state(visit.folder).complete or self._fits(visit):
            return True
        session.collect()
        if not self._fits(visit):
            session.heard(session, noop(session.connection))
        return self._fits(visit) or session.exists != visit.selected.exists

    def _fits(self, visit: Visit) -> bool:
        return self._ladder.explained(visit.folder, self._lacking(visit))

    def _lacking(self, visit: Visit) -> int:
        return visit.session.exists - self._books.writer.count_uids(visit.folder)


def _first(books: Books, session: Session, folder: int, selected: Selected) -> Changes:
    headers = newest(session.connection, FIRST) if selected.exists else []
    changes = write(books, folder, headers)
    found = [header.uid for header in headers]
    one_by_one(books, session, folder, unsettled(found, headers))
    books.amend(
        folder,
        uidvalidity=selected.uidvalidity,
        uidnext=max(selected.uidnext, max(found, default=0) + 1),
        highestmodseq=selected.highestmodseq,
        exists=selected.exists,
        low_uid=min(found, default=1),
        complete=len(set(found)) >= selected.exists,
    )
    return changes
