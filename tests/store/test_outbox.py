"""Drafts are never lost, and nothing is sent twice."""

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from mailtui.model.draft import Attachment, Draft, OutboxItem, Stage
from mailtui.model.trouble import Refused
from mailtui.store.outbox import INLINE, Outbox
from tests.store.making import Store


@pytest.fixture
def outbox(store: Store) -> Outbox:
    return Outbox(store.writer)


def draft(ident: str = "d1", body: str = "Hello") -> Draft:
    return Draft(
        ident,
        "work",
        "Alice <alice@example.org>",
        to="bo@example.org",
        subject="Grüße",
        body=body,
        attachments=(Attachment("/home/alice/a file.pdf", "a file.pdf", "application/pdf"),),
        references=("<a@b>", "<c@d>"),
        answers=12,
    )


def queue(
    store: Store,
    outbox: Outbox,
    intent: str = "send",
    source: bytes = b"Subject: x\r\n\r\n",
    of: Draft | None = None,
    delay: int = 10,
) -> OutboxItem:
    return outbox.queue(
        intent,
        account="work",
        source=source,
        sender="alice@example.org",
        recipients=["bo@example.org", "cy@example.org"],
        subject="x",
        message_id="<1@example.org>",
        not_before=store.writer.now() + delay,
        draft=of,
    )


def test_a_draft_comes_back_as_it_was_typed(store: Store, outbox: Outbox) -> None:
    outbox.drafts.save(draft())
    found = store.reader.draft("d1")
    assert found is not None
    assert found == replace(draft(), saved=store.writer.now())


def test_drafts_come_latest_first_and_can_be_discarded(store: Store, outbox: Outbox) -> None:
    for ident in ("d1", "d2", "d3"):
        outbox.drafts.save(draft(ident))
        store.clock.pass_by(1)
    outbox.drafts.save(draft("d1", "more"))
    assert [one.id for one in store.reader.drafts()] == ["d1", "d3", "d2"]
    outbox.drafts.discard("d3")
    assert [one.id for one in store.reader.drafts()] == ["d1", "d2"]


def test_a_queued_message_leaves_when_its_time_has_come(store: Store, outbox: Outbox) -> None:
    item = queue(store, outbox)
    assert outbox.next(store.writer.now()) is None
    assert outbox.due() == store.writer.now() + 10
    store.clock.pass_by(10)
    found = outbox.next(store.writer.now())
    assert found == item
    assert outbox.next(store.writer.now(), "home") is None
    assert outbox.source(item.id) == b"Subject: x\r\n\r\n"
    assert outbox.sender(item.id) == "alice@example.org"


def test_a_repeated_intent_queues_nothing_more(store: Store, outbox: Outbox) -> None:
    item = queue(store, outbox)
    outbox.stage(item.id, Stage.SENDING)
    again = queue(store, outbox)
    assert again.id == item.id
    assert again.stage is Stage.SENDING
    assert len(store.reader.outbox()) == 1


def test_the_draft_is_kept_out_of_sight_until_it_has_left(store: Store, outbox: Outbox) -> None:
    item = queue(store, outbox, of=draft())
    assert store.reader.drafts() == []
    assert store.reader.draft("d1") is not None
    outbox.drafts.save(draft(body="typed too late"))
    outbox.drafts.discard("d1")
    kept = store.reader.draft("d1")
    assert kept is not None
    assert kept.body == "Hello"
    outbox.stage(item.id, Stage.SENDING)
    outbox.stage(item.id, Stage.SENT_UNFILED)
    assert store.reader.draft("d1") is None
    outbox.drafts.save(draft(body="typed much too late"))
    assert store.reader.drafts() == []


def test_undo_send_gives_the_draft_back(store: Store, outbox: Outbox) -> None:
    item = queue(store, outbox, of=draft())
    assert outbox.cancel(item.id).stage is Stage.CANCELLED
    assert outbox.cancel(item.id).stage is Stage.CANCELLED
    (back,) = store.reader.drafts()
    assert back.body == "Hello"
    outbox.drafts.save(draft(body="Edited"))
    queue(store, outbox, "send again", of=draft(body="Edited"))
    assert store.reader.drafts() == []


def test_what_is_leaving_can_not_be_taken_back(store: Store, outbox: Outbox) -> None:
    item = queue(store, outbox, of=draft())
    outbox.stage(item.id, Stage.SENDING)
    with pytest.raises(Refused, match="being sent"):
        outbox.cancel(item.id)
    outbox.stage(item.id, Stage.SENT_UNFILED)
    with pytest.raises(Refused, match="was sent"):
        outbox.cancel(item.id)


