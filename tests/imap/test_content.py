"""Parts are streamed whole or not at all, with progress, and given up on request."""

import threading
from collections.abc import Iterator

import pytest

from mailtui.imap import content, index, selecting, watching
from mailtui.imap.connection import Connection
from mailtui.imap.trouble import Cancelled, CommandRefused, Gone
from mailtui.imap.types import Exists, FlagsPushed
from mailtui.model.account import Security, Server
from mailtui.model.message import Flag
from mailtui.model.secret import Secret
from mailtui.model.trouble import Garbled, Trouble, Unreachable
from tests.imap.opening import crlf, message, messages, open_dovecot, open_scripted
from tests.servers.dovecot import Dovecot, User
from tests.servers.proxy import Proxy
from tests.servers.scripted import Answer, Command, Scripted, Talk

BIG = message(1, body="\n".join(f"{number:070d}" for number in range(60_000)))


@pytest.fixture
def big(dovecot: Dovecot, user: User) -> Iterator[Connection]:
    """A connection whose INBOX has one message of about four megabytes."""
    dovecot.seed(user, "INBOX", [(BIG, [])])
    conn = open_dovecot(dovecot, user)
    selecting.select(conn, b"INBOX")
    yield conn
    conn.logout()


# on a real server


@pytest.fixture(params=["ten", "poor_ten"])
def server(request: pytest.FixtureRequest) -> Connection:
    conn = request.getfixturevalue(request.param)
    assert isinstance(conn, Connection)
    return conn


@pytest.mark.parametrize(
    ("section", "what"),
    [
        ("", crlf(message(3))),
        ("HEADER", crlf(message(3)).partition(b"\r\n\r\n")[0] + b"\r\n\r\n"),
        ("TEXT", b"Body 3\r\n"),
        ("1", b"Body 3\r\n"),
    ],
)
def test_each_section_comes_as_it_is(server: Connection, section: str, what: bytes) -> None:
    pieces: list[bytes] = []
    assert content.fetch_part(server, 3, section, pieces.append).octets == len(what)
    assert b"".join(pieces) == what
    assert content.fetch_parts(server, 3, [section]) == {section: what}


def test_a_piece_of_a_part(server: Connection) -> None:
    pieces: list[bytes] = []
    content.fetch_part(server, 3, "TEXT", pieces.append, offset=2, length=3)
    assert pieces == [b"dy "]
    pieces.clear()
    content.fetch_part(server, 3, "TEXT", pieces.append, offset=5)
    assert pieces == [b"3\r\n"]
    assert content.fetch_parts(server, 3, ["TEXT", "HEADER"], limit=4) == {"TEXT": b"Body", "HEADER": b"From"}


def test_a_message_that_is_gone(server: Connection) -> None:
    with pytest.raises(Gone):
        content.fetch_part(server, 99, "1", len)
    with pytest.raises(Gone):
        content.fetch_parts(server, 99, ["1"])
    with pytest.raises(Gone):
        content.fetch_structure(server, 99)
    assert watching.noop(server) == []


def test_reading_marks_nothing_as_read(server: Connection) -> None:
    content.fetch_part(server, 3, "", len)
    content.fetch_parts(server, 3, ["1"])
    (row,) = index.newest(server, 8)[-1:]
    assert (row.uid, row.flags) == (3, Flag.NONE)


@pytest.mark.parametrize("section", ["1] BODY[2", "1\r\nX1 NOOP", "x", "1..2", "0x", "1.2.", "MIME"])
def test_what_is_no_section_is_not_sent(ten: Connection, section: str) -> None:
    with pytest.raises(CommandRefused):
        content.fetch_part(ten, 3, section, len)
    with pytest.raises(CommandRefused):
        content.fetch_parts(ten, 3, ["1", section])


def test_a_large_part_comes_in_slices_with_progress(big: Connection) -> None:
    pieces: list[bytes] = []
    reports: list[tuple[int, int]] = []
    done = content.fetch_part(big, 1, "", pieces.append, progress=lambda *report: reports.append(report))
    assert b"".join(pieces) == crlf(BIG)
    assert max(map(len, pieces)) <= 65_536
    assert reports[-1] == (done.octets, done.octets)
    assert [report[0] for report in reports] == sorted(report[0] for report in reports)


def test_giving_up_a_large_part_hangs_up(big: Connection) -> None:
    pieces: list[bytes] = []
    with pytest.raises(Cancelled):
        content.fetch_part(big, 1, "", pieces.append, cancel=lambda: len(pieces) > 2)
    assert big.closed
    assert sum(map(len, pieces)) < 1_000_000


