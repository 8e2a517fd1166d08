"""MOVE, COPY and destroying by name: never an EXPUNGE that takes what others marked (law 4)."""

from collections.abc import Collection, Sequence

from mailtui.imap import names, reply, uids
from mailtui.imap.arguments import astring
from mailtui.imap.connection import Connection
from mailtui.imap.dialogue import Exchange
from mailtui.imap.flags import store_flags
from mailtui.imap.types import UID_LIMIT, Copied, Moved
from mailtui.model.message import Flag


def move(conn: Connection, wanted: Collection[int], target: bytes) -> Moved:
    """Move messages to the folder `target` (RFC 6851), else copy, mark and remove them by UID. UIDs
    that are gone are no error. One command: at most what `uids.chunks(…, conn.set_length)` gives.

    Raises CommandRefused (TRYCREATE, OVERQUOTA, …). Without MOVE a failure may leave both copies: look
    at both folders before repeating.
    """
    written = _one_command(conn, wanted)
    if not conn.offers("MOVE"):
        copied = copy(conn, wanted, target)
        there = wanted if copied.mapping is None else sorted(copied.mapping)  # only what has its copy goes
        return Moved(copied.uidvalidity, copied.mapping, left=bool(there) and not destroy(conn, there))
    removed, exchange = conn.run(
        b"UID MOVE",
        written,
        astring(target),
        doing=f"move messages to {names.decode(target)}",
        wants=[b"EXPUNGE", b"VANISHED"],
        allowance=conn.dialogue.small(conn.dialogue.budgets.long),
    )
    copied = _copied(exchange, wanted)
    _hear_removals(conn, removed, wanted, len(copied.mapping) if copied.mapping is not None else -1)
    return Moved(copied.uidvalidity, copied.mapping)


def copy(conn: Connection, wanted: Collection[int], target: bytes) -> Copied:
    """Copy messages to the folder `target`: all or none. The same limits and troubles as `move`."""
    written = _one_command(conn, wanted)
    _, exchange = conn.run(
        b"UID COPY",
        written,
        astring(target),
        doing=f"copy messages to {names.decode(target)}",
        allowance=conn.dialogue.small(conn.dialogue.budgets.long),
    )
    return _copied(exchange, wanted)


def destroy(conn: Connection, wanted: Collection[int]) -> bool:
    """Remove messages for good. False: the server can't remove them by UID (no UIDPLUS), so they are
    only marked \\Deleted, because EXPUNGE would also take what others have marked."""
    written = _one_command(conn, wanted)
    store_flags(conn, wanted, add=Flag.DELETED)
    if not conn.offers("UIDPLUS"):
        return False
    removed, _ = conn.run(
        b"UID EXPUNGE",
        written,
        doing="remove messages",
        wants=[b"EXPUNGE", b"VANISHED"],
        allowance=conn.dialogue.small(conn.dialogue.budgets.long),
    )
    _hear_removals(conn, removed, wanted, len(wanted))
    return True


def _one_command(conn: Connection, wanted: Collection[int]) -> bytes:
    written = uids.uid_set(wanted)
    if not wanted or len(written) > conn.set_length:
        raise ValueError("that is not what fits into one command: use uids.chunks")
    return written.encode()


def _copied(exchange: Exchange, wanted: Collection[int]) -> Copied:
    """COPYUID (RFC 4315), untagged for MOVE. One that does not add up counts as not said."""
    words = (exchange.code("COPYUID") or b"").split()
    if len(words) != 3 or not words[0].isdigit() or int(words[0][:11]) > UID_LIMIT:
        return Copied(0, None)
    old, new = uids.parse_set(words[1]), uids.parse_set(words[2])
    if uids.count(old) != uids.count(new) or uids.count(old) > len(set(wanted)):
        return Copied(int(words[0]), None)
    mapping = dict(zip(_each(old), _each(new), strict=True))
    return Copied(int(words[0]), mapping if mapping.keys() <= set(wanted) else None)


def _each(ranges: uids.Ranges) -> list[int]:
    """Every UID in the order of the set."""
    return [uid for first, last in ranges for uid in range(first, last + 1)]


def _hear_removals(conn: Connection, removed: Sequence[bytes], wanted: Collection[int], own: int) -> None:
    """EXPUNGE responses during our own removal are no news, unless there are more of them; nor are
    VANISHED ones (RFC 7162) of nothing else."""
    for response in removed:
        if reply.head(response)[1] == b"VANISHED":
            ranges = uids.parse_whole_set(reply.rest(response).rpartition(b" ")[2]) or ()
            if not 0 < uids.count(ranges) <= len(wanted) or not set(_each(ranges)) <= set(wanted):
                conn.dialogue.pushes.hear(response)
        elif len(removed) == own:
            conn.dialogue.pushes.removed(reply.head(response)[0])
        else:
            conn.dialogue.pushes.hear(response)
