"""Servers are recognised by what they say of themselves, and each quirk has its effect."""

import pytest

from mailtui.imap import flags, folders, index, moving, selecting, uids, watching
from mailtui.imap.connection import Connection
from mailtui.imap.quirks import USUAL, recognise
from mailtui.imap.trouble import CommandRefused, NotOffered
from mailtui.model.message import Flag
from tests.imap.opening import open_dovecot, open_scripted
from tests.servers.dovecot import Dovecot, User
from tests.servers.scripted import CAPABILITY, Answer, Command, Scripted, Talk


def offering(words: bytes, text: bytes = b"ready") -> bytes:
    return b"* OK [CAPABILITY " + CAPABILITY + b" " + words + b"] " + text + b"\r\n"


def scripted(
    words: bytes = b"", greeting: bytes = b"ready", answers: dict[str, Answer] | None = None
) -> Scripted:
    """A server that offers these words more, before and after sign-in."""
    signed_in = b"{tag} OK [CAPABILITY " + CAPABILITY + b" " + words + b"] signed in\r\n"
    return Scripted({"AUTHENTICATE": signed_in, **(answers or {})}, greeting=offering(words, greeting))


# who it is


@pytest.mark.parametrize(
    ("greeting", "words", "name"),
    [
        (b"Gimap ready for requests from 192.0.2.1 be8mb139125632pdb", b"", "Gmail"),
        (b"ready", b"X-GM-EXT-1", "Gmail"),
        (b"The Microsoft Exchange IMAP4 service is ready. [TABPADYAUAAxADIA]", b"", "Exchange"),
        (b"ready", b"XAPPLEPUSHSERVICE CONDSTORE QRESYNC", "iCloud"),
        (b"ready", b"XYMHIGHESTMODSEQ CONDSTORE", "Yahoo"),
        (b"Zoho Mail IMAP4rev1 Server ready", b"", "Zoho"),
        (b"Coremail System IMap Server Ready(163com[10774b260cc7a37d26d71b52404dcf5c])", b"", "Coremail"),
        (b"ready", b"XSTOP", "Proton Bridge"),
        (b"IMAP4rev1", b"", "imap4d"),
        (b"Dovecot (Debian) ready.", b"", "Dovecot"),
        (b"mail.example.test Cyrus IMAP 3.6.1 server ready", b"", ""),
        (b"Welcome to the Gimap ready dovecots", b"", ""),
    ],
)
def test_it_is_recognised_by_greeting_or_capability(greeting: bytes, words: bytes, name: str) -> None:
    with scripted(words, greeting) as server:
        conn = open_scripted(server)
        assert conn.quirks.name == name
        conn.logout()


def test_it_is_recognised_by_its_id_once_that_came() -> None:
    answer: Answer = b'* ID ("name" "Dovecot")\r\n{tag} OK done\r\n'
    with scripted(b"ID", b"mail.example.test at your service", {"ID": answer}) as server:
        conn = open_scripted(server)
        assert conn.quirks == USUAL
        watching.noop(conn)
        assert conn.quirks.name == "Dovecot"
        conn.logout()


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("imap.gmail.com", "Gmail"),
        ("IMAP.GMAIL.COM.", "Gmail"),
        ("outlook.office365.com", "Exchange"),
        ("imap.mail.me.com", "iCloud"),
        ("imap.mail.yahoo.com", "Yahoo"),
        ("imap.163.com", "Coremail"),
        ("imap.strato.de", "Strato"),
        ("notgmail.com", ""),
        ("gmail.com.example.test", ""),
        ("live.com.attacker.test", ""),
    ],
)
def test_it_is_recognised_by_its_host(host: str, name: str) -> None:
    assert recognise(host).name == name


def test_a_real_one_is_recognised(dovecot: Dovecot, user: User) -> None:
    conn = open_dovecot(dovecot, user)
    assert conn.quirks.name == "Dovecot"
    conn.logout()


# what follows


def test_what_is_known_to_be_broken_is_not_used() -> None:
    with scripted(b"XAPPLEPUSHSERVICE CONDSTORE ENABLE QRESYNC") as server:
        conn = open_scripted(server)
        assert "QRESYNC" in conn.capabilities
        assert not conn.offers("ENABLE", "QRESYNC")
        assert conn.offers("ENABLE", "CONDSTORE")
        conn.logout()


def test_a_deaf_idle_is_not_waited_in() -> None:
    with scripted(b"IDLE", b"IMAP4rev1") as server:
        conn = open_scripted(server)
        selecting.select(conn, b"INBOX")
        with pytest.raises(NotOffered):
            next(watching.idle(conn))
        conn.logout()


