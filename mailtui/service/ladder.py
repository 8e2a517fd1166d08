"""Which way each folder is brought up to date: the cheapest that the server offers and that has not
misled us there."""

import logging
from enum import IntEnum

from mailtui.imap.connection import Connection
from mailtui.imap.types import Since
from mailtui.model.folder import FolderState
from mailtui.service.books import Books

_log = logging.getLogger(__name__)


class Rung(IntEnum):
    """From the cheapest to the surest."""

    QRESYNC = 0  # SELECT tells what changed (RFC 7162)
    CONDSTORE = 1  # FETCH tells which flags changed (RFC 7162); what is gone, as below
    SETS = 2  # sets of UIDs are compared: all there are, and those with each flag
    WINDOWS = 3  # every message is looked at


class Ladder:
    """Of one account, until the service ends. May be used by any thread."""

    def __init__(self, account: str) -> None:
        self._account = account
        self._highest: dict[int, Rung] = {}
        self._explained: dict[int, int] = {}

    def rung(self, folder: int, connection: Connection, state: FolderState) -> Rung:
        """Where to begin with a folder."""
        best = Rung.SETS
        if state.highestmodseq and connection.qresync:
            best = Rung.QRESYNC
        elif state.highestmodseq and connection.condstore:
            best = Rung.CONDSTORE
        return max(best, self._highest.get(folder, Rung.QRESYNC))

    def trusts_modseq(self, folder: int) -> bool:
        """Whether the server's MODSEQs of this folder are worth being remembered."""
        return self._highest.get(folder, Rung.QRESYNC) <= Rung.CONDSTORE

    def fell(self, folder: int, rung: Rung, why: str) -> None:
        """That rung misled us: from now on the folder is brought up to date by a surer one."""
        _log.warning("%s: folder %d, %s: %s.", self._account, folder, rung.name, why)
        below = Rung(min(rung + 1, Rung.WINDOWS))
        self._highest[folder] = max(below, self._highest.get(folder, Rung.QRESYNC))

    def explain(self, folder: int, lacking: int) -> None:
        """Every message was looked at, and still the server counts so many more than we can find."""
        _log.warning("%s: folder %d has %d messages that can't be found.", self._account, folder, lacking)
        self._explained[folder] = lacking

    def explained(self, folder: int, lacking: int) -> bool:
        """Whether the server counts no more messages than we know of, but for those."""
        return lacking == self._explained.get(folder, 0)


def since(books: Books, folder: int, state: FolderState) -> Since | None:
    """What the local copy has of a folder already, None if there is nothing to go by."""
    first = 1 if state.complete else state.low_uid
    last = max(state.uidnext - 1, books.writer.highest_uid(folder))
    if not state.uidvalidity or state.highestmodseq < 1 or not 0 < first <= last:
        return None
    return Since(state.uidvalidity, state.highestmodseq, first, last)
