"""Whatever a server says of what changed, the local copy ends up as the folder is: what misleads is left
for a surer way, and not used again."""

import asyncio
import logging
from dataclasses import replace
from pathlib import Path

import pytest

from mailtui.model.account import Security, Server
from mailtui.model.folder import Role
from mailtui.model.message import Flag
from mailtui.model.part import Body
from tests.servers.scripted import CAPABILITY, Scripted
from tests.service.misleading import RICH, Mailbox, box, visiting
from tests.service.running import Running
from tests.store.making import account


def change(mailbox: Mailbox) -> None:
    """What the tests below have happen elsewhere."""
    mailbox.flag(1, b"\\Seen")
    mailbox.flag(4, b"")
    mailbox.remove(6)
    mailbox.remove(9)
    mailbox.add(12)


CHANGED = [1, 2, 3, 4, 5, 7, 8, 10, 12]
SEEN = [1, 2, 8, 10]


def test_an_honest_server_is_asked_once(tmp_path: Path) -> None:
    mailbox = box()
    with visiting(tmp_path, mailbox) as it:
        change(mailbox)
        mark = it.mark()
        it.look()
        assert (it.uids(), it.with_flag(Flag.SEEN)) == (CHANGED, SEEN)
        assert [line.split(b" (")[0] for line in it.said(mark)] == [b"SELECT INBOX", b"UID FETCH 11:*"]
        assert (it.state.highestmodseq, it.state.exists, it.state.uidnext) == (mailbox.modseq, 9, 13)
        mark = it.mark()
        it.look()
        assert it.said(mark) == [b"SELECT INBOX (QRESYNC (7 115 1:12))"]


@pytest.mark.parametrize(
    "mess",
    [
        {"vanished": b"6,x"},  # malformed
        {"vanished": b""},  # a removal that is not told
        {"vanished": b"1:4294967295"},  # messages that are still there
        {"vanished": b"2"},  # the wrong one
        {"changed": b"* 1 FETCH (FLAGS (\\Seen) MODSEQ (111))\r\n"},
        {"changed": b"* 1 FETCH (UID 1 FLAGS (\\Seen) MODSEQ (-1))\r\n"},
        {"codes": b"HIGHESTMODSEQ 60"},  # backwards
        {"codes": b"HIGHESTMODSEQ 0"},
        {"codes": b"HIGHESTMODSEQ -1"},
        {"codes": b"HIGHESTMODSEQ 99999999999999999999"},
        {"codes": b"NOMODSEQ"},
        {"enabled": b""},
    ],
    ids=lambda mess: " ".join(f"{name} {said.decode()[:30]!r}" for name, said in mess.items()),
)
def test_what_misleads_is_found_out_and_left(tmp_path: Path, mess: dict[str, bytes]) -> None:
    mailbox, mess = box(), dict(mess)
    mailbox.enabled = mess.pop("enabled", mailbox.enabled)
    with visiting(tmp_path, mailbox) as it:
        before = {uid: it.books.writer.by_uid(it.folder, [uid])[uid] for uid in it.uids()}
        it.books.writer.put_body(before[2], Body("kept"))
        change(mailbox)
        for name, said in mess.items():
            setattr(mailbox, name, said)
        it.look()
        assert (it.uids(), it.with_flag(Flag.SEEN)) == (CHANGED, SEEN)
        known = it.books.writer.by_uid(it.folder, CHANGED)
        assert {uid: known[uid] for uid in CHANGED if uid in before} == {
            uid: before[uid] for uid in CHANGED if uid in before
        }
        with it.books.reading() as reader:
            assert reader.body(before[2]) == Body("kept")
        mark = it.mark()
        it.look()
        assert not any(b"QRESYNC (" in line for line in it.said(mark))


def test_a_fall_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    mailbox = box()
    with visiting(tmp_path, mailbox) as it, caplog.at_level(logging.WARNING, "mailtui.service.ladder"):
        change(mailbox)
        mailbox.vanished = b"x"
        it.look()
    assert ["QRESYNC: a VANISHED that can't be read" in record.getMessage() for record in caplog.records] == [
        True
    ]


def test_modseqs_that_start_anew_are_believed_after_the_old_ones_were_forgotten(tmp_path: Path) -> None:
    """A server that was restored from a copy: every message seems older than what is known."""
    mailbox = box()
    with visiting(tmp_path, mailbox) as it:
        mailbox.messages = dict.fromkeys(mailbox.messages, (b"\\Flagged", 3))
        mailbox.modseq = 3
        it.look()
        assert it.with_flag(Flag.FLAGGED) == list(range(1, 11))
        assert it.state.highestmodseq == 0


