"""A SELECT that asks what happened since a MODSEQ: exact on a real server, and never believed when a
server makes a mess of it."""

import pytest

from mailtui.imap import flags, managing, moving, selecting, watching
from mailtui.imap.connection import Connection
from mailtui.imap.trouble import CommandRefused
from mailtui.imap.types import Difference, FetchedFlags, FlagsPushed, Since, Vanished
from mailtui.model.message import Flag
from tests.imap.opening import open_dovecot, open_scripted
from tests.servers.dovecot import Dovecot, User
from tests.servers.scripted import CAPABILITY, Answer, Command, Scripted, Talk

RICH = CAPABILITY + b" ENABLE CONDSTORE QRESYNC"
SIGNED_IN = b"{tag} OK [CAPABILITY " + RICH + b"] signed in\r\n"
ENABLED = b"* ENABLED QRESYNC\r\n{tag} OK done\r\n"
QRESYNC: dict[str, Answer] = {"AUTHENTICATE": SIGNED_IN, "ENABLE": ENABLED}
SINCE = Since(uidvalidity=7, modseq=50, first=1, last=10)
HEAD = b"* 8 EXISTS\r\n* OK [UIDVALIDITY 7]\r\n* OK [UIDNEXT 11]\r\n* OK [HIGHESTMODSEQ 90]\r\n"


def known(conn: Connection) -> Since:
    """Everything of the folder that the connection is in."""
    selected = conn.selected
    assert selected is not None
    return Since(selected.uidvalidity, selected.highestmodseq, 1, selected.uidnext - 1)


# on a real server


def test_what_others_did_meanwhile_comes_with_the_select(
    dovecot: Dovecot, user: User, ten: Connection
) -> None:
    since = known(ten)
    other = open_dovecot(dovecot, user)
    selecting.select(other, b"INBOX")
    flags.store_flags(other, [3], add=Flag.FLAGGED)
    flags.store_flags(other, [1], add=Flag.ANSWERED, add_keywords=["todo"])
    moving.destroy(other, [5, 6, 9])
    other.logout()
    fresh = open_dovecot(dovecot, user)
    resumed = selecting.resume(fresh, b"INBOX", since)
    assert resumed.selected.exists == 7
    difference = resumed.difference
    assert difference is not None
    assert difference.trouble == ""
    assert difference.vanished == ((5, 6), (9, 9))
    assert [(row.uid, row.flags, row.keywords) for row in difference.changed] == [
        (3, Flag.FLAGGED, ()),
        (1, Flag.ANSWERED, ("todo",)),
    ]
    assert fresh.take_pushes() == []
    fresh.logout()


def test_nothing_new_is_nothing(ten: Connection) -> None:
    since = known(ten)
    managing.create(ten, "Work")
    selecting.select(ten, b"Work")
    resumed = selecting.resume(ten, b"INBOX", since)  # out of another folder: the server says where it ends
    assert resumed.difference == Difference()
    assert ten.selected == resumed.selected


def test_another_uidvalidity_tells_nothing(ten: Connection) -> None:
    since = Since(known(ten).uidvalidity + 1, 1, 1, 10)
    assert selecting.resume(ten, b"INBOX", since).difference is None


def test_after_enable_removals_and_flags_are_told_by_uid(
    dovecot: Dovecot, user: User, ten: Connection
) -> None:
    other = open_dovecot(dovecot, user)
    selecting.select(other, b"INBOX")
    moving.destroy(other, [1, 2])
    flags.store_flags(other, [7], add=Flag.FLAGGED)
    other.logout()
    pushes = watching.noop(ten)
    assert Vanished(((1, 2),)) in pushes
    assert [push.uid for push in pushes if isinstance(push, FlagsPushed) and push.modseq] == [7]


def test_our_own_removals_are_no_news(ten: Connection) -> None:
    managing.create(ten, "Work")
    moving.move(ten, [2, 3, 9], b"Work")
    moving.destroy(ten, [4])
    assert ten.take_pushes() == []


def test_a_server_that_offers_nothing_is_asked_nothing(
    poor_dovecot: Dovecot, poor_user: User, poor_ten: Connection
) -> None:
    assert not poor_ten.qresync
    assert not poor_ten.condstore
    assert selecting.resume(poor_ten, b"INBOX", Since(1, 1, 1, 1)).difference is None
    assert b"QRESYNC" not in poor_dovecot.rawlog(poor_user)[-1].client


def test_without_qresync_the_select_asks_for_modseqs() -> None:
    offered = b"{tag} OK [CAPABILITY " + CAPABILITY + b" ENABLE CONDSTORE] signed in\r\n"
    with Scripted({"AUTHENTICATE": offered}) as server:
        conn = open_scripted(server)
        selecting.resume(conn, b"INBOX", SINCE)
        conn.logout()
    assert not any(b"ENABLE" in line or b"QRESYNC" in line for line in server.lines)
    assert any(line.endswith(b"SELECT INBOX (CONDSTORE)") for line in server.lines)


# on one that misbehaves


