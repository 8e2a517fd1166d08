"""Addresses seen in mail, for completion: those the user wrote to first, then the frequent ones."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mailtui.model.address import Address
from mailtui.model.message import Indexed
from mailtui.store.words import folded

FEW = 1500  # words with a prefix: with more, going through the ranks finds eight sooner
_LONGEST = 200  # characters of an address or name worth offering


@dataclass(slots=True)
class _Met:
    shown: str
    name: str
    written: int
    seen: int
    last: int


def learn(db: sqlite3.Connection, account: int, messages: Sequence[Indexed], now: int) -> None:
    """Note who the messages are from and to. What the user's own addresses sent counts as written."""
    own = set(json.loads(db.execute("SELECT own FROM account WHERE id = ?", (account,)).fetchone()[0]))
    met: dict[str, _Met] = {}
    for message in messages:
        header = message.header
        mine = any(sender.address.lower() in own for sender in header.senders)
        last = min(message.received, now)
        for person in header.senders:
            _meet(met, person, 0, last)
        for person in (*header.to, *header.cc):
            _meet(met, person, int(mine), last)
    for address in own:
        met.pop(address, None)
    _put(db, met)


def written_to(db: sqlite3.Connection, recipients: Iterable[Address], now: int) -> None:
    """The user sends to these."""
    met: dict[str, _Met] = {}
    for person in recipients:
        _meet(met, person, 1, now)
    _put(db, met)


def _meet(met: dict[str, _Met], person: Address, written: int, last: int) -> None:
    if "@" not in person.address or len(person.address) > _LONGEST:
        return
    address = _clean(person.address.lower())
    known = met.get(address)
    if known is None:
        known = met[address] = _Met(_clean(person.address), "", 0, 0, 0)
    known.name = known.name or _clean(person.name[:_LONGEST])
    known.written += written
    known.seen += 1
    known.last = max(known.last, last)


def _put(db: sqlite3.Connection, met: dict[str, _Met]) -> None:
    known = {
        row[0]
        for row in db.execute(
            """SELECT address FROM correspondent
               WHERE address IN (SELECT value FROM json_each(?)) AND name <> ''""",
            (json.dumps(list(met)),),
        )
    }
    db.executemany(
        """UPDATE correspondent SET written = written + ?, seen = seen + ?, last = max(last, ?)
           WHERE address = ?""",
        [(one.written, one.seen, one.last, address) for address, one in met.items() if address in known],
    )
    for address, one in met.items():
        if address not in known:
            _insert(db, address, one)


def _insert(db: sqlite3.Connection, address: str, one: _Met) -> None:
    """A new address, or one whose name was not known."""
    words = " " + " ".join(sorted({address, *folded(f"{one.name} {address}").split()}))
    db.execute(
        """INSERT INTO correspondent (address, shown, name, written, seen, last, words)
           VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
           ON CONFLICT (address) DO UPDATE SET name = ?3, words = ?7, written = written + ?4,
               seen = seen + ?5, last = max(last, ?6)""",
        (address, one.shown, one.name, one.written, one.seen, one.last, words),
    )
    (ident,) = db.execute("SELECT id FROM correspondent WHERE address = ?", (address,)).fetchone()
    db.execute("DELETE FROM correspondent_word WHERE correspondent = ?", (ident,))
    db.executemany(
        "INSERT OR IGNORE INTO correspondent_word (word, correspondent) VALUES (?, ?)",
        [(word, ident) for word in words.split()],
    )


def _clean(text: str) -> str:
    return text.encode("utf-8", "replace").decode().replace("\0", "")


def find(db: sqlite3.Connection, prefix: str, limit: int) -> list[Address]:
    """Addresses with a word of the name, or the address itself, beginning like `prefix`; with
    several words each must be there. Best first."""
    wanted = _clean(prefix).lower().split()
    wanted = [prefix for word in wanted for prefix in ([word] if "@" in word else folded(word).split())]
    if not wanted:
        rows = db.execute(f"SELECT shown, name FROM correspondent ORDER BY {_RANK} LIMIT ?", (limit,))
        return [Address(name, shown) for shown, name in rows]
    longest = max(wanted, key=len)
    bounds = (longest, longest + "\U0010ffff")
    (count,) = db.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM correspondent_word WHERE word >= ? AND word < ? LIMIT {FEW})",
        bounds,
    ).fetchone()
    where = " AND ".join("instr(words, ?)" for _ in wanted)
    holds = tuple(f" {word}" for word in wanted)
    if count < FEW:
        rows = db.execute(
            f"""SELECT shown, name FROM correspondent WHERE id IN
                (SELECT correspondent FROM correspondent_word WHERE word >= ? AND word < ?)
                AND {where} ORDER BY {_RANK} LIMIT ?""",
            (*bounds, *holds, limit),
        )
    else:
        rows = db.execute(
            f"SELECT shown, name FROM correspondent WHERE {where} ORDER BY {_RANK} LIMIT ?", (*holds, limit)
        )
    return [Address(name, shown) for shown, name in rows]


_RANK = "written DESC, seen DESC, last DESC"
