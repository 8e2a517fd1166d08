"""SEARCH: which messages a query finds, which UIDs there are, and whether one is there (RFC 9051 §6.4.4;
compact by ESEARCH, RFC 4731). Server search is slow on some and wrong on others: never the only one."""

from array import array
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from mailtui.imap import criteria, reply, rows, scanner, tokens, uids
from mailtui.imap.arguments import Argument, Literal, string
from mailtui.imap.connection import Connection
from mailtui.imap.dialogue import Exchange
from mailtui.imap.transport import Allowance
from mailtui.imap.trouble import CommandRefused, garbled
from mailtui.imap.types import UID_LIMIT, FetchedHeader
from mailtui.model.query import Query

_SLACK: Final = 100_000  # messages that may have come since the folder was selected
_WINDOW: Final = 50_000  # UIDs that one plain SEARCH asks for
_WINDOWS: Final = 50  # searches at most
_PROBED: Final = 1000  # messages whose Message-ID is rather fetched than searched for


def search(conn: Connection, query: Query) -> list[int]:
    """The UIDs that the server finds in the selected folder, ascending. `query.places` are not looked
    at. When the server knows ASCII only, conditions beyond it are left out: look again at what is found.

    Raises CommandRefused (code BADCHARSET when nothing else is asked for), Unreachable after
    `Budgets.long` seconds.
    """
    try:
        return list(run(conn, [criteria.words(query.root)])[0])
    except CommandRefused as refused:
        lesser = criteria.without_accents(query.root)
        if conn.closed or refused.code not in ("BADCHARSET", "BAD") or lesser == query.root:
            raise
        if lesser is None:
            what = "The server can search for plain letters (A to Z) only."
            raise CommandRefused(what, code="BADCHARSET") from refused
        return list(run(conn, [criteria.words(lesser)])[0])


def all_uids(conn: Connection, first: int = 1) -> "array[int]":
    """Every UID from `first` on, ascending, as unsigned 32-bit numbers. Without ESEARCH in windows, so
    that no line of the answer grows with the folder."""
    uidnext = conn.selected.uidnext if conn.selected else 0
    if not conn.offers("ESEARCH") and uidnext - first > _WINDOW:
        return _by_windows(conn, first, uidnext)
    found = run(conn, [[b"UID", b"%d:*" % first]] if first > 1 else [[b"ALL"]])[0]
    return array("I", (uid for uid in found if uid >= first))  # n:* always names the last one


