"""The journal: durable, in order, never twice, and rolled back when the server refuses."""

import pytest

from mailtui.model.intent import (
    ChangeFlags,
    CopyMessages,
    CreateFolder,
    DeleteFolder,
    MoveMessages,
    RenameFolder,
    TrashMessages,
    Undo,
)
from mailtui.model.message import Flag
from mailtui.model.operation import OperationKind, OperationState
from mailtui.model.trouble import Refused
from mailtui.store import dispatch
from mailtui.store.journal import Journal
from tests.store.making import USUAL, Store, again, indexed, server_folder


def test_a_repeated_intent_changes_nothing_and_gets_the_same_answer(store: Store) -> None:
    (message,) = store.fill("INBOX", indexed(1))
    intent = CopyMessages((message,), store.folder("Projects"))
    assert store.journal.record("one", intent).accounts == ("work",)
    again = store.journal.record("one", intent)
    assert again.accounts == ("work",)
    assert not again.changes
    assert len(store.shown("Projects")) == 1


def test_a_repeated_refusal_is_the_same_refusal(store: Store) -> None:
    first = store.journal.record("one", Undo("never"))
    second = store.journal.record("one", Undo("never"))
    assert first.refusal is not None
    assert str(first.refusal) == str(second.refusal)


def test_operations_that_make_one_command_stand_together(store: Store) -> None:
    messages = store.fill("INBOX", *(indexed(uid) for uid in range(1, 7)))
    for position, message in enumerate(messages):
        if position % 2:
            store.act(MoveMessages((message,), store.folder("Archive")))
        else:
            store.act(ChangeFlags((message,), add=Flag.SEEN))
    kinds = [operation.kind for operation in store.next()]
    assert kinds == [OperationKind.FLAGS] * 3 + [OperationKind.MOVE] * 3
    assert len({dispatch.group(operation) for operation in store.next()}) == 2


def test_flags_go_before_the_move_that_came_after_them(store: Store) -> None:
    (message,) = store.fill("INBOX", indexed(1))
    store.act(ChangeFlags((message,), add=Flag.SEEN))
    store.act(MoveMessages((message,), store.folder("Archive")))
    (flags,) = store.send()
    assert flags.kind is OperationKind.FLAGS
    assert store.next() == []
    store.journal.done(flags)
    (move,) = store.next()
    assert move.kind is OperationKind.MOVE


def test_what_changed_since_it_was_read_is_not_sent(store: Store) -> None:
    one, two, three = store.fill("INBOX", indexed(1), indexed(2), indexed(3))
    store.act(MoveMessages((one, two, three), store.folder("Archive")))
    read = store.next()
    store.act(MoveMessages((one,), store.folder("Projects")))
    store.writer.vanish(store.folder("INBOX"), [2])
    sent = store.journal.sent(read, '{"uidnext": 5}')
    assert [(operation.message, operation.probe) for operation in sent] == [(three, '{"uidnext": 5}')]
    assert sent[0].state is OperationState.SENT


def test_what_is_done_becomes_the_servers_state(store: Store) -> None:
    (message,) = store.fill("INBOX", indexed(1))
    store.act(ChangeFlags((message,), add=Flag.FLAGGED))
    (sent,) = store.send()
    changes = store.journal.done(sent, modseq=99)
    assert changes
    shown = store.summary(message)
    assert shown.flags == Flag.FLAGGED
    assert not shown.pending
    assert store.reader.operations(states=[OperationState.DONE])[0].id == sent.id


def test_a_done_move_knows_its_new_uid(store: Store) -> None:
    one, two = store.fill("INBOX", indexed(1), indexed(2))
    store.act(TrashMessages((one, two)))
    sent = store.send()
    store.journal.done_many(list(zip(sent, (51, 52), strict=True)))
    assert store.writer.by_uid(store.folder("Trash"), [51, 52]) == {51: one, 52: two}
    assert len(store.writer.uids(store.folder("INBOX"))) == 0


def test_a_refused_move_returns_to_its_folder(store: Store) -> None:
    (message,) = store.fill("INBOX", indexed(1))
    store.act(MoveMessages((message,), store.folder("Projects")))
    (sent,) = store.send()
    store.journal.fail(sent, Refused("The folder is full."))
    assert store.subjects("INBOX") == ["Message 1"]
    assert store.shown("Projects") == []
    assert store.counted("INBOX") == (1, 1)
    (failed,) = store.reader.operations(states=[OperationState.FAILED])
    assert failed.trouble == "The folder is full."


