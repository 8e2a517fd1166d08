"""Every way of bringing a folder up to date ends in the same local copy, and asks for nothing that the
server does not offer."""

from collections.abc import Iterator
from imaplib import IMAP4
from pathlib import Path

import pytest

from mailtui.model.event import BodyArrived, ServerSpoke
from mailtui.model.folder import Role
from mailtui.model.intent import ChangeFlags, FetchBody, MoveMessages, SetOnline
from mailtui.model.message import Flag
from tests.servers.dovecot import Dovecot, User
from tests.service.running import Running, account_of, flags_there, message, subjects_there

PLAIN = "IMAP4rev1 LITERAL+ SASL-IR AUTH=PLAIN IDLE UIDPLUS MOVE UNSELECT ESEARCH LIST-EXTENDED LIST-STATUS"
OFFERS = {"CONDSTORE": PLAIN + " ENABLE CONDSTORE", "ESEARCH": PLAIN}
USED = {
    "QRESYNC": b"SELECT INBOX (QRESYNC (",
    "CONDSTORE": b"(CHANGEDSINCE ",
    "ESEARCH": b"UID SEARCH RETURN (ALL) FLAGGED",
    "nothing": b"UID SEARCH FLAGGED",
}
NOT_OFFERED = {
    "QRESYNC": (),
    "CONDSTORE": (b"QRESYNC", b"ENABLE", b"VANISHED"),
    "ESEARCH": (b"QRESYNC", b"ENABLE", b"CONDSTORE", b"MODSEQ", b"CHANGEDSINCE"),
    "nothing": (b"QRESYNC", b"ENABLE", b"CONDSTORE", b"MODSEQ", b"CHANGEDSINCE", b"RETURN"),
}


@pytest.fixture(scope="module", params=list(USED))
def offering(request: pytest.FixtureRequest) -> Iterator[tuple[str, Dovecot]]:
    """A Dovecot that offers so much and nothing better."""
    shared = {"QRESYNC": "dovecot", "nothing": "poor_dovecot"}
    if request.param in shared:
        yield request.param, request.getfixturevalue(shared[request.param])
    else:
        with Dovecot(capability=OFFERS[request.param], special_use=False) as server:
            yield request.param, server


def spoken(server: Dovecot, user: User, since: int = 0) -> bytes:
    return b"".join(dialogue.client for dialogue in server.rawlog(user)[since:])


def act_elsewhere(client: IMAP4) -> None:
    """Flags, a keyword, removals and new mail, by another program."""
    client.select("INBOX")
    client.uid("STORE", "5,600", "+FLAGS", "(\\Flagged)")
    client.uid("STORE", "7", "-FLAGS", "(\\Seen)")
    client.uid("STORE", "1090", "+FLAGS", "(Later)")
    client.uid("STORE", "10:12,700", "+FLAGS", "(\\Deleted)")
    client.expunge()
    client.append("INBOX", "(\\Seen)", "", message(5000))
    client.append("INBOX", "", "", message(5001))


async def test_what_another_program_did_meanwhile_shows(
    offering: tuple[str, Dovecot], tmp_path: Path
) -> None:
    offer, server = offering
    user = server.new_user()
    server.seed(user, "INBOX", [(message(n), ["\\Seen"]) for n in range(1, 1101)])
    async with Running(tmp_path, account_of(server, user)):
        pass
    with server.other_client(user) as client:
        act_elsewhere(client)
    before = len(server.rawlog(user))
    async with Running(tmp_path, account_of(server, user)) as it:
        rows = it.read(lambda reader: reader.window(it.role(Role.INBOX).id, 2000))
        with server.other_client(user) as client:
            there = flags_there(client, "INBOX")
        assert sorted(row.subject for row in rows) == sorted(there)
        seen = {subject for subject, flags in there.items() if "\\Seen" in flags}
        assert {row.subject for row in rows if row.flags & Flag.SEEN} == seen
        assert {row.subject for row in rows if row.flags & Flag.FLAGGED} == {"Number 5", "Number 600"}
        assert [row.subject for row in rows if row.keywords == ("Later",)] == ["Number 1090"]
    said = spoken(server, user, before)
    assert USED[offer] in said
    assert not [word for word in NOT_OFFERED[offer] if word in said]