def test_giving_up_near_the_end_keeps_the_connection(big: Connection) -> None:
    with pytest.raises(Cancelled):
        content.fetch_part(big, 1, "", len, length=100_000, cancel=lambda: True)
    assert not big.closed
    assert watching.noop(big) == []


def test_it_can_be_given_up_while_nothing_comes(dovecot: Dovecot, user: User) -> None:
    dovecot.seed(user, "INBOX", [(BIG, [])])
    with Proxy(dovecot.imap) as proxy:
        conn = Connection.open(
            Server("localhost", proxy.port, Security.NONE, user.name), Secret(user.password)
        )
        selecting.select(conn, b"INBOX")
        stop = threading.Event()

        def give_up() -> None:
            stop.set()
            conn.wake()

        def stall(_: bytes) -> None:
            if not stop.is_set():
                proxy.stall()
                threading.Timer(0.1, give_up).start()

        with pytest.raises(Cancelled):
            content.fetch_part(conn, 1, "", stall, cancel=stop.is_set)
        assert conn.closed


def test_a_sink_that_fails_is_heard_and_the_connection_not_used_again(big: Connection) -> None:
    def full(_: bytes) -> None:
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        content.fetch_part(big, 1, "", full)
    assert big.closed


def test_a_download_over_a_slow_line_is_one_round_trip(dovecot: Dovecot, user: User) -> None:
    dovecot.seed(user, "INBOX", messages(1))
    with Proxy(dovecot.imap, delay=0.02) as proxy:
        conn = Connection.open(
            Server("localhost", proxy.port, Security.NONE, user.name), Secret(user.password)
        )
        selecting.select(conn, b"INBOX")
        before = proxy.up
        content.fetch_part(conn, 1, "1", len)
        assert proxy.up - before < 60
        conn.logout()


# on one that misbehaves


def streamed(answer: Answer) -> tuple[bytes, Connection, Trouble | None]:
    """What the sink got of part 1 of UID 5, the connection, and what was raised."""
    pieces: list[bytes] = []
    with Scripted({"UID FETCH": answer}) as server:
        conn = open_scripted(server)
        selecting.select(conn, b"INBOX")
        try:
            content.fetch_part(conn, 5, "1", pieces.append)
        except Trouble as trouble:
            return b"".join(pieces), conn, trouble
        watching.noop(conn)
        conn.logout()
        return b"".join(pieces), conn, None


@pytest.mark.parametrize(
    "answer",
    [
        b"* 2 FETCH (UID 5 BODY[1] {3}\r\nabc)\r\n{tag} OK\r\n",
        b"* 2 FETCH (BODY[1] {3}\r\nabc UID 5)\r\n{tag} OK\r\n",
        b"* 2 FETCH (FLAGS (\\Seen) BODY[1] ~{3}\r\nabc UID 5)\r\n{tag} OK\r\n",
        b'* 2 FETCH (UID 5 BODY[1] "abc")\r\n{tag} OK\r\n',
        b"* 2 fetch (uid 5 body[1] {3}\r\nabc)\r\n{tag} OK\r\n",
        b"* 2 FETCH (UID 5 BODY[1]<0> {3}\r\nabc)\r\n{tag} OK\r\n",
        b"* 9 FETCH (UID 9 FLAGS ())\r\n* 2 FETCH (UID 5 BODY[1] {3}\r\nabc)\r\n* 8 EXISTS\r\n{tag} OK\r\n",
    ],
)
def test_servers_write_it_in_many_ways(answer: bytes) -> None:
    got, _, trouble = streamed(answer)
    assert (got, trouble) == (b"abc", None)


