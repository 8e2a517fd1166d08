"""The first flight: nothing of it waits for an answer."""

import threading

import pytest

from mailtui.imap.arriving import arrive
from mailtui.imap.connection import Connection
from mailtui.imap.trouble import WrongState
from mailtui.imap.types import Difference
from tests.imap.opening import open_dovecot, open_scripted
from tests.imap.test_resuming import ENABLED, HEAD, RICH, SINCE, known
from tests.servers.dovecot import Dovecot, User
from tests.servers.scripted import Answer, Command, Scripted, Talk

SIGNED_IN = b"{tag} OK [CAPABILITY " + RICH + b" ID LIST-EXTENDED LIST-STATUS] signed in\r\n"
LISTED = (
    b'* LIST () "/" INBOX\r\n'
    b"* STATUS INBOX (MESSAGES 8 UNSEEN 0 UIDNEXT 11 UIDVALIDITY 7 HIGHESTMODSEQ 90)\r\n"
)


def test_folders_and_folder_on_a_real_server(dovecot: Dovecot, user: User, ten: Connection) -> None:
    since = known(ten)
    fresh = open_dovecot(dovecot, user)
    folders, resumed = arrive(fresh, b"INBOX", since)
    assert {folder.raw: folder.messages for folder in folders}[b"INBOX"] == 10
    assert resumed is not None
    assert resumed.selected.exists == 10
    assert resumed.difference == Difference()
    with pytest.raises(WrongState):
        arrive(fresh, b"INBOX", since)
    fresh.logout()


def test_the_poor_server_tells_the_same_in_more_steps(
    poor_dovecot: Dovecot, poor_user: User, poor_ten: Connection
) -> None:
    fresh = open_dovecot(poor_dovecot, poor_user)
    folders, resumed = arrive(fresh, b"INBOX", None)
    assert {folder.raw: folder.messages for folder in folders}[b"INBOX"] == 10
    assert resumed is not None
    assert resumed.selected.exists == 10
    assert resumed.difference is None
    fresh.logout()


def test_a_folder_that_is_gone_takes_nothing_along(dovecot: Dovecot, user: User) -> None:
    fresh = open_dovecot(dovecot, user)
    folders, resumed = arrive(fresh, b"nowhere", SINCE)
    assert resumed is None
    assert b"INBOX" in [folder.raw for folder in folders]
    fresh.logout()


def test_enable_id_list_and_select_leave_before_anything_is_answered() -> None:
    held: list[bytes] = []
    asked = threading.Event()

    def hold(said: bytes) -> Answer:
        def answer(talk: Talk, command: Command) -> None:
            held.append(said.replace(b"{tag}", command.tag))
            if command.verb == "SELECT":
                asked.set()
                for one in held:
                    talk.send(one)

        return answer

    answers: dict[str, Answer] = {
        "AUTHENTICATE": SIGNED_IN,
        "ENABLE": hold(ENABLED),
        "ID": hold(b"{tag} OK\r\n"),
        "LIST": hold(LISTED + b"{tag} OK\r\n"),
        "SELECT": hold(HEAD + b"{tag} OK\r\n"),
    }
    with Scripted(answers) as server:
        conn = open_scripted(server)
        folders, resumed = arrive(conn, b"INBOX", SINCE)
        assert asked.is_set()
        assert [folder.messages for folder in folders] == [8]
        assert resumed is not None
        assert resumed.difference == Difference()
        conn.logout()


def test_answers_in_another_order_find_their_command() -> None:
    """RFC 9051 §5.5 lets a server work on both at once."""
    listing: list[bytes] = []

    def select(talk: Talk, command: Command) -> None:
        talk.send(b"* 8 EXISTS\r\n* VANISHED (EARLIER) 4\r\n" + LISTED)
        talk.send(listing[0] + b" OK\r\n" + HEAD + command.tag + b" OK\r\n")

    answers: dict[str, Answer] = {
        "AUTHENTICATE": SIGNED_IN,
        "ENABLE": ENABLED,
        "ID": b"{tag} OK\r\n",
        "LIST": lambda _, command: listing.append(command.tag),
        "SELECT": select,
    }
    with Scripted(answers) as server:
        conn = open_scripted(server)
        folders, resumed = arrive(conn, b"INBOX", SINCE)
        assert [folder.messages for folder in folders] == [8]
        assert resumed is not None
        assert resumed.difference == Difference(vanished=((4, 4),))
        conn.logout()


def test_a_list_that_fails_at_an_extension_is_asked_plainly_after_the_folder() -> None:
    def listed(talk: Talk, command: Command) -> None:
        plain = b"RETURN" not in command.words
        talk.send(
            (b'* LIST () "/" INBOX\r\n' if plain else b"")
            + command.tag
            + (b" OK\r\n" if plain else b" BAD\r\n")
        )

    answers: dict[str, Answer] = {
        "AUTHENTICATE": SIGNED_IN,
        "ENABLE": ENABLED,
        "ID": b"{tag} OK\r\n",
        "LIST": listed,
        "SELECT": HEAD + b"{tag} OK\r\n",
    }
    with Scripted(answers) as server:
        conn = open_scripted(server)
        folders, resumed = arrive(conn, b"INBOX", SINCE)
        assert [folder.raw for folder in folders] == [b"INBOX"]
        assert resumed is not None
        conn.logout()
