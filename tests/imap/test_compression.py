"""COMPRESS=DEFLATE carries everything the plain line does, and a bomb in it ends the connection."""

import threading
import tracemalloc
import zlib
from collections.abc import Callable
from dataclasses import replace

import pytest

from mailtui.imap import appending, content, index, searching, selecting, watching
from mailtui.imap.connection import Connection
from mailtui.imap.states import State
from mailtui.imap.trouble import Cancelled
from mailtui.imap.types import Budgets, Exists, WireLog
from mailtui.model.account import Security, Server
from mailtui.model.secret import Secret
from mailtui.model.trouble import Garbled, Trouble, Unreachable
from tests.imap.opening import QUICK, crlf, message, messages, open_dovecot, open_scripted
from tests.servers.dovecot import Dovecot, User
from tests.servers.proxy import Proxy
from tests.servers.scripted import CAPABILITY, Answer, Command, Scripted, Talk

BIG = message(1, body="\n".join(f"{number:070d}" for number in range(60_000)))
OFFER = b"{tag} OK [CAPABILITY " + CAPABILITY + b" COMPRESS=DEFLATE] signed in\r\n"


@pytest.fixture
def ana(compressing_dovecot: Dovecot) -> User:
    return compressing_dovecot.new_user()


def compress(talk: Talk, command: Command) -> None:
    talk.send(command.tag + b" OK from here on\r\n")
    talk.compress()


def scripted(**answers: Answer) -> Scripted:
    """A server that compresses when asked."""
    said: dict[str, Answer] = {"AUTHENTICATE": OFFER, "COMPRESS": compress}
    return Scripted(said | {verb.replace("_", " "): answer for verb, answer in answers.items()})


def opened(server: Scripted, budgets: Budgets = QUICK, log: WireLog | None = None) -> Connection:
    conn = open_scripted(server, budgets=budgets, log=log)
    selecting.select(conn, b"INBOX")  # COMPRESS is said behind this
    return conn


# on a real server


@pytest.mark.parametrize("security", list(Security))
def test_whatever_is_said_comes_through(compressing_dovecot: Dovecot, ana: User, security: Security) -> None:
    server = compressing_dovecot
    server.seed(ana, "INBOX", messages(400))
    log: list[str] = []
    port = server.imaps if security is Security.TLS else server.imap
    where = Server("localhost", port, security, ana.name, server.ca_file)
    conn = Connection.open(where, Secret(ana.password), log=log.append)
    assert selecting.select(conn, b"INBOX").exists == 400
    rows = [row for window in index.fetch_index(conn, [range(1, 201), range(201, 401)]) for row in window]
    assert sorted(row.uid for row in rows) == list(range(1, 401))
    assert list(searching.all_uids(conn)) == list(range(1, 401))
    source = crlf(message(9, body="x" * 300_000))
    appended = appending.append(conn, b"INBOX", source)
    assert content.fetch_parts(conn, appended.uid or 0, [""], limit=400_000) == {"": source}
    conn.logout()
    assert any("COMPRESS DEFLATE" in line for line in log)


def test_far_fewer_octets_are_on_the_line(compressing_dovecot: Dovecot, ana: User) -> None:
    compressing_dovecot.seed(ana, "INBOX", messages(500))
    with Proxy(compressing_dovecot.imap) as proxy:
        conn = Connection.open(Server("localhost", proxy.port, Security.NONE, ana.name), Secret(ana.password))
        selecting.select(conn, b"INBOX")
        before = proxy.down
        rows = index.newest(conn, 500)
        told = sum(len(row.header) + len(row.structure) for row in rows)
        assert proxy.down - before < told / 3
        conn.logout()


def test_a_large_part_is_streamed_whole(compressing_dovecot: Dovecot, ana: User) -> None:
    compressing_dovecot.seed(ana, "INBOX", [(BIG, [])])
    conn = open_dovecot(compressing_dovecot, ana)
    selecting.select(conn, b"INBOX")
    pieces: list[bytes] = []
    reports: list[tuple[int, int]] = []
    done = content.fetch_part(conn, 1, "", pieces.append, progress=lambda *report: reports.append(report))
    assert b"".join(pieces) == crlf(BIG)
    assert max(map(len, pieces)) <= 65_536
    assert reports[-1] == (done.octets, done.octets)
    assert watching.noop(conn) == []
    with pytest.raises(Cancelled):
        content.fetch_part(conn, 1, "", len, cancel=lambda: True)
    assert conn.closed


