"""Flags that changed since a MODSEQ, in the order in which they did (CHANGEDSINCE)."""

import pytest

from mailtui.imap import flags, selecting
from mailtui.imap.changes import flags_since
from mailtui.imap.connection import Connection
from mailtui.imap.trouble import NotOffered
from mailtui.imap.types import Exists, FetchedFlags, Since, Vanished
from mailtui.model.message import Flag
from tests.imap.opening import open_dovecot, open_scripted
from tests.imap.test_resuming import known
from tests.servers.dovecot import Dovecot, User
from tests.servers.scripted import CAPABILITY, Scripted


def test_only_what_changed_is_told_the_oldest_change_first(
    dovecot: Dovecot, user: User, ten: Connection
) -> None:
    since = known(ten)
    for uid in (9, 2, 5):
        flags.store_flags(ten, [uid], add=Flag.FLAGGED)
    changed = flags_since(ten, since)
    assert changed.trouble == ""
    assert [(row.uid, bool(row.flags & Flag.FLAGGED)) for row in changed.changed] == [
        (9, True),
        (2, True),
        (5, True),
    ]
    assert flags_since(ten, Since(since.uidvalidity, changed.changed[-1].modseq, 1, 10)).changed == ()
    assert b"(CHANGEDSINCE" in dovecot.rawlog(user)[-1].client


def test_the_range_is_kept(ten: Connection) -> None:
    since = known(ten)
    flags.store_flags(ten, range(1, 11), add=Flag.FLAGGED)
    narrow = Since(since.uidvalidity, since.modseq, 4, 6)
    assert sorted(row.uid for row in flags_since(ten, narrow).changed) == [4, 5, 6]


def test_it_is_not_asked_of_a_server_that_does_not_offer_it(poor_ten: Connection) -> None:
    with pytest.raises(NotOffered):
        flags_since(poor_ten, Since(1, 1, 1, 10))


def test_every_message_window_by_window(dovecot: Dovecot, user: User, ten: Connection) -> None:
    other = open_dovecot(dovecot, user)
    selecting.select(other, b"INBOX")
    assert [row.uid for window in flags.flag_windows(other) for row in window] == list(range(1, 11))
    other.logout()


def test_descending_twice_and_without_order() -> None:
    said = (
        b"* 3 FETCH (UID 3 FLAGS (\\Seen) MODSEQ (90))\r\n* 2 FETCH (UID 2 FLAGS () MODSEQ (80))\r\n"
        b"* 3 FETCH (UID 3 FLAGS () MODSEQ (70))\r\n* 9 EXISTS\r\n* VANISHED 1\r\n{tag} OK\r\n"
    )
    offered = b"{tag} OK [CAPABILITY " + CAPABILITY + b" CONDSTORE] signed in\r\n"
    with Scripted({"UID FETCH": said, "AUTHENTICATE": offered}) as server:
        conn = open_scripted(server)
        selecting.select(conn, b"INBOX")
        changed = flags_since(conn, Since(7, 60, 1, 10)).changed
        assert changed == (FetchedFlags(2, Flag.NONE, (), 80), FetchedFlags(3, Flag.SEEN, (), 90))
        assert conn.take_pushes() == [Exists(9), Vanished(((1, 1),))]
        conn.logout()
