"""A whole dialogue, cut after every octet of the server's side and of ours: what was told before is right,
what was not is an error, and the server has done each thing once or not at all."""

from collections.abc import Iterator

import pytest

from mailtui.imap import appending, flags, moving, searching, selecting
from mailtui.imap.connection import Connection
from mailtui.imap.content import fetch_part
from mailtui.imap.folders import list_folders
from mailtui.imap.index import fetch_index
from mailtui.model.message import Flag
from mailtui.model.trouble import Garbled, Unreachable
from tests.imap.opening import crlf, message, open_scripted
from tests.servers.mailboxes import Mailboxes

_SENT = crlf(message(9, body="a copy of what was sent"))


def mailboxes() -> Mailboxes:
    return Mailboxes({b"INBOX": [crlf(message(n)) for n in (1, 2, 3)], b"Archive": [], b"Sent": []})


def _steps(conn: Connection) -> Iterator[object]:
    """What a client does, with what each step told it."""
    yield [folder.raw for folder in list_folders(conn)]
    yield selecting.select(conn, b"INBOX").exists
    yield [[(row.uid, row.header) for row in rows] for rows in fetch_index(conn, [[1, 2, 3]])]
    yield list(searching.all_uids(conn))
    got = bytearray()
    yield fetch_part(conn, 2, "", got.extend).octets, bytes(got)
    flags.store_flags(conn, [3], add=Flag.SEEN)
    yield "stored"
    yield moving.copy(conn, [1], b"Archive").mapping
    yield moving.move(conn, [2], b"Archive").mapping
    yield appending.append(conn, b"Sent", _SENT, flags=Flag.SEEN).uid


def _told(
    boxes: Mailboxes, *, cut_after: int | None = None, deaf_after: int | None = None
) -> tuple[list[object], int, int, bool]:
    """What the steps told until the line was cut, octets said and heard, and whether it was."""
    told: list[object] = []
    cut = False
    with boxes.server() as server:
        server.cut_after, server.deaf_after = cut_after, deaf_after
        try:
            conn = open_scripted(server)
            try:
                told.extend(_steps(conn))  # what came before an error stays
            finally:
                conn.close()
        except (Unreachable, Garbled):
            cut = True
    return told, server.said, server.listened, cut


def _check(boxes: Mailboxes, told: list[object], whole: list[object]) -> None:
    assert told == whole[: len(told)]
    done = boxes.done
    # the server may have done one thing more than we heard of, never less, and nothing twice
    assert len(told) - 1 <= 5 + done["store"] + done["copy"] + done["move"] + done["append"]
    assert max([*done.values(), 0]) <= 1
    everywhere = sorted(mid for some in boxes.there().values() for mid in some)
    expected = [f"<{n}@example.test>" for n in (1, 2, 3)]
    assert everywhere == sorted(
        expected + ["<1@example.test>"] * done["copy"] + ["<9@example.test>"] * done["append"]
    )
    assert all(mail.source == _SENT for mail in boxes.boxes[b"Sent"].mail)


@pytest.fixture(scope="module")
def uncut() -> tuple[list[object], int, int]:
    told, said, heard, cut = _told(mailboxes())
    assert not cut
    assert len(told) == 9
    return told, said, heard


every = pytest.mark.parametrize("step", [17, pytest.param(1, marks=pytest.mark.slow)])


@every
def test_the_server_falls_silent_after_any_octet(step: int, uncut: tuple[list[object], int, int]) -> None:
    whole, said, _ = uncut
    for octets in range(0, said - 1, step):
        boxes = mailboxes()
        told, _, _, cut = _told(boxes, cut_after=octets)
        assert cut, octets
        _check(boxes, told, whole)


@every
def test_the_server_stops_listening_after_any_octet(step: int, uncut: tuple[list[object], int, int]) -> None:
    whole, _, heard = uncut
    for octets in range(0, heard - 1, step):
        boxes = mailboxes()
        told, _, _, cut = _told(boxes, deaf_after=octets)
        assert cut, octets
        _check(boxes, told, whole)