def test_a_refused_message_gives_its_draft_back_and_can_be_tried_again(store: Store, outbox: Outbox) -> None:
    item = queue(store, outbox, of=draft())
    outbox.stage(item.id, Stage.SENDING)
    failed = outbox.stage(item.id, Stage.FAILED, trouble="550 no such user")
    assert (failed.trouble, failed.attempts) == ("550 no such user", 1)
    assert [one.id for one in store.reader.drafts()] == ["d1"]
    assert store.reader.waiting("work") == (0, 1)
    again = outbox.retry(item.id)
    assert (again.stage, again.not_before) == (Stage.QUEUED, store.writer.now())
    assert outbox.retry(item.id) == again


def test_an_attempt_that_did_not_get_through_waits_for_the_next(store: Store, outbox: Outbox) -> None:
    item = queue(store, outbox, delay=0)
    outbox.stage(item.id, Stage.SENDING)
    outbox.stage(item.id, Stage.QUEUED, not_before=store.writer.now() + 30, trouble="451 later")
    assert outbox.next(store.writer.now()) is None
    store.clock.pass_by(30)
    found = outbox.next(store.writer.now())
    assert found is not None
    assert (found.attempts, found.trouble) == (1, "451 later")


def test_what_was_being_sent_when_the_service_died_is_never_sent_by_itself(
    store: Store, outbox: Outbox
) -> None:
    item = queue(store, outbox, delay=0)
    outbox.stage(item.id, Stage.SENDING)
    (unknown,) = Outbox(store.writer).recover()
    assert unknown.stage is Stage.UNKNOWN
    store.clock.pass_by(1_000_000)
    assert outbox.next(store.writer.now()) is None
    assert store.reader.waiting("work") == (0, 1)
    with pytest.raises(Refused):
        outbox.stage(item.id, Stage.SENDING)
    assert outbox.mark_sent(item.id).stage is Stage.SENT_UNFILED
    assert outbox.mark_sent(item.id).stage is Stage.SENT_UNFILED


def test_the_user_may_send_an_unknown_one_again(store: Store, outbox: Outbox) -> None:
    item = queue(store, outbox, delay=0)
    outbox.stage(item.id, Stage.SENDING)
    outbox.recover()
    again = outbox.retry(item.id)
    assert again.message_id == item.message_id
    assert outbox.next(store.writer.now()) == again


def test_recipients_refused_though_others_were_accepted_are_kept(store: Store, outbox: Outbox) -> None:
    item = queue(store, outbox, delay=0)
    outbox.stage(item.id, Stage.SENDING)
    sent = outbox.stage(item.id, Stage.SENT_UNFILED, refused=["cy@example.org"])
    assert sent.refused == ("cy@example.org",)


@pytest.mark.parametrize("stage", [Stage.DONE, Stage.UNKNOWN, Stage.SENT_UNFILED, Stage.QUEUED])
def test_no_stage_is_skipped(store: Store, outbox: Outbox, stage: Stage) -> None:
    item = queue(store, outbox)
    with pytest.raises(Refused):
        outbox.stage(item.id, stage)
    with pytest.raises(Refused, match="no longer"):
        outbox.stage(999, Stage.SENDING)


def test_a_long_message_is_a_private_file_until_it_is_forgotten(store: Store, outbox: Outbox) -> None:
    source = b"x" * (INLINE + 1)
    item = queue(store, outbox, source=source, delay=0)
    (file,) = (path for path in (store.writer.parts / "outbox").rglob("*") if path.is_file())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert outbox.source(item.id) == source
    assert outbox.source_file(item.id) == file
    for stage in (Stage.SENDING, Stage.SENT_UNFILED, Stage.DONE):
        outbox.stage(item.id, stage)
    outbox.prune(store.writer.now())
    assert file.exists()
    outbox.prune(store.writer.now() + 1)
    assert not file.exists()
    assert store.reader.outbox() == []


def test_a_file_that_is_in_the_way_is_not_followed(store: Store, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    place = store.writer.part_file(5, "1").with_suffix(".part")
    place.parent.mkdir(parents=True)
    place.symlink_to(victim)
    descriptor, path = store.writer.create_part_file(5, "1")
    open(descriptor, "wb").close()
    assert path == place
    assert victim.read_text() == "precious"


def test_who_was_written_to_is_offered_first(store: Store, outbox: Outbox) -> None:
    item = queue(store, outbox)
    outbox.stage(item.id, Stage.SENDING)
    assert store.reader.correspondents("bo") == []
    outbox.stage(item.id, Stage.SENT_UNFILED)
    assert [one.address for one in store.reader.correspondents("bo")] == ["bo@example.org"]