def test_pushes_meanwhile_are_kept() -> None:
    said = b"* 9 FETCH (UID 9 FLAGS ())\r\n* 8 EXISTS\r\n* 2 FETCH (UID 5 BODY[1] {1}\r\na)\r\n{tag} OK\r\n"
    with Scripted({"UID FETCH": said}) as server:
        conn = open_scripted(server)
        selecting.select(conn, b"INBOX")
        content.fetch_part(conn, 5, "1", len)
        assert conn.take_pushes() == [FlagsPushed(9, Flag.NONE, ()), Exists(8)]
        conn.logout()


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (b"* 2 FETCH (UID 6 BODY[1] {3}\r\nabc)\r\n{tag} OK\r\n", Garbled),  # another message's
        (b"* 2 FETCH (BODY[1] {3}\r\nabc)\r\n{tag} OK\r\n", Garbled),  # nobody's
        (b"* 2 FETCH (UID 5 BODY[1] {3}\r\nabcdef)\r\n{tag} OK\r\n", Garbled),  # longer than announced
        (b"* 2 FETCH (UID 5 BODY[1] {60}\r\nabc)\r\n{tag} OK\r\n", Unreachable),  # shorter
        (b"* 2 FETCH (UID 5 BODY[1] {4294967295}\r\n", Garbled),
        (b"* 2 FETCH (UID 5 BODY[1] {99999999999999999999}\r\n", Garbled),
        (b"* 2 FETCH (UID 5 BODY[1] NIL)\r\n{tag} OK\r\n", CommandRefused),
        (b"* 2 FETCH (UID 5 BODY[1])\r\n{tag} OK\r\n", CommandRefused),
        (b"{tag} OK\r\n", Gone),
        (b"{tag} NO [SERVERBUG] no\r\n", Trouble),
        (b"* 2 FETCH (UID 5 BODY[2] {3}\r\nabc)\r\n{tag} OK\r\n", Gone),  # another part
    ],
)
def test_what_is_not_the_part_is_never_taken_for_it(answer: bytes, kind: type[Trouble]) -> None:
    _, conn, trouble = streamed(answer)
    assert isinstance(trouble, kind)
    assert conn.closed is (kind in (Garbled, Unreachable))


@pytest.mark.parametrize("count", range(1, 50, 4))
def test_a_cut_at_any_octet_is_never_a_whole_part(count: int) -> None:
    said = b"* 2 FETCH (UID 5 BODY[1] {10}\r\n0123456789)\r\nM3 OK done\r\n"

    def fetch(talk: Talk, _: Command) -> None:
        talk.send(said[:count])
        talk.drop()

    _, conn, trouble = streamed(fetch)
    assert isinstance(trouble, Unreachable)
    assert conn.closed


def test_two_messages_under_one_command_do_not_mix() -> None:
    twice = b"* 2 FETCH (UID 5 BODY[1] {3}\r\nabc)\r\n* 3 FETCH (UID 5 BODY[1] {3}\r\nxyz)\r\n{tag} OK\r\n"
    got, _, trouble = streamed(twice)
    assert (got, trouble) == (b"abc", None)


def test_no_more_is_taken_than_was_asked_for() -> None:
    pieces: list[bytes] = []
    answers: dict[str, Answer] = {
        "UID FETCH": b"* 2 FETCH (UID 5 BODY[1]<0> {200000}\r\n" + b"x" * 200_000 + b")\r\n{tag} OK\r\n"
    }
    with Scripted(answers) as server:
        conn = open_scripted(server)
        selecting.select(conn, b"INBOX")
        assert content.fetch_part(conn, 5, "1", pieces.append, length=70_000).octets == 70_000
        assert b"".join(pieces) == b"x" * 70_000
        conn.logout()


def test_a_small_piece_does_not_buy_a_large_answer() -> None:
    with Scripted({"UID FETCH": b"* 2 FETCH (UID 5 BODY[1]<0> {500000000}\r\n"}) as server:
        conn = open_scripted(server)
        selecting.select(conn, b"INBOX")
        with pytest.raises(Garbled):
            content.fetch_part(conn, 5, "1", len, length=70_000)


def test_another_piece_than_was_asked_for_is_not_taken() -> None:
    pieces: list[bytes] = []
    with Scripted({"UID FETCH": b"* 2 FETCH (UID 5 BODY[1]<0> {3}\r\nabc)\r\n{tag} OK\r\n"}) as server:
        conn = open_scripted(server)
        selecting.select(conn, b"INBOX")
        with pytest.raises(Garbled):
            content.fetch_part(conn, 5, "1", pieces.append, offset=7)
        assert pieces == []


@pytest.mark.parametrize(
    "flood", [b"* OK [X] go on\r\n", b"* 3 FETCH (FLAGS ())\r\n", b"* OK [X " + b"y" * 9999 + b"]\r\n"]
)
def test_a_large_part_does_not_buy_a_flood_of_something_else(flood: bytes) -> None:
    def pour(talk: Talk, _: Command) -> None:
        while True:
            talk.send(flood * 100)

    with Scripted({"UID FETCH": pour}) as server:
        conn = open_scripted(server)
        selecting.select(conn, b"INBOX")
        with pytest.raises(Garbled):
            content.fetch_part(conn, 5, "1", len)


def test_a_part_is_not_larger_than_the_largest() -> None:
    with Scripted({"UID FETCH": b"* 2 FETCH (UID 5 BODY[1] {1500000000}\r\n"}) as server:
        conn = open_scripted(server)
        selecting.select(conn, b"INBOX")
        with pytest.raises(Garbled):
            content.fetch_part(conn, 5, "1", len)
