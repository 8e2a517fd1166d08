"""SELECT tells what the folder is; what servers leave out or get wrong is zero."""

import pytest

from mailtui.imap import folders, managing, selecting, watching
from mailtui.imap.connection import Connection
from mailtui.imap.states import State
from mailtui.imap.trouble import CommandRefused
from mailtui.imap.types import Selected
from tests.imap.opening import open_scripted
from tests.servers.scripted import Scripted


def test_what_dovecot_says(ten: Connection) -> None:
    selected = ten.selected
    assert selected is not None
    assert (selected.exists, selected.uidnext, selected.any_keyword, selected.readonly) == (
        10,
        11,
        True,
        False,
    )
    assert selected.uidvalidity
    assert selecting.select(ten, b"INBOX", readonly=True).readonly


def test_a_folder_that_is_not_there_leaves_none_selected(ten: Connection) -> None:
    with pytest.raises(CommandRefused, match="nowhere"):
        selecting.select(ten, b"nowhere")
    assert ten.state is State.AUTHENTICATED
    assert ten.selected is None


def test_leaving_without_expunging(ten: Connection, poor_ten: Connection) -> None:
    assert selecting.unselect(ten)
    assert ten.selected is None
    assert selecting.unselect(ten)
    assert not selecting.unselect(poor_ten)
    assert poor_ten.selected is not None


def test_pushes_of_the_last_folder_are_not_the_next_ones(ten: Connection) -> None:
    managing.create(ten, "Work")
    ten.dialogue.pushes.hear(b"* 3 EXPUNGE")
    selecting.select(ten, b"Work")
    assert ten.take_pushes() == []


@pytest.mark.parametrize(
    ("said", "selected"),
    [
        (b"", Selected(b"INBOX", 0, 0)),
        (b"* 4294967295 EXISTS\r\n", Selected(b"INBOX", 4294967295, 0)),
        (b"* 9999999999 EXISTS\r\n", Selected(b"INBOX", 4294967295, 0)),
        (b"* OK [UIDVALIDITY 99999999999]\r\n* OK [UIDNEXT -1]\r\n", Selected(b"INBOX", 0, 0)),
        (b"* OK [HIGHESTMODSEQ 99999999999999999999]\r\n* OK [NOMODSEQ] x\r\n", Selected(b"INBOX", 0, 0)),
        (b"* OK [PERMANENTFLAGS (\\Seen a)] x\r\n", Selected(b"INBOX", 0, 0, keywords=frozenset({"a"}))),
        (b"* FLAGS (" + b"x " * 1000 + b")\r\n* 3 EXISTS\r\n* 4 EXISTS\r\n", Selected(b"INBOX", 4, 0)),
    ],
)
def test_odd_answers(said: bytes, selected: Selected) -> None:
    with Scripted({"SELECT": said + b"{tag} OK\r\n"}) as server:
        conn = open_scripted(server)
        assert selecting.select(conn, b"INBOX") == selected
        watching.noop(conn)
        conn.logout()


def test_a_read_only_answer_is_told() -> None:
    with Scripted({"SELECT": b"* 1 EXISTS\r\n{tag} OK [READ-ONLY] done\r\n"}) as server:
        conn = open_scripted(server)
        assert selecting.select(conn, b"INBOX").readonly
        conn.logout()


def test_the_selected_folder_can_be_deleted_and_renamed(conn: Connection) -> None:
    raw = managing.create(conn, "Work")
    selecting.select(conn, raw)
    new = managing.rename(conn, raw, "Play")
    selecting.select(conn, new)
    managing.delete(conn, new)
    assert "Play" not in [folder.path for folder in folders.list_folders(conn)]
