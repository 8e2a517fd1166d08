from mailtui.model.folder import Folder, Role
from mailtui.ui.folderbook import Folderbook, shown_path

INBOX = Folder(1, "work", "INBOX", "/", Role.INBOX, unread=3)
SENT = Folder(2, "work", "Sent", "/", Role.SENT)
LISTS = Folder(3, "work", "Lists", "/", selectable=False)
PYTHON = Folder(4, "work", "Lists/python", "/")
HOME = Folder(5, "home", "INBOX", ".", Role.INBOX)
DEEP = Folder(6, "home", "INBOX.Family.Photos", ".")
BOOK = Folderbook((HOME, DEEP, INBOX, SENT, LISTS, PYTHON), ("work", "home"))


def test_accounts_come_in_the_order_of_the_settings() -> None:
    assert BOOK.accounts() == ["work", "home"]


def test_paths_are_shown_with_slashes_and_a_plain_inbox() -> None:
    assert shown_path(INBOX) == "Inbox"
    assert shown_path(DEEP) == "Inbox/Family/Photos"
    assert shown_path(Folder(9, "work", "A.B", "")) == "A.B"


def test_a_role_is_found_in_its_account() -> None:
    assert BOOK.role("home", Role.INBOX) is HOME
    assert BOOK.role("home", Role.SENT) is None
    assert BOOK.role("work", Role.ALL, Role.SENT) is SENT


def test_the_next_folder_is_one_that_can_be_shown() -> None:
    assert BOOK.neighbour(2, 1) is PYTHON
    assert BOOK.neighbour(4, -1) is SENT
    assert BOOK.neighbour(1, -1) is None
    assert BOOK.neighbour(6, 1) is None


def test_a_name_finds_a_folder_of_the_account_at_hand_first() -> None:
    assert BOOK.named("inbox", "home") is HOME
    assert BOOK.named("inbox", "work") is INBOX
    assert BOOK.named("home/inbox", "work") is HOME
    assert BOOK.named("python", "work") is PYTHON
    assert BOOK.named("Lists/Python", "home") is PYTHON
    assert BOOK.named("lists", "work") is None
    assert BOOK.named("nowhere", "work") is None


def test_a_patch_tells_whether_anything_differs() -> None:
    book = Folderbook((INBOX,))
    assert not book.patch(INBOX)
    assert book.patch(Folder(1, "work", "INBOX", "/", Role.INBOX, unread=2))
    found = book.get(1)
    assert found is not None
    assert found.unread == 2