def test_a_refused_copy_disappears_again(store: Store) -> None:
    (message,) = store.fill("INBOX", indexed(1))
    store.act(CopyMessages((message,), store.folder("Projects")))
    store.act(ChangeFlags((store.shown("Projects")[0].id,), add=Flag.SEEN))
    (sent,) = store.send()
    store.journal.fail(sent, Refused("No."))
    assert store.shown("Projects") == []
    assert store.waiting() == []


def test_a_parked_operation_blocks_nobody_and_can_be_tried_again(store: Store) -> None:
    one, two = store.fill("INBOX", indexed(1), indexed(2))
    store.act(MoveMessages((one,), store.folder("Projects")))
    (sent,) = store.send()
    store.journal.park(sent, Refused("Not now."))
    assert store.reader.waiting("work") == (0, 1)
    assert store.subjects("Projects") == ["Message 1"]
    store.act(ChangeFlags((one, two), add=Flag.SEEN))
    assert len(store.next()) == 2
    store.journal.revive([sent.id])
    kinds = {(operation.message, operation.kind) for operation in store.next()}
    assert (one, OperationKind.MOVE) in kinds


def test_what_waits_for_its_time_can_be_tried_now(store: Store) -> None:
    (message,) = store.fill("INBOX", indexed(1))
    store.act(MoveMessages((message,), store.folder("Projects")))
    (sent,) = store.send()
    store.journal.retry(sent, store.writer.now() + 900, Refused("Not now."))
    assert store.next() == []
    store.journal.revive([sent.id])
    assert [operation.id for operation in store.next()] == [sent.id]


def test_a_discarded_operation_gives_back_what_the_server_has(store: Store) -> None:
    (message,) = store.fill("INBOX", indexed(1))
    store.act(MoveMessages((message,), store.folder("Projects")))
    (sent,) = store.send()
    store.journal.park(sent, Refused("Not now."))
    store.journal.discard([sent.id])
    assert store.subjects("INBOX") == ["Message 1"]
    assert store.waiting() == []


def test_a_failed_operation_can_be_tried_again(store: Store) -> None:
    (message,) = store.fill("INBOX", indexed(1))
    store.act(MoveMessages((message,), store.folder("Projects")))
    (sent,) = store.send()
    store.journal.fail(sent, Refused("No."))
    store.journal.revive([sent.id])
    assert store.subjects("Projects") == ["Message 1"]
    assert [operation.id for operation in store.next()] == [sent.id]


def test_a_retry_waits_and_folds_with_what_came_since(store: Store) -> None:
    (message,) = store.fill("INBOX", indexed(1))
    store.act(MoveMessages((message,), store.folder("Projects")))
    (sent,) = store.send()
    store.act(MoveMessages((message,), store.folder("Archive")))
    store.journal.retry(sent, store.writer.now() + 60)
    assert store.next() == []
    store.clock.pass_by(61)
    (operation,) = store.next()
    assert (operation.source, operation.target) == (store.folder("INBOX"), store.folder("Archive"))


def test_a_retried_move_that_was_taken_back_meanwhile_is_gone(store: Store) -> None:
    (message,) = store.fill("INBOX", indexed(1))
    intent = store.act(MoveMessages((message,), store.folder("Projects")))
    (sent,) = store.send()
    store.act(Undo(intent))
    assert store.subjects("INBOX") == ["Message 1"]
    store.journal.retry(sent, 0)
    assert store.waiting() == []
    assert store.subjects("INBOX") == ["Message 1"]


def test_after_a_crash_what_was_sent_comes_first_to_be_probed(store: Store) -> None:
    one, two = store.fill("INBOX", indexed(1), indexed(2))
    store.act(MoveMessages((one,), store.folder("Projects")))
    store.journal.sent(store.next(), '{"uidnext": 9}')
    store.act(ChangeFlags((two,), add=Flag.SEEN))
    assert [operation.message for operation in store.next()] == [two]
    reborn = Journal(store.writer)
    (lost,) = reborn.next("work", store.writer.now())
    assert (lost.state, lost.message, lost.probe, lost.uid) == (OperationState.SENT, one, '{"uidnext": 9}', 1)
    assert [operation.message for operation in reborn.next("work", store.writer.now())] == [two]
    reborn.unsure([lost])
    assert [operation.message for operation in reborn.next("work", store.writer.now())] == [one]


