"""Nothing is sent that the server did not advertise: every verb on a server that hides what it can."""

import contextlib
import re

from mailtui.imap import (
    appending,
    content,
    flags,
    folders,
    index,
    managing,
    moving,
    searching,
    selecting,
    watching,
)
from mailtui.imap.trouble import NotOffered
from mailtui.model.message import Flag
from mailtui.model.query import Field, Query, Term
from tests.imap.opening import crlf, message, messages, open_dovecot
from tests.servers.dovecot import Dovecot, User

BASE = set(
    b"CAPABILITY NOOP LOGOUT LOGIN SELECT EXAMINE CREATE DELETE RENAME SUBSCRIBE UNSUBSCRIBE LIST STATUS "
    b"APPEND FETCH".split()
)
"""The commands of RFC 3501 that need no capability, as far as we use them."""
BASE_UID = {b"FETCH", b"STORE", b"SEARCH", b"COPY"}


def test_the_poor_server_hears_rfc_3501_only(poor_dovecot: Dovecot, poor_user: User) -> None:
    poor_dovecot.seed(poor_user, "INBOX", messages(10))
    conn = open_dovecot(poor_dovecot, poor_user)
    folders.list_folders(conn)
    selecting.select(conn, b"INBOX")
    index.newest(conn, 5)
    list(index.fetch_index(conn, [range(6, 11), range(1, 6)]))
    flags.flag_sets(conn)
    flags.fetch_flags(conn, None)
    flags.store_flags(conn, [1], add=Flag.SEEN)
    searching.search(conn, Query(Term(Field.SUBJECT, "Übung")))
    searching.all_uids(conn)
    searching.find_by_message_id(conn, "<1@example.test>", 2)
    content.fetch_parts(conn, 1, ["1"])
    content.fetch_part(conn, 1, "", len)
    content.fetch_structure(conn, 1)
    raw = managing.create(conn, "Work")
    moving.move(conn, [1], raw)
    moving.copy(conn, [2], raw)
    moving.destroy(conn, [3])
    appending.append(conn, raw, crlf(message(11)))
    managing.rename(conn, raw, "Play")
    managing.delete(conn, b"Play")
    selecting.unselect(conn)
    watching.noop(conn)
    with contextlib.suppress(NotOffered):
        list(watching.idle(conn))
    conn.logout()

    said = poor_dovecot.rawlog(poor_user)[-1].client
    commands = re.findall(rb"^\d+\.\d+ M\d+ (?:UID )?([A-Z]+)", said, re.MULTILINE)
    assert len(commands) > 35
    assert set(commands) <= BASE | BASE_UID
    for word in (b"MODSEQ", b"RETURN", b"CONDSTORE", b"QRESYNC", b"BINARY", b"IDLE", b" ID "):
        assert word not in said
    tags = [int(tag) for tag in re.findall(rb"^\d+\.\d+ M(\d+) ", said, re.MULTILINE)]
    assert tags == list(range(tags[0], tags[0] + len(tags)))
