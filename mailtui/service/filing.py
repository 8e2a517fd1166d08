"""Copies of sent messages in the Sent folder: made once, whatever happens in between, and left to the
provider where it does so itself."""

import logging
from collections.abc import Callable
from functools import partial

from mailtui.imap.quirks import USUAL, Quirks, recognise
from mailtui.imap.searching import find_by_message_id
from mailtui.model.account import Account
from mailtui.model.draft import OutboxItem, Stage
from mailtui.model.folder import Role
from mailtui.model.message import Flag
from mailtui.model.trouble import Refused, ServerBusy, Trouble
from mailtui.service.books import Books
from mailtui.service.entering import enter
from mailtui.service.jobs import Job, Jobs, Lane, Urgency
from mailtui.service.session import Session
from mailtui.service.storing import folder_for, store
from mailtui.text.sanitize import line

_log = logging.getLogger(__name__)

PATIENCE = 10  # seconds that a provider gets to file a copy by itself
_RECENT = 500  # UIDs back from the end of the Sent folder in which a copy is looked for

Settled = Callable[[OutboxItem, Stage, str], None]


def files_by_itself(account: Account, told: Quirks = USUAL) -> bool:
    """Whether the provider puts a copy of what is sent into the Sent folder. `told` is what a connection
    has shown of it."""
    if account.files_sent is not None:
        return account.files_sent
    hosts = [account.imap.host, account.smtp.host if account.smtp else ""]
    return told.files_sent or any(recognise(host).files_sent for host in hosts)


class Filing:
    """Of one account. `settled` hears on the worker's thread what became of an item."""

    def __init__(self, books: Books, jobs: Jobs, settled: Settled) -> None:
        self._books = books
        self._jobs = jobs
        self._settled = settled

    def file(self, item: OutboxItem, *, certain: bool) -> None:
        """Have a copy of a sent item. `certain`: it is certain that there is none yet, so that it
        need not be looked for; else it is, which is what makes a repeat harmless."""
        work = partial(self._file, item, certain=certain)
        failed = partial(self._postponed, item)
        self._jobs.put(Job(("file", item.id), Lane.BULK, Urgency.WISH, work, failed))

    def probe(self, item: OutboxItem) -> None:
        """Nobody knows whether this item was sent: if there is a copy of it, it was."""
        work = partial(self._probe, item)
        failed = partial(self._postponed, item)
        self._jobs.put(Job(("probe", item.id), Lane.BULK, Urgency.WISH, work, failed))

    def _file(self, item: OutboxItem, job: Job, session: Session, *, certain: bool) -> None:
        sent = folder_for(self._books, session, Role.SENT)
        if not certain and self._there(session, sent, item):
            self._settled(item, Stage.DONE, "")
            return
        try:
            source = self._books.outbox.source(item.id)
            store(self._books, session, sent, source, Flag.SEEN)
        except (Refused, ServerBusy) as trouble:
            if isinstance(trouble, ServerBusy):
                raise
            what = f"It was sent, but no copy could be kept: {trouble.what}"
            self._settled(item, Stage.DONE, line(what))
            return
        self._settled(item, Stage.DONE, "")

    def _probe(self, item: OutboxItem, job: Job, session: Session) -> None:
        with self._books.reading() as reader:
            sent = reader.role(self._books.key, Role.SENT)
        if sent is not None and self._there(session, sent.id, item):
            self._settled(item, Stage.DONE, "")

    def _there(self, session: Session, folder: int, item: OutboxItem) -> bool:
        selected = enter(self._books, session, folder, anew=True)
        since = max(selected.uidnext - _RECENT, 1)
        return bool(find_by_message_id(session.connection, item.message_id, since))

    def _postponed(self, item: OutboxItem, trouble: Trouble) -> None:
        _log.info("%s: item %d waits to be filed: %s", self._books.key, item.id, line(trouble.what))
