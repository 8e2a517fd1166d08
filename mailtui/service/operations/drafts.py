"""Drafts on the server. The newest version is put there first; only once that is certain are older
ones removed, by their UIDs. Each version has a Message-ID of its own, by which it is looked for."""

import json
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime

from mailtui.imap.flags import fetch_flags
from mailtui.imap.moving import destroy
from mailtui.imap.searching import find_by_message_id
from mailtui.imap.trouble import CommandRefused
from mailtui.imap.uids import chunks
from mailtui.model.draft import Draft
from mailtui.model.event import DraftDiverged, DraftsChanged
from mailtui.model.folder import Role
from mailtui.model.message import Flag
from mailtui.model.operation import Operation
from mailtui.service.books import Books
from mailtui.service.entering import enter
from mailtui.service.operations.step import Findings, Result
from mailtui.service.session import Session
from mailtui.service.storing import folder_for, store
from mailtui.store.copies import Copy, version_of
from mailtui.text.sanitize import line
from mailtui.text.writing import build_draft, message_id


@dataclass(frozen=True, slots=True)
class _Probe:
    """What is to be put there: its Message-ID and version, and the folder with its UIDNEXT before."""

    message_id: str
    version: str
    folder: int
    uidvalidity: int
    uidnext: int


class DraftStep:
    """One draft at a time. `token` makes something that nobody else has."""

    def __init__(self, token: Callable[[], str] = lambda: uuid.uuid4().hex) -> None:
        self._token = token

    def prepare(self, books: Books, session: Session, operations: Sequence[Operation]) -> str:
        draft = _wanted(books, operations[0])
        if draft is None:
            return ""
        version = version_of(draft)
        copies = books.outbox.drafts.copies(draft.id, books.key)
        if any(copy.version == version and not copy.stale for copy in copies):
            return ""
        folder = folder_for(books, session, Role.DRAFTS)
        selected = enter(books, session, folder, anew=True)
        ident = message_id(books.account.address.address, self._token())
        probe = _Probe(ident, version, folder, selected.uidvalidity, selected.uidnext or 1)
        return json.dumps(asdict(probe))

    def send(
        self, books: Books, session: Session, operations: Sequence[Operation]
    ) -> Iterator[Sequence[Result]]:
        (operation,) = operations
        probe, draft = _probe(operation), _wanted(books, operation)
        if probe is not None and draft is not None:
            self._put(books, session, operation, probe, draft)
        yield _finished(books, session, operation)

    def findings(self, books: Books, session: Session, operations: Sequence[Operation]) -> Findings:
        (operation,) = operations
        probe = _probe(operation)
        if probe is None:
            return Findings(open=[replace(operation, attempts=operation.attempts + 1)])
        uid, uidvalidity = _find(books, session, probe)
        again = replace(operation, attempts=operation.attempts + 1)
        if not uid:
            return Findings(open=[again])
        _copied(books, operation, probe, uid, uidvalidity)
        return Findings(done=_finished(books, session, again))

    def _put(self, books: Books, session: Session, operation: Operation, probe: _Probe, draft: Draft) -> None:
        """What was written since the Message-ID was chosen goes along."""
        date = datetime.fromtimestamp(books.clock(), UTC).astimezone()
        source = build_draft(
            draft,
            account=books.account,
            message_id=probe.message_id,
            date=date,
            boundary=self._token(),
        )
        told = store(books, session, probe.folder, source, Flag.DRAFT | Flag.SEEN)
        uid, uidvalidity = told.uid or 0, told.uidvalidity
        if not uid:
            uid, uidvalidity = _find(books, session, probe)
        _copied(books, operation, replace(probe, version=version_of(draft)), uid, uidvalidity)


def _wanted(books: Books, operation: Operation) -> Draft | None:
    """The draft, if a copy of it belongs into this account."""
    draft = books.outbox.drafts.read(operation.draft)
    return draft if draft is not None and draft.account == books.key else None


def _probe(operation: Operation) -> _Probe | None:
    return _Probe(**json.loads(operation.probe)) if operation.probe else None


def _find(books: Books, session: Session, probe: _Probe) -> tuple[int, int]:
    """(UID, UIDVALIDITY) of what was put there; UID 0: it is not there."""
    selected = enter(books, session, probe.folder, anew=True)
    since = probe.uidnext if selected.uidvalidity == probe.uidvalidity else 1
    found = find_by_message_id(session.connection, probe.message_id, since)
    return (found[-1] if found else 0), selected.uidvalidity


def _copied(books: Books, operation: Operation, probe: _Probe, uid: int, uidvalidity: int) -> None:
    """Without UIDPLUS and before the server shows it, its UID stays unknown: 0."""
    books.outbox.drafts.copied(
        Copy(
            operation.draft,
            books.key,
            probe.folder,
            uidvalidity,
            uid,
            probe.message_id,
            probe.version,
            repeated=operation.attempts > 1,
        )
    )
    books.tell(DraftsChanged(operation.draft))


def _finished(books: Books, session: Session, operation: Operation) -> Sequence[Result]:
    """Remove what was put there before; all of it if the draft is no more. The folder is to be looked
    at afterwards."""
    drafts = books.outbox.drafts
    copies = drafts.copies(operation.draft, books.key)
    kept = drafts.read(operation.draft)
    old = [copy for copy in copies if copy.stale or kept is None]
    touched = {copy.folder for copy in copies}
    for folder in sorted({copy.folder for copy in old}):
        some = [copy for copy in old if copy.folder == folder]
        missing = _remove(books, session, folder, some)
        drafts.removed(some)
        if missing and kept is not None and operation.attempts <= 1:  # else we may have done so
            books.tell(DraftDiverged(books.key, kept.id, line(kept.subject, 60)))
    return [(replace(operation, target=folder), None) for folder in sorted(touched)] or [(operation, None)]


def _remove(books: Books, session: Session, folder: int, copies: Iterable[Copy]) -> bool:
    """Take these away, and no others. Returns whether one was not there any more: another program has
    changed the draft, or taken it."""
    if books.folder(folder) is None or books.writer.raw_name(folder) is None:
        return True
    try:
        selected = enter(books, session, folder, anew=True)
    except CommandRefused as trouble:
        if trouble.code != "NONEXISTENT":
            raise
        return True  # the folder went, and all that was in it
    named: set[int] = set()
    missing = False
    for copy in copies:
        same = copy.uidvalidity == selected.uidvalidity
        here = _present(session, copy.uid) if same and copy.uid else set()
        if copy.message_id and (not here or copy.repeated):
            here |= set(find_by_message_id(session.connection, copy.message_id))
        missing = missing or not here
        named |= here
    for uids in chunks(sorted(named), session.connection.set_length) if named else ():
        destroy(session.connection, uids)
    return missing


def _present(session: Session, uid: int) -> set[int]:
    return {told.uid for told in fetch_flags(session.connection, [uid])} & {uid}
