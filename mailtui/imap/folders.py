"""The folders of an account with their roles and counters: in one round trip where the server can
(RFC 5258, 5819, 6154), else LIST and a STATUS each."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from mailtui.imap import names, reply, roles, tokens
from mailtui.imap.arguments import astring
from mailtui.imap.connection import Connection
from mailtui.imap.dialogue import Exchange
from mailtui.imap.trouble import CommandRefused
from mailtui.imap.types import NUMBER_LIMIT, Counters
from mailtui.model.folder import ServerFolder

_LIMIT: Final = 20_000  # folders
_NAME_LIMIT: Final = 2_000  # octets
_DEPTH_LIMIT: Final = 100  # levels
_UNSELECTABLE: Final = frozenset({"\\noselect", "\\nonexistent"})


def list_folders(conn: Connection) -> list[ServerFolder]:
    """Every folder, in the server's order, with INBOX even if the server forgot it. Names that are
    absurdly long or deep are left out. At most one folder has each role."""
    return told(conn, heard(conn, ask(conn)))


def ask(conn: Connection) -> Exchange:
    """Send the LIST without waiting for its answer, which `heard` waits for."""
    wishes = _wishes(conn)
    if wishes:
        return _post(conn, b"LIST", b'"" "*" RETURN (' + b" ".join(wishes) + b")")
    return _post_plain(conn)


def heard(conn: Connection, exchange: Exchange) -> list[bytes]:
    """The answer; nothing when the server fails at an extension that it advertises."""
    listed = list(conn.collect(exchange))
    try:
        conn.dialogue.finish(exchange)
    except CommandRefused as refused:
        if not _wishes(conn):
            raise
        conn.dialogue.note(f"LIST … RETURN: {refused.what}")
    return listed


def told(conn: Connection, listed: list[bytes]) -> list[ServerFolder]:
    """The folders, after having asked for what that answer leaves open."""
    if _wishes(conn) and not any(reply.head(line)[1] == b"LIST" for line in listed):
        exchange = _post_plain(conn)
        listed = list(conn.collect(exchange))
        conn.dialogue.finish(exchange)
    found, attributes = _folders(conn, listed)
    counters = {_key(name): numbers for name, numbers in map(_status, listed) if name is not None}
    wanted = [folder.raw for folder in found if folder.selectable and _key(folder.raw) not in counters]
    if not conn.offers("LIST-EXTENDED", "LIST-STATUS"):
        counters |= {_key(name): numbers for name, numbers in statuses(conn, wanted).items()}
    found = roles.assign(found, attributes)
    return [_counted(folder, counters.get(_key(folder.raw))) for folder in found]


def status(conn: Connection, raw: bytes) -> Counters:
    """The counters of one folder. Raises CommandRefused when the server won't tell."""
    exchange = _ask_status(conn, raw)
    answers = list(conn.collect(exchange))
    conn.dialogue.finish(exchange)
    found = dict(_status(line) for line in answers)
    return next((counters for name, counters in found.items() if name and names.same(name, raw)), Counters())


def statuses(conn: Connection, raws: Iterable[bytes]) -> dict[bytes, Counters]:
    """The counters of many folders, pipelined. Folders that refuse are left out."""
    found: dict[bytes, Counters] = {}
    waiting: list[Exchange] = []
    pending = list(raws)
    asked = {_key(raw): raw for raw in pending}
    while pending or waiting:
        while pending and len(waiting) < conn.quirks.statuses:
            waiting.append(_ask_status(conn, pending.pop(0)))
        for line in conn.collect(waiting.pop(0)):
            name, counters = _status(line)
            if name is not None and _key(name) in asked:
                found[asked[_key(name)]] = counters
    return found


def _ask_status(conn: Connection, raw: bytes) -> Exchange:
    return conn.post(
        b"STATUS", astring(raw), _items(conn), doing="tell what is in a folder", wants=[b"STATUS"]
    )


def _items(conn: Connection) -> bytes:
    modseq = b" HIGHESTMODSEQ" if conn.condstore else b""
    return b"(MESSAGES UNSEEN UIDNEXT UIDVALIDITY" + modseq + b")"


def _wishes(conn: Connection) -> list[bytes]:
    """What one LIST can tell beside the names (RFC 5258)."""
    if not conn.offers("LIST-EXTENDED"):
        return []
    wishes = [b"SPECIAL-USE"] if conn.offers("SPECIAL-USE") else []
    return wishes + ([b"STATUS " + _items(conn)] if conn.offers("LIST-STATUS") else [])


