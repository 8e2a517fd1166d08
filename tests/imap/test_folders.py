"""Folders are listed with roles and counters, in one round trip where possible, whatever their names."""

import pytest

from mailtui.imap import folders, managing, selecting, watching
from mailtui.imap.connection import Connection
from mailtui.imap.trouble import CommandRefused
from mailtui.imap.types import Counters
from mailtui.model.folder import Role, ServerFolder
from tests.imap.opening import messages, open_dovecot, open_scripted
from tests.servers.dovecot import Dovecot, User
from tests.servers.scripted import Answer, Command, Scripted, Talk


def roles_of(found: list[ServerFolder]) -> dict[str, Role]:
    return {folder.path: folder.role for folder in found if folder.role}


USUAL = {
    "INBOX": Role.INBOX,
    "Sent": Role.SENT,
    "Drafts": Role.DRAFTS,
    "Trash": Role.TRASH,
    "Junk": Role.JUNK,
    "Archive": Role.ARCHIVE,
}


def test_one_round_trip_tells_everything(dovecot: Dovecot, user: User) -> None:
    dovecot.seed(user, "INBOX", messages(5))
    conn = open_dovecot(dovecot, user)
    found = folders.list_folders(conn)
    assert roles_of(found) == USUAL
    inbox = next(folder for folder in found if folder.role is Role.INBOX)
    assert (inbox.messages, inbox.unseen, inbox.uidnext, inbox.delimiter) == (5, 3, 6, "/")
    assert inbox.uidvalidity
    assert inbox.highestmodseq
    conn.logout()
    assert dovecot.rawlog(user)[-1].client.count(b"LIST") == 1
    assert b"STATUS" in dovecot.rawlog(user)[-1].client.split(b"LIST")[1].split(b"\r\n")[0]


def test_the_poor_server_is_asked_folder_by_folder(poor_dovecot: Dovecot, poor_user: User) -> None:
    poor_dovecot.seed(poor_user, "INBOX", messages(5))
    conn = open_dovecot(poor_dovecot, poor_user)
    found = folders.list_folders(conn)
    assert roles_of(found) == USUAL
    assert {folder.path: folder.messages for folder in found}["INBOX"] == 5
    conn.logout()


def test_folders_below_the_inbox_have_their_roles_too() -> None:
    with Dovecot(prefix="INBOX.", special_use=False) as server:
        user = server.user("alice")
        conn = open_dovecot(server, user)
        assert roles_of(folders.list_folders(conn))["INBOX.Sent"] is Role.SENT
        conn.logout()


def test_nested_and_foreign_names_come_back(conn: Connection) -> None:
    paths = ["Übung & Tests", "日本語", 'a "quote" \\ b', "one/two/three", "100% *", "Space "]
    raws = {path: managing.create(conn, path) for path in paths}
    found = {folder.path: folder for folder in folders.list_folders(conn)}
    for path, raw in raws.items():
        assert found[path].raw == raw
        assert selecting.select(conn, found[path].raw).exists == 0
    assert not found["one"].selectable


def test_status_of_one_and_of_many(conn: Connection) -> None:
    managing.create(conn, "Work")
    assert folders.status(conn, b"Work").messages == 0
    many = folders.statuses(conn, [b"Work", b"nowhere", b"INBOX", *[b"INBOX"] * 60])
    assert many.keys() == {b"Work", b"INBOX"}
    with pytest.raises(CommandRefused):
        folders.status(conn, b"nowhere")


# on one that misbehaves


def listed(lines: bytes, **others: Answer) -> list[ServerFolder]:
    answers: dict[str, Answer] = {"LIST": lines + b"{tag} OK done\r\n", "STATUS": b"{tag} NO\r\n", **others}
    with Scripted(answers) as server:
        conn = open_scripted(server)
        found = folders.list_folders(conn)
        watching.noop(conn)
        conn.logout()
        return found


def test_a_line_that_can_not_be_read_costs_only_itself() -> None:
    found = listed(
        b'* LIST () "/" good\r\n* LIST (\\Has\x1b[31mChildren) "/" coloured\r\n* LIST\r\n* LIST ()\r\n'
        b'* LIST () "/"\r\n* LIST () "/" ""\r\n* LIST (((( "/" bad\r\n* LIST () "//" bad\r\n'
        b"* LIST () (a) bad\r\n"
        b'* LIST () "/" "it\'s \\"quoted\\""\r\n* LIST () "/" {5}\r\na\r\nb!\r\n* LIST () NIL flat\r\n'
        b'* LIST () "/" not quoted\r\n* LIST () "/" 42\r\n* LIST () "/" NIL\r\n* LIST () "/" "last"\r\n'
        b'* LIST (\\NoSelect \\HasChildren) "/" closed\r\n* LIST () "/" ext ("CHILDINFO" ("SUBSCRIBED"))\r\n'
        b'* LIST (\\nonexistent) "/" ghost\r\n'
    )
    names = [folder.raw for folder in found]
    assert names == [
        *(
            b"good",
            b"coloured",
            b'it\'s "quoted"',
            b"a\r\nb!",
            b"flat",
            b"not quoted",
            b"42",
            b"NIL",
            b"last",
        ),
        *(b"closed", b"ext", b"ghost", b"INBOX"),
    ]
    assert [folder.raw for folder in found if not folder.selectable] == [b"closed", b"ghost"]
    assert next(folder for folder in found if folder.raw == b"flat").delimiter == ""


