"""What fronts read: folders as a tree, windows newest first, messages whole."""

from pathlib import Path

import pytest

from mailtui.model.address import Address
from mailtui.model.folder import Role
from mailtui.model.message import Flag
from mailtui.model.part import Body, Link, Part
from mailtui.store.reading import Reader
from mailtui.store.schema import NoStore
from tests.store.making import Store, indexed, server_folder


def test_without_a_store_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(NoStore, match="no local copy"):
        Reader(tmp_path / "mail.db")


def test_folders_come_as_a_tree_with_inbox_and_roles_first(store: Store) -> None:
    store.writer.put_folders(
        "work",
        [
            server_folder("zebra"),
            server_folder("Projects/beta"),
            server_folder("Projects"),
            server_folder("Projects/Alpha"),
            server_folder("Trash", Role.TRASH),
            server_folder("apple"),
            server_folder("Sent", Role.SENT),
            server_folder("Lost/Child"),
            server_folder("INBOX", Role.INBOX),
        ],
    )
    assert [folder.path for folder in store.reader.folders("work")] == [
        "INBOX",
        "Sent",
        "Trash",
        "apple",
        "Lost/Child",
        "Projects",
        "Projects/Alpha",
        "Projects/beta",
        "zebra",
    ]


def test_folders_of_all_accounts_come_account_by_account(store: Store) -> None:
    store.usual_folders("home", "alice@example.com")
    assert store.reader.accounts() == ["work", "home"]
    keys = [folder.account for folder in store.reader.folders()]
    assert keys == sorted(keys, reverse=True)


def test_a_role_names_a_folder(store: Store) -> None:
    found = store.reader.role("work", Role.TRASH)
    assert found is not None
    assert found.path == "Trash"
    assert store.reader.role("work", Role.JUNK) is None


def test_a_window_is_newest_first_and_goes_on_where_the_last_ended(store: Store) -> None:
    store.fill("INBOX", *(indexed(uid, received=1_000_000 + uid // 3) for uid in range(1, 31)))
    folder = store.folder("INBOX")
    seen = []
    before = None
    while window := store.reader.window(folder, 7, before):
        seen.extend(window)
        before = (window[-1].received, window[-1].id)
    assert [summary.subject for summary in seen] == [f"Message {uid}" for uid in range(30, 0, -1)]
    assert list(store.reader.ids(folder)) == [summary.id for summary in seen]


def test_summaries_come_in_the_order_asked_without_those_that_are_gone(store: Store) -> None:
    one, two, three = store.fill("INBOX", indexed(1), indexed(2), indexed(3))
    assert [summary.id for summary in store.reader.summaries([three, 12345, one, two])] == [three, one, two]


def test_a_summary_shows_what_a_list_row_needs(store: Store) -> None:
    (message,) = store.fill(
        "INBOX",
        indexed(
            5,
            "Grüße",
            Flag.SEEN | Flag.FLAGGED,
            keywords=("$Work", "later"),
            to=(Address("Bo", "bo@example.org"), Address("", "cy@example.org")),
            size=123_456,
            attachments=True,
        ),
    )
    found = store.summary(message)
    assert found.account == "work"
    assert found.folder == store.folder("INBOX")
    assert found.subject == "Grüße"
    assert found.sender == Address("Ana Lima", "ana@example.net")
    assert found.recipients == "Bo, cy@example.org"
    assert found.flags == Flag.SEEN | Flag.FLAGGED
    assert set(found.keywords) == {"$Work", "later"}
    assert found.size == 123_456
    assert found.attachments
    assert not found.pending
    assert not found.unread


def test_a_message_comes_whole(store: Store) -> None:
    told = indexed(5, "Whole")
    (message,) = store.fill("INBOX", told)
    found = store.reader.message(message)
    assert found is not None
    assert found.header == told.header
    assert found.uid == 5
    assert found.summary == store.summary(message)
    assert store.reader.message(99) is None


def test_structure_and_bodies_come_back_as_they_were_put(store: Store) -> None:
    (message,) = store.fill("INBOX", indexed(1))
    leaf = Part("1", "text/plain", 10, "utf-8", "7bit")
    file = Part("2.1", "application/pdf", 5000, name="Rechnung März.pdf", disposition="attachment")
    tree = Part("", "multipart/mixed", children=(leaf, Part("2", "multipart/mixed", children=(file,)), leaf))
    body = Body("Hello\n> quoted", (Link("here", "https://example.org"),), True, 3, 1, 20, "")
    assert store.reader.structure(message) is None
    assert store.reader.body(message) is None
    store.writer.put_structure(message, tree)
    store.writer.put_body(message, body)
    store.writer.put_body(message, Body("from html"), html=True)
    assert store.reader.structure(message) == tree
    assert store.reader.body(message) == body
    assert store.reader.body(message, html=True) == Body("from html")


def test_a_very_deep_structure_is_no_trouble(store: Store) -> None:
    (message,) = store.fill("INBOX", indexed(1))
    tree = Part("1", "text/plain")
    for _ in range(3000):
        tree = Part("", "multipart/mixed", children=(tree,))
    store.writer.put_structure(message, tree)
    found = store.reader.structure(message)
    assert found is not None
    assert sum(1 for _ in found.walk()) == 3001


def test_the_version_differs_after_a_change(store: Store) -> None:
    before = store.reader.version()
    assert store.reader.version() == before
    store.fill("INBOX", indexed(1))
    assert store.reader.version() != before
