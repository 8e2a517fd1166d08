"""`mailtui send` hands a finished message over, byte for byte, and tells what became of it."""

from pathlib import Path

import pytest

from mailtui.cli.ending import stop_service
from mailtui.model.account import Security
from mailtui.model.draft import Stage
from mailtui.store.reading import Reader
from tests.cli.shell import Shell, as_list
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer


@pytest.fixture
def sender(shell: Shell, dovecot: Dovecot, smtp: SmtpServer) -> Shell:
    user = dovecot.new_user("send")
    shell.sign_up(dovecot, smtp, user)
    smtp.received.clear()
    return shell


def address_of(shell: Shell) -> str:
    return str(as_list(shell.run("account", "list", "--json"))[0]["address"])


def test_it_arrives_and_is_filed_and_bcc_is_kept_secret(sender: Shell, smtp: SmtpServer) -> None:
    own = address_of(sender)
    source = (
        f"From: Alice <{own}>\nTo: Bob <bob@example.test>, carol@example.test\nBcc: dave@example.test\n"
        "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\nMessage-ID: <send-1@example.test>\n"
        "Date: Mon, 02 Mar 2026 10:00:00 +0000\n\n.\nA line\n"
    )
    done = sender.run("send", stdin=source)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    (got,) = smtp.received
    assert got.sender == own
    assert set(got.recipients) == {"bob@example.test", "carol@example.test", "dave@example.test"}
    assert b"dave" not in got.source
    assert got.source.endswith(b"\r\n\r\n.\r\nA line\r\n")
    assert got.encrypted
    assert sender.run("sync").returncode == 0
    assert [one["subject"] for one in as_list(sender.run("list", "sent", "--json"))] == ["Grüße"]


def test_recipients_may_be_given_and_lacking_fields_are_added(sender: Shell, smtp: SmtpServer) -> None:
    own = address_of(sender)
    done = sender.run("send", "eve@example.test", stdin=f"From: {own}\nTo: bob@example.test\n\nHi\n")
    assert done.returncode == 0, done.stderr
    (got,) = smtp.received
    assert got.recipients == ("eve@example.test",)
    head = got.source.partition(b"\r\n\r\n")[0]
    assert head.count(b"Message-ID: <") == head.count(b"Date: ") == 1


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("", "no message"),
        ("\n\n", "no message"),
        ("Hello there\n", "From"),
        ("From: a@example.test\nSubject: x\n\nHi\n", "recipient"),
    ],
)
def test_what_is_no_message_is_65(sender: Shell, smtp: SmtpServer, source: str, why: str) -> None:
    done = sender.run("send", stdin=source)
    assert (done.returncode, done.stdout) == (65, "")
    assert why in done.stderr
    assert not smtp.received


def test_a_refused_recipient_is_77_and_named(sender: Shell, smtp: SmtpServer) -> None:
    own = address_of(sender)
    smtp.refuse["gone@example.test"] = "550 5.1.1 No such user"
    done = sender.run("send", stdin=f"From: {own}\nTo: bob@example.test, gone@example.test\n\nHi\n")
    assert done.returncode == 77
    assert "gone@example.test" in done.stderr
    assert smtp.received[0].recipients == ("bob@example.test",)
    done = sender.run("send", stdin=f"From: {own}\nTo: gone@example.test\n\nHi\n")
    assert done.returncode == 77
    assert "550 5.1.1 No such user" in done.stderr


def test_a_recipient_put_off_is_75_and_named(sender: Shell, smtp: SmtpServer) -> None:
    smtp.refuse["busy@example.test"] = "450 4.2.0 Greylisted"
    source = f"From: {address_of(sender)}\nTo: bob@example.test, busy@example.test\n\nHi\n"
    done = sender.run("send", stdin=source)
    assert done.returncode == 75
    assert "Put off: busy@example.test." in done.stderr
    assert smtp.received[0].recipients == ("bob@example.test",)


def test_a_queued_message_leaves_when_the_server_is_back(
    shell: Shell, dovecot: Dovecot, tmp_path: Path
) -> None:
    user = dovecot.new_user("send")
    with SmtpServer(Security.STARTTLS, dovecot.certificates.good) as smtp:
        shell.sign_up(dovecot, smtp, user)
        port = smtp.port
    own = address_of(shell)
    done = shell.run("send", stdin=f"From: {own}\nTo: bob@example.test\nMessage-ID: <late@x.test>\n\nHi\n")
    assert done.returncode == 75
    assert "outbox" in done.stderr
    stop_service(shell.paths.socket)
    with Reader(shell.paths.store) as reader:
        (item,) = reader.outbox()
    assert (item.stage, item.message_id) == (Stage.QUEUED, "<late@x.test>")
    assert port


def test_queue_does_not_wait(sender: Shell, smtp: SmtpServer) -> None:
    own = address_of(sender)
    done = sender.run("send", "--queue", stdin=f"From: {own}\nTo: bob@example.test\n\nHi\n")
    assert (done.returncode, done.stderr) == (0, "")
    with Reader(sender.paths.store) as reader:
        assert len(reader.outbox()) == 1
