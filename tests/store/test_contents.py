"""Downloaded parts lie in private files under names that no sender has a say in."""

import os
import stat
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from mailtui.model.part import Body, Part
from mailtui.store import contents
from tests.store.making import Store, indexed


def download(store: Store, message: int, section: str, size: int) -> Path:
    descriptor, path = store.writer.create_part_file(message, section)
    with os.fdopen(descriptor, "wb") as file:
        file.write(b"x" * size)
    return store.writer.put_part_path(message, section, path, size)


def test_a_downloaded_part_is_found_again(store: Store) -> None:
    (message,) = store.fill("INBOX", indexed(1))
    assert store.reader.part_path(message, "2") is None
    path = download(store, message, "2", 100)
    assert store.reader.part_path(message, "2") == str(path)
    assert path.read_bytes() == b"x" * 100
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.unlink()
    assert store.reader.part_path(message, "2") is None


def test_what_was_never_finished_goes_and_what_was_stays(store: Store) -> None:
    (message,) = store.fill("INBOX", indexed(1))
    whole = download(store, message, "1", 100)
    descriptor, half = store.writer.create_part_file(message, "2")
    os.close(descriptor)
    store.writer.drop_unfinished_parts()
    assert whole.exists()
    assert not half.exists()
    store.writer.drop_unfinished_parts()


@given(section=st.text(max_size=300))
def test_whatever_the_section_the_file_is_below_the_parts(section: str) -> None:
    root = Path("parts")
    path = contents.part_file(root, 5, section)
    assert path.parent.parent == root
    assert path.name.isalnum()


def test_what_arrives_for_a_message_that_is_gone_is_dropped(store: Store) -> None:
    store.writer.put_body(4711, Body("late"))
    store.writer.put_structure(4711, Part("1", "text/plain"))
    assert store.reader.body(4711) is None
    assert store.reader.structure(4711) is None
    assert store.writer.structure_source(4711) == b""


def test_the_structure_as_the_server_sent_it_is_kept(store: Store) -> None:
    (message,) = store.fill("INBOX", indexed(1, structure=b'("TEXT" "PLAIN")'))
    assert store.writer.structure_source(message) == b'("TEXT" "PLAIN")'
