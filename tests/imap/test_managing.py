"""Folders are created, renamed and deleted, nested and in any script; other clients see them."""

import pytest

from mailtui.imap import folders, managing
from mailtui.imap.connection import Connection
from mailtui.imap.trouble import CommandRefused
from mailtui.model.trouble import Refused
from tests.servers.dovecot import Dovecot, User


def paths(conn: Connection) -> set[str]:
    return {folder.path for folder in folders.list_folders(conn) if folder.selectable}


def test_a_tree_is_made_moved_and_taken_down(conn: Connection) -> None:
    top = managing.create(conn, "Büro")
    managing.create(conn, "Büro/2026/日本")
    assert {"Büro", "Büro/2026/日本"} <= paths(conn)
    top = managing.rename(conn, top, "Arbeit & mehr")
    assert {"Arbeit & mehr", "Arbeit & mehr/2026/日本"} <= paths(conn)
    for path in ("Arbeit & mehr/2026/日本", "Arbeit & mehr"):
        managing.delete(conn, next(f.raw for f in folders.list_folders(conn) if f.path == path))
    assert not {path for path in paths(conn) if "Arbeit" in path}
    assert top


def test_what_is_there_already_is_refused_for_good(conn: Connection) -> None:
    managing.create(conn, "Work")
    with pytest.raises(CommandRefused) as caught:
        managing.create(conn, "Work")
    assert caught.value.code == "ALREADYEXISTS"
    assert caught.value.permanent


def test_what_is_not_there_is_refused(conn: Connection) -> None:
    with pytest.raises(CommandRefused) as caught:
        managing.delete(conn, b"nowhere")
    assert caught.value.code == "NONEXISTENT"
    with pytest.raises(Refused):
        managing.create(conn, "")


def test_subscriptions_follow(dovecot: Dovecot, user: User, conn: Connection) -> None:
    def subscribed() -> bytes:
        with dovecot.other_client(user) as other:
            return b" ".join(line for line in other.lsub()[1] if isinstance(line, bytes))

    raw = managing.create(conn, "Work")
    assert b"Work" in subscribed()
    managing.subscribe(conn, raw, on=False)
    assert b"Work" not in subscribed()
    managing.subscribe(conn, raw)
    raw = managing.rename(conn, raw, "Play")
    assert b"Work" not in subscribed()
    assert b"Play" in subscribed()
    managing.delete(conn, raw)
    assert b"Play" not in subscribed()


def test_on_the_poor_server_too(poor_ten: Connection) -> None:
    raw = managing.create(poor_ten, "Work/é")
    assert "Work/é" in paths(poor_ten)
    managing.delete(poor_ten, raw)
    assert "Work/é" not in paths(poor_ten)
