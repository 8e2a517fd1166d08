"""The index comes newest first in windows; one bad message costs nobody else anything."""

from collections.abc import Iterator

import pytest

from mailtui.imap import flags, index, moving, selecting, watching
from mailtui.imap.connection import Connection
from mailtui.imap.trouble import CommandRefused, WrongState
from mailtui.imap.types import Dirty, Exists, Expunged, FetchedHeader, FlagsPushed, Vanished
from mailtui.model.account import Security, Server
from mailtui.model.message import Flag
from mailtui.model.secret import Secret
from mailtui.model.trouble import Garbled, Trouble, Unreachable
from tests.imap.opening import messages, open_dovecot, open_scripted
from tests.servers.dovecot import Dovecot, User
from tests.servers.proxy import Proxy
from tests.servers.scripted import Answer, Command, Scripted, Talk


def uids_of(rows: list[FetchedHeader]) -> list[int]:
    return [row.uid for row in rows]


def row(
    uid: int, *, flags: bytes = b"", subject: bytes = b"s", structure: bytes = b'("text" "plain" NIL)'
) -> bytes:
    """A FETCH response as a server sends it; the sequence number is never the UID."""
    header = b"Subject: " + subject + b"\r\n\r\n"
    return b"* %d FETCH (UID %d FLAGS (%s) RFC822.SIZE 10 INTERNALDATE " % (
        uid + 100,
        uid,
        flags,
    ) + b'"05-Oct-2026 10:00:00 +0200" BODYSTRUCTURE %s BODY[HEADER.FIELDS (SUBJECT)] {%d}\r\n%s)\r\n' % (
        structure,
        len(header),
        header,
    )


def selected(server: Scripted) -> Connection:
    conn = open_scripted(server)
    selecting.select(conn, b"INBOX")
    return conn


def fetched(answer: Answer, windows: list[list[int]]) -> list[list[FetchedHeader]]:
    """What `fetch_index` makes of a server's answer; the connection must be in order afterwards."""
    with Scripted({"UID FETCH": answer}) as server:
        conn = selected(server)
        found = list(index.fetch_index(conn, windows))
        conn.take_pushes()
        watching.noop(conn)
        conn.logout()
        return found


# on a real server


@pytest.fixture(params=["ten", "poor_ten"])
def server(request: pytest.FixtureRequest) -> Connection:
    conn = request.getfixturevalue(request.param)
    assert isinstance(conn, Connection)
    return conn


def test_a_row_has_all_a_list_needs(server: Connection) -> None:
    (first, *_) = index.newest(server, 3)
    assert first.uid == 10
    assert first.flags & Flag.SEEN
    assert first.size > 100
    assert first.received > 1_700_000_000
    assert b"Subject: number 10\r\n" in first.header
    assert b"Message-ID: <10@example.test>\r\n" in first.header
    assert first.structure.startswith(b'("text" "plain"')
    assert not first.attachments
    assert not first.trouble


def test_windows_come_in_their_order_newest_first(server: Connection) -> None:
    found = list(index.fetch_index(server, [[8, 9, 10], [99], [], range(1, 8)]))
    assert [uids_of(rows) for rows in found] == [[10, 9, 8], [], [], [7, 6, 5, 4, 3, 2, 1]]
    flags.store_flags(server, [1], add=Flag.FLAGGED)


def test_reading_marks_nothing_as_read(server: Connection) -> None:
    list(index.fetch_index(server, [range(1, 11)]))
    assert [row.uid for row in flags.fetch_flags(server, None) if row.flags & Flag.SEEN] == [2, 4, 6, 8, 10]


def test_the_newest_are_found_although_uids_have_gaps(server: Connection) -> None:
    moving.destroy(server, [7, 9, 10])
    selecting.select(server, b"INBOX")
    found = uids_of(index.newest(server, 2))
    assert found == ([8, 6] if server.offers("UIDPLUS") else [10, 9])
    assert uids_of(index.newest(server, 500))[-1] == 1


def test_an_empty_folder_has_no_newest(conn: Connection) -> None:
    selecting.select(conn, b"INBOX")
    assert index.newest(conn, 100) == []
    assert index.since(conn, 1) == []
    assert list(index.fetch_index(conn, [[1, 2]])) == [[]]


def test_new_mail_since_a_uid(server: Connection) -> None:
    assert uids_of(index.since(server, 9)) == [10, 9]
    assert index.since(server, 11) == []


def test_one_message_alone(server: Connection) -> None:
    found = index.fetch_alone(server, 4)
    assert found is not None
    assert b"number 4" in found.header
    assert index.fetch_alone(server, 99) is None


