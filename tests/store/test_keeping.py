"""What is here and what goes: by least use, never what is waited for, its words with it."""

import os
from pathlib import Path

import pytest

from mailtui.model.draft import Attachment, Draft
from mailtui.model.folder import Folder
from mailtui.model.intent import ChangeFlags, MoveMessages
from mailtui.model.message import Flag
from mailtui.model.part import Body, Part
from mailtui.model.query import All, Field, Query, Term
from mailtui.store.drafts import Drafts
from mailtui.store.keeping import Item, Search, Shelf
from tests.store import checking
from tests.store.making import START, Store, indexed

DAY = 86_400
TEXT = Part("1", "text/plain", 20)


@pytest.fixture
def shelf(store: Store) -> Shelf:
    return Shelf(store.writer)


def folder(store: Store, path: str = "INBOX") -> Folder:
    return next(one for one in store.reader.folders() if one.path == path)


def fetched(store: Store, shelf: Shelf, path: str = "INBOX", since: int = 0) -> list[int]:
    """Texts of all that lack one come ahead of time; returns the messages, newest first."""
    lacking = shelf.texts(Search(folder(store, path).id, since))
    for one in lacking:
        shelf.put(one, TEXT, Body(f"word{one.uid} of it"))
    return [one.message for one in lacking]


def download(store: Store, message: int, section: str, size: int, used: int | None = None) -> Path:
    descriptor, path = store.writer.create_part_file(message, section)
    with os.fdopen(descriptor, "wb") as file:
        file.write(b"x" * size)
    return store.writer.put_part_path(message, section, path, size, used)


def found(store: Store, word: str) -> list[int]:
    return store.reader.search(Query(All((Term(Field.TEXT, word),))))


def here(store: Store, messages: list[int]) -> list[bool]:
    return [store.reader.body(one) is not None for one in messages]


def test_what_lacks_its_text_is_told_newest_first_and_within_the_days(store: Store, shelf: Shelf) -> None:
    store.fill("INBOX", *(indexed(uid) for uid in range(1, 6)))
    inbox = folder(store).id
    assert [one.uid for one in shelf.texts(Search(inbox, limit=3))] == [5, 4, 3]
    assert [one.uid for one in shelf.texts(Search(inbox, START + 3 * 60))] == [5, 4]
    top = shelf.texts(Search(inbox, limit=1))[0]
    assert [one.uid for one in shelf.texts(Search(inbox, limit=2, passed=[top.message]))] == [4, 3]
    assert [one.uid for one in shelf.texts(Search(inbox, START + 120, below=top.place))] == [4, 3]
    assert len(fetched(store, shelf)) == 5
    assert shelf.texts(Search(inbox)) == []
    assert found(store, "word3")


def test_a_message_that_can_not_be_read_is_not_asked_for(store: Store, shelf: Shelf) -> None:
    store.fill("INBOX", indexed(1, trouble="The server can't read this message."), indexed(2))
    assert [one.uid for one in shelf.texts(Search(folder(store).id))] == [2]


def test_attachments_are_lacking_until_the_message_is_whole(store: Store, shelf: Shelf) -> None:
    (one, _) = store.fill("INBOX", indexed(1, attachments=True), indexed(2))
    inbox = folder(store).id
    assert shelf.attachments(Search(inbox)) == []
    fetched(store, shelf)
    assert [lacking.message for lacking in shelf.attachments(Search(inbox))] == [one]
    download(store, one, "2", 100, START)
    assert shelf.parts(one) == {"2"}
    shelf.mark_whole(one)
    assert shelf.attachments(Search(inbox)) == []
    shelf.drop([item for item in shelf.least_used(()) if item.section])
    assert [lacking.message for lacking in shelf.attachments(Search(inbox))] == [one]


def test_sizes_are_counted_as_things_come_grow_move_and_go(store: Store, shelf: Shelf) -> None:
    ids = store.fill("INBOX", *(indexed(uid, attachments=True) for uid in range(1, 5)))
    fetched(store, shelf)
    download(store, ids[0], "2", 1000)
    download(store, ids[0], "2", 70)
    store.writer.put_body(ids[1], Body("longer " * 50))
    store.writer.put_body(ids[1], Body("html"), html=True)
    inbox = folder(store)
    assert (inbox.total, inbox.texts, inbox.part_octets) == (4, 4, 70)
    assert inbox.octets == sum(1000 + uid for uid in range(1, 5))
    checking.check(store.writer.path)
    store.act(MoveMessages((ids[0], ids[1]), folder(store, "Archive").id))
    checking.check(store.writer.path)
    assert folder(store, "Archive").texts == 2
    assert shelf.size() == inbox.kept
    store.writer.vanish(inbox.id, [3, 4])
    store.writer.purge_missing("work")
    checking.check(store.writer.path)
    assert folder(store).kept == 0


