"""Opening: encryption by the rules, one sign-in, no secret in the log; ending: a short goodbye."""

import base64
import contextlib
import gc
import socket
import threading
import time

import pytest

from mailtui.imap import folders, selecting, watching
from mailtui.imap.connection import Connection
from mailtui.imap.states import State
from mailtui.imap.trouble import CommandRefused, NotOffered, WrongState
from mailtui.imap.types import Alert
from mailtui.model.account import Security, Server
from mailtui.model.secret import Secret
from mailtui.model.trouble import Garbled, Insecure, ServerBusy, SignInRefused, Trouble, Unreachable
from tests.imap.opening import open_dovecot, open_scripted
from tests.servers.certificates import Certificates
from tests.servers.dovecot import Dovecot, User
from tests.servers.scripted import CAPABILITY, Answer, Command, Scripted, Talk

STARTTLS = b"IMAP4rev1 STARTTLS LOGINDISABLED"


def credentials_in_clear(server: Scripted) -> list[bytes]:
    words = (b" LOGIN ", b" AUTHENTICATE ")
    return [h.line for h in server.heard if not h.encrypted and any(word in h.line for word in words)]


# on a real server


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS, Security.NONE])
def test_it_signs_in_by_each_kind_of_security(dovecot: Dovecot, user: User, security: Security) -> None:
    port = dovecot.imaps if security is Security.TLS else dovecot.imap
    where = Server("localhost", port, security, user.name, dovecot.ca_file)
    conn = Connection.open(where, Secret(user.password))
    assert conn.state is State.AUTHENTICATED
    assert conn.offers("MOVE", "UIDPLUS")
    assert [folder.path for folder in folders.list_folders(conn) if folder.path == "INBOX"]
    assert conn.server_id["name"] == "Dovecot"
    conn.logout()
    assert conn.closed


def test_the_poor_server_is_signed_in_to_by_login(poor_dovecot: Dovecot, poor_user: User) -> None:
    lines: list[str] = []
    conn = open_dovecot(poor_dovecot, poor_user, log=lines.append)
    assert "C: M0 LOGIN (not shown)" in lines
    assert not conn.offers("ID")
    conn.logout()


def test_a_wrong_password_is_refused_once_and_in_plain_words(dovecot: Dovecot, user: User) -> None:
    with pytest.raises(SignInRefused) as caught:
        open_dovecot(dovecot, User(user.name, "wrong"))
    assert user.name in caught.value.what
    assert "password" in caught.value.advice


def test_the_secret_is_in_no_log_and_no_trouble(dovecot: Dovecot, user: User) -> None:
    lines: list[str] = []
    conn = open_dovecot(dovecot, user, log=lines.append)
    conn.logout()
    encoded = base64.b64encode(f"\0{user.name}\0{user.password}".encode()).decode()
    said = "\n".join(lines)
    assert "AUTHENTICATE" in said
    assert user.password not in said
    assert encoded not in said


def test_the_goodbye_is_in_the_servers_log(dovecot: Dovecot, user: User) -> None:
    before = dovecot.log().count("Logged out")
    open_dovecot(dovecot, user).logout()
    assert dovecot.rawlog(user)[-1].client.endswith(b"LOGOUT\r\n")
    end = time.monotonic() + 10
    while dovecot.log().count("Logged out") == before and time.monotonic() < end:
        time.sleep(0.02)
    assert dovecot.log().count("Logged out") > before


def test_imapclients_own_verbs_work_on_the_same_wire(conn: Connection) -> None:
    assert "INBOX" in [name for _, _, name in conn.imapclient().list_folders()]
    assert conn.imapclient().namespace().personal
    assert watching.noop(conn) == []


def test_a_verb_in_the_wrong_state_is_refused_before_it_is_sent(conn: Connection) -> None:
    with pytest.raises(WrongState):
        conn.run(b"UID FETCH", b"1 (FLAGS)", doing="test")
    with pytest.raises(WrongState):
        conn.run(b"LOGIN", b"a b", doing="test")
    selecting.select(conn, b"INBOX")
    with pytest.raises(WrongState):
        conn.run(b"EXPUNGE", doing="test")
    conn.run(b"UID FETCH", b"1 (FLAGS)", doing="test")


