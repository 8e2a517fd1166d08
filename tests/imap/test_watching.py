"""IDLE hears at once, wakes at once, survives split lines, and knows a dead line from a quiet one."""

import threading
import time

import pytest

from mailtui.imap import flags, moving, selecting, watching
from mailtui.imap.connection import Connection
from mailtui.imap.trouble import CommandRefused, NotOffered, WrongState
from mailtui.imap.types import Dirty, Exists, Expunged, FlagsPushed, Push, Vanished
from mailtui.model.account import Security, Server
from mailtui.model.message import Flag
from mailtui.model.secret import Secret
from mailtui.model.trouble import Garbled, Unreachable
from tests.imap.opening import crlf, message, open_dovecot, open_scripted
from tests.servers.dovecot import Dovecot, User
from tests.servers.proxy import Proxy
from tests.servers.scripted import Answer, Command, Scripted, Talk


def until(conn: Connection, kinds: set[type]) -> list[Push]:
    """IDLE until a push of each kind has come."""
    heard: list[Push] = []
    for batch in watching.idle(conn, seconds=20):
        heard += batch
        if kinds <= {type(push) for push in heard}:
            conn.wake()
    return heard


# on a real server


def test_it_hears_new_mail_flags_and_removals_of_others(
    dovecot: Dovecot, user: User, ten: Connection
) -> None:
    other = open_dovecot(dovecot, user)
    selecting.select(other, b"INBOX")

    def act() -> None:
        dovecot.append(user, "INBOX", crlf(message(11)))
        flags.store_flags(other, [4], add=Flag.FLAGGED)
        moving.destroy(other, [2])

    started = threading.Thread(target=act)
    started.start()
    heard = until(ten, {Exists, FlagsPushed, Vanished})
    started.join()
    assert Vanished(((2, 2),)) in heard
    assert Dirty() not in heard
    assert [(push.uid, push.flags) for push in heard if isinstance(push, FlagsPushed) and push.uid == 4] == [
        (4, Flag.SEEN | Flag.FLAGGED)
    ]
    assert watching.noop(ten) == []
    other.logout()


def test_noop_tells_what_is_new(dovecot: Dovecot, user: User, ten: Connection) -> None:
    dovecot.append(user, "INBOX", crlf(message(11)))
    assert Exists(11) in watching.noop(ten)


def test_it_ends_when_woken_at_any_time(ten: Connection) -> None:
    ten.wake()
    assert list(watching.idle(ten, seconds=20)) == []
    threading.Timer(0.1, ten.wake).start()
    assert list(watching.idle(ten, seconds=20)) == []
    assert watching.noop(ten) == []


def test_it_ends_by_itself(ten: Connection) -> None:
    assert list(watching.idle(ten, seconds=0.1)) == []
    assert list(watching.idle(ten, silence=0.1)) == []


def test_closing_the_iterator_ends_the_idle(ten: Connection, dovecot: Dovecot, user: User) -> None:
    dovecot.append(user, "INBOX", crlf(message(11)))
    hearing = watching.idle(ten, seconds=20)
    assert Exists(11) in next(hearing)
    with pytest.raises(WrongState):
        watching.noop(ten)
    hearing.close()
    assert watching.noop(ten) == []


@pytest.mark.parametrize("security", [Security.TLS, Security.NONE])
def test_a_cut_line_is_told_at_once(dovecot: Dovecot, user: User, security: Security) -> None:
    with Proxy(dovecot.imaps if security is Security.TLS else dovecot.imap) as proxy:
        where = Server("localhost", proxy.port, security, user.name, dovecot.ca_file)
        conn = Connection.open(where, Secret(user.password))
        selecting.select(conn, b"INBOX")
        threading.Timer(0.1, proxy.cut).start()
        with pytest.raises(Unreachable):
            list(watching.idle(conn, seconds=20))
        assert conn.closed


def test_over_tls_it_wakes_and_hears_too(dovecot: Dovecot, user: User) -> None:
    where = Server("localhost", dovecot.imaps, Security.TLS, user.name, dovecot.ca_file)
    conn = Connection.open(where, Secret(user.password))
    selecting.select(conn, b"INBOX")
    threading.Timer(0.05, lambda: dovecot.append(user, "INBOX", crlf(message(1)))).start()
    assert Exists(1) in until(conn, {Exists})
    conn.logout()


# on one that misbehaves


def idling(data: bytes, *, pieces: int = 0, pause: float = 0.03, then: bytes = b"") -> Scripted:
    """A server that says `data` during IDLE, in pieces, and `then` after DONE."""

    def idle(talk: Talk, command: Command) -> None:
        talk.send(b"* OK still here\r\n+ idling\r\n")
        talk.send_in_pieces(data, pieces or len(data) or 1, pause)
        assert talk.line() == b"DONE"
        talk.send(then + command.tag + b" OK done\r\n")

    return Scripted({"IDLE": idle})


def heard_from(server: Scripted, *, seconds: float = 0.5) -> list[Push]:
    conn = open_scripted(server)
    selecting.select(conn, b"INBOX")
    heard = [push for batch in watching.idle(conn, seconds=seconds) for push in batch]
    watching.noop(conn)
    conn.logout()
    return heard


def test_a_line_in_pieces_is_one_line() -> None:
    with idling(b"* 11 EXISTS\r\n* 2 EXPUNGE\r\n", pieces=5) as server:
        assert heard_from(server) == [Exists(11), Expunged(2)]


