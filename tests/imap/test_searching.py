"""Queries are asked of the server in its own words, and its answers read with care."""

import pytest

from mailtui.imap import criteria, moving, searching, selecting, watching
from mailtui.imap.connection import Connection
from mailtui.imap.trouble import CommandRefused
from mailtui.model.query import All, Any, Field, Node, Not, Query, Term
from mailtui.model.trouble import Garbled, Refused, Unreachable
from tests.imap.opening import crlf, message, open_scripted
from tests.servers.dovecot import Dovecot, User
from tests.servers.scripted import Answer, Command, Scripted, Talk

JAN, DEC = 1_767_225_600, 1_796_083_200  # 2026-01-01, 2026-12-01


def term(field: Field, value: str = "", number: int = 0) -> Term:
    return Term(field, value, number)


IS_READ = term(Field.IS, "read")


def find(conn: Connection, node: Node) -> list[int]:
    return searching.search(conn, Query(node))


@pytest.fixture(params=["ten", "poor_ten"])
def server(request: pytest.FixtureRequest) -> Connection:
    conn = request.getfixturevalue(request.param)
    assert isinstance(conn, Connection)
    return conn


# on a real server


@pytest.mark.parametrize(
    ("node", "found"),
    [
        (All(()), list(range(1, 11))),
        (term(Field.TEXT, "body 7"), [7]),
        (term(Field.FROM, "ana3@"), [3]),
        (term(Field.TO, "BOB"), list(range(1, 11))),
        (term(Field.SUBJECT, "number 1"), [1, 10]),
        (term(Field.BODY, "Body 10"), [10]),
        (term(Field.ID, "<4@example.test>"), [4]),
        (term(Field.IS, "read"), [2, 4, 6, 8, 10]),
        (term(Field.IS, "unread"), [1, 3, 5, 7, 9]),
        (term(Field.IS, "flagged"), []),
        (term(Field.IS, "answered"), []),
        (term(Field.IS, "forwarded"), []),
        (term(Field.LARGER, number=100), list(range(1, 11))),
        (term(Field.SMALLER, number=100), []),
        (term(Field.BEFORE, number=JAN), []),
        (term(Field.AFTER, number=JAN), list(range(1, 11))),
        (term(Field.KEYWORD, "todo"), []),
        (term(Field.KEYWORD, "not a keyword"), []),
        (term(Field.HAS, "attachment"), []),
        (Not(term(Field.IS, "read")), [1, 3, 5, 7, 9]),
        (
            Any((term(Field.SUBJECT, "number 2"), term(Field.SUBJECT, "number 3"), term(Field.FROM, "ana4"))),
            [2, 3, 4],
        ),
        (Any(()), []),
        (
            All((term(Field.IS, "read"), Not(Any((term(Field.FROM, "ana2"), term(Field.FROM, "ana4")))))),
            [6, 8, 10],
        ),
        (Not(All((term(Field.IS, "read"), term(Field.FROM, "ana2")))), [1, 3, 4, 5, 6, 7, 8, 9, 10]),
        (term(Field.SUBJECT, 'no "quotes" \\ ) here'), []),
    ],
)
def test_each_condition(server: Connection, node: Node, found: list[int]) -> None:
    assert find(server, node) == found


def test_other_scripts_are_found(dovecot: Dovecot, user: User, conn: Connection) -> None:
    subject = "=?utf-8?b?5pel5pys6Kqe?="
    dovecot.append(user, "INBOX", crlf(message(1, subject=subject)))
    dovecot.append(user, "INBOX", crlf(message(2, subject="=?utf-8?q?=C3=9Cbung?=")))
    selecting.select(conn, b"INBOX")
    assert find(conn, term(Field.SUBJECT, "日本")) == [1]
    assert find(conn, Any((term(Field.SUBJECT, "Übung"), term(Field.SUBJECT, "日本語")))) == [1, 2]
    assert find(conn, All((term(Field.SUBJECT, "übung"), term(Field.FROM, "ana2")))) == [2]


