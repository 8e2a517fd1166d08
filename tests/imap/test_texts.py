"""The texts of many messages come in one turn, and one that can't be had costs no other its own."""

import pytest

from mailtui.imap import selecting, texts
from mailtui.imap.connection import Connection
from mailtui.imap.trouble import CommandRefused
from mailtui.imap.types import FlagsPushed
from mailtui.model.message import Flag
from mailtui.model.trouble import ServerBusy
from tests.imap.opening import message, open_dovecot, open_scripted
from tests.servers.dovecot import Dovecot, User
from tests.servers.scripted import Command, Scripted, Talk


def two_parts(number: int) -> bytes:
    return message(number).partition(b"\n\n")[0] + (
        b"\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nfirst %d\n--b\n\nsecond %d\n--b--\n"
        % (number, number)
    )


@pytest.fixture(params=["ten", "poor_ten"])
def server(request: pytest.FixtureRequest) -> Connection:
    conn = request.getfixturevalue(request.param)
    assert isinstance(conn, Connection)
    return conn


def test_all_come_each_cut_at_the_limit(server: Connection) -> None:
    found = texts.fetch_texts(server, dict.fromkeys((2, 3, 5, 77), ("1",)), limit=5, octets=1000)
    assert found == {uid: {"1": b"Body "} for uid in (2, 3, 5)}


def test_messages_with_the_same_parts_share_a_command(dovecot: Dovecot, user: User) -> None:
    sources = [message(n) if n % 2 else two_parts(n) for n in range(1, 7)]
    dovecot.seed(user, "INBOX", [(source, []) for source in sources])
    conn = open_dovecot(dovecot, user)
    selecting.select(conn, b"INBOX")
    wanted = {n: ("1",) if n % 2 else ("1", "2") for n in range(1, 7)}
    found = texts.fetch_texts(conn, wanted, limit=1000, octets=1000)
    conn.logout()
    assert found[1] == {"1": b"Body 1\r\n"}
    assert {section: text.strip() for section, text in found[4].items()} == {
        "1": b"first 4",
        "2": b"second 4",
    }
    assert len(found) == 6
    said = b"".join(dialogue.client for dialogue in dovecot.rawlog(user))
    assert said.count(b"UID FETCH") == 2
    assert b"BODY[" not in said


def test_a_section_from_a_stranger_is_not_sent(server: Connection) -> None:
    with pytest.raises(CommandRefused):
        texts.fetch_texts(server, {1: ("1] BODY[2",)}, limit=5, octets=10)


@pytest.mark.parametrize("code", [b"", b"[SERVERBUG] "])
def test_a_refusal_costs_only_what_it_was_about(code: bytes) -> None:
    def answer(talk: Talk, command: Command) -> None:
        if b"[2]" in command.words:
            talk.send(command.tag + b" NO " + code + b"That one is broken\r\n")
            return
        talk.send(b"* 9 FETCH (UID 9 FLAGS (\\Seen))\r\n* 1 FETCH (UID 1 BODY[1]<0> {3}\r\nabc)\r\n")
        talk.send(b"* 2 FETCH (UID 2 BODY[1]<0> NIL)\r\n" + command.tag + b" OK done\r\n")

    with Scripted({"UID FETCH": answer}) as server:
        conn = open_scripted(server)
        selecting.select(conn, b"INBOX")
        wanted = {1: ("1",), 2: ("1",), 3: ("1", "2")}
        if code:
            with pytest.raises(ServerBusy):
                texts.fetch_texts(conn, wanted, limit=99, octets=99)
        else:
            assert texts.fetch_texts(conn, wanted, limit=99, octets=99) == {1: {"1": b"abc"}}
            assert FlagsPushed(9, Flag.SEEN, ()) in conn.take_pushes()
        conn.logout()
