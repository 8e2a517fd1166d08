"""A message that is gone leaves the view at once, and is found again where it turns up."""

from mailtui.model.event import FolderChanged
from mailtui.model.intent import ChangeFlags, CopyMessages, MoveMessages
from mailtui.model.message import Flag
from mailtui.model.operation import OperationState
from mailtui.model.part import Body
from tests.store import checking
from tests.store.making import Store, again, indexed


def test_a_vanished_message_leaves_the_view_at_once(store: Store) -> None:
    one, two = store.fill("INBOX", indexed(1), indexed(2))
    changes = store.writer.vanish(store.folder("INBOX"), [1, 99])
    assert FolderChanged(store.folder("INBOX"), removed=(one,)) in changes.events
    assert [summary.id for summary in store.shown("INBOX")] == [two]
    assert store.counted("INBOX") == (1, 1)


def test_moved_by_another_program_it_keeps_its_id_and_body(store: Store) -> None:
    told = indexed(1)
    (message,) = store.fill("INBOX", told)
    store.writer.put_body(message, Body("kept"))
    store.writer.vanish(store.folder("INBOX"), [1])
    changes = store.index("Projects", again(told, 12, flags=Flag.SEEN))
    assert FolderChanged(store.folder("Projects"), added=(message,)) in changes.events
    assert changes.arrived == ()
    assert store.summary(message).flags == Flag.SEEN
    assert store.reader.body(message) == Body("kept")
    assert store.writer.location(message) == (store.folder("Projects"), 12, 7)


def test_seen_elsewhere_before_it_was_missed_its_body_goes_along(store: Store) -> None:
    told = indexed(1)
    (message,) = store.fill("INBOX", told)
    store.writer.put_body(message, Body("kept words"))
    store.index("Projects", again(told, 12))
    store.writer.vanish(store.folder("INBOX"), [1])
    store.clock.pass_by(1)
    store.writer.purge_missing("work")
    (moved,) = store.shown("Projects")
    assert store.reader.body(moved.id) == Body("kept words")
    checking.whole(store.path)


def test_what_is_found_nowhere_is_purged_after_the_pass(store: Store) -> None:
    (message,) = store.fill("INBOX", indexed(1))
    begun = store.writer.now()
    store.clock.pass_by(5)
    store.writer.vanish(store.folder("INBOX"), [1])
    store.writer.purge_missing("work", before=begun)
    assert store.reader.message(message) is not None
    store.writer.purge_missing("work")
    assert store.reader.message(message) is None
    checking.whole(store.path)


def test_a_purge_takes_downloaded_parts_along(store: Store) -> None:
    (message,) = store.fill("INBOX", indexed(1))
    descriptor, path = store.writer.create_part_file(message, "2")
    open(descriptor, "wb").close()
    place = store.writer.put_part_path(message, "2", path, 0)
    store.writer.vanish(store.folder("INBOX"), [1])
    store.writer.purge_missing("work")
    assert not place.exists()


def test_a_wish_to_move_it_keeps_it_in_view_until_the_pass_is_over(store: Store) -> None:
    (message,) = store.fill("INBOX", indexed(1))
    store.act(MoveMessages((message,), store.folder("Projects")))
    store.writer.vanish(store.folder("INBOX"), [1])
    assert [summary.id for summary in store.shown("Projects")] == [message]
    store.writer.purge_missing("work")
    assert store.shown("Projects") == []
    (failed,) = store.reader.operations(states=[OperationState.FAILED])
    assert "no longer there" in failed.trouble


def test_a_message_moved_elsewhere_still_goes_where_it_was_wanted(store: Store) -> None:
    told = indexed(1)
    (message,) = store.fill("INBOX", told)
    store.act(MoveMessages((message,), store.folder("Projects")))
    store.act(ChangeFlags((message,), add=Flag.FLAGGED))
    store.writer.vanish(store.folder("INBOX"), [1])
    store.index("Archive", again(told, 3))
    assert [summary.id for summary in store.shown("Projects")] == [message]
    assert {(one.source, one.uid) for one in store.waiting()} == {(store.folder("Archive"), 3)}


def test_a_message_that_another_program_moved_where_it_was_wanted_is_one_row(store: Store) -> None:
    told = indexed(1)
    (message,) = store.fill("INBOX", told)
    store.act(MoveMessages((message,), store.folder("Projects")))
    store.index("Projects", again(told, 3))
    store.writer.vanish(store.folder("INBOX"), [1])
    assert [summary.id for summary in store.shown("Projects")] == [message]
    assert store.waiting() == []
    checking.check(store.path)


def test_the_same_when_it_was_missed_first(store: Store) -> None:
    told = indexed(1)
    (message,) = store.fill("INBOX", told)
    store.act(MoveMessages((message,), store.folder("Projects")))
    store.writer.vanish(store.folder("INBOX"), [1])
    store.index("Projects", again(told, 3))
    assert [summary.id for summary in store.shown("Projects")] == [message]
    assert store.waiting() == []


