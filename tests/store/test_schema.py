"""The file of the local copy: private, migrated, and refused when it can't be understood."""

import os
import sqlite3
import stat
from pathlib import Path

import pytest

from mailtui.store import schema
from mailtui.store.reading import Reader
from mailtui.store.schema import NewerStore, OlderStore
from mailtui.store.tables import MIGRATIONS
from mailtui.store.writing import Writer
from tests.store.making import Store, indexed


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_files_are_private_whatever_the_umask(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        store = Store.make(tmp_path / "new" / "mail.db")
        (message,) = store.fill("INBOX", indexed(1))
        descriptor, path = store.writer.create_part_file(message, "1")
        os.close(descriptor)
        part = store.writer.put_part_path(message, "1", path, 0)
    finally:
        os.umask(before)
    files = [*store.path.parent.glob("mail.db*"), part]
    assert {file.name for file in files} >= {"mail.db", "mail.db-wal", "mail.db-shm"}
    assert {mode(file) for file in files} == {0o600}
    for directory in (store.path.parent, store.writer.parts, part.parent):
        assert mode(directory) == 0o700
    store.close()


def test_a_file_that_others_could_read_is_made_private(tmp_path: Path) -> None:
    path = tmp_path / "mail.db"
    Writer(path).close()
    path.chmod(0o644)
    Writer(path).close()
    assert mode(path) == 0o600


def test_a_newer_store_is_refused_with_advice(tmp_path: Path) -> None:
    path = tmp_path / "mail.db"
    Writer(path).close()
    db = sqlite3.connect(path)
    db.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    db.close()
    for make in (Writer, Reader):
        with pytest.raises(NewerStore) as caught:
            make(path)
        assert "newer mailtui" in caught.value.what
        assert caught.value.advice
    assert path.exists()


def test_a_reader_does_not_touch_an_older_store(tmp_path: Path) -> None:
    path = tmp_path / "mail.db"
    sqlite3.connect(path).close()
    path.touch()
    with pytest.raises(OlderStore):
        Reader(path)
    Writer(path).close()
    Reader(path).close()


def test_each_migration_runs_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "mail.db"
    Writer(path).close()
    more = (*MIGRATIONS, ("CREATE TABLE later (one INTEGER)", "INSERT INTO later VALUES (1)"))
    monkeypatch.setattr(schema, "MIGRATIONS", more)
    monkeypatch.setattr(schema, "VERSION", len(more))
    Writer(path).close()
    Writer(path).close()
    db = sqlite3.connect(path)
    assert db.execute("SELECT count(*) FROM later").fetchone() == (1,)
    db.close()


def test_a_migration_that_breaks_leaves_the_store_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mail.db"
    Writer(path).close()
    before = schema.VERSION
    more = (*MIGRATIONS, ("CREATE TABLE later (one INTEGER)", "NO SQL AT ALL"))
    with monkeypatch.context() as patch:
        patch.setattr(schema, "MIGRATIONS", more)
        patch.setattr(schema, "VERSION", len(more))
        with pytest.raises(sqlite3.OperationalError):
            Writer(path)
    db = sqlite3.connect(path)
    assert schema.version(db) == before
    assert db.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'later'").fetchone() == (0,)
    db.close()


def test_a_reader_can_not_write(store: Store) -> None:
    db = schema.open_reader(store.path)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        db.execute("DELETE FROM message")
    db.close()


def test_reading_goes_on_while_a_transaction_is_open(store: Store) -> None:
    store.fill("INBOX", indexed(1))
    with store.writer.transaction() as db:
        db.execute("DELETE FROM message")
        assert store.subjects("INBOX") == ["Message 1"]
        db.execute("ROLLBACK")
        db.execute("BEGIN")
    assert store.subjects("INBOX") == ["Message 1"]
