"""Flags are read by UID, changed by deltas, and keywords are what they can be."""

import pytest

from mailtui.imap import flags, index, moving, selecting
from mailtui.imap.connection import Connection
from mailtui.imap.trouble import CommandRefused
from mailtui.imap.types import FetchedFlags
from mailtui.model.message import FORWARDED, Flag
from mailtui.model.trouble import Refused
from tests.imap.opening import open_dovecot, open_scripted
from tests.servers.dovecot import Dovecot, User
from tests.servers.scripted import Scripted


@pytest.fixture(params=["ten", "poor_ten"])
def server(request: pytest.FixtureRequest) -> Connection:
    conn = request.getfixturevalue(request.param)
    assert isinstance(conn, Connection)
    return conn


def test_deltas_leave_other_flags_alone_and_may_be_repeated(server: Connection) -> None:
    for _ in range(2):
        flags.store_flags(server, [1, 2], add=Flag.FLAGGED | Flag.ANSWERED, add_keywords=[FORWARDED, "todo"])
        flags.store_flags(server, [2, 99], remove=Flag.SEEN, remove_keywords=["todo"])
    one, two, three = flags.fetch_flags(server, [1, 2, 3, 99])
    assert (one.uid, one.flags, set(one.keywords)) == (1, Flag.FLAGGED | Flag.ANSWERED, {FORWARDED, "todo"})
    assert (two.flags, two.keywords) == (Flag.FLAGGED | Flag.ANSWERED, (FORWARDED,))
    assert (three.flags, three.keywords) == (Flag.NONE, ())


def test_all_flags_of_a_folder_both_ways(server: Connection) -> None:
    flags.store_flags(server, [3], add=Flag.DELETED | Flag.DRAFT)
    assert [row.uid for row in flags.fetch_flags(server, None)] == list(range(1, 11))
    sets = flags.flag_sets(server)
    assert list(sets[Flag.SEEN]) == [2, 4, 6, 8, 10]
    assert list(sets[Flag.DELETED]) == list(sets[Flag.DRAFT]) == [3]
    assert list(sets[Flag.FLAGGED]) == []


def test_flags_of_an_empty_folder(conn: Connection) -> None:
    selecting.select(conn, b"INBOX")
    assert flags.fetch_flags(conn, None) == []
    assert flags.fetch_flags(conn, []) == []
    flags.store_flags(conn, [], add=Flag.SEEN)


def test_a_keyword_with_anything_else_in_it_is_refused(ten: Connection) -> None:
    with pytest.raises(Refused):
        flags.store_flags(ten, [1], add_keywords=["a\r\nX1 DELETE INBOX"])


def test_many_uids_go_in_several_commands(
    poor_dovecot: Dovecot, poor_user: User, poor_ten: Connection
) -> None:
    flags.store_flags(poor_ten, range(1, 2000, 2), add=Flag.FLAGGED)
    assert list(flags.flag_sets(poor_ten)[Flag.FLAGGED]) == [1, 3, 5, 7, 9]
    commands = [line for line in poor_dovecot.rawlog(poor_user)[-1].client.split(b"\r\n") if b"STORE" in line]
    assert len(commands) > 3
    assert all(len(line) < 1000 for line in commands)


def test_flags_pushed_for_another_message_are_never_taken_for_this_one(dovecot: Dovecot, user: User) -> None:
    """The case that IMAPClient gets wrong on a real Dovecot: sequence numbers are not UIDs."""
    from tests.imap.opening import messages

    dovecot.seed(user, "INBOX", ((source, []) for source, _ in messages(10)))
    ours, other = open_dovecot(dovecot, user), open_dovecot(dovecot, user)
    selecting.select(ours, b"INBOX")
    moving.destroy(ours, [1, 2])
    selecting.select(other, b"INBOX")
    flags.store_flags(other, [7], add=Flag.FLAGGED)
    flags.store_flags(other, [9], add=Flag.SEEN)
    found = {row.uid: row.flags for row in flags.fetch_flags(ours, [5, 7])}
    assert found == {5: Flag.NONE, 7: Flag.FLAGGED}
    (rows,) = index.fetch_index(ours, [[5, 7, 9]])
    assert {row.uid: row.flags for row in rows} == {5: Flag.NONE, 7: Flag.FLAGGED, 9: Flag.SEEN}
    ours.logout()
    other.logout()


def test_the_last_word_counts_and_strangers_are_pushes() -> None:
    said = (
        b"* 1 FETCH (UID 4 FLAGS (\\Seen))\r\n* 1 FETCH (FLAGS (\\Flagged) UID 4)\r\n"
        b"* 9 FETCH (UID 12 FLAGS ())\r\n* 2 FETCH (FLAGS (\\Deleted))\r\n{tag} OK\r\n"
    )
    with Scripted({"UID FETCH": said}) as server:
        conn = open_scripted(server)
        selecting.select(conn, b"INBOX")
        assert flags.fetch_flags(conn, [4, 5]) == [FetchedFlags(4, Flag.FLAGGED, ())]
        assert len(conn.take_pushes()) == 2
        conn.logout()


def test_a_read_only_folder_refuses() -> None:
    with Scripted({"UID STORE": b"{tag} NO [READ-ONLY] no\r\n"}) as server:
        conn = open_scripted(server)
        selecting.select(conn, b"INBOX")
        with pytest.raises(CommandRefused) as caught:
            flags.store_flags(conn, [1], add=Flag.SEEN)
        assert caught.value.permanent
        conn.logout()
