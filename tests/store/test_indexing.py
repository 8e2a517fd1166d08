"""What the server tells about messages goes to its side of the rows, whatever it is."""

from hypothesis import given, settings
from hypothesis import strategies as st

from mailtui.model.address import Address
from mailtui.model.event import FolderChanged, FoldersChanged
from mailtui.model.folder import FolderState
from mailtui.model.message import Flag, Header, Indexed
from mailtui.model.query import Field, Query, Term
from tests.store import checking
from tests.store.making import USUAL, Store, again, indexed, server_folder


def test_new_messages_are_told_with_those_unseen_named(store: Store) -> None:
    changes = store.index("INBOX", indexed(1), indexed(2, flags=Flag.SEEN))
    one, two = (store.writer.by_uid(store.folder("INBOX"), [1, 2])[uid] for uid in (1, 2))
    assert changes.events == (
        FolderChanged(store.folder("INBOX"), added=(one, two)),
        FoldersChanged("work"),
    )
    assert changes.arrived == (one,)
    assert store.counted("INBOX") == (2, 1)


def test_indexing_again_changes_nothing(store: Store) -> None:
    told = [indexed(1), indexed(2)]
    store.index("INBOX", *told)
    assert not store.index("INBOX", *told)
    assert store.counted("INBOX") == (2, 2)


def test_known_messages_take_new_flags(store: Store) -> None:
    (message,) = store.fill("INBOX", indexed(1))
    changes = store.index("INBOX", indexed(1, flags=Flag.SEEN))
    assert FolderChanged(store.folder("INBOX"), changed=(message,)) in changes.events
    assert changes.arrived == ()
    assert store.counted("INBOX") == (1, 0)


def test_a_change_of_flags_that_leaves_the_count_is_no_news_of_folders(store: Store) -> None:
    (message,) = store.fill("INBOX", indexed(1))
    changes = store.writer.update_flags(
        store.folder("INBOX"), [(1, Flag.FLAGGED, (), 0), (9, Flag.SEEN, (), 0)]
    )
    assert changes.events == (FolderChanged(store.folder("INBOX"), changed=(message,)),)


def test_many_changes_are_told_as_one(store: Store) -> None:
    changes = store.index("INBOX", *(indexed(uid) for uid in range(1, 1101)))
    assert FolderChanged(store.folder("INBOX"), many=True) in changes.events
    assert len(changes.arrived) == 1100


def test_a_header_that_could_not_be_read_is_mended_later(store: Store) -> None:
    bad = Indexed(1, Flag.NONE, (), 1000, 10, Header(subject="?"), trouble="It is garbled.")
    (message,) = store.fill("INBOX", bad)
    found = store.reader.message(message)
    assert found is not None
    assert found.trouble == "It is garbled."
    store.index("INBOX", indexed(1, "Mended"))
    found = store.reader.message(message)
    assert found is not None
    assert (found.summary.subject, found.trouble) == ("Mended", "")
    assert store.reader.search(Query(Term(Field.SUBJECT, "mended"))) == [message]
    checking.whole(store.path)


def test_messages_of_the_same_second_keep_the_servers_order(store: Store) -> None:
    store.index("INBOX", *(indexed(uid, received=500) for uid in (7, 8, 9)))
    store.index("INBOX", *(indexed(uid, received=500) for uid in (1, 2, 3)))
    store.index("Archive", *(indexed(uid, received=500) for uid in (1, 2, 3)))
    assert store.subjects("INBOX") == [f"Message {uid}" for uid in (9, 8, 7, 3, 2, 1)]
    assert store.subjects("Archive") == [f"Message {uid}" for uid in (3, 2, 1)]


def test_unread_messages_beyond_the_index_are_counted_as_the_server_says(store: Store) -> None:
    listed = [server_folder("INBOX", messages=10, unseen=4), *USUAL[1:]]
    store.writer.put_folder_state(store.folder("INBOX"), FolderState(uidvalidity=7))
    store.writer.put_folders("work", listed)
    assert store.counted("INBOX") == (0, 4)
    store.index("INBOX", indexed(10), indexed(9, flags=Flag.SEEN))
    assert store.counted("INBOX") == (2, 4)
    store.writer.put_folder_state(store.folder("INBOX"), FolderState(uidvalidity=7, complete=True))
    assert store.counted("INBOX") == (2, 1)