def _by_windows(conn: Connection, first: int, uidnext: int) -> "array[int]":
    step = max(_WINDOW, (uidnext - first) // _WINDOWS + 1)
    found = array("I")
    for begin in range(first, uidnext, step):
        words = b"%d:%d" % (begin, begin + step - 1) if begin + step < uidnext else b"%d:*" % begin
        least = found[-1] + 1 if found else begin
        found.extend(uid for uid in _one(conn, [b"UID", words]) if uid >= least)
    return found


def find_by_message_id(conn: Connection, message_id: str, from_uid: int = 1) -> list[int]:
    """The UIDs from `from_uid` on of messages with this Message-ID, ascending. Few are looked at one by
    one: a full-text index on the server may not find what has just arrived."""
    uidnext = conn.selected.uidnext if conn.selected else 0
    if from_uid > 1 and uidnext - from_uid <= _PROBED:
        return _by_header(conn, "".join(message_id.split()).encode("utf-8", "replace"), from_uid)
    words: list[Argument] = [b"HEADER", b"MESSAGE-ID", string(message_id)]
    if from_uid > 1:
        words = [b"UID", b"%d:*" % from_uid, *words]
    return [uid for uid in run(conn, [words])[0] if uid >= from_uid]


def _by_header(conn: Connection, message_id: bytes, from_uid: int) -> list[int]:
    found: set[int] = set()
    for response in _looked_at(conn, b"%d:* (UID BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])" % from_uid):
        row = rows.read(response)
        if isinstance(row, FetchedHeader) and row.uid >= from_uid:  # n:* always names the last one
            _, _, value = row.header.partition(b":")
            if b"".join(value.split()) == message_id:
                found.add(row.uid)
    return sorted(found)


def _looked_at(conn: Connection, words: bytes) -> list[bytes]:
    """The FETCH responses to this, after a NOOP: servers show what has come only between commands, and
    not between those that are in flight together."""
    doing = "look for a message"
    conn.run(b"NOOP", doing=doing)
    allowance = conn.dialogue.large(2 * conn.dialogue.budgets.octets)
    responses, _ = conn.run(b"UID FETCH", words, doing=doing, wants=[b"FETCH"], allowance=allowance)
    for response in responses:
        if b"FLAGS" in scanner.items(response)[0]:
            conn.dialogue.pushes.hear(response)
    return responses


def run(conn: Connection, searches: Sequence[Sequence[Argument]]) -> list["array[int]"]:
    """The UIDs each search finds, ascending. With ESEARCH they are all under way at once; without,
    answers would not tell to which search they belong."""
    found: dict[bytes, array[int]] = {}
    if not conn.offers("ESEARCH"):
        return [_one(conn, words) for words in searches]
    exchanges = [_post(conn, words) for words in searches]
    for exchange in exchanges:
        for response in conn.collect(exchange):
            _read(conn, response, exchange.tag, found)
    for exchange in exchanges:
        conn.dialogue.finish(exchange)
    return [found.get(exchange.tag, array("I")) for exchange in exchanges]


def _one(conn: Connection, words: Sequence[Argument]) -> "array[int]":
    exchange = _post(conn, words)
    found: dict[bytes, array[int]] = {}
    for response in conn.collect(exchange):
        _read(conn, response, exchange.tag, found)
    conn.dialogue.finish(exchange)
    return found.get(exchange.tag, array("I"))


def _post(conn: Connection, words: Sequence[Argument]) -> Exchange:
    arguments: list[Argument] = [b"RETURN (ALL)"] if conn.offers("ESEARCH") else []
    if any(isinstance(word, Literal) and not word.data.isascii() for word in words):
        arguments += [b"CHARSET UTF-8"]
    return conn.post(
        b"UID SEARCH",
        *arguments,
        *_joined(words),
        doing="search",
        wants=[b"SEARCH", b"ESEARCH"],
        allowance=allowance(conn),
    )


def _joined(words: Sequence[Argument]) -> list[Argument]:
    """Put parentheses right beside their neighbours: some servers take no space inside them."""
    joined: list[Argument] = []
    opened = b""
    for word in words:
        if word == b"(":
            opened += b"("
        elif word == b")" and joined and isinstance(joined[-1], bytes):
            joined[-1] += b")"
        elif isinstance(word, Literal) and opened:
            joined += [opened, word]
            opened = b""
        else:
            joined.append(opened + word if isinstance(word, bytes) else word)
            opened = b""
    return joined


def _read(conn: Connection, response: bytes, tag: bytes, found: dict[bytes, "array[int]"]) -> None:
    """Add what a SEARCH or ESEARCH response names; the latter says to which search it belongs."""
    _, name = reply.head(response)
    if name == b"SEARCH":
        numbers = (int(word) for word in reply.rest(response).split() if word.isdigit() and len(word) <= 10)
        merged = {uid for uid in numbers if 0 < uid <= UID_LIMIT}.union(found.get(tag, ()))
        found[tag] = array("I", sorted(merged))
        return
    words = tokens.nodes(reply.rest(response))
    owner = words[0] if words and isinstance(words[0], list) else []
    if len(owner) == 2 and isinstance(owner[1], bytes):
        tag = owner[1]
    named = next((b for a, b in pairwise(words) if a in ("ALL", "all")), None)
    ranges = uids.parse_set(named.encode()) if isinstance(named, str) else ()
    exists = conn.selected.exists if conn.selected else 0
    if uids.count(ranges) > 2 * exists + _SLACK:
        conn.close()
        raise garbled(conn.server.host, "a search that finds more messages than there are")
    found[tag] = uids.spelled_out(ranges)


def allowance(conn: Connection) -> Allowance:
    """A search may take long without a word, and its answer grows with the folder."""
    limits = conn.dialogue.budgets
    exists = conn.selected.exists if conn.selected else 0
    octets = limits.octets + min(12 * (2 * exists + _SLACK), limits.line)
    return conn.dialogue.large(octets, seconds=limits.long, silence=limits.long)
