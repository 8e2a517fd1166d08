"""A wish shows at once; what waits for the server is folded to the least that makes it true."""

import pytest

from mailtui.model.event import FolderChanged
from mailtui.model.intent import (
    ArchiveMessages,
    ChangeFlags,
    CopyMessages,
    DestroyMessages,
    MoveMessages,
    TrashMessages,
)
from mailtui.model.message import Flag
from mailtui.model.operation import OperationKind
from mailtui.model.part import Body
from tests.store.making import USUAL, Store, indexed


def test_a_flag_shows_at_once_and_waits_as_a_delta(store: Store) -> None:
    (message,) = store.fill("INBOX", indexed(1))
    store.act(ChangeFlags((message,), add=Flag.SEEN | Flag.FLAGGED, add_keywords=("$Work",)))
    shown = store.summary(message)
    assert shown.flags == Flag.SEEN | Flag.FLAGGED
    assert shown.keywords == ("$Work",)
    assert shown.pending
    assert store.counted("INBOX") == (1, 0)
    (operation,) = store.next()
    assert operation.kind is OperationKind.FLAGS
    assert (operation.source, operation.uid, operation.uidvalidity) == (store.folder("INBOX"), 1, 7)
    assert (operation.add, operation.remove) == (Flag.SEEN | Flag.FLAGGED, Flag.NONE)
    assert operation.add_keywords == ("$Work",)


def test_a_flag_that_is_set_already_is_no_operation(store: Store) -> None:
    (message,) = store.fill("INBOX", indexed(1, flags=Flag.SEEN))
    store.act(ChangeFlags((message,), add=Flag.SEEN, remove=Flag.FLAGGED, remove_keywords=("none",)))
    assert store.waiting() == []
    assert not store.summary(message).pending


def test_a_flag_set_and_taken_away_unsent_leaves_nothing_to_do(store: Store) -> None:
    (message,) = store.fill("INBOX", indexed(1))
    store.act(ChangeFlags((message,), add=Flag.FLAGGED, add_keywords=("a",)))
    store.act(ChangeFlags((message,), remove=Flag.FLAGGED, remove_keywords=("a",)))
    assert store.waiting() == []
    assert store.summary(message).flags == Flag.NONE


def test_of_flag_changes_the_last_wins_in_one_operation(store: Store) -> None:
    (message,) = store.fill("INBOX", indexed(1, flags=Flag.ANSWERED))
    store.act(ChangeFlags((message,), add=Flag.SEEN))
    store.act(ChangeFlags((message,), add=Flag.FLAGGED, remove=Flag.ANSWERED))
    store.act(ChangeFlags((message,), add=Flag.ANSWERED, remove=Flag.SEEN))
    (operation,) = store.next()
    assert (operation.add, operation.remove) == (Flag.FLAGGED, Flag.NONE)


def test_a_change_after_one_was_sent_waits_for_it(store: Store) -> None:
    (message,) = store.fill("INBOX", indexed(1))
    store.act(ChangeFlags((message,), add=Flag.SEEN))
    (sent,) = store.send()
    store.act(ChangeFlags((message,), remove=Flag.SEEN))
    assert store.summary(message).unread
    assert store.next() == []
    store.journal.done(sent)
    assert store.summary(message).unread
    (operation,) = store.next()
    assert operation.remove == Flag.SEEN


def test_a_move_shows_in_the_target_at_once_under_the_same_id(store: Store) -> None:
    one, two = store.fill("INBOX", indexed(1), indexed(2, flags=Flag.SEEN))
    changes = store.journal.record("i", MoveMessages((one, two), store.folder("Projects"))).changes
    assert FolderChanged(store.folder("INBOX"), removed=(one, two)) in changes.events
    assert FolderChanged(store.folder("Projects"), added=(one, two)) in changes.events
    assert store.shown("INBOX") == []
    assert [summary.id for summary in store.shown("Projects")] == [two, one]
    assert store.counted("INBOX") == (0, 0)
    assert store.counted("Projects") == (2, 1)


def test_two_moves_are_one_and_there_and_back_is_none(store: Store) -> None:
    (message,) = store.fill("INBOX", indexed(1))
    store.act(MoveMessages((message,), store.folder("Projects")))
    store.act(MoveMessages((message,), store.folder("Projects/Alpha")))
    (operation,) = store.next()
    assert (operation.source, operation.target) == (store.folder("INBOX"), store.folder("Projects/Alpha"))
    store.act(MoveMessages((message,), store.folder("INBOX")))
    assert store.waiting() == []
    assert not store.summary(message).pending


def test_a_move_after_one_was_sent_goes_on_from_there(store: Store) -> None:
    (message,) = store.fill("INBOX", indexed(1))
    store.act(MoveMessages((message,), store.folder("Projects")))
    (sent,) = store.send()
    store.act(MoveMessages((message,), store.folder("Archive")))
    assert store.next() == []
    store.journal.done(sent, target_uid=40)
    (operation,) = store.next()
    assert (operation.source, operation.uid) == (store.folder("Projects"), 40)
    assert operation.target == store.folder("Archive")
    assert store.subjects("Archive") == ["Message 1"]