def test_the_servers_own_news_of_a_move_meets_the_moved_row(store: Store) -> None:
    told = indexed(1)
    (message,) = store.fill("INBOX", told)
    store.act(MoveMessages((message,), store.folder("Projects")))
    (sent,) = store.send()
    store.index("Projects", again(told, 40))
    assert [summary.id for summary in store.shown("Projects")] == [message]
    store.index("INBOX", told)  # an echo from before the move
    assert store.shown("INBOX") == []
    store.journal.done(sent, target_uid=40)
    store.writer.vanish(store.folder("INBOX"), [1])
    assert [summary.id for summary in store.shown("Projects")] == [message]
    assert store.writer.location(message) == (store.folder("Projects"), 40, 7)


def test_two_rows_that_turn_out_to_be_one_message_become_one(store: Store) -> None:
    told = indexed(1)
    (message,) = store.fill("INBOX", told)
    store.act(MoveMessages((message,), store.folder("Projects")))
    (sent,) = store.send()
    stranger = again(told, 40, size=5)  # a server that counts sizes differently in each folder
    store.index("Projects", stranger)
    assert len(store.shown("Projects")) == 2
    store.journal.done(sent, target_uid=40)
    assert [summary.id for summary in store.shown("Projects")] == [message]


def test_echoes_never_overwrite_a_wish(store: Store) -> None:
    (message,) = store.fill("INBOX", indexed(1))
    store.act(ChangeFlags((message,), add=Flag.SEEN))
    folder = store.folder("INBOX")
    store.writer.update_flags(folder, [(1, Flag.FLAGGED, (), 5)])
    assert store.summary(message).flags == Flag.SEEN | Flag.FLAGGED
    (sent,) = store.send()
    store.writer.update_flags(folder, [(1, Flag.NONE, (), 6)])
    assert store.summary(message).flags == Flag.SEEN
    store.journal.done(sent, modseq=9)
    store.writer.update_flags(folder, [(1, Flag.NONE, (), 7)])  # older than our own change
    assert store.summary(message).flags == Flag.SEEN
    store.writer.update_flags(folder, [(1, Flag.NONE, (), 10)])
    assert store.summary(message).flags == Flag.NONE


def test_a_new_folder_is_shown_and_used_before_the_server_has_it(store: Store) -> None:
    (message,) = store.fill("INBOX", indexed(1))
    store.act(CreateFolder("work", "Projects/Beta"))
    store.act(MoveMessages((message,), store.folder("Projects/Beta")))
    assert store.subjects("Projects/Beta") == ["Message 1"]
    (create,) = store.send()
    assert (create.kind, create.path) == (OperationKind.CREATE_FOLDER, "Projects/Beta")
    store.journal.done(create)
    assert store.next() == []  # its name on the wire is not known yet
    store.writer.put_folders("work", [*USUAL, server_folder("Projects/Beta")])
    (move,) = store.next()
    assert move.target == store.folder("Projects/Beta")


def test_a_refused_folder_goes_with_what_was_wanted_of_it(store: Store) -> None:
    (message,) = store.fill("INBOX", indexed(1))
    store.act(CreateFolder("work", "Nope"))
    store.act(MoveMessages((message,), store.folder("Nope")))
    (create,) = store.send()
    store.journal.fail(create, Refused("No."))
    assert store.subjects("INBOX") == ["Message 1"]
    assert "Nope" not in [folder.path for folder in store.reader.folders("work")]
    assert store.waiting() == []


def test_a_rename_takes_what_is_below_along(store: Store) -> None:
    projects, alpha = store.folder("Projects"), store.folder("Projects/Alpha")
    store.act(RenameFolder(projects, "Plans"))
    assert store.folder("Plans") == projects
    assert store.folder("Plans/Alpha") == alpha
    (rename,) = store.send()
    assert (rename.source, rename.path) == (projects, "Plans")
    store.writer.put_folders("work", USUAL)  # an echo from before
    assert store.folder("Plans/Alpha") == alpha
    store.journal.done(rename)
    renamed = [*USUAL[:4], server_folder("Plans"), server_folder("Plans/Alpha")]
    store.writer.put_folders("work", renamed)
    assert (store.folder("Plans"), store.folder("Plans/Alpha")) == (projects, alpha)
    assert store.writer.raw_name(alpha) == b"Plans/Alpha"