def test_a_list_that_brings_nothing_is_asked_plainly() -> None:
    with scripted(b"XSTOP LIST-EXTENDED SPECIAL-USE LIST-STATUS") as server:
        conn = open_scripted(server)
        folders.list_folders(conn)
        assert [line for line in server.lines if b"LIST" in line] == [b'M1 LIST "" "*"']
        conn.logout()


@pytest.mark.parametrize(
    ("greeting", "most"), [(b"The Microsoft Exchange IMAP4 service is ready", 25), (b"ready", 50)]
)
def test_no_more_counters_are_asked_for_at_once_than_it_bears(greeting: bytes, most: int) -> None:
    waiting: list[Command] = []
    seen: list[int] = []

    def status(talk: Talk, command: Command) -> None:
        waiting.append(command)
        seen.append(len(waiting))
        name = command.words.split()[0]
        if len(waiting) == most or name == b"F119":
            for one in waiting:
                talk.send(b"* STATUS " + one.words.split()[0] + b" (MESSAGES 1)\r\n" + one.tag + b" OK\r\n")
            waiting.clear()

    with scripted(b"", greeting, {"STATUS": status}) as server:
        conn = open_scripted(server)
        found = folders.statuses(conn, [b"F%d" % number for number in range(120)])
        assert len(found) == 120
        assert max(seen) <= most
        conn.logout()


@pytest.mark.parametrize(
    ("words", "greeting", "limit"),
    [
        (b"", b"ready", 1000),
        (b"CONDSTORE", b"ready", 8000),
        (b"CONDSTORE XYMHIGHESTMODSEQ", b"ready", 1000),
        (b"CONDSTORE", b"Gimap ready", 16_000),
        (b"", b"Dovecot ready.", 16_000),
    ],
)
def test_no_line_is_longer_than_the_server_takes(words: bytes, greeting: bytes, limit: int) -> None:
    done: Answer = b"{tag} OK done\r\n"
    verbs = ("UID FETCH", "UID STORE", "UID MOVE", "UID COPY", "UID EXPUNGE")
    wanted = [4_000_000_000 + 2 * number for number in range(6000)]
    target = b"Projekte/" + b"x" * 1900
    with scripted(words, greeting, dict.fromkeys(verbs, done)) as server:
        conn = open_scripted(server)
        selecting.select(conn, b"INBOX")
        list(index.fetch_index(conn, [wanted]))
        flags.fetch_flags(conn, wanted)
        flags.store_flags(conn, wanted, add=Flag.SEEN, add_keywords=["$Forwarded", "later"])
        for chunk in uids.chunks(wanted, conn.set_length):
            moving.move(conn, chunk, target)
            moving.copy(conn, chunk, target)
            moving.destroy(conn, chunk)
        conn.logout()
        lengths = [len(line) + 2 for line in server.lines]
        assert max(lengths) <= limit
        assert max(lengths) > limit * 0.6  # and none is much shorter than it need be


def test_who_insists_on_id_gets_it_before_a_folder_is_opened() -> None:
    with scripted(b"", b"Coremail System IMap Server Ready") as server:
        conn = open_scripted(server)
        selecting.select(conn, b"INBOX")
        assert [line.split()[1] for line in server.lines] == [b"AUTHENTICATE", b"ID", b"SELECT"]
        conn.logout()


def test_who_turns_out_to_insist_on_id_gets_it_and_is_asked_again() -> None:
    said: list[str] = []

    def select(talk: Talk, command: Command) -> None:
        if not any(b" ID (" in line for line in talk.server.lines):
            talk.send(command.tag + b" NO SELECT Unsafe Login. Please contact kefu@188.com for help\r\n")
            return
        talk.send(b"* 3 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n" + command.tag + b" OK [READ-WRITE] done\r\n")
        said.append("opened")

    with scripted(b"", b"ready", {"SELECT": select}) as server:
        conn = open_scripted(server)
        assert selecting.select(conn, b"INBOX").exists == 3
        assert said == ["opened"]
        conn.logout()


def test_who_is_never_satisfied_is_not_asked_for_ever() -> None:
    with scripted(answers={"SELECT": b"{tag} NO SELECT Unsafe Login.\r\n"}) as server:
        conn: Connection = open_scripted(server)
        with pytest.raises(CommandRefused, match="Unsafe Login"):
            selecting.select(conn, b"INBOX")
        assert sum(b"SELECT" in line for line in server.lines) == 2
        conn.logout()