def test_a_literal_in_a_push_is_read_whole() -> None:
    with idling(
        b"* 1 FETCH (UID 1 FLAGS (\\Seen) X {9}\r\n) DONE\r\n*)\r\n* 11 EXISTS\r\n", pieces=7
    ) as server:
        assert heard_from(server) == [FlagsPushed(1, Flag.SEEN, ()), Exists(11)]


def test_a_flag_push_without_a_uid_is_looked_up() -> None:
    said = b"* 5 FETCH (FLAGS (\\Flagged))\r\n* 8 FETCH (FLAGS ())\r\n* 6 EXPUNGE\r\n"

    def idle(talk: Talk, command: Command) -> None:
        talk.send(b"+ idling\r\n" + (said if b"FETCH" not in b"".join(talk.server.lines) else b""))
        assert talk.line() == b"DONE"
        talk.send(b"* 3 EXPUNGE\r\n" + command.tag + b" OK done\r\n")

    def fetch(talk: Talk, command: Command) -> None:
        assert command.words == b"4,6 (UID FLAGS)"
        talk.send(b"* 4 FETCH (UID 15 FLAGS (\\Flagged))\r\n* 6 FETCH (FLAGS () UID 18)\r\n")
        talk.send(command.tag + b" OK done\r\n")

    with Scripted({"IDLE": idle, "FETCH": fetch}) as server:
        found = [Expunged(6), Expunged(3), FlagsPushed(15, Flag.FLAGGED, ()), FlagsPushed(18, Flag.NONE, ())]
        assert heard_from(server, seconds=0.3)[:4] == found


def test_a_flag_push_that_can_not_be_looked_up_is_given_to_no_message() -> None:
    answers: dict[str, Answer] = {
        "NOOP": b"* 5 FETCH (FLAGS (\\Flagged))\r\n{tag} OK\r\n",
        "FETCH": b"* 5 FETCH (FLAGS (\\Flagged))\r\n{tag} OK\r\n",
    }
    with Scripted(answers) as server:
        conn = open_scripted(server)
        selecting.select(conn, b"INBOX")
        assert watching.noop(conn) == [Dirty()]
        conn.logout()


def test_what_comes_with_the_end_is_not_lost() -> None:
    with idling(b"", then=b"* 12 EXISTS\r\n") as server:
        assert heard_from(server, seconds=0.1) == [Exists(12)]


def test_half_a_line_does_not_keep_it_from_waking() -> None:
    with idling(b"* 11 EXI", then=b"STS\r\n") as server:
        conn = open_scripted(server)
        selecting.select(conn, b"INBOX")
        threading.Timer(0.1, conn.wake).start()
        began = time.monotonic()
        assert list(watching.idle(conn, seconds=20)) == []
        assert time.monotonic() - began < 10
        assert watching.noop(conn) == [Exists(11)]
        conn.logout()


def test_a_flood_is_cut_off() -> None:
    def pour(talk: Talk, _: Command) -> None:
        talk.send(b"+ idling\r\n")
        while True:
            talk.send(b"* 11 EXISTS\r\n" * 5000)

    with Scripted({"IDLE": pour}) as server:
        conn = open_scripted(server)
        selecting.select(conn, b"INBOX")
        with pytest.raises(Garbled):
            for _ in watching.idle(conn, seconds=60):
                pass


def test_a_wake_costs_no_round_trip() -> None:
    """The server keeps its answer to itself until the next command has come."""

    def idle(talk: Talk, command: Command) -> None:
        talk.send(b"+ idling\r\n")
        assert talk.line() == b"DONE"
        nop = talk.command()
        talk.send(b"* 12 EXISTS\r\n" + command.tag + b" OK ended\r\n* 13 EXISTS\r\n")
        talk.send(nop.tag + b" OK done\r\n")

    with Scripted({"IDLE": idle}) as server:
        conn = open_scripted(server)
        selecting.select(conn, b"INBOX")
        conn.wake()
        assert list(watching.idle(conn)) == []
        assert watching.noop(conn) == [Exists(12), Exists(13)]
        conn.logout()


def test_a_server_that_never_begins_or_never_ends_is_unreachable() -> None:
    def deaf(talk: Talk, _: Command) -> None:
        talk.send(b"+ idling\r\n")
        talk.stall()

    for answer in (lambda talk, _: talk.stall(), deaf):
        with Scripted({"IDLE": answer}) as server:
            conn = open_scripted(server)
            selecting.select(conn, b"INBOX")
            with pytest.raises(Unreachable):
                list(watching.idle(conn, seconds=0.1))
            assert conn.closed


def test_a_refused_idle_is_a_refusal() -> None:
    with Scripted({"IDLE": b"{tag} NO not here\r\n"}) as server:
        conn = open_scripted(server)
        with pytest.raises(CommandRefused):
            list(watching.idle(conn))
        watching.noop(conn)
        conn.logout()


def test_an_idle_that_the_server_ends_is_over() -> None:
    with Scripted({"IDLE": b"+ idling\r\n* 3 EXISTS\r\n{tag} OK enough\r\n"}) as server:
        conn = open_scripted(server)
        assert list(watching.idle(conn, seconds=5)) == [[Exists(3)]]
        watching.noop(conn)
        conn.logout()


def test_without_idle_nothing_is_sent(poor_ten: Connection) -> None:
    with pytest.raises(NotOffered):
        list(watching.idle(poor_ten))
