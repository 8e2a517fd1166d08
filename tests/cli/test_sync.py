"""`mailtui sync` ends with everything here, or with a status that tells a script why not."""

from mailtui.model.account import Security, Server
from mailtui.store.reading import Reader
from tests.cli.messages import message
from tests.cli.shell import Shell, as_list
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer


def test_everything_comes_down_to_the_oldest_message(
    shell: Shell, dovecot: Dovecot, smtp: SmtpServer
) -> None:
    user = dovecot.new_user("sync")
    dovecot.seed(
        user, "INBOX", [(message(n % 60, "B <b@example.test>", f"Number {n}"), []) for n in range(2500)]
    )
    shell.sign_up(dovecot, smtp, user)
    done = shell.run("sync")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    with Reader(shell.paths.store) as reader:
        assert all(folder.complete for folder in reader.folders("work"))
    assert len(as_list(shell.run("list", "--limit", "9999", "--json"))) == 2500
    (inbox,) = [one for one in as_list(shell.run("folders", "--json")) if one["path"] == "INBOX"]
    assert inbox["texts"] == 2500, "they came just now"


def test_what_others_did_meanwhile_is_seen(shell: Shell, dovecot: Dovecot, smtp: SmtpServer) -> None:
    user = dovecot.new_user("sync")
    shell.sign_up(dovecot, smtp, user)
    assert shell.run("sync").returncode == 0
    dovecot.append(user, "INBOX", message(1, "Bob <bob@example.test>", "From elsewhere"))
    dovecot.append(user, "Archive", message(2, "Bob <bob@example.test>", "Filed elsewhere"), "\\Seen")
    assert shell.run("sync").returncode == 0
    assert [one["subject"] for one in as_list(shell.run("list", "--json"))] == ["From elsewhere"]
    assert [one["unread"] for one in as_list(shell.run("list", "archive", "--json"))] == [False]


def test_a_server_that_is_away_is_69(shell: Shell, dovecot: Dovecot, smtp: SmtpServer) -> None:
    shell.sign_up(dovecot, smtp, dovecot.new_user("sync"))
    settings = shell.paths.settings.read_text()
    shell.paths.settings.write_text(settings.replace(f"port = {dovecot.imaps}", "port = 1"))
    done = shell.run("sync")
    assert done.returncode == 69
    assert done.stderr.startswith("mailtui: work: ")


def test_a_wrong_password_is_77_and_never_shown(shell: Shell, dovecot: Dovecot, smtp: SmtpServer) -> None:
    shell.sign_up(dovecot, smtp, dovecot.new_user("sync"))
    shell.password.write_text("canary-9c1e\n")
    done = shell.run("sync")
    assert done.returncode == 77
    assert "password" in done.stderr
    places = [done.stderr, shell.paths.log.read_text()]
    assert not any("canary" in text for text in places)


def test_no_password_at_all_is_77(shell: Shell, dovecot: Dovecot, smtp: SmtpServer) -> None:
    shell.sign_up(dovecot, smtp, dovecot.new_user("sync"))
    shell.password.unlink()
    done = shell.run("sync")
    assert done.returncode == 77
    assert "password_cmd failed: exit status 1" in done.stderr


def test_a_certificate_that_fails_is_77_and_explained(
    shell: Shell, dovecot: Dovecot, smtp: SmtpServer
) -> None:
    user = dovecot.new_user("sync")
    shell.sign_up(dovecot, smtp, user)
    text = shell.paths.settings.read_text()
    shell.paths.settings.write_text(
        "\n".join(line for line in text.splitlines() if not line.startswith("ca_file"))
    )
    done = shell.run("sync")
    assert done.returncode == 77
    assert "certificate" in done.stderr


def test_one_account_that_fails_does_not_stop_the_other(
    shell: Shell, dovecot: Dovecot, smtp: SmtpServer
) -> None:
    user = dovecot.new_user("sync")
    dovecot.seed(user, "INBOX", [(message(1, "Bob <bob@example.test>", "Here"), [])])
    shell.sign_up(dovecot, smtp, user, "good")
    from mailtui.config.writing import add_account
    from mailtui.model.account import Account
    from mailtui.model.address import Address

    nowhere = Server("127.0.0.1", 1, Security.NONE, "x")
    command = ("cat", str(shell.password))
    add_account(
        shell.paths.settings,
        Account("away", Address("", "x@example.test"), nowhere, password_cmd=command),
    )
    done = shell.run("sync")
    assert done.returncode == 69
    assert "away: " in done.stderr
    assert "good: " not in done.stderr
    assert len(as_list(shell.run("list", "--account", "good", "--json"))) == 1
    assert shell.run("sync", "--account", "good").returncode == 0
    both = shell.run("list", "--json")
    assert len(as_list(both)) == 1
    assert "away: " in both.stderr