def _post_plain(conn: Connection) -> Exchange:
    verb = b"XLIST" if conn.offers("XLIST") and not conn.offers("SPECIAL-USE") else b"LIST"
    return _post(conn, verb, b'"" "*"')


def _post(conn: Connection, verb: bytes, words: bytes) -> Exchange:
    return conn.post(
        verb,
        words,
        doing="list the folders",
        wants=[b"LIST", b"XLIST", b"STATUS"],
        allowance=conn.dialogue.large(2 * conn.dialogue.budgets.octets),
    )


def _folders(
    conn: Connection, listed: Sequence[bytes]
) -> tuple[list[ServerFolder], dict[bytes, frozenset[str]]]:
    """The folders and, by name, their attributes (lower case). A line that can't be read is passed
    over; so is a name listed twice."""
    found: dict[bytes, ServerFolder] = {}
    attributes: dict[bytes, frozenset[str]] = {}
    for line in listed:
        if reply.head(line)[1] == b"STATUS":
            continue
        read = _listed(line)
        if read is None or len(found) >= _LIMIT:
            conn.dialogue.note("a folder was left out")
            continue
        marks, delimiter, raw = read
        if _key(raw) not in found:
            selectable = not marks & _UNSELECTABLE
            found[_key(raw)] = ServerFolder(names.decode(raw), raw, delimiter, None, selectable)
            attributes[raw] = marks
    if b"INBOX" not in found:
        delimiter = next((folder.delimiter for folder in found.values() if folder.delimiter), "")
        found[b"INBOX"] = ServerFolder("INBOX", b"INBOX", delimiter)
    return list(found.values()), attributes


def _listed(line: bytes) -> tuple[frozenset[str], str, bytes] | None:
    """(attributes, delimiter, name) of a LIST response."""
    words = tokens.Tokens(reply.rest(line))
    marks, delimiter = words.next(), words.next()
    if marks is None or delimiter is None or not isinstance(marks[0], list):
        return None
    raw = _name(words)
    separator = delimiter[0]
    if isinstance(separator, bytes):
        separator = separator.decode("latin-1")
    if raw is None or isinstance(separator, list) or len(separator or "") > 1:
        return None
    if len(raw) > _NAME_LIMIT or (separator and raw.count(separator.encode()) > _DEPTH_LIMIT):
        return None
    return frozenset(mark.lower() for mark in marks[0] if isinstance(mark, str)), separator or "", raw


def _name(words: tokens.Tokens) -> bytes | None:
    """The name that follows: quoted, a literal, or everything up to a list, because some servers
    leave the quotes off names that need them."""
    left = words.data[words.at :].lstrip(b" ")
    if left[:1] in (b'"', b"{"):
        name = words.next()
        return name[0] if name and isinstance(name[0], bytes) and name[0] else None
    return left.split(b" (")[0].strip() or None


def _status(line: bytes) -> tuple[bytes | None, Counters]:
    """(name, counters) of a STATUS response; (None, …) if it is none."""
    if reply.head(line)[1] != b"STATUS":
        return None, Counters()
    read = tokens.nodes(reply.rest(line))
    pairs = read[-1] if read else None
    if len(read) < 2 or not isinstance(pairs, list):
        return None, Counters()
    name = read[0] if isinstance(read[0], bytes) else reply.rest(line).split(b" (")[0]
    numbers = {
        str(key).lower(): int(value)
        for key, value in zip(pairs[::2], pairs[1::2], strict=False)
        if isinstance(value, str) and value.isdecimal() and len(value) < 20 and int(value) <= NUMBER_LIMIT
    }
    return name, Counters(
        messages=numbers.get("messages"),
        unseen=numbers.get("unseen"),
        uidnext=numbers.get("uidnext"),
        uidvalidity=numbers.get("uidvalidity"),
        highestmodseq=numbers.get("highestmodseq"),
    )


def _counted(folder: ServerFolder, counters: Counters | None) -> ServerFolder:
    if counters is None:
        return folder
    return replace(
        folder,
        messages=counters.messages,
        unseen=counters.unseen,
        uidnext=counters.uidnext,
        uidvalidity=counters.uidvalidity,
        highestmodseq=counters.highestmodseq,
    )


def _key(raw: bytes) -> bytes:
    return b"INBOX" if names.same(raw, b"INBOX") else raw
