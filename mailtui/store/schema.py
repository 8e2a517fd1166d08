"""The shape of the local copy: one SQLite file in WAL mode, 0600, with numbered migrations.

`open_writer` brings an older file up to date; a newer one, or none, is refused in plain words.
"""

import os
import sqlite3
from pathlib import Path
from urllib.parse import quote

from mailtui.model.trouble import Trouble
from mailtui.store.tables import MIGRATIONS
from mailtui.store.words import holds

VERSION = len(MIGRATIONS)


class StoreTrouble(Trouble):
    """The local copy can't be used as it is."""


class NoStore(StoreTrouble):
    """There is no local copy yet."""


class NewerStore(StoreTrouble):
    """The local copy was written by a newer mailtui."""


class OlderStore(StoreTrouble):
    """The local copy waits for the account service to bring it up to date."""


def open_writer(path: Path) -> sqlite3.Connection:
    """The connection that writes, its file made and migrated. Not bound to a thread: lock it.

    Raises NewerStore, or sqlite3.DatabaseError when the file is damaged.
    """
    _make_private(path)
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=256)
    try:
        connection.execute("PRAGMA busy_timeout = 5000")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA cache_size = -32768")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("PRAGMA wal_autocheckpoint = 4000")
        migrate(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def open_reader(path: Path) -> sqlite3.Connection:
    """A connection that can only read. Raises NoStore, NewerStore or OlderStore."""
    if not path.exists():
        raise NoStore(
            "There is no local copy of your mail yet.", "It is made as soon as an account is set up."
        )
    connection = sqlite3.connect(
        f"file:{quote(str(path))}?mode=ro", uri=True, isolation_level=None, cached_statements=256
    )
    try:
        connection.execute("PRAGMA busy_timeout = 2000")
        connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA cache_size = -8192")
        connection.create_function("holds", 2, holds, deterministic=True)
        connection.execute("PRAGMA temp_store = MEMORY")
        found = version(connection)
        refuse_newer(found)
        if found < VERSION:
            raise OlderStore(
                "The local copy of your mail is being brought up to date.", "Try again in a moment."
            )
    except BaseException:
        connection.close()
        raise
    return connection


def version(connection: sqlite3.Connection) -> int:
    """The number of the last migration the file has seen, 0 for an empty file."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def refuse_newer(found: int) -> None:
    """Raise NewerStore if a migration was made that this program doesn't know."""
    if found > VERSION:
        raise NewerStore(
            "The local copy of your mail was written by a newer mailtui.",
            "Install that version again, or move the file mail.db away to have it fetched anew.",
        )


def migrate(connection: sqlite3.Connection) -> None:
    """Run each migration that the file has not seen, each in a transaction of its own."""
    refuse_newer(version(connection))
    for number in range(version(connection), VERSION):
        connection.execute("BEGIN IMMEDIATE")
        try:
            if version(connection) == number:
                for statement in MIGRATIONS[number]:
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {number + 1}")
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise


def _make_private(path: Path) -> None:
    """Make the file before SQLite does, 0600; SQLite gives -wal and -shm the same mode."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    for file in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        if file.exists() and file.stat().st_mode & 0o077:
            file.chmod(0o600)