def test_giving_up_early_leaves_the_connection_in_order(server: Connection) -> None:
    reading = index.fetch_index(server, [[n] for n in range(1, 11)])
    assert uids_of(next(reading)) == [1]
    with pytest.raises(WrongState):
        watching.noop(server)
    reading.close()
    assert watching.noop(server) == []
    assert uids_of(index.newest(server, 1)) == [10]


def test_windows_are_asked_for_only_when_they_are_sent(ten: Connection) -> None:
    asked: list[int] = []

    def windows() -> Iterator[list[int]]:
        for uid in range(1, 11):
            asked.append(uid)
            yield [uid]

    reading = index.fetch_index(ten, windows(), in_flight=2)
    next(reading)
    assert asked == [1, 2]
    reading.close()
    assert asked == [1, 2]


def test_a_window_longer_than_a_command_is_one_window(poor_dovecot: Dovecot, poor_user: User) -> None:
    poor_dovecot.seed(poor_user, "INBOX", messages(900))
    conn = open_dovecot(poor_dovecot, poor_user)
    selecting.select(conn, b"INBOX")
    odd = range(1, 900, 2)
    found = list(index.fetch_index(conn, [odd, range(2, 901, 2)]))
    assert [len(rows) for rows in found] == [450, 450]
    assert uids_of(found[0]) == list(reversed(odd))
    conn.logout()


def test_changes_of_others_meanwhile_are_pushes(dovecot: Dovecot, user: User, ten: Connection) -> None:
    other = open_dovecot(dovecot, user)
    selecting.select(other, b"INBOX")
    moving.destroy(other, [3])
    flags.store_flags(other, [8], add=Flag.FLAGGED)
    found = list(index.fetch_index(ten, [[8, 9], [3, 4]]))
    assert found[0][1].flags & Flag.FLAGGED
    pushes = ten.take_pushes() + watching.noop(ten)
    assert Vanished(((3, 3),)) in pushes
    other.logout()


# on one that misbehaves


def test_order_and_mixture_do_not_matter() -> None:
    calls: list[Command] = []

    def both_at_once(talk: Talk, command: Command) -> None:
        """As Dovecot merges pipelined commands: the rows of both before the first OK."""
        calls.append(command)
        if len(calls) == 2:
            talk.send(row(2) + row(9) + row(1) + row(8))
            talk.send(calls[0].tag + b" OK\r\n" + calls[1].tag + b" OK\r\n")

    found = fetched(both_at_once, [[8, 9], [1, 2]])
    assert [uids_of(rows) for rows in found] == [[9, 8], [2, 1]]


def test_what_was_not_asked_for_is_no_row() -> None:
    with Scripted({"UID FETCH": row(77) + row(5) + b"* 9 EXISTS\r\n* 2 EXPUNGE\r\n{tag} OK\r\n"}) as server:
        conn = selected(server)
        assert [uids_of(rows) for rows in index.fetch_index(conn, [[5, 6]])] == [[5]]
        assert conn.take_pushes() == [FlagsPushed(77, Flag.NONE, ()), Exists(9), Expunged(2)]
        conn.logout()


def test_a_row_without_a_uid_belongs_to_nobody() -> None:
    bare = row(5).replace(b"UID 5 ", b"")
    with Scripted({"UID FETCH": bare + row(6) + b"{tag} OK\r\n"}) as server:
        conn = selected(server)
        assert [uids_of(rows) for rows in index.fetch_index(conn, [[5, 6]])] == [[6]]
        assert conn.take_pushes() == [Dirty()]
        conn.logout()


def test_one_uid_for_two_messages_is_told() -> None:
    ((first,),) = fetched(row(5, subject=b"a") + row(5, subject=b"b") + b"{tag} OK\r\n", [[5]])
    assert b"Subject: a" in first.header
    assert first.trouble
    ((same,),) = fetched(row(5) + row(5) + b"{tag} OK\r\n", [[5]])
    assert not same.trouble


def test_flags_told_after_the_row_are_newer_and_before_it_older() -> None:
    before, after = b"* 1 FETCH (UID 5 FLAGS (\\Flagged))\r\n", b"* 1 FETCH (FLAGS (\\Draft) UID 5)\r\n"
    ((only,),) = fetched(before + row(5, flags=b"\\Seen") + b"{tag} OK\r\n", [[5]])
    assert only.flags == Flag.SEEN
    ((only,),) = fetched(row(5, flags=b"\\Seen") + after + b"{tag} OK\r\n", [[5]])
    assert only.flags == Flag.DRAFT