@pytest.mark.parametrize(
    ("said", "trouble"),
    [
        (b"* VANISHED (EARLIER) 1:x,5\r\n", "a VANISHED that can't be read"),
        (b"* VANISHED (EARLIER)\r\n", "a VANISHED that can't be read"),
        (b"* VANISHED (EARLIER) 0\r\n", "a VANISHED that can't be read"),
        (b"* VANISHED (EARLIER) 3:99999999999\r\n", "a VANISHED that can't be read"),
        (b"* 3 FETCH (FLAGS (\\Seen) MODSEQ (60))\r\n", "flags without a UID"),
        (b"* 3 FETCH (UID 3 FLAGS (\\Seen))\r\n", "flags without a MODSEQ"),
        (b"* 3 FETCH (UID 3 FLAGS (\\Seen) MODSEQ (-1))\r\n", "flags without a MODSEQ"),
        (b"* 3 FETCH (UID 3 FLAGS () MODSEQ (99999999999999999999))\r\n", "flags without a MODSEQ"),
    ],
)
def test_a_mess_is_told_to_be_one(said: bytes, trouble: str) -> None:
    with Scripted(
        {"SELECT": HEAD + said + b"{tag} OK\r\n", "ENABLE": ENABLED, "AUTHENTICATE": SIGNED_IN}
    ) as server:
        conn = open_scripted(server)
        resumed = selecting.resume(conn, b"INBOX", SINCE)
        assert resumed.difference is not None
        assert resumed.difference.trouble == trouble
        assert resumed.selected.exists == 8
        conn.logout()


def test_ranges_are_not_spelled_out_and_the_newest_flags_count() -> None:
    said = (
        b"* VANISHED (EARLIER) 9:4294967295,1:2\r\n* VANISHED (EARLIER) 2:3\r\n"
        b"* 5 FETCH (UID 6 MODSEQ (88) FLAGS (\\Seen))\r\n* 4 FETCH (UID 5 FLAGS () MODSEQ (70))\r\n"
        b"* 5 FETCH (UID 6 FLAGS (\\Draft) MODSEQ (60))\r\n* 5 FETCH (UID 6 MODSEQ (89))\r\n"
    )
    with Scripted(
        {"SELECT": HEAD + said + b"{tag} OK\r\n", "ENABLE": ENABLED, "AUTHENTICATE": SIGNED_IN}
    ) as server:
        conn = open_scripted(server)
        assert selecting.resume(conn, b"INBOX", SINCE).difference == Difference(
            vanished=((1, 3), (9, 4294967295)),
            changed=(FetchedFlags(5, Flag.NONE, (), 70), FetchedFlags(6, Flag.SEEN, (), 88)),
        )
        assert b"SELECT INBOX (QRESYNC (7 50 1:10))" in server.lines[-1]
        conn.logout()


@pytest.mark.parametrize(
    "answer", [b"{tag} OK done\r\n", b"{tag} BAD what\r\n", b"* ENABLED X\r\n{tag} OK\r\n"]
)
def test_without_an_answer_to_enable_nothing_is_believed_nor_asked_again(answer: bytes) -> None:
    said = HEAD + b"* VANISHED (EARLIER) 1:8\r\n{tag} OK\r\n"
    with Scripted({"SELECT": said, "AUTHENTICATE": SIGNED_IN, "ENABLE": answer}) as server:
        conn = open_scripted(server)
        may_ask = [conn.qresync]  # the answer is still to come
        resumed = selecting.resume(conn, b"INBOX", SINCE)
        assert resumed.difference is not None
        assert resumed.difference.trouble == "it did not answer ENABLE"
        may_ask.append(conn.qresync)
        assert selecting.resume(conn, b"INBOX", SINCE).difference is None
        conn.logout()
    assert may_ask == [True, False]
    assert [b"QRESYNC (" in line for line in server.lines if b"SELECT" in line] == [True, False]


def test_a_server_that_stumbles_over_the_question_is_asked_without_it() -> None:
    def select(talk: Talk, command: Command) -> None:
        refused = b"(QRESYNC" in command.words
        reply = b" BAD syntax\r\n" if refused else b" OK done\r\n"
        talk.send((b"" if refused else HEAD) + command.tag + reply)

    with Scripted({"SELECT": select, **QRESYNC}) as server:
        conn = open_scripted(server)
        resumed = selecting.resume(conn, b"INBOX", SINCE)
        assert resumed.selected.exists == 8
        assert resumed.difference is not None
        assert resumed.difference.trouble
        conn.logout()


def test_a_folder_that_is_not_there_is_refused_as_ever(ten: Connection) -> None:
    with pytest.raises(CommandRefused):
        selecting.resume(ten, b"nowhere", SINCE)
    assert ten.selected is None


@pytest.mark.parametrize("closed", [True, False])
def test_what_is_said_of_the_last_folder_is_not_taken_for_this_one(closed: bool) -> None:
    last = b"* VANISHED 1:8\r\n* 1 FETCH (UID 1 FLAGS (\\Deleted) MODSEQ (89))\r\n"
    border = b"* OK [CLOSED] gone\r\n" if closed else b""
    said = last + border + HEAD + b"* VANISHED (EARLIER) 4\r\n{tag} OK\r\n"
    with Scripted({"SELECT": said, **QRESYNC}) as server:
        conn = open_scripted(server)
        selecting.select(conn, b"Work")
        difference = selecting.resume(conn, b"INBOX", SINCE).difference
        assert difference is not None
        if closed:
            assert difference == Difference(vanished=((4, 4),))
        else:
            assert difference.trouble
        conn.logout()
