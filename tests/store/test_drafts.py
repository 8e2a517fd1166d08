"""Drafts and their copies on the server: one wish for all that is typed, and no copy forgotten."""

from pathlib import Path

import pytest

from mailtui.model.draft import Attachment, Draft, Stage
from mailtui.model.operation import Operation, OperationKind, OperationState
from mailtui.model.trouble import Refused
from mailtui.store.copies import Copy
from mailtui.store.drafts import LONGEST, QUIET, Drafts
from mailtui.store.journal import Journal
from mailtui.store.outbox import Outbox
from tests.store.making import Store


@pytest.fixture
def drafts(store: Store) -> Drafts:
    return Drafts(store.writer)


@pytest.fixture
def journal(store: Store) -> Journal:
    return Journal(store.writer)


def draft(body: str = "Hello", **fields: object) -> Draft:
    return Draft("d1", "work", "alice@example.org", body=body, **fields)  # type: ignore[arg-type]  # by name


def copy(uid: int, message_id: str = "") -> Copy:
    return Copy("d1", "work", 3, 7, uid, message_id or f"<{uid}@x>", "version")


def operations(store: Store) -> list[Operation]:
    return [one for one in store.reader.operations() if one.kind is OperationKind.DRAFT]


def next_(store: Store, journal: Journal) -> list[Operation]:
    return journal.next("work", store.writer.now(), drafts=True)


def test_all_that_is_typed_is_one_operation_that_waits_for_a_pause(
    store: Store, drafts: Drafts, journal: Journal
) -> None:
    for number in range(5):
        drafts.save(draft(f"{number}"))
        store.clock.pass_by(QUIET - 1)
        assert next_(store, journal) == []
    store.clock.pass_by(1)
    (operation,) = next_(store, journal)
    assert operation.draft == "d1"
    assert journal.next("work", store.writer.now()) == []  # not among the others