async def test_a_message_moved_meanwhile_keeps_its_row_and_text(
    offering: tuple[str, Dovecot], tmp_path: Path
) -> None:
    _, server = offering
    user = server.new_user()
    server.seed(user, "INBOX", [(message(n), []) for n in range(1, 6)])
    async with Running(tmp_path, account_of(server, user)) as it:
        two = it.named("Number 2").id
        await it.do(FetchBody(two))
        await it.heard(BodyArrived)
    with server.other_client(user) as client:
        client.select("INBOX")
        client.uid("COPY", "2", "Archive")
        client.uid("STORE", "2", "+FLAGS", "(\\Deleted)")
        client.expunge()
    async with Running(tmp_path, account_of(server, user)) as it:
        assert it.subjects(Role.INBOX) == [f"Number {n}" for n in (1, 3, 4, 5)]
        assert it.named("Number 2", Role.ARCHIVE).id == two
        assert it.read(lambda reader: reader.body(two)) is not None


async def test_nothing_new_costs_the_first_flight_and_no_more(
    dovecot: Dovecot, user: User, tmp_path: Path
) -> None:
    dovecot.seed(user, "INBOX", [(message(n), []) for n in range(20)])
    dovecot.seed(user, "Work", [(message(n), []) for n in range(20, 40)])
    async with Running(tmp_path, account_of(dovecot, user)):
        pass
    before = len(dovecot.rawlog(user))
    async with Running(tmp_path, account_of(dovecot, user)) as it:
        await it.until(lambda: b" IDLE\r\n" in spoken(dovecot, user, before))
    words = [line.split(b" ")[2:] for line in spoken(dovecot, user, before).splitlines()]
    said = [b" ".join(line) for line in words if line and line != [b"IDLE"] and line != [b"LOGOUT"]]
    assert [line.split(b" ")[0] for line in said] == [b"ENABLE", b"ID", b"LIST", b"SELECT"]
    assert said[-1].startswith(b"SELECT INBOX (QRESYNC (")


def recreate(client: IMAP4, folder: str, *numbers: int) -> None:
    """The same messages in a folder of that name with another UIDVALIDITY."""
    client.delete(folder)
    client.create(folder)
    for number in numbers:
        client.append(folder, "", "", message(number))


async def test_numbered_anew_it_keeps_its_rows_texts_and_what_was_wanted(
    dovecot: Dovecot, user: User, tmp_path: Path
) -> None:
    dovecot.seed(user, "Work", [(message(n), []) for n in range(1, 5)])
    async with Running(tmp_path, account_of(dovecot, user)) as it:
        ids = {n: it.named(f"Number {n}", it.folder("Work")).id for n in range(1, 5)}
        await it.do(FetchBody(ids[1]))
        await it.heard(BodyArrived)
        await it.do(SetOnline("work", False))
        await it.do(ChangeFlags((ids[1],), add=Flag.FLAGGED))
        await it.do(MoveMessages((ids[2],), it.role(Role.ARCHIVE).id))
        with dovecot.other_client(user) as client:
            recreate(client, "Work", 4, 3, 2, 1)
        await it.do(SetOnline("work", True))
        await it.synchronise()
        await it.settled()
        assert {n: it.named(f"Number {n}", it.folder("Work")).id for n in (1, 3, 4)} == {
            n: ids[n] for n in (1, 3, 4)
        }
        assert it.named("Number 2", Role.ARCHIVE).id == ids[2]
        assert it.read(lambda reader: reader.body(ids[1])) is not None
        with dovecot.other_client(user) as client:
            assert subjects_there(client, "Archive") == ["Number 2"]
            assert subjects_there(client, "Work") == ["Number 1", "Number 3", "Number 4"]
            assert "\\Flagged" in flags_there(client, "Work")["Number 1"]


async def test_a_folder_that_is_numbered_anew_all_the_time_is_left_alone(
    dovecot: Dovecot, user: User, tmp_path: Path
) -> None:
    dovecot.seed(user, "Work", [(message(n), []) for n in range(1, 4)])
    async with Running(tmp_path, account_of(dovecot, user)) as it:
        for turn in range(8):
            with dovecot.other_client(user) as client:
                recreate(client, "Work", 1, 2, 3)
            ended = await it.synchronise()
            assert bool(ended.trouble) == (turn >= 5)
        spoke = [event for event in it.events if isinstance(event, ServerSpoke)]
        assert len(spoke) == 1
        assert "Work" in spoke[0].text
        assert it.subjects(it.folder("Work")) == ["Number 1", "Number 2", "Number 3"]
        before = len(spoken(dovecot, user))
        await it.synchronise()
        assert b"SELECT Work" not in spoken(dovecot, user)[before:]
