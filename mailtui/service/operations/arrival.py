"""Whether a message that was to be moved or copied has arrived: the probe that comes before a repeat."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from mailtui.imap.flags import fetch_flags
from mailtui.imap.folders import status
from mailtui.imap.index import since
from mailtui.imap.searching import find_by_message_id
from mailtui.imap.trouble import CommandRefused
from mailtui.imap.types import FetchedHeader
from mailtui.model.operation import Operation
from mailtui.model.trouble import Refused
from mailtui.service.books import Books
from mailtui.service.entering import enter
from mailtui.service.session import Session
from mailtui.text.headers import decode

_Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Before:
    """The target folder before the command: what arrives gets a UID from `uidnext` on."""

    uidnext: int
    uidvalidity: int


def note(books: Books, session: Session, target: int) -> str:
    """Ask for the target's UIDNEXT and UIDVALIDITY; as JSON. A server that won't tell will say more
    about the target when it is used."""
    try:
        counters = status(session.connection, raw_name(books, target))
    except CommandRefused:
        return ""
    return json.dumps({"uidnext": counters.uidnext or 1, "uidvalidity": counters.uidvalidity or 0})


def raw_name(books: Books, folder: int) -> bytes:
    """The folder's name on the wire. Raises Refused."""
    raw = books.writer.raw_name(folder)
    if raw is None:
        raise Refused("The server does not have this folder any more.")
    return raw


def arrived(
    books: Books, session: Session, target: int, operations: Sequence[Operation]
) -> dict[int, int | None]:
    """operation id → UID in the target, of those whose message is there. Each arrival explains one
    operation."""
    before = _before(operations[0].probe)
    wanted = _identities(books, operations)
    selected = enter(books, session, target, anew=True)
    if selected.uidvalidity != before.uidvalidity:
        return _by_message_id(session, wanted)
    found: dict[_Key, list[int]] = {}
    for header in since(session.connection, before.uidnext):
        for key in _keys_of(header):
            found.setdefault(key, []).append(header.uid)
    claimed: set[int] = set()
    arrivals: dict[int, int | None] = {}
    for operation, key in wanted.items():
        uid = next((uid for uid in reversed(found.get(key, [])) if uid not in claimed), None)
        if uid is not None:
            claimed.add(uid)
            arrivals[operation] = uid
    return arrivals


def _before(probe: str) -> Before:
    try:
        values = json.loads(probe)
        return Before(int(values["uidnext"]), int(values["uidvalidity"]))
    except (ValueError, KeyError, TypeError):
        return Before(1, -1)


def _identities(books: Books, operations: Sequence[Operation]) -> dict[int, _Key]:
    """What each operation's message is recognised by: its Message-ID, else size, time and subject."""
    identities: dict[int, _Key] = {}
    with books.reading() as reader:
        for operation in operations:
            message = reader.message(operation.message) if operation.message is not None else None
            if message is None:
                continue
            if message.header.message_id:
                identities[operation.id] = (message.header.message_id,)
            else:
                summary = message.summary
                identities[operation.id] = (summary.size, summary.received, message.header.subject)
    return identities


def _keys_of(header: FetchedHeader) -> list[_Key]:
    decoded = decode(header.header)
    if decoded.message_id:
        return [(decoded.message_id,)]
    return [(header.size, header.received, decoded.subject)]


def _by_message_id(session: Session, wanted: dict[int, _Key]) -> dict[int, int | None]:
    """The target is not what it was, so only a Message-ID proves anything."""
    arrivals: dict[int, int | None] = {}
    for operation, key in wanted.items():
        if len(key) == 1:
            uids = find_by_message_id(session.connection, str(key[0]))
            if uids:
                arrivals[operation] = uids[-1]
    return arrivals


def by_validity(
    books: Books, session: Session, operations: Sequence[Operation]
) -> tuple[list[Operation], list[Operation]]:
    """Those whose UID still names their message in the source folder, and those whose UID may name
    another one because the folder was numbered anew."""
    assert operations[0].source is not None
    validity = enter(books, session, operations[0].source).uidvalidity
    same = [operation for operation in operations if operation.uidvalidity == validity]
    return same, [operation for operation in operations if operation.uidvalidity != validity]


def present(books: Books, session: Session, source: int, operations: Sequence[Operation]) -> set[int]:
    """Ids of the operations whose message is still in the source folder under its UID."""
    validity = enter(books, session, source, anew=True).uidvalidity
    uids = sorted(
        operation.uid
        for operation in operations
        if operation.uid is not None and operation.uidvalidity == validity
    )
    there = {told.uid for told in fetch_flags(session.connection, uids)} if uids else set()
    return {operation.id for operation in operations if operation.uid in there}
