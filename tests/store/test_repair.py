"""A damaged file is noticed, set aside and made anew; drafts and outbox come along."""

import random
import sqlite3
from pathlib import Path

import pytest

from mailtui.model.draft import Draft, Stage
from mailtui.store import schema
from mailtui.store.connection import Damaged, damage_note
from mailtui.store.outbox import Outbox
from mailtui.store.reading import Reader
from mailtui.store.repair import open_or_rebuild
from mailtui.store.schema import NewerStore
from tests.store.making import Clock, Store, indexed


def fill(path: Path) -> None:
    """A store with mail, three drafts and an outbox item; closed again."""
    store = Store.make(path)
    store.writer.index(store.folder("INBOX"), [indexed(uid, "words " * 9) for uid in range(1, 2001)])
    outbox = Outbox(store.writer)
    for number in range(3):
        outbox.drafts.save(Draft(f"draft {number}", "work", "alice@example.org", body=f"Body {number}"))
    outbox.queue(
        "send",
        account="work",
        source=b"Subject: kept\r\n\r\nkept",
        sender="alice@example.org",
        recipients=["bo@example.org"],
        subject="kept",
        message_id="<kept@example.org>",
        not_before=0,
    )
    store.close()


def test_a_sound_file_is_opened_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "mail.db"
    fill(path)
    writer, rebuilt = open_or_rebuild(path, Clock())
    assert rebuilt is None
    with Reader(path) as reader:
        assert len(reader.drafts()) == 3
    writer.close()


def test_without_a_file_one_is_made(tmp_path: Path) -> None:
    writer, rebuilt = open_or_rebuild(tmp_path / "mail.db", Clock())
    assert rebuilt is None
    writer.close()


def test_pages_of_mail_that_are_damaged_cost_no_draft_and_no_outgoing_message(tmp_path: Path) -> None:
    path = tmp_path / "mail.db"
    fill(path)
    damage(path, "message")
    writer, rebuilt = open_or_rebuild(path, Clock())
    assert rebuilt is not None
    assert (rebuilt.drafts, rebuilt.items) == (3, 1)
    assert rebuilt.aside.exists()
    assert "3 drafts" in str(rebuilt)
    with Reader(path) as reader:
        assert {draft.body for draft in reader.drafts()} == {"Body 0", "Body 1", "Body 2"}
        (item,) = reader.outbox()
        assert item.stage is Stage.QUEUED
        assert Outbox(writer).source(item.id) == b"Subject: kept\r\n\r\nkept"
        assert reader.folders() == []
    writer.close()


def damage(path: Path, table: str) -> None:
    """Write nonsense over the first page of a table."""
    db = sqlite3.connect(path)
    (page,) = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()
    (size,) = db.execute("PRAGMA page_size").fetchone()
    db.close()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(random.Random(3).randbytes(size))


@pytest.mark.parametrize("content", [b"", b"no database at all" * 1000, b"\0" * 5000])
def test_a_file_that_is_something_else_is_set_aside_or_filled(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "mail.db"
    path.write_bytes(content)
    writer, rebuilt = open_or_rebuild(path, Clock())
    assert (rebuilt is None) == (not content)
    with Reader(path) as reader:
        assert reader.folders() == []
    writer.close()


def test_a_truncated_file_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "mail.db"
    fill(path)
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)
    writer, rebuilt = open_or_rebuild(path, Clock())
    assert rebuilt is not None
    with Reader(path) as reader:
        assert reader.folders() == []
    writer.close()


@pytest.mark.parametrize("seed", range(6))
def test_flipped_bytes_never_stop_the_start(tmp_path: Path, seed: int) -> None:
    path = tmp_path / "mail.db"
    fill(path)
    chance = random.Random(seed)
    content = bytearray(path.read_bytes())
    for _ in range(60):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)
    try:
        writer, _ = open_or_rebuild(path, Clock())
    except NewerStore:
        return  # the version number itself was hit
    with Reader(path) as reader:
        reader.folders()
    writer.close()


def test_damage_met_while_running_is_told_and_mended_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mail.db"
    fill(path)
    damage(path, "message_list")
    monkeypatch.setattr("mailtui.store.repair.LOOKED_THROUGH", 0)
    writer, rebuilt = open_or_rebuild(path, Clock())
    assert rebuilt is None
    with Reader(path) as reader:
        inbox = reader.folders()[0].id
    with pytest.raises(Damaged, match="made anew"):
        writer.index(inbox, [indexed(uid) for uid in range(3000, 3100)])
    writer.close()
    assert damage_note(path).exists()
    writer, rebuilt = open_or_rebuild(path, Clock())
    assert rebuilt is not None
    assert rebuilt.drafts == 3
    assert not damage_note(path).exists()
    writer.close()


def test_a_newer_store_is_not_taken_for_a_damaged_one(tmp_path: Path) -> None:
    path = tmp_path / "mail.db"
    fill(path)
    db = sqlite3.connect(path)
    db.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    db.close()
    with pytest.raises(NewerStore):
        open_or_rebuild(path, Clock())
    assert not list(tmp_path.glob("*.aside-*"))
