"""Messages are moved, copied and removed by name; nobody else's mail is ever expunged."""

import pytest

from mailtui.imap import flags, index, managing, moving, searching, selecting, watching
from mailtui.imap.connection import Connection
from mailtui.imap.trouble import CommandRefused
from mailtui.imap.types import Dirty, Expunged, Moved, Vanished
from mailtui.model.message import Flag
from mailtui.model.trouble import Unreachable
from tests.imap.opening import messages, open_dovecot, open_scripted
from tests.servers.dovecot import Dovecot, User
from tests.servers.scripted import CAPABILITY, Answer, Scripted


def subjects(conn: Connection, raw: bytes) -> list[bytes]:
    selecting.select(conn, raw)
    found = [row.header.split(b"Subject: ")[1].split(b"\r\n")[0] for row in index.newest(conn, 100)]
    return sorted(found)


def test_a_move_says_where_the_messages_went(ten: Connection) -> None:
    raw = managing.create(ten, "Büro")
    moved = moving.move(ten, [2, 3, 4, 99], raw)
    assert moved.mapping == {2: 1, 3: 2, 4: 3}
    assert moved.uidvalidity
    assert not moved.left
    assert watching.noop(ten) == []  # our own removals are no news
    assert subjects(ten, raw) == [b"number 2", b"number 3", b"number 4"]
    assert len(subjects(ten, b"INBOX")) == 7


def test_a_copy_leaves_the_originals(ten: Connection, poor_ten: Connection) -> None:
    for conn in (ten, poor_ten):
        raw = managing.create(conn, "Work")
        assert moving.copy(conn, [5], raw).mapping == {5: 1}
        assert subjects(conn, raw) == [b"number 5"]
        assert len(subjects(conn, b"INBOX")) == 10


def test_without_move_and_uidplus_nothing_is_expunged(
    poor_dovecot: Dovecot, poor_user: User, poor_ten: Connection
) -> None:
    flags.store_flags(poor_ten, [9], add=Flag.DELETED)  # somebody else's business
    raw = managing.create(poor_ten, "Work")
    assert moving.move(poor_ten, [2], raw).left
    assert not moving.destroy(poor_ten, [3])
    assert len(subjects(poor_ten, b"INBOX")) == 10
    assert list(flags.flag_sets(poor_ten)[Flag.DELETED]) == [2, 3, 9]
    said = poor_dovecot.rawlog(poor_user)[-1].client
    assert b"MOVE" not in said
    assert b"EXPUNGE" not in said


def test_without_move_but_with_uidplus_only_the_named_are_removed() -> None:
    with Dovecot(capability="IMAP4rev1 LITERAL+ UIDPLUS AUTH=PLAIN") as server:
        user = server.user("alice")
        server.seed(user, "INBOX", messages(5))
        conn = open_dovecot(server, user)
        selecting.select(conn, b"INBOX")
        flags.store_flags(conn, [5], add=Flag.DELETED)
        raw = managing.create(conn, "Work")
        assert moving.move(conn, [1, 2], raw) == Moved(moving.copy(conn, [3], raw).uidvalidity, {1: 1, 2: 2})
        assert moving.destroy(conn, [4])
        assert list(searching.all_uids(conn)) == [3, 5]
        conn.logout()
        assert b" MOVE " not in server.rawlog(user)[-1].client


def test_removing_for_good_takes_only_the_named(ten: Connection) -> None:
    flags.store_flags(ten, [9], add=Flag.DELETED)
    assert moving.destroy(ten, [1, 2, 77])
    assert list(searching.all_uids(ten)) == [3, 4, 5, 6, 7, 8, 9, 10]


def test_a_folder_that_is_not_there_is_told_apart(ten: Connection) -> None:
    for verb in (moving.move, moving.copy):
        with pytest.raises(CommandRefused) as caught:
            verb(ten, [1], b"nowhere")
        assert caught.value.code == "TRYCREATE"
        assert caught.value.permanent
    assert len(searching.all_uids(ten)) == 10


def test_what_does_not_fit_into_one_command_is_a_fault_of_the_caller(poor_ten: Connection) -> None:
    for verb in (moving.move, moving.copy):
        with pytest.raises(ValueError, match="chunks"):
            verb(poor_ten, range(1, 2000, 2), b"Work")
        with pytest.raises(ValueError, match="chunks"):
            verb(poor_ten, [], b"Work")