def test_every_uid(server: Connection) -> None:
    moving.destroy(server, [3])
    expected = [1, 2, 4, 5, 6, 7, 8, 9, 10] if server.offers("UIDPLUS") else list(range(1, 11))
    assert list(searching.all_uids(server)) == expected
    assert list(searching.all_uids(server, 9)) == [9, 10]
    assert list(searching.all_uids(server, 50)) == []


def test_every_uid_of_an_empty_folder(conn: Connection) -> None:
    selecting.select(conn, b"INBOX")
    assert list(searching.all_uids(conn)) == []
    assert list(searching.all_uids(conn, 5)) == []


def test_a_message_is_found_by_its_id(server: Connection) -> None:
    assert searching.find_by_message_id(server, "<4@example.test>") == [4]
    assert searching.find_by_message_id(server, "<4@example.test>", 2) == [4]
    assert searching.find_by_message_id(server, "<4@example.test>", 5) == []
    assert searching.find_by_message_id(server, "<4@example.test>", 50) == []
    assert searching.find_by_message_id(server, "<nobody@example.test>") == []
    assert searching.find_by_message_id(server, '<x"\r\nX1 DELETE INBOX\r\n@y>') == []


def test_a_message_that_came_after_selecting_is_found_by_its_id(
    dovecot: Dovecot, user: User, ten: Connection
) -> None:
    dovecot.append(user, "INBOX", crlf(message(77)))
    assert searching.find_by_message_id(ten, "<77@example.test>", 11) == [11]


# the words


@pytest.mark.parametrize(
    ("node", "words"),
    [
        (Not(Any((term(Field.IS, "read"), term(Field.BODY, "x")))), b'NOT OR SEEN BODY "x"'),
        (Not(All((term(Field.IS, "read"), term(Field.BODY, "x")))), b'NOT ( SEEN BODY "x" )'),
        (term(Field.TO, "x"), b'OR TO "x" CC "x"'),
        (term(Field.LARGER, number=-5), b"LARGER 0"),
        (term(Field.LARGER, number=10**15), b"LARGER 4294967295"),
        (term(Field.BEFORE, number=DEC), b"BEFORE 1-Dec-2026"),
        (term(Field.IN, "Work"), b"ALL"),
        (term(Field.IS, "purple"), b"ALL"),
    ],
)
def test_queries_in_the_servers_words(node: Node, words: bytes) -> None:
    assert b" ".join(word for word in criteria.words(node) if isinstance(word, bytes)) == words


def test_a_query_nested_absurdly_is_refused() -> None:
    node: Node = term(Field.TEXT, "x")
    for _ in range(5000):
        node = Not(node)
    with pytest.raises(Refused):
        criteria.words(node)


def test_parentheses_stand_right_beside_their_neighbours() -> None:
    asked: list[bytes] = []

    def note(talk: Talk, command: Command) -> None:
        asked.append(command.words)
        talk.send(command.tag + b" OK\r\n")

    with Scripted({"UID SEARCH": note}) as server:
        conn = open_scripted(server)
        selecting.select(conn, b"INBOX")
        inner = All((term(Field.SUBJECT, "Ü"), Not(All((term(Field.IS, "read"), term(Field.BODY, "é"))))))
        find(conn, Not(inner))
        conn.logout()
    assert asked == [
        b"RETURN (ALL) CHARSET UTF-8 NOT (SUBJECT {2+}\r\n\xc3\x9c NOT (SEEN BODY {2+}\r\n\xc3\xa9))",
    ]


# on one that misbehaves


