"""The rows of a list follow the store and nothing moves under the cursor."""

from array import array
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailtui.model.event import FolderChanged
from mailtui.model.message import Flag
from mailtui.store.reading import Reader
from mailtui.text.search import parse
from mailtui.ui.listing import PAGE, WAIT, Listing, Update
from mailtui.ui.widgets.message_list_source import Filtered, FolderSource, Found
from tests.ui.stage import HOUR, NOON, Shop, letter


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(tmp_path / "mail.db")
    yield shop
    shop.writer.close()


@pytest.fixture
def reader(shop: Shop) -> Iterator[Reader]:
    with Reader(shop.path) as reader:
        yield reader


def opened(shop: Shop, reader: Reader, *, whole: bool = True) -> Listing:
    listing = Listing(FolderSource(shop.folder()), reader)
    if whole:
        listing.load(reader.ids(shop.folder()))
    return listing


def subjects(listing: Listing) -> list[str]:
    rows = (listing.summary_at(index) for index in range(listing.total))
    return [row.subject if row else "?" for row in rows]


def test_the_first_rows_are_there_before_the_ids_are_read(shop: Shop, reader: Reader) -> None:
    shop.add(shop.mail(300))
    listing = opened(shop, reader, whole=False)
    assert not listing.complete
    assert listing.total == 300
    assert subjects(listing)[:3] == ["Subject 300", "Subject 299", "Subject 298"]


def test_scrolling_on_reads_windows_and_a_far_jump_waits_for_the_ids(shop: Shop, reader: Reader) -> None:
    shop.add(shop.mail(WAIT + 3 * PAGE))
    listing = opened(shop, reader, whole=False)
    assert listing.summary_at(PAGE + 5) is not None
    assert listing.summary_at(WAIT + 2 * PAGE + 5) is None
    listing.load(reader.ids(shop.folder()))
    assert listing.summary_at(WAIT + 2 * PAGE + 5) is not None


def test_a_small_folder_is_complete_at_once(shop: Shop, reader: Reader) -> None:
    shop.add(shop.mail(5))
    assert opened(shop, reader, whole=False).complete


def test_new_mail_goes_to_the_top_and_the_cursor_stays_on_its_message(shop: Shop, reader: Reader) -> None:
    shop.add(shop.mail(10))
    listing = opened(shop, reader)
    listing.cursor = 4
    under = listing.id_at(4)
    (event, *_rest) = shop.add([letter(11, NOON), letter(12, NOON + 1)]).events
    assert isinstance(event, FolderChanged)
    assert listing.hear(event).moved
    assert listing.cursor == 6
    assert listing.id_at(6) == under
    assert subjects(listing)[:2] == ["Subject 12", "Subject 11"]


def test_what_comes_late_goes_where_it_belongs(shop: Shop, reader: Reader) -> None:
    shop.add(shop.mail(100))
    listing = opened(shop, reader)
    listing.cursor = 10
    for event in shop.add([letter(200, NOON - HOUR - 50 * HOUR - 5)]).events:
        if isinstance(event, FolderChanged):
            listing.hear(event)
    assert subjects(listing)[50:53] == ["Subject 50", "Subject 200", "Subject 49"]
    assert listing.cursor == 10


def test_when_the_message_under_the_cursor_goes_the_next_older_takes_its_place(
    shop: Shop, reader: Reader
) -> None:
    shop.add(shop.mail(10))
    listing = opened(shop, reader)
    listing.cursor = 4
    going, next_older = listing.id_at(4), listing.id_at(5)
    assert going is not None
    listing.hide([going])
    assert listing.cursor == 4
    assert listing.id_at(4) == next_older
    assert listing.total == 9


def test_when_the_last_message_goes_the_cursor_is_on_the_one_above(shop: Shop, reader: Reader) -> None:
    shop.add(shop.mail(3))
    listing = opened(shop, reader)
    listing.cursor = 2
    above, last = listing.id_at(1), listing.id_at(2)
    assert last is not None
    listing.hide([last])
    assert listing.id_at(listing.cursor) == above


def test_what_was_hidden_comes_back_when_the_wish_is_refused(shop: Shop, reader: Reader) -> None:
    shop.add(shop.mail(5))
    listing = opened(shop, reader)
    before = subjects(listing)
    gone = list(listing.ids(1, 3))
    listing.hide(gone)
    assert len(subjects(listing)) == 3
    listing.restore(gone)
    assert subjects(listing) == before


def test_a_wished_flag_shows_until_the_store_has_it(shop: Shop, reader: Reader) -> None:
    shop.add([letter(1)])
    listing = opened(shop, reader)
    message = listing.id_at(0)
    assert message is not None
    listing.amend([message], Flag.FLAGGED, Flag.NONE)
    row = listing.summary_at(0)
    assert row is not None
    assert row.flags & Flag.FLAGGED
    listing.hear(FolderChanged(shop.folder(), changed=(message,)))  # of something else, not yet of this
    row = listing.summary_at(0)
    assert row is not None
    assert row.flags & Flag.FLAGGED
    listing.restore([message])
    row = listing.summary_at(0)
    assert row is not None
    assert not row.flags & Flag.FLAGGED