def test_a_move_waits_while_the_new_uid_is_not_known(store: Store) -> None:
    (message,) = store.fill("INBOX", indexed(1))
    store.act(MoveMessages((message,), store.folder("Projects")))
    (sent,) = store.send()
    store.journal.done(sent)
    store.act(ChangeFlags((message,), add=Flag.SEEN))
    assert store.next() == []
    assert store.subjects("Projects") == ["Message 1"]
    store.index("Projects", indexed(40, "Message 1", message_id="<1.@example.net>", size=1001))
    assert [summary.id for summary in store.shown("Projects")] == [message]
    (operation,) = store.next()
    assert operation.uid == 40


def test_archive_and_trash_find_the_folders_of_each_account(store: Store) -> None:
    store.usual_folders("home", "alice@example.com")
    (here,) = store.fill("INBOX", indexed(1))
    home = store.folder("INBOX", "home")
    store.writer.index(home, [indexed(9)])
    there = store.writer.by_uid(home, [9])[9]
    store.act(ArchiveMessages((here, there)))
    assert store.summary(here).folder == store.folder("Archive", "work")
    assert store.summary(there).folder == store.folder("Archive", "home")
    store.act(TrashMessages((here, there)))
    assert store.summary(here).folder == store.folder("Trash", "work")
    assert store.summary(there).folder == store.folder("Trash", "home")


def test_without_a_role_folder_it_is_refused_with_advice(store: Store) -> None:
    (message,) = store.fill("INBOX", indexed(1))
    store.writer.put_folders("work", USUAL[:1])
    trouble = store.refused(TrashMessages((message,)))
    assert "no trash folder" in trouble.what
    assert trouble.advice
    assert store.waiting() == []


def test_moving_to_another_account_is_refused(store: Store) -> None:
    store.usual_folders("home", "alice@example.com")
    (message,) = store.fill("INBOX", indexed(1))
    assert (
        "within their account" in store.refused(MoveMessages((message,), store.folder("INBOX", "home"))).what
    )
    assert store.subjects("INBOX") == ["Message 1"]


def test_only_trash_junk_and_drafts_can_be_emptied(store: Store) -> None:
    (message,) = store.fill("INBOX", indexed(1))
    assert "deleted for good" in store.refused(DestroyMessages((message,))).what
    store.act(TrashMessages((message,)))
    store.act(DestroyMessages((message,)))
    assert store.shown("INBOX") == store.shown("Trash") == []
    assert store.counted("Trash") == (0, 0)
    (operation,) = store.next()
    assert operation.kind is OperationKind.DESTROY
    assert operation.source == store.folder("INBOX")  # the move to Trash need not happen first
    (sent,) = store.send()
    store.journal.done(sent)
    assert store.reader.message(message) is None


def test_a_copy_shows_at_once_with_its_body_and_is_made_once(store: Store) -> None:
    (message,) = store.fill("INBOX", indexed(1))
    store.writer.put_body(message, Body("text of it"))
    store.act(CopyMessages((message,), store.folder("Projects")))
    (copy,) = store.shown("Projects")
    assert copy.id != message
    assert copy.pending
    assert store.reader.body(copy.id) == Body("text of it")
    (sent,) = store.send()
    assert (sent.kind, sent.source, sent.uid) == (OperationKind.COPY, store.folder("INBOX"), 1)
    store.journal.done(sent, target_uid=77)
    assert store.writer.location(copy.id) == (store.folder("Projects"), 77, 7)
    assert not store.summary(copy.id).pending
    assert not store.summary(message).pending


def test_what_is_wanted_of_a_copy_waits_until_it_is_there(store: Store) -> None:
    (message,) = store.fill("INBOX", indexed(1))
    store.act(CopyMessages((message,), store.folder("Projects")))
    (copy,) = store.shown("Projects")
    store.act(ChangeFlags((copy.id,), add=Flag.FLAGGED))
    store.act(MoveMessages((copy.id,), store.folder("Archive")))
    (sent,) = store.send()
    assert sent.kind is OperationKind.COPY
    store.journal.done(sent, target_uid=77)
    assert [operation.kind for operation in store.next()] == [OperationKind.FLAGS]
    assert [summary.id for summary in store.shown("Archive")] == [copy.id]


@pytest.mark.parametrize(
    "word", ["two words", "par(en", 'quote"', "back\\slash", "star*", "", "née", "a\r\nb"]
)
def test_a_word_that_can_be_no_keyword_is_refused(store: Store, word: str) -> None:
    (message,) = store.fill("INBOX", indexed(1))
    store.refused(ChangeFlags((message,), add_keywords=(word,)))
    assert store.waiting() == []


def test_thousands_of_messages_move_as_one_intent(store: Store) -> None:
    messages = store.fill("INBOX", *(indexed(uid) for uid in range(1, 1701)))
    recorded = store.journal.record("big", MoveMessages(tuple(messages), store.folder("Archive")))
    assert recorded.accounts == ("work",)
    assert FolderChanged(store.folder("Archive"), many=True) in recorded.changes.events
    assert store.counted("INBOX") == (0, 0)
    assert store.counted("Archive") == (1700, 1700)
    operations = store.next()
    assert len(operations) == 500
    assert len({(one.kind, one.source, one.target) for one in operations}) == 1


def test_messages_that_are_gone_are_left_out(store: Store) -> None:
    (message,) = store.fill("INBOX", indexed(1))
    store.act(ChangeFlags((message, 4711), add=Flag.SEEN))
    assert len(store.waiting()) == 1