def test_whoever_never_pauses_has_a_copy_after_a_while(
    store: Store, drafts: Drafts, journal: Journal
) -> None:
    for number in range(LONGEST // 4 + 1):
        drafts.save(draft(f"{number}"))
        store.clock.pass_by(4)
    assert len(next_(store, journal)) == 1


def test_large_attachments_wait_longer(store: Store, drafts: Drafts, journal: Journal) -> None:
    drafts.save(draft(), octets=2_000_000)
    store.clock.pass_by(QUIET + 19)
    assert next_(store, journal) == []
    store.clock.pass_by(1)
    assert next_(store, journal)


def test_who_is_done_for_now_need_not_wait(store: Store, drafts: Drafts, journal: Journal) -> None:
    drafts.save(draft())
    drafts.save(draft(), settled=True)
    assert len(next_(store, journal)) == 1


def test_one_version_at_a_time_is_on_its_way(store: Store, drafts: Drafts, journal: Journal) -> None:
    drafts.save(draft(), settled=True)
    journal.sent(next_(store, journal), "{}")
    drafts.save(draft("more"), settled=True)
    assert next_(store, journal) == []
    (first, second) = operations(store)
    journal.done(first)
    assert next_(store, journal) == [second]
    journal.done(journal.sent([second])[0])
    assert operations(store) == []


def test_a_version_that_was_not_taken_goes_with_the_next(
    store: Store, drafts: Drafts, journal: Journal
) -> None:
    drafts.save(draft(), settled=True)
    (sent,) = journal.sent(next_(store, journal))
    drafts.save(draft("more"), settled=True)
    journal.retry(sent, store.writer.now() + 30)
    (operation,) = operations(store)
    assert (operation.id, operation.state, operation.next_try) == (
        sent.id,
        OperationState.QUEUED,
        store.writer.now() + 30,
    )


def test_a_parked_one_waits_for_the_user_or_until_they_leave_the_draft(
    store: Store, drafts: Drafts, journal: Journal
) -> None:
    drafts.save(draft(), settled=True)
    (sent,) = journal.sent(next_(store, journal))
    journal.park(sent, Refused("The mailbox is full."))
    drafts.save(draft("more"))
    store.clock.pass_by(LONGEST)
    assert next_(store, journal) == []
    assert [one.trouble for one in operations(store)] == ["The mailbox is full."]
    drafts.save(draft("and more"), settled=True)
    assert len(next_(store, journal)) == 1
    journal.park(journal.sent(next_(store, journal))[0], Refused("The mailbox is full."))
    journal.revive([operations(store)[0].id])
    assert len(next_(store, journal)) == 1
    journal.discard([operations(store)[0].id])
    assert operations(store) == []
    assert store.reader.draft("d1") == draft("and more", saved=store.writer.now())


def test_a_new_copy_makes_the_older_ones_stale_in_every_account(store: Store, drafts: Drafts) -> None:
    drafts.save(draft(), settled=True)
    drafts.copied(copy(1))
    drafts.copied(Copy("d1", "home", 9, 7, 1, "<h@x>", "version"))
    drafts.copied(copy(2))
    drafts.copied(copy(2))  # the answer came twice
    assert [(one.uid, one.stale) for one in drafts.copies("d1", "work")] == [(1, True), (2, False)]
    assert [one.stale for one in drafts.copies("d1", "home")] == [True]
    drafts.removed([one for one in drafts.copies("d1", "work") if one.stale])
    assert [one.uid for one in drafts.copies("d1", "work")] == [2]


def test_thrown_away_before_it_got_anywhere_there_is_nothing_to_do(store: Store, drafts: Drafts) -> None:
    drafts.save(draft(), settled=True)
    assert drafts.discard("d1") == ()
    assert operations(store) == []


@pytest.mark.parametrize("known", [True, False])
def test_thrown_away_while_it_is_put_there_it_goes_afterwards(
    store: Store, drafts: Drafts, journal: Journal, known: bool
) -> None:
    drafts.save(draft(), settled=True)
    (sent,) = journal.sent(next_(store, journal))
    if known:
        drafts.copied(copy(1))
    assert drafts.discard("d1") == ("work",)
    journal.done(sent)
    assert len(next_(store, journal)) == 1


def test_what_has_left_leaves_no_copy_behind(store: Store, drafts: Drafts, journal: Journal) -> None:
    outbox = Outbox(store.writer)
    drafts.save(draft(), settled=True)
    journal.done(journal.sent(next_(store, journal))[0])
    drafts.copied(copy(1))
    item = outbox.queue(
        "send",
        account="work",
        source=b"x",
        sender="a@b",
        recipients=["c@d"],
        subject="",
        message_id="<1@x>",
        not_before=store.writer.now(),
        draft=draft(),
    )
    outbox.stage(item.id, Stage.SENDING)
    assert operations(store) == []
    outbox.stage(item.id, Stage.SENT_UNFILED)
    assert len(next_(store, journal)) == 1


def test_attachments_from_other_messages_outlive_those(store: Store, drafts: Drafts, tmp_path: Path) -> None:
    part = store.writer.parts / "ab" / "cdef"
    part.parent.mkdir(parents=True)
    part.write_bytes(b"The notes")
    own = tmp_path / "own.txt"
    own.write_text("mine")
    files = (Attachment(str(part), "notes.txt"), Attachment(str(own), "own.txt"))
    drafts.save(draft(attachments=files))
    part.unlink()
    drafts.save(draft("more", attachments=files))  # the front still has the old name
    kept = store.reader.draft("d1")
    assert kept is not None
    assert Path(kept.attachments[0].path).read_bytes() == b"The notes"
    assert kept.attachments[1] == files[1]
    drafts.discard("d1")
    assert not Path(kept.attachments[0].path).exists()
    assert own.exists()


def test_filing_other_mail_costs_no_write(store: Store, drafts: Drafts) -> None:
    drafts.save(draft())
    before = store.writer.path.with_name(store.writer.path.name + "-wal").stat().st_size
    assert drafts.let_go(range(1000)) == []
    assert store.writer.path.with_name(store.writer.path.name + "-wal").stat().st_size == before