def test_removals_by_others_during_ours_are_news(dovecot: Dovecot, user: User, ten: Connection) -> None:
    other = open_dovecot(dovecot, user)
    selecting.select(other, b"INBOX")
    moving.destroy(other, [10])
    other.logout()
    moving.destroy(ten, [1])
    pushes = ten.take_pushes() + watching.noop(ten)
    assert [push for push in pushes if isinstance(push, Vanished)] == [Vanished(((10, 10),))]


def test_removals_by_others_are_news_without_uids_too(
    poor_dovecot: Dovecot, poor_user: User, poor_ten: Connection
) -> None:
    other = open_dovecot(poor_dovecot, poor_user)
    selecting.select(other, b"INBOX")
    other.run(b"UID STORE", b"10", b"+FLAGS (\\Deleted)", doing="mark")
    with poor_dovecot.other_client(poor_user) as client:
        client.select("INBOX")
        client.expunge()
    other.logout()
    assert Expunged(10) in watching.noop(poor_ten)


# on one that misbehaves


@pytest.mark.parametrize(
    ("said", "mapping"),
    [
        (b"* OK [COPYUID 7 1:2 8:9] moved\r\n{tag} OK\r\n", {1: 8, 2: 9}),
        (b"{tag} OK [COPYUID 7 1:2 8:9] moved\r\n", {1: 8, 2: 9}),
        (b"{tag} OK [COPYUID 7 2,1 8,9] moved\r\n", {2: 8, 1: 9}),
        (b"{tag} OK\r\n", None),
        (b"{tag} OK [COPYUID 7 1:2 8] moved\r\n", None),
        (b"{tag} OK [COPYUID 7 1:4294967295 1:4294967295] moved\r\n", None),
        (b"{tag} OK [COPYUID 7 5:6 8:9] moved\r\n", None),  # not ours
        (b"{tag} OK [COPYUID x y z] moved\r\n", None),
        (b"{tag} OK [COPYUID 7] moved\r\n", None),
    ],
)
def test_copyuid_is_believed_only_when_it_adds_up(said: bytes, mapping: dict[int, int] | None) -> None:
    with Scripted({"UID MOVE": said, "UID COPY": said}) as server:
        conn = open_scripted(server)
        selecting.select(conn, b"INBOX")
        assert moving.move(conn, [1, 2], b"Work").mapping == mapping
        assert moving.copy(conn, [1, 2], b"Work").mapping == mapping
        conn.logout()


def test_a_move_whose_answer_is_lost_is_unreachable_and_not_repeated() -> None:
    with Scripted({"UID MOVE": lambda talk, _: talk.drop()}) as server:
        conn = open_scripted(server)
        selecting.select(conn, b"INBOX")
        with pytest.raises(Unreachable):
            moving.move(conn, [1], b"Work")
    assert len([line for line in server.lines if b"MOVE" in line]) == 1


def test_a_copy_that_fails_removes_nothing() -> None:
    answers: dict[str, Answer] = {
        "AUTHENTICATE": b"{tag} OK [CAPABILITY " + CAPABILITY.replace(b" MOVE", b"") + b"] in\r\n",
        "UID COPY": b"{tag} NO [OVERQUOTA] full\r\n",
    }
    with Scripted(answers) as server:
        conn = open_scripted(server)
        selecting.select(conn, b"INBOX")
        with pytest.raises(CommandRefused):
            moving.move(conn, [1], b"Work")
        conn.logout()
    assert not [line for line in server.lines if b"STORE" in line or b"EXPUNGE" in line]


def test_flags_pushed_by_number_stay_right_through_our_own_removals() -> None:
    answers: dict[str, Answer] = {
        "UID MOVE": b"* 9 FETCH (FLAGS (\\Seen))\r\n* 4 EXPUNGE\r\n{tag} OK [COPYUID 7 1 8] moved\r\n",
        "FETCH": b"{tag} NO\r\n",
    }
    with Scripted(answers) as server:
        conn = open_scripted(server)
        selecting.select(conn, b"INBOX")
        assert moving.move(conn, [1], b"Work") == Moved(7, {1: 8})
        assert conn.dialogue.pushes.loose == {8}
        assert conn.take_pushes() == [Dirty()]
        conn.logout()
