"""The fixture keeps its promises."""

import imaplib

import pytest

from tests.servers.dovecot import POOR, Dovecot, User

MESSAGE = b"From: a@example.test\nSubject: one\n\nHello\n"


def test_any_user_signs_in_with_their_password_only(dovecot: Dovecot) -> None:
    for name in ("alice", "bob"):
        user = dovecot.user(name)
        assert user.password == f"{name}-pass"
        dovecot.other_client(user).logout()
    with pytest.raises(imaplib.IMAP4.error):
        dovecot.other_client(User("alice", "bob-pass"))


def test_seeded_and_appended_mail_is_there_until_reset(dovecot: Dovecot, user: User) -> None:
    assert dovecot.seed(user, "INBOX", [(MESSAGE, ["\\Seen"]), (MESSAGE, [])]) == 2
    assert dovecot.seed(user, "Work/2026", [(MESSAGE, [])]) == 1
    dovecot.append(user, "INBOX", MESSAGE.replace(b"\n", b"\r\n"))
    with dovecot.other_client(user) as client:
        assert client.select("INBOX")[1] == [b"3"]
        assert client.search(None, "SEEN")[1] == [b"1"]
        assert client.select('"Work/2026"')[1] == [b"1"]
    dovecot.reset(user)
    with dovecot.other_client(user) as client:
        assert client.select("INBOX")[1] == [b"0"]


def test_the_wire_log_has_what_was_said(dovecot: Dovecot, user: User) -> None:
    with dovecot.other_client(user) as client:
        client.select("INBOX")
    (dialogue,) = dovecot.rawlog(user)
    assert b" SELECT INBOX\r\n" in dialogue.client
    assert b"* 0 EXISTS\r\n" in dialogue.server
    assert "Logged out" in dovecot.log()


def test_connections_can_be_cut(dovecot: Dovecot, user: User) -> None:
    client = dovecot.other_client(user)
    dovecot.kick(user)
    with pytest.raises((imaplib.IMAP4.abort, OSError)):
        client.noop()


def test_the_poor_one_advertises_little(poor_dovecot: Dovecot, poor_user: User) -> None:
    with poor_dovecot.other_client(poor_user) as client:
        offered = client.capability()[1][-1]
        assert offered.decode() == POOR
        assert b"\\Sent" not in b"".join(line for line in client.list()[1] if isinstance(line, bytes))
        assert client.select("Sent")[0] == "OK"


def test_a_prefix_puts_folders_below_the_inbox() -> None:
    with Dovecot(prefix="INBOX.") as server, server.other_client(server.user("alice")) as client:
        names = b"\n".join(line for line in client.list()[1] if isinstance(line, bytes))
        assert b'"." INBOX.Sent' in names
