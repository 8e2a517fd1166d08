"""Commands and responses are kept in order, whatever comes between them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailtui.imap import appending, arguments, folders, managing, searching, selecting, watching
from mailtui.imap.connection import Connection
from mailtui.imap.trouble import CommandRefused
from mailtui.imap.types import Alert, Dirty, Exists, Expunged, FlagsPushed
from mailtui.model.message import Flag
from mailtui.model.query import Field, Query, Term
from mailtui.model.trouble import Garbled, Refused, ServerBusy, Trouble, Unreachable
from tests.imap.opening import QUICK, open_scripted
from tests.servers.scripted import Answer, Command, Scripted, Talk

EVIL = 'x\r\nX1 DELETE INBOX\r\n" {5}\r\n\\'


@pytest.mark.parametrize(
    "reply",
    [
        b"M99 OK early\r\n",
        b"X1 OK not ours\r\n",
        b"OK\r\n",
        b"\r\n",
        b"nonsense\r\n",
        b"* \r\n",
        b"* 5\r\n",
        b"{tag} MAYBE\r\n",
        b"{tag}\r\n",
        b"+ go on\r\n",
        b"* 1 FETCH (UID 1 X {-1}\r\n)\r\n{tag} OK\r\n\r\n",
        b"* 1 FETCH (UID 1 X {4294967295}\r\n",
    ],
)
def test_what_breaks_the_protocol_ends_the_connection(reply: bytes) -> None:
    with Scripted({"NOOP": reply}) as server:
        conn = open_scripted(server)
        with pytest.raises(Garbled):
            watching.noop(conn)
        assert conn.closed


@pytest.mark.parametrize("line", [b"* OK again\r\n", b"* 5 EXISTS\r\n", b"* LIST () NIL x\r\n"])
def test_untagged_responses_without_end_are_cut_off(line: bytes) -> None:
    def pour(talk: Talk, _: Command) -> None:
        while True:
            talk.send(line * 500)

    with Scripted({"NOOP": pour}) as server:
        conn = open_scripted(server)
        with pytest.raises(Garbled):
            watching.noop(conn)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (b"* BYE see you\r\n", Unreachable),
        (b"* BYE [UNAVAILABLE] maintenance\r\n", ServerBusy),
        (b"* BYE\r\n", Unreachable),
        (lambda talk, _: talk.drop(), Unreachable),
        (lambda talk, _: talk.reset(), Unreachable),
        (lambda talk, _: talk.stall(), Unreachable),
        (lambda talk, _: talk.send_in_pieces(b"* OK " + b"x" * 1000, 1, 0.05), Unreachable),
    ],
)
def test_loss_is_told_and_the_connection_closed(reply: Answer, kind: type[Trouble]) -> None:
    with Scripted({"NOOP": reply}) as server:
        conn = open_scripted(server)
        with pytest.raises(kind):
            watching.noop(conn)
        assert conn.closed


@pytest.mark.parametrize(
    ("reply", "kind", "code"),
    [
        (b"{tag} NO [TRYCREATE] no\r\n", CommandRefused, "TRYCREATE"),
        (b"{tag} NO [OVERQUOTA] full\r\n", CommandRefused, "OVERQUOTA"),
        (b"{tag} NO just no\r\n", CommandRefused, ""),
        (b"{tag} BAD what\r\n", CommandRefused, "BAD"),
        (b"{tag} NO [UNAVAILABLE] later\r\n", ServerBusy, None),
        (b"{tag} no [inuse] later\r\n", ServerBusy, None),
    ],
)
def test_a_refusal_leaves_the_connection_alive(reply: bytes, kind: type[Trouble], code: str | None) -> None:
    with Scripted({"CREATE": reply}) as server:
        conn = open_scripted(server)
        with pytest.raises(kind) as caught:
            managing.create(conn, "Work")
        assert code is None or getattr(caught.value, "code", "") == code
        assert "create the folder Work" in caught.value.what
        watching.noop(conn)
        conn.logout()


def test_the_servers_text_is_cut_to_a_length() -> None:
    with Scripted({"CREATE": b"{tag} NO " + b"\x1b]0;" * 5000 + b"\r\n"}) as server:
        conn = open_scripted(server)
        with pytest.raises(CommandRefused) as caught:
            managing.create(conn, "Work")
        assert len(caught.value.what) < 400
        conn.logout()


def test_pushes_come_in_order_with_any_command() -> None:
    pushed = (
        b"* 12 EXISTS\r\n* 3 EXPUNGE\r\n* 2 FETCH (UID 5 FLAGS (\\Seen x) MODSEQ (9))\r\n"
        b"* 4 FETCH (FLAGS ())\r\n* 0 EXPUNGE\r\n* 1 RECENT\r\n* OK [ALERT] hear me\r\n"
        b"* FLAGS (a)\r\n{tag} OK\r\n"
    )
    with Scripted({"NOOP": pushed}) as server:
        conn = open_scripted(server)
        assert watching.noop(conn) == [
            Exists(12),
            Expunged(3),
            FlagsPushed(5, Flag.SEEN, ("x",), 9),
            Dirty(),  # * 0 EXPUNGE; and * 4 FETCH, for no folder is selected to look it up
            Alert("hear me"),
        ]
        assert conn.take_pushes() == []
        conn.logout()


def test_a_flood_of_pushes_is_one_dirty_folder() -> None:
    with Scripted({"NOOP": b"* 1 EXPUNGE\r\n* 2 EXPUNGE\r\n" * 6000 + b"{tag} OK\r\n"}) as server:
        conn = open_scripted(server, budgets=QUICK.__class__())
        pushes = watching.noop(conn)
        assert pushes[0] == Dirty()
        assert len(pushes) <= 2001
        conn.logout()


@pytest.mark.parametrize("capability", [b"IMAP4rev1", b"IMAP4rev1 LITERAL+", b"IMAP4rev1 LITERAL-"])
def test_no_argument_becomes_a_command(capability: bytes) -> None:
    heard: list[Command] = []

    def note(talk: Talk, command: Command) -> None:
        heard.append(command)
        talk.send(command.tag + b" OK [CAPABILITY " + capability + b"] done\r\n")

    verbs = (
        "CREATE",
        "SUBSCRIBE",
        "UID SEARCH",
        "APPEND",
        "STATUS",
        "LOGIN",
        "UID STORE",
        "RENAME",
        "DELETE",
    )
    greeting = b"* OK [CAPABILITY " + capability + b"] hi\r\n"
    with Scripted(dict.fromkeys(verbs, note), greeting=greeting) as server:
        conn = open_scripted(server, password=EVIL, user=EVIL)
        managing.create(conn, EVIL)
        folders.status(conn, EVIL.encode())
        appending.append(conn, EVIL.encode(), b"Subject: x\r\n\r\n" + EVIL.encode())
        selecting.select(conn, b"INBOX")
        searching.search(conn, Query(Term(Field.SUBJECT, EVIL)))
        searching.find_by_message_id(conn, EVIL)
        conn.logout()
    assert len(heard) == 7
    tags = [command.tag for command in heard]
    assert tags == sorted(tags, key=lambda tag: int(tag[1:]))
    assert all(tag[:1] == b"M" for tag in tags)
    assert b"X1 DELETE INBOX" in heard[0].words  # the password, whole, as a literal


def test_a_nul_is_refused_with_nothing_sent() -> None:
    with Scripted() as server:
        conn = open_scripted(server)
        selecting.select(conn, b"INBOX")
        before = len(server.lines)
        with pytest.raises(Refused):
            searching.search(conn, Query(Term(Field.SUBJECT, "a\0b")))
        with pytest.raises(Refused):
            appending.append(conn, b"INBOX", b"a\0b")
        with pytest.raises(Refused):
            conn.run(b"NOOP", b"\r\nX1 LOGOUT", doing="test")
        assert len(server.lines) == before
        watching.noop(conn)
        conn.logout()


def test_a_refusal_instead_of_the_leave_for_a_literal_is_a_refusal() -> None:
    def command(talk: Talk) -> Command:
        line = talk.line()
        tag, _, rest = line.partition(b" ")
        if rest.endswith(b"}"):
            talk.send(tag + b" NO [OVERQUOTA] full\r\n")
            return Command(tag, "REFUSED", b"")
        return Command(tag, rest.split()[0].decode(), b"")

    def serve(talk: Talk, _: Command) -> None:
        talk.send(b"* OK [CAPABILITY IMAP4rev1] hi\r\n")
        while True:
            asked = command(talk)
            if asked.verb != "REFUSED":
                talk.send(asked.tag + b" OK [CAPABILITY IMAP4rev1] done\r\n")

    with Scripted(greeting=serve) as server:
        conn = open_scripted(server)
        with pytest.raises(CommandRefused) as caught:
            appending.append(conn, b"INBOX", b"Subject: x\r\n\r\n")
        assert caught.value.code == "OVERQUOTA"
        watching.noop(conn)
        conn.logout()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.binary(max_size=40), max_size=6))
def test_junk_between_responses_never_raises_anything_but_trouble(junk: list[bytes]) -> None:
    reply = b"".join(b"* " + piece.replace(b"{", b"") + b"\r\n" for piece in junk)
    with Scripted({"NOOP": lambda talk, command: talk.send(reply + command.tag + b" OK\r\n")}) as server:
        conn: Connection = open_scripted(server)
        try:
            watching.noop(conn)
        except Trouble:
            assert conn.closed
        conn.logout()


def test_a_literal_is_only_what_it_says() -> None:
    assert arguments.astring(EVIL) == arguments.Literal(EVIL.encode())


def test_of_endless_capabilities_and_codes_only_so_much_is_kept() -> None:
    listed = b" ".join(b"X%d" % number for number in range(9_000))
    codes = b"".join(b"* OK [X%d] on\r\n" % number for number in range(500))
    answers: dict[str, Answer] = {
        "NOOP": b"* CAPABILITY IMAP4rev1 " + listed + b"\r\n" + codes + b"{tag} OK\r\n"
    }
    with Scripted(answers) as server:
        conn = open_scripted(server)
        _, exchange = conn.run(b"NOOP", doing="tell")
        assert conn.offers("IMAP4REV1")
        assert len(conn.capabilities) < 5_000
        assert len(exchange.codes) <= 100
        conn.logout()