def test_too_many_changes_to_name_ask_for_the_ids_anew(shop: Shop, reader: Reader) -> None:
    shop.add(shop.mail(10))
    listing = opened(shop, reader)
    listing.cursor = 3
    under = listing.id_at(3)
    shop.add([letter(20, NOON)])
    assert listing.hear(FolderChanged(shop.folder(), many=True)).reload
    listing.load(reader.ids(shop.folder()))
    assert listing.id_at(listing.cursor) == under
    assert listing.total == 11


def test_what_happens_while_the_ids_are_read_is_not_lost(shop: Shop, reader: Reader) -> None:
    shop.add(shop.mail(10))
    listing = opened(shop, reader, whole=False)
    listing.reading()
    ids = reader.ids(shop.folder())
    for event in shop.add([letter(20, NOON)]).events:
        if isinstance(event, FolderChanged):
            listing.hear(event)
    listing.load(ids)
    assert subjects(listing)[0] == "Subject 20"
    assert listing.total == 11


def test_other_folders_do_not_matter(shop: Shop, reader: Reader) -> None:
    shop.add(shop.mail(3))
    listing = opened(shop, reader)
    assert listing.hear(FolderChanged(shop.folder("Archive"), added=(1,), removed=(1,))) == Update()


def test_a_filtered_list_keeps_what_stopped_matching_and_takes_what_comes_and_matches(
    shop: Shop, reader: Reader
) -> None:
    unread = [letter(uid, NOON - uid * HOUR, flags=Flag.NONE) for uid in (1, 3)]
    shop.add([*unread, letter(2, NOON - 2 * HOUR)])
    query = parse("is:unread", date(2025, 11, 24))
    source = Filtered(shop.folder(), "is:unread", query)
    listing = Listing(source, reader)
    assert not listing.complete
    listing.load(source.ids(reader))
    assert subjects(listing) == ["Subject 1", "Subject 3"]
    for event in shop.writer.update_flags(shop.folder(), [(1, Flag.SEEN, (), 0)]).events:
        if isinstance(event, FolderChanged):
            listing.hear(event)
    assert subjects(listing) == ["Subject 1", "Subject 3"]
    came = shop.add([letter(4, NOON, flags=Flag.NONE), letter(5, NOON)]).events
    heard = [listing.hear(event) for event in came if isinstance(event, FolderChanged)]
    assert any(update.reload for update in heard)
    listing.load(source.ids(reader))
    assert subjects(listing) == ["Subject 4", "Subject 1", "Subject 3"]


def test_found_messages_stay_in_their_order_and_rules_divide_them(shop: Shop, reader: Reader) -> None:
    shop.add(shop.mail(4))
    one, two, three, four = reader.ids(shop.folder())
    listing = Listing(Found("x", (three, one, -1, four)), reader)
    assert listing.complete
    assert listing.total == 4
    assert listing.rules(4) == 1
    assert listing.summary_at(2) is None
    listing.cursor = 3
    listing.source = Found("x", (three, one, -1, two, four))
    listing.load(array("q", listing.source.known or ()))
    assert listing.id_at(listing.cursor) == four


def test_a_found_message_that_is_archived_comes_back_when_that_is_undone(shop: Shop, reader: Reader) -> None:
    shop.add(shop.mail(3))
    one, two, three = reader.ids(shop.folder())
    listing = Listing(Found("x", (one, two, three)), reader)
    listing.summary_at(0)
    listing.hide([two])
    assert list(listing.ids()) == [one, three]
    listing.hear(FolderChanged(shop.folder("Archive"), added=(two,)))
    assert list(listing.ids()) == [one, three]
    listing.hear(FolderChanged(shop.folder(), added=(two,)))
    assert list(listing.ids()) == [one, two, three]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("add"), st.lists(st.integers(0, 40), min_size=1, max_size=4)),
            st.tuples(st.just("vanish"), st.lists(st.integers(0, 60), min_size=1, max_size=4)),
        ),
        max_size=8,
    ),
    st.integers(0, 19),
)
def test_whatever_comes_and_goes_the_list_is_the_stores_and_the_cursor_stays(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, list[int]]], cursor: int
) -> None:
    shop = Shop(tmp_path_factory.mktemp("store") / "mail.db")
    shop.add(shop.mail(20))
    uid = 20
    with Reader(shop.path) as reader:
        listing = opened(shop, reader)
        listing.cursor = cursor
        for kind, numbers in steps:
            under, older = listing.id_at(listing.cursor), list(listing.ids(listing.cursor + 1))
            if kind == "add":
                fresh = [letter(uid + 1 + place, NOON - age * HOUR) for place, age in enumerate(numbers)]
                uid += len(numbers)
                changes = shop.add(fresh)
            else:
                changes = shop.writer.vanish(shop.folder(), set(numbers))
            for event in changes.events:
                if isinstance(event, FolderChanged):
                    assert not listing.hear(event).reload
            assert listing.ids() == reader.ids(shop.folder())
            left = set(listing.ids())
            if under in left:
                assert listing.id_at(listing.cursor) == under
            elif still := [message for message in older if message in left]:
                assert listing.id_at(listing.cursor) == still[0]
    shop.writer.close()