def test_what_is_closed_says_so(conn: Connection) -> None:
    conn.logout()
    conn.logout()
    conn.wake()
    conn.abort()
    with pytest.raises(Unreachable):
        watching.noop(conn)


def test_a_verb_that_needs_what_is_not_offered_sends_nothing(poor_ten: Connection) -> None:
    with pytest.raises(NotOffered):
        next(watching.idle(poor_ten))


# whom to trust


def test_no_clear_text_beyond_this_machine() -> None:
    with pytest.raises(Insecure):
        Connection.open(Server("192.0.2.1", 143, Security.NONE, "alice"), Secret("x"))


@pytest.mark.parametrize("implicit", [True, False])
@pytest.mark.parametrize(
    ("kind", "why"), [("wrong_name", "match"), ("expired", "expired"), ("self_signed", "self")]
)
def test_a_bad_certificate_ends_it_and_is_named(
    certificates: Certificates, kind: str, why: str, implicit: bool
) -> None:
    leaf = getattr(certificates, kind)
    with Scripted(
        leaf=leaf, implicit=implicit, greeting=b"* OK [CAPABILITY " + STARTTLS + b"] hi\r\n"
    ) as server:
        security = Security.TLS if implicit else Security.STARTTLS
        with pytest.raises(Insecure) as caught:
            open_scripted(server, security=security, ca_file=str(certificates.ca))
    assert why in caught.value.what.lower()
    assert credentials_in_clear(server) == []


def test_the_systems_roots_do_not_trust_a_private_ca(dovecot: Dovecot, user: User) -> None:
    with pytest.raises(Insecure):
        Connection.open(Server("localhost", dovecot.imaps, Security.TLS, user.name), Secret(user.password))


def test_a_ca_file_that_is_none_is_named(dovecot: Dovecot) -> None:
    where = Server("localhost", dovecot.imaps, Security.TLS, "alice", "/nowhere/ca.pem")
    with pytest.raises(Insecure, match="ca_file"):
        Connection.open(where, Secret("x"))


def test_tls_where_there_is_none(certificates: Certificates) -> None:
    with Scripted() as server, pytest.raises(Insecure):
        open_scripted(server, security=Security.TLS, ca_file=str(certificates.ca))


@pytest.mark.parametrize(
    "answers",
    [
        {},  # not advertised at all
        {"CAPABILITY": b"* CAPABILITY " + STARTTLS + b"\r\n{tag} OK\r\n", "STARTTLS": b"{tag} NO later\r\n"},
        {"CAPABILITY": b"* CAPABILITY " + STARTTLS + b"\r\n{tag} OK\r\n", "STARTTLS": b"{tag} BAD what\r\n"},
    ],
)
def test_starttls_that_is_stripped_or_refused_ends_it(
    certificates: Certificates, answers: dict[str, Answer]
) -> None:
    with Scripted(answers, greeting=b"* OK hi\r\n") as server:
        with pytest.raises(Insecure):
            open_scripted(server, security=Security.STARTTLS, ca_file=str(certificates.ca))
        assert credentials_in_clear(server) == []


@pytest.mark.parametrize("reply", [b"+ go on\r\n", b"{tag} OK begin\r\nnot a handshake at all\r\n"])
def test_nonsense_instead_of_a_handshake(certificates: Certificates, reply: bytes) -> None:
    greeting = b"* OK [CAPABILITY " + STARTTLS + b"] hi\r\n"
    with Scripted({"STARTTLS": reply}, greeting=greeting) as server:
        with pytest.raises((Insecure, Garbled, Unreachable)):
            open_scripted(server, security=Security.STARTTLS, ca_file=str(certificates.ca))
        assert credentials_in_clear(server) == []