def test_condstore_that_misleads_is_left_for_sets(tmp_path: Path) -> None:
    mailbox = box()
    mailbox.offers = CAPABILITY + b" CONDSTORE"
    with visiting(tmp_path, mailbox) as it:
        change(mailbox)
        mailbox.changed = b"* 1 FETCH (UID 1 FLAGS () MODSEQ (0))\r\n"
        it.look()
        mailbox.changed = b""
        assert it.with_flag(Flag.SEEN) == SEEN
        mark = it.mark()
        mailbox.flag(5, b"\\Seen")
        it.look(deep=True)
        assert it.with_flag(Flag.SEEN) == sorted([*SEEN, 5])
        assert not any(b"CHANGEDSINCE" in line for line in it.said(mark))


def test_a_search_that_misleads_is_left_for_looking_at_every_message(tmp_path: Path) -> None:
    mailbox = box()
    mailbox.offers = CAPABILITY
    with visiting(tmp_path, mailbox) as it:
        change(mailbox)
        mailbox.found = b"1:3"
        it.look(deep=True)
        assert (it.uids(), it.with_flag(Flag.SEEN)) == (CHANGED, SEEN)
        mark = it.mark()
        it.look(deep=True)
        assert [line for line in it.said(mark) if line.startswith(b"FETCH")] == [b"FETCH 1:* (UID FLAGS)"]


@pytest.mark.parametrize("lie", [0, 3, 4_294_967_295])
def test_a_count_that_nothing_explains_is_put_up_with(tmp_path: Path, lie: int) -> None:
    mailbox = box()
    with visiting(tmp_path, mailbox) as it:
        change(mailbox)
        mailbox.exists = lie
        it.look()
        assert it.uids() == CHANGED
        mark = it.mark()
        it.look()
        assert [line.split(b" (")[0] for line in it.said(mark)] == [b"SELECT INBOX"]
        mailbox.remove(12)
        mailbox.exists = None
        it.look()
        assert it.uids() == CHANGED[:-1]


def test_a_folder_that_is_not_all_here_yet_is_brought_up_to_date_as_far_as_it_is(tmp_path: Path) -> None:
    mailbox = box()
    with visiting(tmp_path, mailbox) as it:
        it.books.writer.vanish_ranges(it.folder, [(1, 4)])
        it.books.amend(it.folder, low_uid=5, complete=False)
        change(mailbox)
        mark = it.mark()
        it.look()
        assert it.uids() == [5, 7, 8, 10, 12]
        assert b"1:4" not in b"".join(it.said(mark))
        assert b"(7 110 5:10)" in it.said(mark)[0]


def test_mail_that_comes_while_we_look_is_no_lie(tmp_path: Path) -> None:
    mailbox = box()
    with visiting(tmp_path, mailbox) as it:
        change(mailbox)
        mailbox.exists = 8  # as if the last one came just after the count
        it.server._answers["NOOP"] = b"* 9 EXISTS\r\n{tag} OK\r\n"
        it.look()
        mailbox.exists = None
        mark = it.mark()
        it.look()
        assert b"QRESYNC (" in b"".join(it.said(mark))
        assert it.uids() == CHANGED


async def test_a_server_that_never_says_whose_flags_it_tells_does_not_keep_us_busy(tmp_path: Path) -> None:
    mailbox = box()
    mailbox.offers, mailbox.nameless = CAPABILITY, True
    with Scripted(mailbox.answers()) as server:
        where = replace(account(), imap=Server(server.host, server.port, Security.NONE, "alice"))
        async with Running(tmp_path, where) as it:
            await it.synchronise()
            assert len(it.rows(Role.INBOX)) == 10
            await asyncio.sleep(0.5)  # in which it would ask a hundred times
            assert sum(b"(UID FLAGS)" in line for line in server.lines) < 25


async def test_an_inbox_that_can_not_be_read_does_not_hide_the_other_folders(tmp_path: Path) -> None:
    mailbox = box()
    mailbox.offers = RICH + b" LIST-EXTENDED LIST-STATUS"
    with Scripted(mailbox.answers()) as server:
        where = replace(account(), imap=Server(server.host, server.port, Security.NONE, "alice"))
        async with Running(tmp_path, where) as it:
            assert len(it.rows(Role.INBOX)) == 10
        mailbox.add(12)
        mailbox.refusing = True
        mailbox.others = (
            b'* LIST () "/" Work\r\n* STATUS Work (MESSAGES 0 UIDNEXT 1 UIDVALIDITY 3 UNSEEN 0)\r\n'
        )
        async with Running(tmp_path, where, settle=False) as it:
            ended = await it.synchronise()
            assert "not now" in ended.trouble
            assert it.folder("Work").complete
            mailbox.refusing = False
            assert not (await it.synchronise()).trouble
            assert len(it.rows(Role.INBOX)) == 11
