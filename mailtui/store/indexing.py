"""What the server tells about messages, written to its side of the rows.

A message that turns up elsewhere (moved by us or by another program, or after UIDVALIDITY changed)
keeps its row: it is recognised by Message-ID, size and time among the rows that lost their UID.
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence

from mailtui.model.message import Flag, Indexed
from mailtui.store import adrift, correspondents, ids, overlay, rows, vanishing, words
from mailtui.store.changes import Tally
from mailtui.store.folders import account_of

_MOST = 2**62


def index(db: sqlite3.Connection, tally: Tally, folder: int, messages: Iterable[Indexed], now: int) -> None:
    """Write down up to some hundred messages of a folder as the server has them."""
    account = account_of(db, folder)
    told = {message.uid: message for message in messages}
    here = known(db, folder, told)
    echo(db, tally, folder, [flags_of(told[uid]) for uid in here])
    _repair(db, tally, {ident: told[uid] for uid, ident in here.items()})
    fresh = [message for uid, message in sorted(told.items()) if uid not in here]
    if fresh and (gone := adrift.settled(db, folder, fresh)):
        fresh = [message for message in fresh if message.uid not in gone]
    if not fresh:
        return
    relinked = adrift.claim(db, account, folder, fresh)
    if relinked:
        _relink(db, tally, folder, relinked)
    _insert(db, tally, account, folder, [message for message in fresh if message.uid not in relinked])
    correspondents.learn(db, account, fresh, now)


def flags_of(message: Indexed) -> tuple[int, Flag, tuple[str, ...], int]:
    return message.uid, message.flags, message.keywords, message.modseq


def known(db: sqlite3.Connection, folder: int, uids: Iterable[int]) -> dict[int, int]:
    """uid → message, of those that have a row."""
    return dict(
        db.execute(
            "SELECT uid, id FROM message WHERE sfolder = ? AND uid IN (SELECT value FROM json_each(?))",
            (folder, json.dumps(list(uids))),
        )
    )


def _insert(
    db: sqlite3.Connection, tally: Tally, account: int, folder: int, messages: Sequence[Indexed]
) -> None:
    fresh = sorted(zip(ids.fresh_ids(db, messages), messages, strict=True), key=lambda pair: pair[0])
    details = [(ident, *detail(message)) for ident, message in fresh]
    db.executemany(
        """INSERT INTO message (id, account, folder, received, flags, keywords, sfolder, uid, sflags,
               skeywords, modseq, ident, size, attachments, sender_name, sender_address, recipients, subject)
           VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?3, ?7, ?5, ?6, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)""",
        [(ident, account, folder, *columns(message)) for ident, message in fresh],
    )
    db.executemany(
        """INSERT INTO detail (message, header, coauthors, people, files, structure, trouble)
           VALUES (?, ?, ?, ?, ?, ?, ?)""",
        details,
    )
    db.executemany(
        words.INSERT,
        [_words(ident, message, row) for (ident, message), row in zip(fresh, details, strict=True)],
    )
    unread = 0
    for ident, message in fresh:
        tally.added(folder, ident)
        if not message.flags & Flag.SEEN:
            tally.arrived(ident)
            unread += 1
    db.execute("UPDATE folder SET beyond = max(0, beyond - ?) WHERE id = ? AND beyond > 0", (unread, folder))
    overlay.count(db, tally, [folder])


def columns(message: Indexed) -> tuple[object, ...]:
    """The values of a message's row from `received` on, in the order of the insert above."""
    header = message.header
    sender = header.senders[0] if header.senders else None
    size = min(message.size, _MOST)
    received = max(0, min(message.received, ids.LATEST))
    return (
        received,
        int(message.flags),
        rows.pack(message.keywords),
        message.uid,
        message.modseq,
        ids.ident_of(header.message_id, header.subject, size, received),
        size,
        message.attachments,
        safe(sender.name) if sender else "",
        safe(sender.address) if sender else "",
        safe(rows.short_recipients(header)),
        safe(header.subject),
    )


def detail(message: Indexed) -> tuple[str, str, str, str, bytes, str]:
    """header, coauthors, people, files, structure, trouble"""
    header = message.header
    return (
        safe(rows.pack_header(header)),
        safe(words.of_people(header.senders[1:])) if len(header.senders) > 1 else "",
        safe(words.of_people((*header.to, *header.cc))),
        safe(words.file_names(message.structure)) if message.attachments else "",
        message.structure,
        safe(message.trouble),
    )


