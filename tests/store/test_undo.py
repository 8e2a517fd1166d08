"""Undo: withdrawn if not yet sent, else reversed; only what changed, and only where it still is so."""

from mailtui.model.intent import (
    ChangeFlags,
    CopyMessages,
    CreateFolder,
    DeleteFolder,
    DestroyMessages,
    MoveMessages,
    RenameFolder,
    TrashMessages,
    Undo,
)
from mailtui.model.message import Flag
from mailtui.model.operation import OperationKind
from tests.store.making import USUAL, Store, indexed, server_folder


def test_what_was_not_sent_is_withdrawn(store: Store) -> None:
    one, two = store.fill("INBOX", indexed(1), indexed(2))
    flags = store.act(ChangeFlags((one,), add=Flag.FLAGGED))
    move = store.act(MoveMessages((one, two), store.folder("Archive")))
    store.act(Undo(move))
    assert store.subjects("INBOX") == ["Message 2", "Message 1"]
    store.act(Undo(flags))
    assert store.summary(one).flags == Flag.NONE
    assert store.waiting() == []


def test_what_was_done_is_reversed(store: Store) -> None:
    (message,) = store.fill("INBOX", indexed(1))
    trash = store.act(TrashMessages((message,)))
    (sent,) = store.send()
    store.journal.done(sent, target_uid=30)
    undo = store.act(Undo(trash))
    assert store.subjects("INBOX") == ["Message 1"]
    (operation,) = store.next()
    assert (operation.source, operation.uid, operation.target) == (
        store.folder("Trash"),
        30,
        store.folder("INBOX"),
    )
    assert operation.intent == undo


def test_what_was_sent_is_reversed_once_it_is_done(store: Store) -> None:
    (message,) = store.fill("INBOX", indexed(1))
    flags = store.act(ChangeFlags((message,), add=Flag.SEEN))
    (sent,) = store.send()
    store.act(Undo(flags))
    assert store.summary(message).unread
    store.journal.done(sent)
    (operation,) = store.next()
    assert operation.remove == Flag.SEEN


def test_only_flags_that_really_changed_are_reversed(store: Store) -> None:
    seen, unseen = store.fill("INBOX", indexed(1, flags=Flag.SEEN), indexed(2))
    read = store.act(ChangeFlags((seen, unseen), add=Flag.SEEN, add_keywords=("x",)))
    store.act(Undo(read))
    assert store.summary(seen).flags == Flag.SEEN
    assert store.summary(unseen).flags == Flag.NONE
    assert store.summary(seen).keywords == ()


def test_messages_moved_on_since_are_left_alone(store: Store) -> None:
    one, two = store.fill("INBOX", indexed(1), indexed(2))
    move = store.act(MoveMessages((one, two), store.folder("Archive")))
    store.act(MoveMessages((one,), store.folder("Projects")))
    store.act(Undo(move))
    assert store.subjects("Projects") == ["Message 1"]
    assert store.subjects("INBOX") == ["Message 2"]


def test_undo_can_be_undone(store: Store) -> None:
    (message,) = store.fill("INBOX", indexed(1))
    move = store.act(MoveMessages((message,), store.folder("Archive")))
    undo = store.act(Undo(move))
    assert not store.reader.undoable(move)
    assert store.reader.undoable(undo)
    redo = store.act(Undo(undo))
    assert store.subjects("Archive") == ["Message 1"]
    assert store.reader.undoable(move)
    assert store.reader.undoable(redo)
    store.act(Undo(move))
    assert store.subjects("INBOX") == ["Message 1"]


def test_nothing_is_taken_back_twice(store: Store) -> None:
    (message,) = store.fill("INBOX", indexed(1))
    move = store.act(MoveMessages((message,), store.folder("Archive")))
    store.act(Undo(move))
    assert "already" in store.refused(Undo(move)).what
    assert "nothing" in store.refused(Undo("no such intent")).what


def test_a_wish_that_changed_nothing_is_not_undoable(store: Store) -> None:
    (message,) = store.fill("INBOX", indexed(1, flags=Flag.SEEN))
    assert not store.reader.undoable(store.act(ChangeFlags((message,), add=Flag.SEEN)))


def test_deleting_for_good_can_be_undone_until_it_was_sent(store: Store) -> None:
    one, two = store.fill("Trash", indexed(1), indexed(2))
    store.act(ChangeFlags((one,), add=Flag.FLAGGED))
    first = store.act(DestroyMessages((one,)))
    assert store.reader.undoable(first)
    store.act(Undo(first))
    assert store.summary(one).flags == Flag.FLAGGED
    second = store.act(DestroyMessages((two,)))
    sent = [one for one in store.send() if one.kind is OperationKind.DESTROY]
    assert not store.reader.undoable(second)
    assert "any more" in store.refused(Undo(second)).what
    store.journal.done(sent[0])
    assert store.subjects("Trash") == ["Message 1"]


def test_a_copy_is_withdrawn_or_removed(store: Store) -> None:
    (message,) = store.fill("INBOX", indexed(1))
    first = store.act(CopyMessages((message,), store.folder("Projects")))
    store.act(Undo(first))
    assert store.shown("Projects") == []
    assert store.waiting() == []
    second = store.act(CopyMessages((message,), store.folder("Projects")))
    (sent,) = store.send()
    store.journal.done(sent, target_uid=8)
    store.act(Undo(second))
    assert store.shown("Projects") == []
    (operation,) = store.next()
    assert (operation.kind, operation.source, operation.uid) == (
        OperationKind.DESTROY,
        store.folder("Projects"),
        8,
    )
    assert store.subjects("INBOX") == ["Message 1"]


def test_thousands_of_messages_come_back_by_one_undo(store: Store) -> None:
    messages = store.fill("INBOX", *(indexed(uid) for uid in range(1, 1202)))
    move = store.act(MoveMessages(tuple(messages), store.folder("Archive")))
    recorded = store.journal.record("undo", Undo(move))
    assert recorded.refusal is None
    assert store.counted("INBOX") == (1201, 1201)
    assert store.waiting() == []


def test_folders_created_and_renamed_can_be_taken_back(store: Store) -> None:
    create = store.act(CreateFolder("work", "New"))
    assert store.reader.undoable(create)
    store.act(Undo(create))
    assert "New" not in [folder.path for folder in store.reader.folders("work")]
    assert store.waiting() == []
    projects = store.folder("Projects")
    rename = store.act(RenameFolder(projects, "Plans"))
    (sent,) = store.send()
    store.journal.done(sent)
    store.writer.put_folders("work", [*USUAL[:4], server_folder("Plans"), server_folder("Plans/Alpha")])
    store.act(Undo(rename))
    assert store.folder("Projects") == projects
    (back,) = store.next()
    assert (back.kind, back.path) == (OperationKind.RENAME_FOLDER, "Projects")


def test_a_new_folder_that_holds_messages_is_not_taken_back(store: Store) -> None:
    (message,) = store.fill("INBOX", indexed(1))
    create = store.act(CreateFolder("work", "New"))
    store.act(MoveMessages((message,), store.folder("New")))
    assert "messages" in store.refused(Undo(create)).what


def test_deleting_a_folder_can_be_undone_until_it_was_sent(store: Store) -> None:
    first = store.act(DeleteFolder(store.folder("Projects/Alpha")))
    store.act(Undo(first))
    assert store.folder("Projects/Alpha")
    second = store.act(DeleteFolder(store.folder("Projects/Alpha")))
    store.send()
    assert not store.reader.undoable(second)
    store.refused(Undo(second))