def test_hostile_names_are_sent_back_as_they_came() -> None:
    raws = [
        b"../../etc",
        b"~/.ssh",
        b"&2D3-",
        b"\xc3\x9cbung",
        b"a'; DROP TABLE",
        b"a\x1b]0;x\x07",
        b"%*",
        b"&!!!-",
    ]
    lines = b"".join(b'* LIST () "/" {%d}\r\n%s\r\n' % (len(raw), raw) for raw in raws)
    asked: list[bytes] = []

    def select(talk: Talk, command: Command) -> None:
        asked.append(command.words)
        talk.send(b"* 0 EXISTS\r\n" + command.tag + b" OK done\r\n")

    answers: dict[str, Answer] = {
        "LIST": lines + b"{tag} OK done\r\n",
        "STATUS": b"{tag} NO\r\n",
        "SELECT": select,
    }
    with Scripted(answers) as server:
        conn = open_scripted(server)
        for folder in folders.list_folders(conn):
            if folder.role is not Role.INBOX:
                selecting.select(conn, folder.raw)
        conn.logout()
    assert [words.strip(b'"').split(b"\r\n")[-1] for words in asked] == raws


def test_absurd_names_are_left_out() -> None:
    found = listed(
        b'* LIST () "/" {9999}\r\n'
        + b"x" * 9999
        + b'\r\n* LIST () "/" "'
        + b"a/" * 500
        + b'"\r\n* LIST () "/" ok\r\n'
    )
    assert [folder.raw for folder in found] == [b"ok", b"INBOX"]


def test_a_hundred_thousand_folders_are_capped() -> None:
    lines = b"".join(b'* LIST (\\NoSelect) "/" f%d\r\n' % number for number in range(100_000))
    with Scripted({"LIST": lines + b"{tag} OK done\r\n", "STATUS": b"{tag} NO\r\n"}) as server:
        from mailtui.imap.types import Budgets

        conn = open_scripted(server, budgets=Budgets())
        assert len(folders.list_folders(conn)) == 20_001
        conn.logout()


def test_twins_are_told_apart_but_the_inbox_is_one() -> None:
    found = listed(
        b'* LIST () "/" inbox\r\n* LIST () "/" INBOX\r\n* LIST () "/" Work\r\n* LIST () "/" work\r\n'
        b'* LIST () "/" Work\r\n* LIST () "/" InBoX/child\r\n'
    )
    assert [folder.raw for folder in found] == [b"inbox", b"Work", b"work", b"InBoX/child"]
    assert found[0].role is Role.INBOX


def test_a_server_that_fails_at_what_it_advertises_is_asked_plainly() -> None:
    def either(talk: Talk, command: Command) -> None:
        if b"RETURN" in command.words:
            talk.send(command.tag + b" BAD what\r\n")
        else:
            talk.send(b'* LIST (\\Sent) "/" Out\r\n' + command.tag + b" OK done\r\n")

    greeting = b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] hi\r\n"
    offered = b"{tag} OK [CAPABILITY IMAP4rev1 LIST-EXTENDED LIST-STATUS SPECIAL-USE] in\r\n"
    answers: dict[str, Answer] = {"LIST": either, "AUTHENTICATE": offered, "STATUS": b"{tag} NO\r\n"}
    with Scripted(answers, greeting=greeting) as server:
        conn = open_scripted(server)
        assert roles_of(folders.list_folders(conn)) == {"INBOX": Role.INBOX, "Out": Role.SENT}
        conn.logout()
    answers["LIST"] = lambda talk, command: talk.send(
        (b"" if b"RETURN" in command.words else b'* LIST () "/" a\r\n') + command.tag + b" OK\r\n"
    )
    with Scripted(answers, greeting=greeting) as server:  # strato: OK, and nothing listed
        conn = open_scripted(server)
        assert [folder.raw for folder in folders.list_folders(conn)] == [b"a", b"INBOX"]
        conn.logout()


def test_xlist_is_used_where_it_is_all_there_is() -> None:
    answers: dict[str, Answer] = {
        "AUTHENTICATE": b"{tag} OK [CAPABILITY IMAP4rev1 XLIST] in\r\n",
        "XLIST": b'* XLIST (\\AllMail) "/" "[Gmail]/Everything"\r\n* XLIST (\\Spam) "/" Bad\r\n{tag} OK\r\n',
        "STATUS": b"{tag} NO\r\n",
    }
    with Scripted(answers) as server:
        conn = open_scripted(server)
        found = roles_of(folders.list_folders(conn))
        assert found == {"INBOX": Role.INBOX, "[Gmail]/Everything": Role.ALL, "Bad": Role.JUNK}
        conn.logout()


@pytest.mark.parametrize(
    ("said", "counters"),
    [
        (b'* STATUS "a b" (MESSAGES 3 unseen 1 UIDNEXT 9)\r\n', Counters(3, 1, 9)),
        (b"* STATUS {3}\r\na b (UIDVALIDITY 7)\r\n", Counters(uidvalidity=7)),
        (b"* STATUS a b (MESSAGES 5)\r\n", Counters(5)),
        (b'* STATUS "a b" (MESSAGES -1 UNSEEN x UIDNEXT 99999999999999999999)\r\n', Counters()),
        (b'* STATUS "a b"\r\n', Counters()),
        (b'* STATUS "other" (MESSAGES 5)\r\n', Counters()),
        (b"", Counters()),
    ],
)
def test_status_is_read_with_care(said: bytes, counters: Counters) -> None:
    with Scripted({"STATUS": said + b"{tag} OK\r\n"}) as server:
        conn = open_scripted(server)
        assert folders.status(conn, b"a b") == counters
        conn.logout()