def test_a_copy_by_another_program_is_not_taken_for_ours(store: Store) -> None:
    told = indexed(1)
    (message,) = store.fill("INBOX", told)
    store.act(CopyMessages((message,), store.folder("Projects")))
    store.index("Projects", again(told, 3))
    assert len(store.shown("Projects")) == 2
    (sent,) = store.send()
    store.journal.done(sent, target_uid=4)
    assert sorted(store.writer.uids(store.folder("Projects"))) == [3, 4]


def test_twins_are_told_apart_by_size_and_each_is_claimed_once(store: Store) -> None:
    told = indexed(1, message_id="<same@example.org>")
    other = indexed(2, message_id="<same@example.org>", size=told.size, received=told.received)
    bigger = indexed(3, message_id="<same@example.org>", size=5_000_000)
    ids = store.fill("INBOX", told, other, bigger)
    store.writer.vanish(store.folder("INBOX"), [1, 2, 3])
    store.index("Projects", again(bigger, 11), again(told, 12), again(told, 13), again(told, 14))
    shown = {summary.id for summary in store.shown("Projects")}
    assert set(ids) < shown
    assert len(shown) == 4
    assert store.writer.by_uid(store.folder("Projects"), [11]) == {11: ids[2]}


def test_a_new_uidvalidity_keeps_rows_bodies_and_wishes(store: Store) -> None:
    told = [indexed(uid) for uid in range(1, 4)]
    ids = store.fill("INBOX", *told)
    store.writer.put_body(ids[0], Body("kept"))
    store.act(ChangeFlags((ids[0],), add=Flag.FLAGGED))
    store.act(MoveMessages((ids[1],), store.folder("Archive")))
    folder = store.folder("INBOX")
    store.writer.reset_folder(folder, 8)
    assert store.writer.folder_state(folder).uidvalidity == 8
    assert {summary.id for summary in store.shown("INBOX")} == {ids[0], ids[2]}
    assert len(store.writer.uids(folder)) == 0
    assert store.next() == []
    store.index("INBOX", again(told[0], 101), again(told[1], 102))
    assert {(one.uid, one.uidvalidity) for one in store.next()} == {(101, 8), (102, 8)}
    assert store.reader.body(ids[0]) == Body("kept")
    assert store.summary(ids[0]).flags == Flag.FLAGGED
    store.clock.pass_by(1)
    store.writer.purge_missing("work")
    assert [summary.id for summary in store.shown("INBOX")] == [ids[0]]


def test_a_move_under_way_survives_the_news_that_it_left(store: Store) -> None:
    told = indexed(1)
    (message,) = store.fill("INBOX", told)
    store.act(MoveMessages((message,), store.folder("Projects")))
    (sent,) = store.send()
    store.writer.vanish(store.folder("INBOX"), [1])
    store.clock.pass_by(1)
    store.writer.purge_missing("work")
    assert [summary.id for summary in store.shown("Projects")] == [message]
    store.journal.done(sent)
    assert [summary.id for summary in store.shown("Projects")] == [message]
    store.index("Projects", again(told, 30))
    assert [summary.id for summary in store.shown("Projects")] == [message]


def test_ranges_may_name_any_number_that_never_were(store: Store) -> None:
    one, two, three, _ = store.fill("INBOX", *(indexed(uid) for uid in (1, 7, 4_000_000_000, 9)))
    (elsewhere,) = store.fill("Archive", indexed(7, "elsewhere"))
    changes = store.writer.vanish_ranges(store.folder("INBOX"), [(5, 8), (10, 4_294_967_295), (7, 7)])
    assert {
        ident for event in changes.events if isinstance(event, FolderChanged) for ident in event.removed
    } == {
        two,
        three,
    }
    assert list(store.writer.uids(store.folder("INBOX"))) == [1, 9]
    assert [summary.id for summary in store.shown("Archive")] == [elsewhere]
    assert one in [summary.id for summary in store.shown("INBOX")]
    checking.whole(store.path)


def test_more_than_one_transaction_holds_vanish_by_one_range(store: Store) -> None:
    store.fill("INBOX", *(indexed(uid) for uid in range(1, 1_203)))
    store.writer.vanish_ranges(store.folder("INBOX"), [(2, 4_294_967_295)])
    assert list(store.writer.uids(store.folder("INBOX"))) == [1]


def test_thousands_of_ranges(store: Store) -> None:
    store.fill("INBOX", *(indexed(uid) for uid in range(1, 1_203)))
    store.writer.vanish_ranges(store.folder("INBOX"), [(uid, uid) for uid in range(2, 1_203, 2)])
    assert list(store.writer.uids(store.folder("INBOX"))) == list(range(1, 1_203, 2))