@pytest.mark.parametrize(
    "structure",
    [
        *(
            b"()",
            b"NIL",
            b"((",
            b'("text" "plain" ("charset" "utf-8',
            b'"just" text',
            b"(" * 5000,
            b"))))",
            b"",
        ),
        *(
            b'("text" "plain" ("name" {4}\r\na"()))',
            b"\x00\xff",
            b'("a]b[c" {0}\r\n)',
            b"{3}\r\n(((",
            b"{99999}\r\n" + b"x" * 99999,
        ),
    ],
)
def test_a_message_described_badly_does_not_cost_the_others(structure: bytes) -> None:
    answer = row(4) + row(5, structure=structure) + row(6) + b"{tag} OK\r\n"
    (rows,) = fetched(answer, [[4, 5, 6]])
    assert {4, 6} <= set(uids_of(rows))
    assert not [one.trouble for one in rows if one.uid != 5 and one.trouble]


@pytest.mark.parametrize(
    "flags_", [b"\\Seen a]b", b'"quoted"', b"\x1b[31m", b"a[b", b"\\*", b"(nested)", b"{1}\r\nx"]
)
def test_flags_that_are_none_do_not_cost_the_row(flags_: bytes) -> None:
    (rows,) = fetched(row(5, flags=flags_) + row(6, flags=b"\\Seen") + b"{tag} OK\r\n", [[5, 6]])
    assert uids_of(rows) == [6, 5]
    assert rows[0].flags == Flag.SEEN


def test_a_header_too_large_to_hold_is_left_out_and_told() -> None:
    (rows,) = fetched(row(5, subject=b"x" * 100_000) + row(6) + b"{tag} OK\r\n", [[5, 6]])
    assert [(one.uid, bool(one.trouble), len(one.header) > 1000) for one in rows] == [
        (6, False, False),
        (5, True, False),
    ]


def test_a_message_that_makes_the_server_say_no_is_found_and_told() -> None:
    def fetch(talk: Talk, command: Command) -> None:
        wanted = command.words.split(b" ")[0]
        uids = [uid for first, last in _ranges(wanted) for uid in range(first, last + 1)]
        talk.send(b"".join(row(uid) for uid in uids if uid < 13))
        talk.send(command.tag + (b" NO [SERVERBUG] broken\r\n" if 13 in uids else b" OK\r\n"))

    (first, second) = fetched(fetch, [list(range(10, 14)), list(range(1, 10))])
    assert [(one.uid, bool(one.trouble)) for one in first] == [
        (13, True),
        (12, False),
        (11, False),
        (10, False),
    ]
    assert len(second) == 9


def _ranges(written: bytes) -> list[tuple[int, int]]:
    pairs = [piece.partition(b":") for piece in written.split(b",")]
    return [(int(first), int(last or first)) for first, _, last in pairs]


def test_a_server_that_only_says_no_is_refused_in_the_end() -> None:
    with Scripted({"UID FETCH": b"{tag} NO never\r\n"}) as server:
        conn = selected(server)
        with pytest.raises(CommandRefused):
            list(index.fetch_index(conn, [range(1, 500)]))
        watching.noop(conn)
        conn.logout()


def test_a_flood_of_rows_is_cut_off() -> None:
    def pour(talk: Talk, _: Command) -> None:
        while True:
            talk.send(row(5) * 200)

    with Scripted({"UID FETCH": pour}) as server:
        conn = selected(server)
        with pytest.raises(Garbled):
            list(index.fetch_index(conn, [[5]]))
        assert conn.closed


def test_an_answer_that_is_cut_at_any_octet_gives_whole_rows_or_none(dovecot: Dovecot, user: User) -> None:
    dovecot.seed(user, "INBOX", messages(2))
    with Proxy(dovecot.imap) as proxy:
        where = Server("localhost", proxy.port, Security.NONE, user.name)

        def attempt() -> list[list[FetchedHeader]]:
            conn = Connection.open(where, Secret(user.password))
            try:
                selecting.select(conn, b"INBOX")
                return list(index.fetch_index(conn, [[2], [1]]))
            finally:
                conn.close()

        whole = attempt()
        assert [uids_of(rows) for rows in whole] == [[2], [1]]
        for at in range(proxy.down - 900, proxy.down - 20, 37):
            proxy.cut_after = at
            with pytest.raises(Unreachable):
                attempt()


def test_an_answer_cut_at_every_octet_of_one_row() -> None:
    answer = row(6) + row(5)

    def some(count: int) -> Answer:
        def fetch(talk: Talk, _: Command) -> None:
            talk.send(answer[:count])
            talk.drop()

        return fetch

    for count in range(0, len(answer), 11):
        with Scripted({"UID FETCH": some(count)}) as server:
            conn = selected(server)
            with pytest.raises(Trouble):
                list(index.fetch_index(conn, [[5, 6]]))
            assert conn.closed
