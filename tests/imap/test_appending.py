"""A message is stored as it is, under the flags and the date it is given."""

import pytest

from mailtui.imap import appending, content, index, searching, selecting
from mailtui.imap.connection import Connection
from mailtui.imap.trouble import CommandRefused
from mailtui.imap.types import Appended
from mailtui.model.message import Flag
from mailtui.model.trouble import Refused, Unreachable
from tests.imap.opening import crlf, message, open_scripted
from tests.servers.scripted import Answer, Scripted

SOURCE = crlf(message(1, body="Grüße\n.\n" + "x" * 300))


@pytest.fixture(params=["ten", "poor_ten"])
def server(request: pytest.FixtureRequest) -> Connection:
    conn = request.getfixturevalue(request.param)
    assert isinstance(conn, Connection)
    return conn


def test_what_is_stored_is_what_was_given(server: Connection) -> None:
    when = 1_791_187_200
    both = Flag.SEEN | Flag.DRAFT
    stored = appending.append(server, b"Sent", SOURCE, flags=both, keywords=["a"], when=when)
    assert stored.uid == 1
    assert stored.uidvalidity == selecting.select(server, b"Sent").uidvalidity
    (row,) = index.newest(server, 1)
    assert (row.flags, row.keywords, row.received) == (both, ("a",), when)
    pieces: list[bytes] = []
    content.fetch_part(server, 1, "", pieces.append)
    assert b"".join(pieces) == SOURCE


def test_progress_is_told(ten: Connection) -> None:
    reports: list[tuple[int, int]] = []
    large = SOURCE + b"y" * 3_000_000 + b"\r\n"
    appending.append(ten, b"Sent", large, progress=lambda *report: reports.append(report))
    assert reports[-1] == (len(large), len(large))
    assert len(reports) > 10
    selecting.select(ten, b"Sent")
    assert list(searching.all_uids(ten)) == [1]


def test_a_folder_that_is_not_there_is_told_apart(server: Connection) -> None:
    with pytest.raises(CommandRefused) as caught:
        appending.append(server, b"nowhere", SOURCE)
    assert caught.value.code == "TRYCREATE"


def test_a_nul_is_refused(ten: Connection) -> None:
    with pytest.raises(Refused):
        appending.append(ten, b"Sent", b"a\0b")


@pytest.mark.parametrize(
    ("said", "stored"),
    [
        (b"{tag} OK [APPENDUID 7 12] done\r\n", Appended(12, 7)),
        (b"{tag} OK done\r\n", Appended(None, 0)),
        (b"{tag} OK [APPENDUID 7] done\r\n", Appended(None, 0)),
        (b"{tag} OK [APPENDUID 7 99999999999] done\r\n", Appended(None, 0)),
        (b"{tag} OK [APPENDUID x y] done\r\n", Appended(None, 0)),
    ],
)
def test_the_uid_is_believed_only_when_it_is_one(said: bytes, stored: Appended) -> None:
    with Scripted({"APPEND": said}) as server:
        conn = open_scripted(server)
        assert appending.append(conn, b"Sent", SOURCE) == stored
        conn.logout()


def test_too_large_for_the_server_is_known_beforehand() -> None:
    offered: Answer = b"{tag} OK [CAPABILITY IMAP4rev1 APPENDLIMIT=100] in\r\n"
    with Scripted({"AUTHENTICATE": offered}) as server:
        conn = open_scripted(server)
        with pytest.raises(CommandRefused) as caught:
            appending.append(conn, b"Sent", SOURCE)
        assert caught.value.code == "TOOBIG"
        conn.logout()
    assert not [line for line in server.lines if b"APPEND" in line]


def test_an_answer_that_is_lost_is_unreachable() -> None:
    with Scripted({"APPEND": lambda talk, _: talk.drop()}) as server:
        conn = open_scripted(server)
        with pytest.raises(Unreachable):
            appending.append(conn, b"Sent", SOURCE)