def test_what_was_not_looked_at_for_longest_goes_first_whatever_it_is(store: Store, shelf: Shelf) -> None:
    ids = store.fill("INBOX", *(indexed(uid) for uid in range(1, 4)))
    fetched(store, shelf)
    path = download(store, ids[2], "2", 500, START + 90)
    shelf.use(ids[0])
    order = [(item.message, item.section) for item in shelf.least_used(())]
    assert order == [(ids[2], "2"), (ids[1], None), (ids[2], None), (ids[0], None)]
    shelf.drop(shelf.least_used(())[:2])
    assert not path.exists()
    assert store.reader.part_path(ids[2], "2") is None
    assert here(store, ids) == [True, False, True]


def test_a_text_that_goes_takes_its_words_out_and_nothing_else(store: Store, shelf: Shelf) -> None:
    ids = store.fill("INBOX", *(indexed(uid, f"Subject{uid}") for uid in range(1, 8)))
    fetched(store, shelf)
    shelf.drop(shelf.least_used(())[:3])
    assert here(store, ids) == [False] * 3 + [True] * 4
    assert found(store, "word2") == []
    assert found(store, "word6") == [ids[5]]
    assert found(store, "Subject2") == [ids[1]]
    checking.whole(store.writer.path)
    checking.check(store.writer.path)


def test_each_folder_has_its_own_time(store: Store, shelf: Shelf) -> None:
    inbox = store.fill("INBOX", *(indexed(uid) for uid in range(1, 4)))
    archive = store.fill("Archive", *(indexed(uid, "old") for uid in range(1, 4)))
    everything = store.fill("Projects", indexed(1, "all"))
    for path in ("INBOX", "Archive", "Projects"):
        fetched(store, shelf, path)
    since = {folder(store).id: START + 150, folder(store, "Archive").id: START + 61}
    assert {item.message for item in shelf.overdue(since, ())} == {*inbox[:2], archive[0]}
    assert {item.message for item in shelf.overdue(since, inbox)} == {archive[0]}
    assert shelf.overdue({}, ()) == []
    assert here(store, everything) == [True]


def test_what_waits_or_can_not_be_had_again_stays(store: Store, shelf: Shelf) -> None:
    flagged, moved, gone, answered, attached, free = store.fill(
        "INBOX", *(indexed(uid) for uid in range(1, 7))
    )
    fetched(store, shelf)
    path = download(store, attached, "2", 5)
    drafts = Drafts(store.writer)
    drafts.save(Draft("d1", "work", "alice@example.org", answers=answered))
    drafts.save(Draft("d2", "work", "alice@example.org", attachments=(Attachment(str(path), "a"),)))
    store.act(ChangeFlags((flagged,), add=Flag.FLAGGED))
    store.act(MoveMessages((moved,), folder(store, "Archive").id))
    store.writer.vanish(folder(store).id, [3])
    assert shelf.held() == {answered}  # what a draft attaches it has under a name of its own
    chosen = shelf.least_used(shelf.held())
    assert {item.message for item in chosen} == {attached, free}
    shelf.drop(chosen)
    assert not path.exists()
    (file,) = store.reader.drafts()[0].attachments + store.reader.drafts()[1].attachments
    assert Path(file.path).read_bytes()
    assert store.reader.body(gone) is not None


def test_what_was_looked_at_since_it_was_chosen_stays(store: Store, shelf: Shelf) -> None:
    ids = store.fill("INBOX", indexed(1))
    fetched(store, shelf)
    chosen = shelf.least_used(())
    shelf.use(ids[0])
    shelf.drop(chosen)
    shelf.drop([Item(1, 999, 10), Item(1, 999, 10, section="2", path="/nowhere")])
    assert here(store, ids) == [True]


def test_many_go_in_transactions_that_are_short(store: Store, shelf: Shelf) -> None:
    ids = store.fill("INBOX", *(indexed(uid) for uid in range(1, 101)))
    for one in shelf.texts(Search(folder(store).id)):
        shelf.put(one, TEXT, Body("many words " * 2000))
    before = store.reader.version()
    assert before is not None
    shelf.drop(shelf.least_used(()))
    assert here(store, ids) == [False] * 100
    checking.check(store.writer.path)


def test_the_oldest_use_is_known(store: Store, shelf: Shelf) -> None:
    assert shelf.oldest_use() == 0
    (one, _) = store.fill("INBOX", indexed(1), indexed(2))
    fetched(store, shelf)
    assert shelf.oldest_use() == START + 60
    download(store, one, "2", 5, START)
    assert shelf.oldest_use() == START
