"""What happened in a folder since a MODSEQ, as RFC 7162 tells it: flags by FETCH, removals by VANISHED."""

from typing import Final

from mailtui.imap import reply, rows, scanner, uids
from mailtui.imap.connection import Connection
from mailtui.imap.transport import Allowance
from mailtui.imap.types import Difference, FetchedFlags, Since

_PER_MESSAGE: Final = 1024  # octets of a message's flags, on average


class Gathered:
    """Takes the responses as they come. What can't be read makes the whole of it doubtful: it may have
    been the one removal or flag that nobody will tell again."""

    def __init__(self) -> None:
        self._changed: dict[int, FetchedFlags] = {}
        self._vanished: list[tuple[int, int]] = []
        self._trouble = ""

    def hear(self, response: bytes) -> bool:
        """False for flags that are not said to be those of a message."""
        if reply.head(response)[1] == b"VANISHED":
            self._removed(reply.rest(response).rpartition(b" ")[2])
            return True
        row = rows.read(response)
        if not isinstance(row, FetchedFlags):
            return b"FLAGS" not in scanner.items(response)[0]  # of another kind of change
        if not row.modseq:
            self._trouble = "flags without a MODSEQ"
        earlier = self._changed.get(row.uid)
        if earlier is None or earlier.modseq <= row.modseq:
            self._changed[row.uid] = row
        return True

    def doubt(self, trouble: str) -> None:
        """It can't be believed, for this reason."""
        self._trouble = trouble

    def difference(self) -> Difference:
        ordered = sorted(self._changed.values(), key=lambda row: (row.modseq, row.uid))
        return Difference(uids.joined(self._vanished), tuple(ordered), self._trouble)

    def _removed(self, named: bytes) -> None:
        ranges = uids.parse_whole_set(named)
        if ranges is None:
            self._trouble = "a VANISHED that can't be read"
        else:
            self._vanished += ranges


def flags_since(conn: Connection, since: Since) -> Difference:
    """Flags in the selected folder that changed since then (CHANGEDSINCE, RFC 7162 §3.1.4.1). What
    vanished is not told. For folders with a HIGHESTMODSEQ only."""
    conn.require("QRESYNC" if conn.offers("QRESYNC") else "CONDSTORE", "tell what changed")
    exchange = conn.post(
        b"UID FETCH",
        b"%d:%d (UID FLAGS) (CHANGEDSINCE %d)" % (since.first, since.last, since.modseq),
        doing="tell what changed",
        wants=[b"FETCH"],
        allowance=allowance(conn, since.last - since.first + 1),
    )
    gathered = Gathered()
    for response in conn.collect(exchange):
        if not gathered.hear(response):
            gathered.doubt("flags without a UID")
    conn.dialogue.finish(exchange)
    return gathered.difference()


def allowance(conn: Connection, messages: int) -> Allowance:
    """For an answer that may tell the flags of so many messages."""
    exists = conn.selected.exists if conn.selected else messages
    octets = conn.dialogue.budgets.octets + min(messages, exists) * _PER_MESSAGE
    return conn.dialogue.large(octets, seconds=conn.dialogue.budgets.long)
