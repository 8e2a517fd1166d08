"""`mailtui activity` says what the service does and what waits, for people and for programs."""

from tests.cli.shell import Shell, as_list
from tests.servers.dovecot import Dovecot, User
from tests.servers.smtp import SmtpServer


def test_what_goes_on_is_told(shell: Shell, dovecot: Dovecot, smtp: SmtpServer, mailbox: User) -> None:
    shell.sign_up(dovecot, smtp, mailbox)
    assert shell.run("sync").returncode == 0
    (one,) = as_list(shell.run("activity", "--json"))
    assert one["account"] == "work"
    assert one["state"] in ("online", "syncing")
    assert {found["lane"] for found in one["connections"]} >= {"background"}
    assert all(found["protection"].startswith("TLSv1.") for found in one["connections"])
    assert one["operations"] == one["outbox"] == one["troubles"] == []
    assert one["protocol_log"] is None
    done = shell.run("activity")
    assert done.returncode == 0
    first, *rest = done.stdout.splitlines()
    assert first.split() == ["work", one["state"], f"{dovecot.host}:{dovecot.imaps}"]
    assert any("in the background" in line and "TLS 1." in line for line in rest)


def test_what_waits_and_what_went_wrong_is_told(synced: Shell) -> None:
    synced.run("sync")  # which fails: the server can't be reached
    (one,) = as_list(synced.run("activity", "--json"))
    assert one["connections"] == []
    assert one["troubles"]
    assert one["troubles"][0]["what"]
    assert one["troubles"][0]["when"].endswith("Z")
    done = synced.run("activity")
    assert "went wrong" in done.stdout
    assert "no connection" in done.stdout


def test_an_account_that_is_not_there_is_64(synced: Shell) -> None:
    assert synced.run("activity", "--account", "nobody").returncode == 64