@pytest.mark.parametrize("security", [Security.NONE, Security.TLS])
def test_a_push_is_heard_at_once_and_a_wake_ends_it(
    compressing_dovecot: Dovecot, ana: User, security: Security
) -> None:
    server = compressing_dovecot
    port = server.imaps if security is Security.TLS else server.imap
    where = Server("localhost", port, security, ana.name, server.ca_file)
    conn = Connection.open(where, Secret(ana.password))
    selecting.select(conn, b"INBOX")
    heard = []
    for number in (1, 2):
        news = threading.Thread(target=compressing_dovecot.append, args=(ana, "INBOX", crlf(message(number))))
        news.start()
        for batch in watching.idle(conn, seconds=30):
            heard += [push for push in batch if isinstance(push, Exists)]
            if heard and heard[-1].number == number:
                conn.wake()
        news.join()
    assert heard[-1] == Exists(2)
    conn.logout()


def test_it_can_be_cut_from_another_thread(compressing_dovecot: Dovecot, ana: User) -> None:
    conn = open_dovecot(compressing_dovecot, ana)
    selecting.select(conn, b"INBOX")
    threading.Timer(0.1, conn.abort).start()
    with pytest.raises(Unreachable):
        list(watching.idle(conn, seconds=30))


def test_what_is_in_flight_when_compression_begins_is_not_lost(
    compressing_dovecot: Dovecot, ana: User
) -> None:
    compressing_dovecot.seed(ana, "INBOX", messages(2000))
    conn = open_dovecot(compressing_dovecot, ana)
    select = conn.post(b"SELECT", b"INBOX", doing="open", wants=[b"EXISTS"])
    conn.enter(State.SELECTED, None)
    fetches = [
        conn.post(b"UID FETCH", b"%d:%d (UID BODY.PEEK[HEADER])" % ends, doing="read", wants=[b"FETCH"])
        for ends in ((1, 1000), (1001, 2000))
    ]
    assert list(conn.collect(select)) == [b"* 2000 EXISTS"]
    assert watching.noop(conn) == []  # waits for compression, past both
    assert sum(len(list(conn.collect(fetch))) for fetch in fetches) == 2000
    conn.logout()


def test_imapclients_own_verbs_work_under_it(compressing_dovecot: Dovecot, ana: User) -> None:
    conn = open_dovecot(compressing_dovecot, ana)
    for _ in range(2):  # before it has begun, and after
        assert conn.imapclient().namespace().personal
        assert watching.noop(conn) == []
    conn.logout()


# by a script


def test_nothing_is_said_before_the_server_has_consented() -> None:
    with scripted() as server:
        conn = opened(server)
        assert watching.noop(conn) == []
        verbs = [line.split()[1] for line in server.lines]
        assert verbs == [b"AUTHENTICATE", b"SELECT", b"COMPRESS", b"NOOP"]
        conn.logout()


@pytest.mark.parametrize("word", [b"NO [COMPRESSIONACTIVE] already", b"BAD what?"])
def test_a_refusal_changes_nothing(word: bytes) -> None:
    with scripted(COMPRESS=b"{tag} " + word + b"\r\n") as server:
        conn = opened(server)
        assert watching.noop(conn) == []
        conn.logout()


def test_a_server_that_does_not_say_whether_it_compresses_is_unreachable() -> None:
    with scripted(COMPRESS=lambda talk, _: talk.stall()) as server:
        conn = opened(server)
        with pytest.raises(Unreachable):
            watching.noop(conn)
        conn = opened(server)
        conn.logout()
        assert conn.closed


def test_what_is_not_offered_is_not_asked_for() -> None:
    with Scripted() as server:
        opened(server).logout()
        assert not any(b"COMPRESS" in line for line in server.lines)


def test_what_comes_right_behind_the_consent_is_inflated() -> None:
    def at_once(talk: Talk, command: Command) -> None:
        stream = zlib.compressobj(wbits=-15)
        news = stream.compress(b"* OK [ALERT] hello\r\n") + stream.flush(zlib.Z_SYNC_FLUSH)
        talk.send(command.tag + b" OK go\r\n" + news)
        talk.send_as_it_is(stream.compress(talk_answer(talk)) + stream.flush(zlib.Z_SYNC_FLUSH))

    def talk_answer(talk: Talk) -> bytes:
        talk.compress()
        return talk.command().tag + b" OK done\r\n"

    with scripted(COMPRESS=at_once) as server:
        conn = opened(server)
        assert [str(push) for push in watching.noop(conn)] == ["Alert(text='hello')"]
        conn.close()


