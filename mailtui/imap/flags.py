"""Reading and changing flags: as sets of UIDs, as changes that may be repeated without harm."""

from array import array
from collections.abc import Collection, Iterable, Sequence
from typing import Final

from mailtui.imap import rows, searching, uids
from mailtui.imap.arguments import flag_list
from mailtui.imap.connection import Connection
from mailtui.imap.transport import Allowance
from mailtui.imap.types import FetchedFlags
from mailtui.model.message import Flag

_PER_MESSAGE: Final = 1024  # octets of a message's flags, on average
_KEYS: Final = {
    Flag.SEEN: b"SEEN",
    Flag.ANSWERED: b"ANSWERED",
    Flag.FLAGGED: b"FLAGGED",
    Flag.DELETED: b"DELETED",
    Flag.DRAFT: b"DRAFT",
}


def fetch_flags(conn: Connection, wanted: Collection[int] | None) -> list[FetchedFlags]:
    """The flags of these UIDs (None: of all in the folder), ascending; what is gone is left out."""
    if wanted is None:
        exists = conn.selected.exists if conn.selected else 0
        return _flags(conn, "1:*", exists, None) if exists else []
    found: list[FetchedFlags] = []
    for piece in uids.chunks(wanted, conn.set_length):
        found += _flags(conn, uids.uid_set(piece), len(piece), frozenset(piece))
    return found


def flag_sets(conn: Connection) -> dict[Flag, "array[int]"]:
    """For each system flag the UIDs that have it, ascending: all flags of a folder for a few octets a
    message where the server has ESEARCH."""
    found = searching.run(conn, [[key] for key in _KEYS.values()])
    return dict(zip(_KEYS, found, strict=True))


def store_flags(
    conn: Connection,
    wanted: Iterable[int],
    *,
    add: Flag = Flag.NONE,
    remove: Flag = Flag.NONE,
    add_keywords: Sequence[str] = (),
    remove_keywords: Sequence[str] = (),
) -> None:
    """Set and clear flags on any number of messages. UIDs that are gone are no error; repeating does
    nothing. Raises CommandRefused (a keyword the folder does not take, a folder that is read-only)."""
    pieces = [uids.uid_set(piece).encode() for piece in uids.chunks(wanted, conn.set_length)]
    for sign, bits, keywords in ((b"+", add, add_keywords), (b"-", remove, remove_keywords)):
        if not bits and not keywords:
            continue
        change = sign + b"FLAGS.SILENT " + flag_list(bits, keywords)
        for piece in pieces:
            conn.run(b"UID STORE", piece, change, doing="change flags", allowance=_patient(conn))


def _flags(
    conn: Connection, written: str, messages: int, wanted: frozenset[int] | None
) -> list[FetchedFlags]:
    allowance = conn.dialogue.large(conn.dialogue.budgets.octets + messages * _PER_MESSAGE)
    responses, _ = conn.run(
        b"UID FETCH",
        written.encode(),
        b"(UID FLAGS)",
        doing="tell flags",
        wants=[b"FETCH"],
        allowance=allowance,
    )
    found: dict[int, FetchedFlags] = {}
    for response in responses:
        row = rows.read(response)
        if isinstance(row, FetchedFlags) and (wanted is None or row.uid in wanted):
            found[row.uid] = row  # the last word counts
        else:
            conn.dialogue.pushes.hear(response)
    return sorted(found.values(), key=lambda row: row.uid)


def _patient(conn: Connection) -> Allowance:
    return conn.dialogue.small(conn.dialogue.budgets.long)
