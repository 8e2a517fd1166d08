"""Roles are found by attribute, else by name in many languages, each for one folder."""

import pytest

from mailtui.imap.role_names import NAMES
from mailtui.imap.roles import assign
from mailtui.model.folder import Role, ServerFolder


def roles(*paths: str, delimiter: str = "/", **attributes: str) -> dict[str, Role]:
    folders = [ServerFolder(path, path.encode(), delimiter) for path in paths]
    marks = {path.encode(): frozenset(mark.split()) for path, mark in attributes.items()}
    return {folder.path: folder.role for folder in assign(folders, marks) if folder.role}


@pytest.mark.parametrize(
    ("path", "role"),
    [
        *(("Sent Items", Role.SENT), ("Gesendete Objekte", Role.SENT), ("Éléments envoyés", Role.SENT)),
        *(
            ("已发送", Role.SENT),
            ("ОТПРАВЛЕННЫЕ", Role.SENT),
            ("Papierkorb", Role.TRASH),
            ("ゴミ箱", Role.TRASH),
        ),
        *(("Deleted Messages", Role.TRASH), ("Brouillons", Role.DRAFTS), ("Spam", Role.JUNK)),
        *(("Archiv", Role.ARCHIVE), ("ΚΆΔΟΣ", Role.TRASH), ("inbox", Role.INBOX)),
    ],
)
def test_names_in_many_languages(path: str, role: Role) -> None:
    assert roles(path, "Other") == {path: role}


def test_an_attribute_goes_before_a_name() -> None:
    assert roles("Sent", "Ausgang", Ausgang="\\sent") == {"Ausgang": Role.SENT}


def test_a_role_goes_to_one_folder_and_a_folder_has_one_role() -> None:
    assert roles("A", "B", "Sent", A="\\sent", B="\\sent \\drafts") == {"A": Role.SENT, "B": Role.DRAFTS}


def test_the_more_telling_name_wins() -> None:
    assert roles("Deleted", "Trash", "Bin") == {"Trash": Role.TRASH}


def test_names_below_ordinary_folders_are_ordinary() -> None:
    assert roles("INBOX", "Projects", "Projects/Archive", "a/b/Sent") == {"INBOX": Role.INBOX}
    assert roles("INBOX", "INBOX.Sent", delimiter=".") == {"INBOX": Role.INBOX, "INBOX.Sent": Role.SENT}
    assert roles("[Gmail]/Trash") == {"[Gmail]/Trash": Role.TRASH}


def test_a_folder_that_can_not_be_opened_has_no_role() -> None:
    assert [f.role for f in assign([ServerFolder("Sent", b"Sent", "/", selectable=False)], {})] == [None]


def test_no_name_stands_for_two_roles() -> None:
    every = [name.casefold() for names in NAMES.values() for name in names]
    assert len(every) == len(set(every))