def test_a_rename_that_the_server_tells_of_first_is_the_same_folder(store: Store) -> None:
    projects, alpha = store.folder("Projects"), store.folder("Projects/Alpha")
    store.act(RenameFolder(projects, "Plans"))
    (rename,) = store.send()
    store.writer.put_folders("work", [*USUAL[:4], server_folder("Plans"), server_folder("Plans/Alpha")])
    assert (store.folder("Plans"), store.folder("Plans/Alpha")) == (projects, alpha)
    store.journal.done(rename)
    assert (store.folder("Plans"), store.folder("Plans/Alpha")) == (projects, alpha)
    assert store.writer.raw_name(projects) == b"Plans"


def test_a_refused_rename_is_taken_back(store: Store) -> None:
    projects = store.folder("Projects")
    store.act(RenameFolder(projects, "Plans"))
    (rename,) = store.send()
    store.journal.fail(rename, Refused("No."))
    assert store.folder("Projects") == projects
    assert store.folder("Projects/Alpha")


def test_folder_operations_wait_for_earlier_wishes_in_them_and_hold_later_ones(store: Store) -> None:
    (message,) = store.fill("Projects/Alpha", indexed(1))
    projects = store.folder("Projects")
    store.act(ChangeFlags((message,), add=Flag.SEEN))
    store.act(RenameFolder(projects, "Plans"))
    (flags,) = store.next()
    assert flags.kind is OperationKind.FLAGS
    (sent,) = store.send()
    store.journal.done(sent)
    store.act(ChangeFlags((message,), add=Flag.FLAGGED))
    (rename,) = store.next()
    assert rename.kind is OperationKind.RENAME_FOLDER


def test_a_deleted_folder_is_hidden_and_goes_when_the_server_agrees(store: Store) -> None:
    store.fill("Projects/Alpha", indexed(1))
    alpha = store.folder("Projects/Alpha")
    assert "below it" in store.refused(DeleteFolder(store.folder("Projects"))).what
    store.act(DeleteFolder(alpha))
    assert store.reader.folder(alpha) is None
    (delete,) = store.send()
    store.journal.done(delete)
    store.clock.pass_by(10)
    store.writer.purge_missing("work")
    store.act(CreateFolder("work", "Projects/Alpha"))
    assert store.shown("Projects/Alpha") == []
    assert store.folder("Projects/Alpha") != alpha


@pytest.mark.parametrize("path", ["", "Projects", "a//b", "inbox", "bad\x1bname", "x" * 501, " / "])
def test_a_folder_name_that_can_not_be_is_refused(store: Store, path: str) -> None:
    store.refused(CreateFolder("work", path))
    assert store.waiting() == []


def test_the_inbox_is_neither_renamed_nor_deleted(store: Store) -> None:
    inbox = store.folder("INBOX")
    store.refused(RenameFolder(inbox, "Other"))
    store.refused(DeleteFolder(inbox))
    store.refused(RenameFolder(store.folder("Projects"), "Projects/Below"))


def test_waiting_counts_operations_and_those_that_need_the_user(store: Store) -> None:
    one, two = store.fill("INBOX", indexed(1), indexed(2))
    store.act(ChangeFlags((one, two), add=Flag.SEEN))
    assert store.reader.waiting("work") == (2, 0)
    first, _ = store.send()
    store.journal.park(first, Refused("No."))
    assert store.reader.waiting("work") == (1, 1)
    assert store.reader.waiting("home") == (0, 0)


def test_what_is_finished_is_forgotten_after_a_while(store: Store) -> None:
    (message,) = store.fill("INBOX", indexed(1))
    intent = store.act(ChangeFlags((message,), add=Flag.SEEN))
    (sent,) = store.send()
    store.journal.done(sent)
    store.journal.prune()
    assert store.reader.undoable(intent)
    store.clock.pass_by(30 * 24 * 3600)
    store.journal.prune()
    assert not store.reader.undoable(intent)
    assert store.reader.operations(states=list(OperationState)) == []