def test_hanging_up_during_the_handshake_is_no_question_of_trust() -> None:
    def hang_up(listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                accepted, _ = listener.accept()
                accepted.recv(10_000)
                accepted.close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=hang_up, args=(listener,), daemon=True).start()
        where = Server("127.0.0.1", listener.getsockname()[1], Security.TLS, "alice")
        with pytest.raises(Unreachable, match="during the encrypted handshake"):
            Connection.open(where, Secret("x"))


def test_a_handshake_that_never_ends_is_given_up(certificates: Certificates) -> None:
    greeting = b"* OK [CAPABILITY " + STARTTLS + b"] hi\r\n"

    def promise(talk: Talk, command: Command) -> None:
        talk.send(command.tag + b" OK begin\r\n")
        talk.stall()

    with Scripted({"STARTTLS": promise}, greeting=greeting) as server, pytest.raises(Unreachable):
        open_scripted(server, security=Security.STARTTLS, ca_file=str(certificates.ca))


def test_what_was_said_before_encryption_is_forgotten(certificates: Certificates) -> None:
    def inject(talk: Talk, command: Command) -> None:
        talk.send(b"* CAPABILITY IMAP4rev1 X-INJECTED AUTH=PLAIN\r\n* 99 EXISTS\r\n* OK [ALERT] click me\r\n")
        talk.send(b'* LIST () "/" "Click me"\r\n' + command.tag + b" OK begin\r\n")
        talk.encrypt()

    greeting = b"* OK [CAPABILITY " + STARTTLS + b"] [ALERT] hi\r\n"
    with Scripted({"STARTTLS": inject}, greeting=greeting, leaf=certificates.good) as server:
        conn = open_scripted(server, security=Security.STARTTLS, ca_file=str(certificates.ca))
        assert "X-INJECTED" not in conn.capabilities
        assert conn.take_pushes() == []
        assert [folder.path for folder in folders.list_folders(conn)] == ["INBOX"]
        conn.logout()
        assert credentials_in_clear(server) == []


def test_what_comes_in_clear_after_the_promise_ends_it(certificates: Certificates) -> None:
    greeting = b"* OK [CAPABILITY " + STARTTLS + b"] hi\r\n"
    glued = b'{tag} OK begin\r\n* LIST () "/" "Click me"\r\n'
    with Scripted({"STARTTLS": glued}, greeting=greeting) as server, pytest.raises(Insecure):
        open_scripted(server, security=Security.STARTTLS, ca_file=str(certificates.ca))
    assert credentials_in_clear(server) == []


@pytest.mark.parametrize("security", [Security.NONE, Security.STARTTLS])
def test_preauth_in_clear_is_refused(certificates: Certificates, security: Security) -> None:
    with Scripted(greeting=b"* PREAUTH welcome back\r\n") as server:
        with pytest.raises(Insecure):
            open_scripted(server, security=security, ca_file=str(certificates.ca))
        assert server.lines == []


def test_preauth_inside_tls_is_accepted(certificates: Certificates) -> None:
    with Scripted(greeting=b"* PREAUTH hi\r\n", leaf=certificates.good, implicit=True) as server:
        conn = open_scripted(server, security=Security.TLS, ca_file=str(certificates.ca))
        assert conn.state is State.AUTHENTICATED
        conn.logout()


# greetings


@pytest.mark.parametrize(
    ("greeting", "kind"),
    [
        (b"* BYE too many connections\r\n", ServerBusy),
        (b"* BYE not you\r\n", Unreachable),
        (b"* BYE [UNAVAILABLE] later\r\n", ServerBusy),
        (b"* NO not you\r\n", Unreachable),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", Garbled),
        (b"\x00\xff\x16\x03\x01\r\n", Garbled),
        (b"220 smtp.example.test ESMTP\r\n", Garbled),
        (b"", Unreachable),
        (b"x" * 100_000, Garbled),
    ],
)
def test_what_is_no_greeting_ends_it(greeting: bytes, kind: type[Trouble]) -> None:
    with Scripted(greeting=greeting) as server, pytest.raises(kind):
        open_scripted(server)