def found_by(answer: Answer, node: Node | None = None, *, esearch: bool = True) -> list[int]:
    offered = b"IMAP4rev1 ESEARCH" if esearch else b"IMAP4rev1"
    signed_in = b"{tag} OK [CAPABILITY " + offered + b"] in\r\n"
    with Scripted({"UID SEARCH": answer, "AUTHENTICATE": signed_in}) as server:
        conn = open_scripted(server)
        selecting.select(conn, b"INBOX")
        found = find(conn, node or term(Field.TEXT, "x"))
        watching.noop(conn)
        conn.logout()
        return found


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (b'* ESEARCH (TAG "{tag}") UID ALL 2,10:11\r\n', [2, 10, 11]),
        (b'* ESEARCH (TAG "{tag}") UID\r\n', []),
        (b'* ESEARCH (TAG "{tag}") UID COUNT 2 ALL 5:4\r\n', [4, 5]),
        (b'* ESEARCH (TAG "M99") UID ALL 7\r\n', []),
        (b"* ESEARCH ALL 3\r\n", [3]),
        (b"* SEARCH 5 3\r\n* SEARCH 9\r\n", [3, 5, 9]),  # a server that answers in the old way
        (b"* SEARCH\r\n", []),
        (b"* SEARCH 0 x 4294967296 99999999999999999999 -1 7\r\n", [7]),
        (b"", []),
    ],
)
def test_answers_are_read_in_any_form(said: bytes, found: list[int]) -> None:
    assert found_by(said + b"{tag} OK\r\n") == found


def test_an_answer_that_names_more_than_there_is_ends_it() -> None:
    with pytest.raises(Garbled):
        found_by(b'* ESEARCH (TAG "{tag}") UID ALL 1:4294967295\r\n{tag} OK\r\n')


def test_a_million_and_a_half_answers_are_read() -> None:
    from mailtui.imap.types import Budgets

    numbers = b" ".join(b"%d" % number for number in range(1, 150_001))
    answers: dict[str, Answer] = {
        "UID SEARCH": b"* SEARCH " + numbers + b"\r\n{tag} OK\r\n",
        "AUTHENTICATE": b"{tag} OK [CAPABILITY IMAP4rev1] in\r\n",
    }
    with Scripted(answers) as server:
        conn = open_scripted(server, budgets=Budgets())
        selecting.select(conn, b"INBOX")
        assert len(searching.all_uids(conn)) == 150_000
        conn.logout()


def test_a_server_that_knows_ascii_only_gets_what_it_can_answer() -> None:
    asked: list[bytes] = []

    def search(talk: Talk, command: Command) -> None:
        asked.append(command.words)
        if b"CHARSET" in command.words:
            talk.send(command.tag + b" NO [BADCHARSET (US-ASCII)] no\r\n")
        else:
            talk.send(b"* SEARCH 4\r\n" + command.tag + b" OK\r\n")

    both = All((term(Field.SUBJECT, "Übung"), term(Field.FROM, "ana")))
    assert found_by(search, both, esearch=False) == [4]
    assert asked[-1] == b'FROM "ana"'
    with pytest.raises(CommandRefused) as caught:
        found_by(search, term(Field.SUBJECT, "Übung"), esearch=False)
    assert caught.value.code == "BADCHARSET"
    with pytest.raises(CommandRefused):
        found_by(b"{tag} NO no\r\n", both)


def test_a_search_that_takes_for_ever_is_given_up() -> None:
    with pytest.raises(Unreachable):
        found_by(lambda talk, _: talk.stall())


def test_seen_by_a_server_that_answers_searches_out_of_order() -> None:
    seen: list[bytes] = []

    def search(talk: Talk, command: Command) -> None:
        seen.append(command.tag)
        if len(seen) == 5:
            for number, tag in reversed(list(enumerate(seen, 1))):
                talk.send(b'* ESEARCH (TAG "%s") UID ALL %d\r\n' % (tag, number))
            talk.send(b"".join(tag + b" OK\r\n" for tag in seen))

    from mailtui.imap.flags import flag_sets

    with Scripted({"UID SEARCH": search}) as server:
        conn = open_scripted(server)
        selecting.select(conn, b"INBOX")
        assert [list(found) for found in flag_sets(conn).values()] == [[1], [2], [3], [4], [5]]
        conn.logout()
