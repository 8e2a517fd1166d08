"""A folder that the server no longer has: what waited for it comes to an end, and is reported."""

import pytest

from mailtui.model.event import OperationFailed
from mailtui.model.intent import (
    ChangeFlags,
    CopyMessages,
    CreateFolder,
    DeleteFolder,
    MoveMessages,
    RenameFolder,
)
from mailtui.model.message import Flag
from tests.store.making import USUAL, Store, indexed

_REST = tuple(folder for folder in USUAL if folder.path != "Projects/Alpha")


def failures(store: Store) -> list[str]:
    """Put the list without the folder; the intents that are reported."""
    changes = store.writer.put_folders("work", _REST)
    return [event.intent for event in changes.events if isinstance(event, OperationFailed)]


@pytest.mark.parametrize("wish", [MoveMessages, CopyMessages])
def test_what_was_to_go_there_stays_where_it_is(
    store: Store, wish: type[MoveMessages | CopyMessages]
) -> None:
    (one,) = store.fill("INBOX", indexed(1))
    act = store.act(wish((one,), store.folder("Projects/Alpha")))
    assert failures(store) == [act]
    assert [summary.id for summary in store.shown("INBOX")] == [one]
    assert store.reader.waiting("work") == (0, 0)


def test_its_deletion_has_come_true(store: Store) -> None:
    store.act(DeleteFolder(store.folder("Projects/Alpha")))
    assert failures(store) == []
    assert store.reader.waiting("work") == (0, 0)


def test_its_new_name_is_given_up(store: Store) -> None:
    act = store.act(RenameFolder(store.folder("Projects/Alpha"), "Projects/Beta"))
    assert failures(store) == [act]
    assert store.reader.waiting("work") == (0, 0)
    assert not any(folder.path.startswith("Projects/") for folder in store.reader.folders("work"))


def test_a_folder_that_is_yet_to_be_made_is_not_missed(store: Store) -> None:
    store.act(CreateFolder("work", "Projects/New"))
    assert failures(store) == []
    assert store.folder("Projects/New")


def test_moves_of_messages_that_nobody_has_any_more_are_reported_and_flags_are_not(store: Store) -> None:
    one, two = store.fill("INBOX", indexed(1), indexed(2))
    moved = store.act(MoveMessages((one,), store.folder("Archive")))
    store.act(ChangeFlags((two,), add=Flag.FLAGGED))
    store.writer.vanish(store.folder("INBOX"), [1, 2])
    changes = store.writer.purge_missing("work")
    assert [event.intent for event in changes.events if isinstance(event, OperationFailed)] == [moved]
    assert store.reader.waiting("work") == (0, 0)