def test_a_greeting_that_drips_is_given_up() -> None:
    def drip(talk: Talk, _: Command) -> None:
        talk.send_in_pieces(b"* OK " + b"x" * 1000 + b"\r\n", 1, 0.05)

    with Scripted(greeting=drip) as server, pytest.raises(Unreachable):
        open_scripted(server)


def test_nobody_there_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    with pytest.raises(Unreachable):
        Connection.open(Server("127.0.0.1", port, Security.NONE, "alice"), Secret("x"))


def test_a_name_that_does_not_exist_is_unreachable() -> None:
    with pytest.raises(Unreachable):
        Connection.open(Server("nowhere.invalid", 993, Security.TLS, "alice"), Secret("x"))


# signing in


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (b"{tag} NO [AUTHENTICATIONFAILED] no\r\n", SignInRefused),
        (b"{tag} NO [EXPIRED] no\r\n", SignInRefused),
        (b"{tag} NO no\r\n", SignInRefused),
        (b"{tag} NO [UNAVAILABLE] later\r\n", ServerBusy),
        (b"{tag} NO [INUSE] later\r\n", ServerBusy),
        (b"{tag} NO [LIMIT] later\r\n", ServerBusy),
        (b"{tag} NO Too many simultaneous connections\r\n", ServerBusy),
        (b"{tag} NO [PRIVACYREQUIRED] tls\r\n", Insecure),
        (b"{tag} BAD what\r\n", CommandRefused),
        (b"* BYE go away\r\n", Unreachable),
        (b"* BYE [UNAVAILABLE] go away\r\n", ServerBusy),
        (b"{tag} NO [ALERT] Too many simultaneous connections. (Failure)\r\n", ServerBusy),
        (b"{tag} NO [ALERT] Application-specific password required\r\n", SignInRefused),
        (b"{tag} NO [AUTHENTICATIONFAILED] temporarily locked\r\n", SignInRefused),
        (b"{tag} NO [THROTTLED] slowly\r\n", ServerBusy),
        (b"{tag} NO [REFERRAL imap://attacker/] go there\r\n", CommandRefused),
        (b"{tag} NO [WEBALERT https://attacker/] Web login required\r\n", CommandRefused),
        (b"{tag} NO [CONTACTADMIN] no\r\n", CommandRefused),
        (b"{tag} NO [NOPERM] IMAP is off\r\n", CommandRefused),
        (b"{tag} NO [AUTHORIZATIONFAILED] not as her\r\n", CommandRefused),
    ],
)
def test_refusals_are_told_apart(reply: bytes, kind: type[Trouble]) -> None:
    with Scripted({"AUTHENTICATE": reply}) as server, pytest.raises(kind):
        open_scripted(server)
    assert len([line for line in server.lines if b"AUTHENTICATE" in line]) == 1


def test_a_sign_in_without_an_answer_is_unreachable() -> None:
    with Scripted({"AUTHENTICATE": lambda talk, _: talk.stall()}) as server, pytest.raises(Unreachable):
        open_scripted(server)
    with Scripted({"AUTHENTICATE": lambda talk, _: talk.drop()}) as server, pytest.raises(Unreachable):
        open_scripted(server)
    with Scripted({"AUTHENTICATE": lambda talk, _: talk.reset()}) as server, pytest.raises(Unreachable):
        open_scripted(server)


def test_plain_without_an_initial_response_waits_to_be_asked() -> None:
    def authenticate(talk: Talk, command: Command) -> None:
        talk.send(b"+ \r\n")
        assert base64.b64decode(talk.line()) == b"\0alice\0p\xc3\xa4ss"
        talk.send(command.tag + b" OK [CAPABILITY IMAP4rev1] in\r\n")

    greeting = b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN LOGINDISABLED] hi\r\n"
    with Scripted({"AUTHENTICATE": authenticate}, greeting=greeting) as server:
        open_scripted(server, password="päss").logout()