def test_a_line_in_many_pieces_and_many_lines_in_one() -> None:
    def idle(talk: Talk, command: Command) -> None:
        talk.send(b"+ idling\r\n")
        talk.send_in_pieces(b"* 11 EXISTS\r\n", 2, 0.005)
        talk.send(b"".join(b"* %d EXISTS\r\n" % number for number in range(12, 3000)))
        assert talk.line() == b"DONE"
        talk.send(command.tag + b" OK done\r\n")

    with scripted(IDLE=idle) as server:
        conn = opened(server)
        found = []
        for batch in watching.idle(conn, seconds=20):
            found += [push.number for push in batch if isinstance(push, Exists)]
            if found and found[-1] == 2999:
                conn.wake()
        assert found == list(range(11, 3000))
        conn.logout()


# bombs


def once(before: bytes, size: int) -> Callable[[Talk, Command], None]:
    """Say this and `size` octets of the same letter, by pieces as the silence of a slow machine would end
    it otherwise."""

    def say(talk: Talk, command: Command) -> None:
        del command
        talk.send(before)
        for _ in range(size // 1_000_000):
            talk.send(b"A" * 1_000_000)
        talk.stall()

    return say


def endless(octets: bytes) -> Callable[[Talk, Command], None]:
    def flood(talk: Talk, _: Command) -> None:
        while True:
            talk.send(octets)

    return flood


@pytest.mark.parametrize(
    "answer",
    [
        once(b"* 1 FETCH (UID 1 X ", 60_000_000),
        once(b"* 1 FETCH (UID 1 BODY[] {60000000}\r\n", 60_000_000),
        endless(b"* OK " + b"A" * 60_000 + b"\r\n"),
        endless(b"* 1 EXISTS\r\n" * 5_000),
    ],
    ids=["a line", "a literal", "lines", "responses"],
)
def test_a_bomb_hangs_up_before_it_has_swollen(answer: Answer) -> None:
    with scripted(NOOP=answer) as server:
        conn = opened(server)
        tracemalloc.start()
        with pytest.raises(Garbled):
            watching.noop(conn)
        ours = tracemalloc.take_snapshot().filter_traces([tracemalloc.Filter(True, "*/mailtui/imap/*")])
        tracemalloc.stop()
        assert conn.closed
        assert sum(trace.size for trace in ours.statistics("filename")) < 8_000_000


def test_a_large_answer_may_not_come_of_next_to_nothing() -> None:
    def swell(talk: Talk, command: Command) -> None:
        for number in range(1, 200):
            talk.send(b"* %d FETCH (UID %d BODY[HEADER.FIELDS (X)] {200000}\r\n" % (number, number))
            talk.send(b" " * 200_000 + b")\r\n")
        talk.send(command.tag + b" OK done\r\n")

    generous = replace(Budgets(), silence=5)
    with scripted(UID_FETCH=swell) as server:
        conn = opened(server, generous)
        with pytest.raises(Garbled, match="swells"):
            list(index.fetch_index(conn, [range(1, 501)]))


def test_an_honest_part_may_deflate_a_thousandfold() -> None:
    size = 20_000_000

    def zeros(talk: Talk, command: Command) -> None:
        talk.send(b"* 1 FETCH (UID 1 BODY[2] {%d}\r\n" % size)
        for _ in range(20):
            talk.send(b"A" * (size // 20))
        talk.send(b")\r\n" + command.tag + b" OK done\r\n")

    with scripted(UID_FETCH=zeros) as server:
        conn = opened(server, replace(Budgets(), silence=5))
        assert content.fetch_part(conn, 1, "2", len).octets == size
        conn.logout()


@pytest.mark.parametrize(
    ("octets", "kind"),
    [(b"\x00\x00\x00\xff\xff", Garbled), (b"* OK in clear\r\n", Garbled), (b"\xff" * 10, Garbled)],
    ids=["empty blocks", "clear text", "nonsense"],
)
def test_a_stream_that_is_none_hangs_up(octets: bytes, kind: type[Trouble]) -> None:
    def flood(talk: Talk, _: Command) -> None:
        while True:
            talk.send_as_it_is(octets * 1000)

    with scripted(NOOP=flood) as server:
        conn = opened(server)
        with pytest.raises(kind):
            watching.noop(conn)
        assert conn.closed
