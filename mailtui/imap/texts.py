"""Parts of many messages in one turn: a FETCH for all messages of which the same parts are wanted, every
FETCH sent before the first answer is read."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress

from mailtui.imap import scanner, uids
from mailtui.imap.connection import Connection
from mailtui.imap.content import SECTION, key_of
from mailtui.imap.dialogue import Exchange
from mailtui.imap.trouble import CommandRefused
from mailtui.model.trouble import Refused

Sections = tuple[str, ...]
Found = dict[int, dict[str, bytes]]
_ROOM = 4096  # octets of an answer beside the parts


def fetch_texts(conn: Connection, wanted: Mapping[int, Sections], *, limit: int, octets: int) -> Found:
    """uid → section → octets (in transfer encoding, cut at `limit` each). `octets` is how much is expected.
    What is gone, or the server withholds or refuses to send, is missing.

    Raises ServerBusy, Unreachable, Garbled.
    """
    alike: dict[Sections, list[int]] = {}
    for uid, sections in wanted.items():
        if not all(SECTION.fullmatch(section) for section in sections):
            raise CommandRefused("The message has no such part.", code="BAD")
        alike.setdefault(sections, []).append(uid)
    allowed = octets + _ROOM * len(wanted)
    exchanges = [
        _ask(conn, piece, sections, limit, allowed)
        for sections, group in alike.items()
        for piece in uids.chunks(group, conn.set_length)
    ]
    found: Found = {}
    for exchange in exchanges:  # servers may mix the answers of commands in flight
        for response in conn.collect(exchange):
            _sort_in(conn, response, wanted, found, limit)
    for exchange in exchanges:
        with suppress(Refused):
            conn.dialogue.finish(exchange)
    return found


def _ask(conn: Connection, piece: Sequence[int], sections: Sections, limit: int, octets: int) -> Exchange:
    items = " ".join(f"BODY.PEEK[{section}]<0.{limit}>" for section in sections)
    return conn.post(
        b"UID FETCH",
        f"{uids.uid_set(piece)} (UID {items})".encode(),
        doing="send the texts of messages",
        wants=[b"FETCH"],
        allowance=conn.dialogue.large(octets + conn.dialogue.budgets.octets),
    )


def _sort_in(
    conn: Connection, response: bytes, wanted: Mapping[int, Iterable[str]], found: Found, limit: int
) -> None:
    items, _ = scanner.items(response)
    number = items.get(b"UID") or b""
    uid = int(number) if number.isdigit() and len(number) < 11 else 0
    parts = {section: items.get(key_of(section)) for section in wanted.get(uid, ())}
    if not any(value is not None for value in parts.values()):
        conn.dialogue.pushes.hear(response)
        return
    here = found.setdefault(uid, {})
    for section, value in parts.items():
        if value is not None:
            here.setdefault(section, value[:limit])