def test_the_state_of_a_folder_comes_back(store: Store) -> None:
    state = FolderState(9, 100, 2**62, 50, 12, complete=True)
    folder = store.folder("INBOX")
    assert FoldersChanged("work") in store.writer.put_folder_state(folder, state).events
    assert store.writer.folder_state(folder) == state
    assert not store.writer.put_folder_state(folder, state)
    found = store.reader.folder(folder)
    assert found is not None
    assert (found.server_total, found.complete) == (50, True)


def test_folders_that_are_gone_give_their_messages_back_elsewhere(store: Store) -> None:
    told = indexed(1)
    (message,) = store.fill("Projects/Alpha", told)
    store.writer.put_folders("work", [*USUAL[:-1], server_folder("Moved")])
    assert "Projects/Alpha" not in [folder.path for folder in store.reader.folders()]
    store.index("Moved", again(told, 4))
    assert [summary.id for summary in store.shown("Moved")] == [message]


def test_an_empty_list_of_folders_is_no_news(store: Store) -> None:
    assert not store.writer.put_folders("work", [])
    assert len(store.reader.folders("work")) == len(USUAL)


def test_listing_the_same_folders_again_is_no_news(store: Store) -> None:
    assert not store.writer.put_folders("work", USUAL)


def test_a_forgotten_account_leaves_nothing(store: Store) -> None:
    store.usual_folders("home", "alice@example.com")
    store.writer.index(store.folder("INBOX", "home"), [indexed(uid) for uid in range(1, 601)])
    store.fill("INBOX", indexed(1, "Stays"))
    store.writer.forget_account("home")
    assert store.reader.accounts() == ["work"]
    assert store.subjects("INBOX") == ["Stays"]
    checking.check(store.path)
    checking.whole(store.path)


anything = st.text(st.characters(exclude_categories=()), max_size=40)
addresses = st.builds(Address, anything, anything)
hostile = st.builds(
    Indexed,
    uid=st.integers(1, 2**32 - 1),
    flags=st.sampled_from(list(Flag)),
    keywords=st.lists(st.from_regex(r"\A[$A-Za-z]{1,8}\Z"), max_size=3).map(tuple),
    received=st.integers(-(2**70), 2**70),
    size=st.integers(0, 2**70),
    header=st.builds(
        Header,
        subject=anything,
        senders=st.lists(addresses, max_size=3).map(tuple),
        to=st.lists(addresses, max_size=3).map(tuple),
        message_id=anything,
        references=st.lists(anything, max_size=3).map(tuple),
        sent=st.integers(-(2**70), 2**70),
    ),
    structure=st.binary(max_size=60),
    attachments=st.booleans(),
    modseq=st.integers(0, 2**63 - 1),
    trouble=anything,
)


@settings(max_examples=80, deadline=None)
@given(messages=st.lists(hostile, max_size=6, unique_by=lambda one: one.uid))
def test_whatever_a_message_says_it_is_written_down(store_of_all: Store, messages: list[Indexed]) -> None:
    store = store_of_all
    folder = store.folder("INBOX")
    store.writer.vanish(folder, store.writer.uids(folder))
    store.clock.pass_by(1)
    store.writer.purge_missing("work")
    store.writer.index(folder, messages)
    assert sorted(store.writer.uids(folder)) == sorted(one.uid for one in messages)
    for summary in store.shown("INBOX"):
        assert store.reader.message(summary.id) is not None
    checking.check(store.path)
    checking.whole(store.path)


def test_after_its_age_is_forgotten_any_flag_is_news(store: Store) -> None:
    folder = store.folder("INBOX")
    store.fill("INBOX", *(indexed(uid, modseq=900) for uid in range(1, 1_203)))
    store.writer.update_flags(folder, [(1_202, Flag.SEEN, (), 50)])
    assert len(store.writer.uids_with(folder, Flag.SEEN)) == 0
    store.writer.forget_modseqs(folder)
    store.writer.update_flags(folder, [(uid, Flag.SEEN, (), 50) for uid in (1, 600, 1_202)])
    assert list(store.writer.uids_with(folder, Flag.SEEN)) == [1, 600, 1_202]
    assert store.writer.highest_uid(folder) == 1_202