def safe(text: str) -> str:
    """Without what SQLite can't hold as text: NUL and lone surrogates."""
    if text.isascii():
        return text.replace("\0", " ") if "\0" in text else text
    return text.encode("utf-8", "replace").decode().replace("\0", " ")


def _words(ident: int, message: Indexed, detail: tuple[object, ...]) -> tuple[int | str, ...]:
    senders = message.header.senders
    author = f"{senders[0].name} {senders[0].address}" if senders else " "
    texts = (message.header.subject, f"{author} {detail[2]}", str(detail[3]), "", str(detail[4]))
    return words.row([safe(text) for text in texts], ident)


def _repair(db: sqlite3.Connection, tally: Tally, again: dict[int, Indexed]) -> None:
    """Headers that could not be read the last time and can be now."""
    wanted = json.dumps([ident for ident, message in again.items() if not message.trouble])
    broken = db.execute(
        "SELECT message FROM detail WHERE trouble <> '' AND message IN (SELECT value FROM json_each(?))",
        (wanted,),
    ).fetchall()
    for (ident,) in broken:
        words.take(db, ident)
        row = columns(again[ident])
        db.execute(
            """UPDATE message SET ident = ?, size = ?, attachments = ?, sender_name = ?, sender_address = ?,
               recipients = ?, subject = ? WHERE id = ?""",
            (*row[5:], ident),
        )
        db.execute(
            """UPDATE detail SET header = ?, coauthors = ?, people = ?, files = ?, structure = ?, trouble = ?
               WHERE message = ?""",
            (*detail(again[ident]), ident),
        )
        words.put(db, ident)
        shown = db.execute("SELECT folder FROM message WHERE id = ?", (ident,)).fetchone()
        tally.changed(shown[0], ident)


def _relink(
    db: sqlite3.Connection, tally: Tally, folder: int, relinked: dict[int, tuple[int, Indexed]]
) -> None:
    db.executemany(
        """UPDATE message SET sfolder = ?, uid = ?, sflags = ?, skeywords = ?, modseq = ?, missing = 0
           WHERE id = ?""",
        [
            (folder, uid, int(message.flags), rows.pack(message.keywords), message.modseq, ident)
            for uid, (ident, message) in relinked.items()
        ],
    )
    linked = [ident for ident, _ in relinked.values()]
    vanishing.settle(db, linked)
    overlay.refresh(db, tally, linked)


def echo(
    db: sqlite3.Connection,
    tally: Tally,
    folder: int,
    told: Sequence[tuple[int, Flag, tuple[str, ...], int]],
) -> None:
    """Flags as the server tells them: (uid, flags, keywords, modseq; 0 if it has none). Older news
    than what is known (a smaller MODSEQ) is left aside."""
    if not told:
        return
    stored = {
        row[0]: row[1:]
        for row in db.execute(
            """SELECT uid, id, sflags, skeywords, modseq FROM message
               WHERE sfolder = ? AND uid IN (SELECT value FROM json_each(?))""",
            (folder, json.dumps([uid for uid, *_ in told])),
        )
    }
    updates: list[tuple[int, str, int, int]] = []
    differ: list[int] = []
    for uid, flags, keywords, modseq in told:
        if uid not in stored:
            continue
        ident, sflags, skeywords, old_modseq = stored[uid]
        packed = rows.pack(keywords)
        if modseq and modseq < old_modseq:
            continue
        if (int(flags), packed) != (sflags, skeywords):
            differ.append(ident)
            updates.append((int(flags), packed, modseq, ident))
        elif modseq != old_modseq and modseq:
            updates.append((int(flags), packed, modseq, ident))
    db.executemany("UPDATE message SET sflags = ?, skeywords = ?, modseq = ? WHERE id = ?", updates)
    if differ:
        overlay.refresh(db, tally, differ)


def forget_modseqs(db: sqlite3.Connection, folder: int, after: int, limit: int) -> int | None:
    """Of up to `limit` messages with a higher UID than `after`; the UID to go on with, None at the end."""
    found = db.execute(
        "SELECT uid FROM message WHERE sfolder = ? AND uid > ? ORDER BY uid LIMIT ?", (folder, after, limit)
    ).fetchall()
    if not found:
        return None
    last = int(found[-1][0])
    db.execute(
        "UPDATE message SET modseq = 0 WHERE sfolder = ? AND uid > ? AND uid <= ?", (folder, after, last)
    )
    return last
