"""The writing side of the local copy, for the account service alone (law 1).

`Writer` holds accounts, folders and what the server tells about messages; wishes of the user go
through journal.py, what is sent through outbox.py. Each call is made of transactions of 50 ms at most
and returns the `Changes` to publish.
"""

import time
from array import array
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from mailtui.model.account import Account
from mailtui.model.event import FoldersChanged
from mailtui.model.folder import FolderState, ServerFolder
from mailtui.model.message import Flag, Indexed
from mailtui.model.part import Body, Part
from mailtui.store import contents, folders, indexing, refusals, rows, vanishing
from mailtui.store.changes import Changes, Tally, merged
from mailtui.store.connection import CHUNK, WriteConnection
from mailtui.store.schema import StoreTrouble

__all__ = ["Changes", "Writer"]

AHEAD = ".ahead"  # ends the name of a part's file while it comes ahead of time


class Writer(WriteConnection):
    """One connection that the service's threads share; each call takes the lock for itself.

    `clock` gives seconds since the epoch. Downloaded parts lie in `parts` (default: beside the
    store). Raises NewerStore, or sqlite3.DatabaseError if the file is damaged (see repair.py).
    """

    def __init__(
        self, path: Path, clock: Callable[[], float] = time.time, *, parts: Path | None = None
    ) -> None:
        super().__init__(path, clock)
        self.parts = parts or path.parent / "parts"

    # accounts and folders

    def put_account(self, account: Account) -> None:
        """Add an account of the settings, or bring the user's addresses there up to date."""
        with self.transaction() as db:
            db.execute(
                """INSERT INTO account (key, own) VALUES (?1, ?2)
                   ON CONFLICT (key) DO UPDATE SET own = ?2 WHERE own <> ?2""",
                (account.key, rows.own_addresses(account)),
            )

    def forget_account(self, key: str) -> Changes:
        """Remove an account with everything of it but its drafts and outbox."""
        number = self.account_number(key)
        with self.reading() as db:
            places = [row[0] for row in db.execute("SELECT id FROM folder WHERE account = ?", (number,))]
        while self._remove("SELECT id FROM message WHERE account = ? LIMIT ?", (number, CHUNK)):
            pass
        with self.transaction() as db:
            db.execute("DELETE FROM operation WHERE account = ?", (number,))
            db.execute("DELETE FROM folder WHERE account = ?", (number,))
            db.execute("DELETE FROM account WHERE id = ?", (number,))
            if not db.execute("SELECT 1 FROM account").fetchone():
                db.execute("DELETE FROM correspondent")
                db.execute("DELETE FROM correspondent_word")
        return Changes((FoldersChanged(key),)) if places else Changes()

    def account_number(self, key: str) -> int:
        """The number that rows have for an account. Raises StoreTrouble if it was never put."""
        with self.reading() as db:
            found = db.execute("SELECT id FROM account WHERE key = ?", (key,)).fetchone()
        if found is None:
            raise StoreTrouble(f"There is no account {key}.", "Look at the settings.")
        return int(found[0])

    def put_folders(self, account: str, listed: Sequence[ServerFolder]) -> Changes:
        """What LIST told, all of it. Messages of folders that are gone become missing. A list of
        nothing is no news: an account without an inbox can't be (RFC 9051 §5.1)."""
        if not listed:
            return Changes()
        number = self.account_number(account)
        with self.transaction() as db:
            tally = Tally()
            gone = folders.put(db, tally, number, listed)
        return merged([tally.changes(), *(self.drop_folder(folder) for folder in gone)])

    def drop_folder(self, folder: int) -> Changes:
        """The server no longer has the folder: its messages are missing from now on. What waited for
        the folder fails, unless it was its deletion."""
        with self.reading() as db:
            account = rows.account_key(db, folders.account_of(db, folder))
        made: list[Changes] = []
        more = True
        while more:
            with self.transaction() as db:
                tally = Tally()
                more = vanishing.lose_folder(db, tally, folder, CHUNK, self.now())
                made.append(tally.changes())
        with self.transaction() as db:
            tally = Tally()
            files = refusals.folder_gone(db, tally, folder, self.now())
            db.execute("DELETE FROM folder WHERE id = ?", (folder,))
        contents.delete_files(files)
        return merged([*made, tally.changes(), Changes((FoldersChanged(account),))])

    def folder_named(self, account: str, path: str) -> int | None:
        """The folder that the server has under this path."""
        number = self.account_number(account)
        with self.reading() as db:
            found = db.execute(
                "SELECT id FROM folder WHERE account = ? AND spath = ?", (number, path)
            ).fetchone()
        return int(found[0]) if found else None

    def raw_name(self, folder: int) -> bytes | None:
        """The folder's name on the wire, None while the server does not have it under a known one."""
        with self.reading() as db:
            found = db.execute("SELECT raw FROM folder WHERE id = ?", (folder,)).fetchone()
        return bytes(found[0]) if found and found[0] is not None else None

    def folder_state(self, folder: int) -> FolderState:
        """Raises NoFolder."""
        with self.reading() as db:
            return folders.state(db, folder)

    def put_folder_state(self, folder: int, state: FolderState) -> Changes:
        """Raises NoFolder."""
        with self.transaction() as db:
            tally = Tally()
            folders.put_state(db, tally, folder, state)
        return tally.changes()

    # what the server tells about messages

    def index(self, folder: int, messages: Iterable[Indexed]) -> Changes:
        """Messages of a folder as the server has them, new ones and known ones. Raises NoFolder."""
        told = list(messages)
        made: list[Changes] = []
        for start in range(0, len(told), CHUNK):
            with self.transaction() as db:
                tally = Tally()
                indexing.index(db, tally, folder, told[start : start + CHUNK], self.now())
            made.append(tally.changes())
        return merged(made)

    def update_flags(self, folder: int, told: Iterable[tuple[int, Flag, Iterable[str], int]]) -> Changes:
        """Flags as the server tells them: (uid, flags, keywords, MODSEQ or 0). Unknown UIDs are
        left aside."""
        news = [(uid, flags, tuple(keywords), modseq) for uid, flags, keywords, modseq in told]
        made: list[Changes] = []
        for start in range(0, len(news), CHUNK):
            with self.transaction() as db:
                tally = Tally()
                indexing.echo(db, tally, folder, news[start : start + CHUNK])
            made.append(tally.changes())
        return merged(made)

    def vanish(self, folder: int, uids: Iterable[int]) -> Changes:
        """The server no longer has these UIDs. The rows leave the view at once and are kept as
        missing until purge_missing, so that a message moved by somebody else keeps its row."""
        return self.vanish_ranges(folder, ((uid, uid) for uid in uids))

    def vanish_ranges(self, folder: int, ranges: Iterable[tuple[int, int]]) -> Changes:
        """The same for inclusive ranges of UIDs, which may name any number that never were."""
        gone = list(ranges)
        made: list[Changes] = []
        for start in range(0, len(gone), CHUNK):
            more = True
            while more:
                with self.transaction() as db:
                    tally, some = Tally(), gone[start : start + CHUNK]
                    more = vanishing.vanish(db, tally, folder, some, CHUNK, self.now())
                made.append(tally.changes())
        return merged(made)

    def forget_modseqs(self, folder: int) -> None:
        """What the server said before about the age of flags (MODSEQ, RFC 7162) means nothing any more:
        whatever it tells next is newer."""
        last: int | None = 0
        while last is not None:
            with self.transaction() as db:
                last = indexing.forget_modseqs(db, folder, last, CHUNK)

    def reset_folder(self, folder: int, uidvalidity: int) -> Changes:
        """UIDVALIDITY changed (RFC 9051 §2.3.1.1): every UID is forgotten. The rows stay in view and
        are recognised as they are indexed anew; those that are not go with purge_missing."""
        more = True
        while more:
            with self.transaction() as db:
                more = vanishing.forget_uids(db, folder, CHUNK, self.now())
        return self.put_folder_state(folder, FolderState(uidvalidity=uidvalidity))

    def purge_missing(self, account: str, before: int | None = None) -> Changes:
        """Remove messages that are missing since `before` (seconds; default now) or longer. Call
        after every folder of the account had a pass that began no earlier than `before`."""
        number = self.account_number(account)
        limit = self.now() if before is None else before
        made: list[Changes] = []
        more = True
        while more:
            with self.transaction() as db:
                tally = Tally()
                lost = vanishing.lost_for_good(db, number, limit, CHUNK)
                files = vanishing.remove_lost(db, tally, lost, self.now())
            contents.delete_files(files)
            made.append(tally.changes())
            more = bool(lost)
        return merged(made)

    def uids(self, folder: int) -> "array[int]":
        """The UIDs of the folder that are known, ascending."""
        with self.reading() as db:
            found = db.execute(
                "SELECT uid FROM message WHERE sfolder = ? AND uid IS NOT NULL ORDER BY uid", (folder,)
            )
            return array("q", (row[0] for row in found))

    def count_uids(self, folder: int) -> int:
        """How many UIDs of the folder are known."""
        with self.reading() as db:
            found = db.execute(
                "SELECT count(*) FROM message WHERE sfolder = ? AND uid IS NOT NULL", (folder,)
            ).fetchone()
        return int(found[0])

    def highest_uid(self, folder: int) -> int:
        """The highest known UID of the folder, 0 if there is none."""
        with self.reading() as db:
            found = db.execute(
                "SELECT max(uid) FROM message WHERE sfolder = ? AND uid IS NOT NULL", (folder,)
            ).fetchone()
        return int(found[0] or 0)

    def uids_with(self, folder: int, flag: Flag) -> "array[int]":
        """The known UIDs of messages that have this flag on the server, ascending."""
        with self.reading() as db:
            found = db.execute(
                """SELECT uid FROM message WHERE sfolder = ? AND uid IS NOT NULL AND sflags & ? <> 0
                   ORDER BY uid""",
                (folder, int(flag)),
            )
            return array("q", (row[0] for row in found))

    def by_uid(self, folder: int, uids: Iterable[int]) -> dict[int, int]:
        """uid → message, of those that are known."""
        with self.reading() as db:
            return indexing.known(db, folder, uids)

    def location(self, message: int) -> tuple[int, int, int] | None:
        """(folder, UID, UIDVALIDITY) where the server has the message, None if that isn't known."""
        with self.reading() as db:
            found = db.execute(
                """SELECT m.sfolder, m.uid, f.uidvalidity FROM message m JOIN folder f ON f.id = m.sfolder
                   WHERE m.id = ? AND m.uid IS NOT NULL""",
                (message,),
            ).fetchone()
        return (found[0], found[1], found[2]) if found else None

    # what was fetched of messages

    def structure_source(self, message: int) -> bytes:
        """BODYSTRUCTURE as the server sent it, unparsed; empty if it is not here."""
        with self.reading() as db:
            found = db.execute("SELECT structure FROM detail WHERE message = ?", (message,)).fetchone()
        return bytes(found[0]) if found else b""

    def put_structure(self, message: int, root: Part) -> None:
        """The parsed MIME tree. Nothing happens if the message is gone."""
        with self.transaction() as db:
            if contents.exists(db, message):
                contents.put_structure(db, message, root)

    def put_body(self, message: int, body: Body, html: bool = False) -> None:
        """The readable text: the one shown unasked, or the HTML alternative that was asked for.
        Nothing happens if the message is gone."""
        with self.transaction() as db:
            if contents.exists(db, message):
                contents.put_body(db, message, body, html=html, used=self.now())

    def part_file(self, message: int, section: str) -> Path:
        """Where the bytes of a part belong. Write beside it (create_part_file), then put_part_path."""
        return contents.part_file(self.parts, message, section)

    def create_part_file(self, message: int, section: str, *, ahead: bool = False) -> tuple[int, Path]:
        """An open descriptor and path of a new 0600 file for the bytes of a part. One that comes
        `ahead` of time is not the one that the user asks for meanwhile."""
        path = self.part_file(message, section).with_suffix(AHEAD if ahead else ".part")
        return contents.create_private(path), path

    def put_part_path(
        self, message: int, section: str, path: Path, size: int, used: int | None = None
    ) -> Path:
        """The part is complete in `path`, which goes where it belongs; that place is returned. `used`
        is when it was last looked at, if that is not now."""
        place = self.part_file(message, section)
        if path != place:
            path.replace(place)
        seen = self.now() if used is None else used
        with self.transaction() as db:
            if contents.exists(db, message):
                contents.put_part(db, message, section, str(place), size, seen)
        return place

    def drop_unfinished_parts(self) -> None:
        """Delete the files of parts that did not become complete. Only before any are begun."""
        contents.delete_unfinished(self.parts)

    def use_part(self, message: int, section: str) -> None:
        """The part was looked at now, which keeps it here longer."""
        with self.transaction() as db:
            db.execute(
                "UPDATE part SET used = ? WHERE message = ? AND section = ?", (self.now(), message, section)
            )

    def _remove(self, query: str, parameters: tuple[int, int]) -> bool:
        with self.transaction() as db:
            ids = [row[0] for row in db.execute(query, parameters)]
            files = vanishing.remove(db, Tally(), ids, self.now())
        contents.delete_files(files)
        return bool(ids)