@pytest.mark.parametrize("capability", [b"IMAP4rev1", b"IMAP4rev1 LITERAL+"])
def test_a_password_beyond_ascii_is_a_literal_for_login(capability: bytes) -> None:
    heard: list[bytes] = []

    def login(talk: Talk, command: Command) -> None:
        heard.append(command.words)
        talk.send(command.tag + b" OK [CAPABILITY IMAP4rev1] in\r\n")

    with Scripted({"LOGIN": login}, greeting=b"* OK [CAPABILITY " + capability + b"] hi\r\n") as server:
        open_scripted(server, password="pä ss", user="al ice").logout()
    plus = b"+" if b"LITERAL+" in capability else b""
    assert heard == [b'"al ice" {6' + plus + b"}\r\n" + "pä ss".encode()]


def test_a_quote_and_a_backslash_in_the_password_stay_inside_the_string() -> None:
    with Scripted(greeting=b"* OK [CAPABILITY IMAP4rev1] hi\r\n") as server:
        open_scripted(server, password='a"b\\c').logout()
    assert rb'M0 LOGIN alice "a\"b\\c"' in server.lines


def test_a_line_break_in_the_password_does_not_end_the_command() -> None:
    with Scripted(greeting=b"* OK [CAPABILITY IMAP4rev1] hi\r\n") as server:
        open_scripted(server, password="a\r\nX1 DELETE INBOX").logout()
    assert not any(line.startswith(b"X1") and line != b"X1 DELETE INBOX" for line in server.lines)
    tags = [line.split()[0] for line in server.lines if line[:1] == b"M"]
    assert tags == [b"M%d" % number for number in range(len(tags))]
    with Scripted() as server, pytest.raises(SignInRefused):
        open_scripted(server, password="a\0b")
    assert server.lines == []


def test_capabilities_are_asked_for_when_they_are_not_told() -> None:
    answers: dict[str, Answer] = {"AUTHENTICATE": b"{tag} OK in\r\n"}
    with Scripted(answers, greeting=b"* OK hi\r\n") as server:
        conn = open_scripted(server)
        assert conn.offers(*CAPABILITY.decode().upper().split())
        conn.logout()
    assert [line for line in server.lines if line.endswith(b"CAPABILITY")] == [
        b"M0 CAPABILITY",
        b"M2 CAPABILITY",
    ]


def test_no_way_in_is_said() -> None:
    with Scripted(greeting=b"* OK [CAPABILITY IMAP4rev1 LOGINDISABLED] hi\r\n") as server:
        with pytest.raises(Insecure):
            open_scripted(server)
        assert server.lines == []


def test_an_alert_is_kept_for_the_user_and_not_longer_than_sense_has() -> None:
    answers: dict[str, Answer] = {"AUTHENTICATE": b"{tag} OK [ALERT] " + b"mailbox moves " * 100 + b"\r\n"}
    with Scripted(answers) as server:
        conn = open_scripted(server)
        (alert,) = conn.take_pushes()
        assert isinstance(alert, Alert)
        assert alert.text.startswith("mailbox moves")
        assert len(alert.text) <= 300
        conn.logout()


# ending


@pytest.mark.parametrize(
    "rude", [lambda talk, _: talk.stall(), lambda talk, _: talk.drop(), b"{tag} NO stay\r\n"]
)
def test_a_goodbye_that_is_not_answered_does_not_hold_anybody_up(rude: Answer) -> None:
    with Scripted({"LOGOUT": rude}) as server:
        conn = open_scripted(server)
        conn.logout()
        assert conn.closed


def test_it_can_be_cut_from_another_thread(conn: Connection) -> None:
    conn.abort()
    with pytest.raises(Unreachable):
        watching.noop(conn)
    assert conn.closed


@pytest.mark.filterwarnings("error")
def test_a_connection_that_failed_to_open_leaves_no_socket(dovecot: Dovecot, user: User) -> None:
    with contextlib.suppress(SignInRefused):
        open_dovecot(dovecot, User(user.name, "wrong"))
    where = Server("localhost", dovecot.imaps, Security.TLS, user.name)
    with contextlib.suppress(Insecure):
        Connection.open(where, Secret("x"))
    gc.collect()
