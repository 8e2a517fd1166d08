"""`mailtui account add` asks little, tries both servers before it writes, and never writes a password."""

import sys
import time

import pytest

from mailtui.config.settings import load
from mailtui.model.account import Security
from tests.cli.shell import Shell, as_list
from tests.end_to_end.terminal import Terminal
from tests.servers.dovecot import Dovecot, User
from tests.servers.smtp import SmtpServer


def options(dovecot: Dovecot, smtp: SmtpServer, user: User, **changed: str) -> list[str]:
    """Everything given on the command line."""
    given = {
        "address": f"{user.name}@example.test",
        "name": "Alice Example",
        "key": "work",
        "imap-host": dovecot.host,
        "imap-port": str(dovecot.imaps),
        "imap-security": "tls",
        "imap-user": user.name,
        "smtp-host": smtp.host,
        "smtp-port": str(smtp.port),
        "smtp-security": "starttls",
        "ca-file": dovecot.ca_file,
    }
    given.update({name.replace("_", "-"): value for name, value in changed.items()})
    return ["account", "add", *(word for name, value in given.items() for word in (f"--{name}", value))]


def test_with_everything_given_it_asks_nothing(shell: Shell, dovecot: Dovecot, smtp: SmtpServer) -> None:
    user = dovecot.new_user("add")
    done = shell.run(*options(dovecot, smtp, user, password_cmd=f"echo {user.password}"))
    assert done.returncode == 0, done.stderr
    (account,) = load(shell.paths.settings).accounts
    assert account.key == "work"
    assert str(account.address) == f"Alice Example <{user.name}@example.test>"
    assert account.password_cmd == ("sh", "-c", f"echo {user.password}")
    assert (account.imap.security, account.imap.port) == (Security.TLS, dovecot.imaps)
    assert account.smtp is not None
    assert (account.smtp.security, account.smtp.user) == (Security.STARTTLS, user.name)
    assert shell.paths.settings.stat().st_mode & 0o777 == 0o600
    assert as_list(shell.run("account", "list", "--json"))[0]["imap"]["host"] == dovecot.host
    assert shell.run("sync").returncode == 0


def test_a_password_on_stdin_is_used_and_not_written(
    shell: Shell, dovecot: Dovecot, smtp: SmtpServer
) -> None:
    user = dovecot.new_user("add")
    done = shell.run(*options(dovecot, smtp, user), stdin=f"{user.password}\n")
    assert done.returncode == 0, done.stderr
    for place in shell.profile.root.rglob("*"):
        assert not place.is_file() or user.password.encode() not in place.read_bytes()
    assert user.password not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("changed", "stdin", "status", "said"),
    [
        ({}, "wrong\n", 77, "refused the user name or password"),
        ({"imap_port": "1"}, "x\n", 69, "IMAP: "),
        ({"smtp_port": "1"}, "", 69, "SMTP: "),
        ({"ca_file": "/dev/null"}, "", 64, "ca-file"),
        ({"imap_security": "plain"}, "", 64, "imap-security"),
        ({"imap_host": "imap.example.test", "imap_security": "none"}, "", 64, "this machine itself only"),
        ({"address": "nobody"}, "", 64, "not a mail address"),
        ({"smtp_security": "tls"}, "", 77, "TLS"),
    ],
)
def test_what_does_not_work_is_not_written(
    shell: Shell,
    dovecot: Dovecot,
    smtp: SmtpServer,
    changed: dict[str, str],
    stdin: str,
    status: int,
    said: str,
) -> None:
    user = dovecot.new_user("add")
    done = shell.run(*options(dovecot, smtp, user, **changed), stdin=stdin or f"{user.password}\n")
    assert done.returncode == status
    assert said in done.stderr
    assert not shell.paths.settings.exists()


def test_nobody_to_ask_is_a_usage_error(shell: Shell, dovecot: Dovecot, smtp: SmtpServer) -> None:
    assert shell.run("account", "add").returncode == 64
    done = shell.run(*options(dovecot, smtp, dovecot.new_user("add")))
    assert (done.returncode, "--password-cmd" in done.stderr) == (64, True)


def test_a_name_that_is_taken_is_refused(shell: Shell, dovecot: Dovecot, smtp: SmtpServer) -> None:
    user = dovecot.new_user("add")
    shell.sign_up(dovecot, smtp, user)
    done = shell.run(*options(dovecot, smtp, user), stdin=f"{user.password}\n")
    assert done.returncode == 64
    assert "taken" in done.stderr


def answer(terminal: Terminal, question: str, text: str = "") -> None:
    """Wait until the last line is the question, then type the answer and Enter."""
    end = time.monotonic() + 30
    while question not in terminal.text.rstrip().rpartition("\n")[2]:
        assert time.monotonic() < end, terminal.text
        time.sleep(0.02)
    terminal.type(text + "\r")


def test_a_person_answers_in_a_terminal(shell: Shell, dovecot: Dovecot, smtp: SmtpServer) -> None:
    user = dovecot.new_user("add")
    shell.password.write_text(user.password + "\n")
    port = str(dovecot.imaps)
    words = ["account", "add", "--imap-port", port, "--ca-file", dovecot.ca_file]
    command = [sys.executable, "-m", "mailtui", *words]
    with Terminal(command, shell.profile.environment(), columns=110, lines=60) as terminal:
        answer(terminal, "Mail address:", "nobody")
        answer(terminal, "Mail address:", f"{user.name}@example.test")
        answer(terminal, "Your name", "Alice Example")
        answer(terminal, "Name of the account here [example]:")
        answer(terminal, "[imap.example.test]:", dovecot.host)
        answer(terminal, "Security: tls, starttls or none [tls]:")
        answer(terminal, f"Sign in as [{user.name}@example.test]:", user.name)
        answer(terminal, "[smtp.example.test]:", smtp.host)
        answer(terminal, "Security: tls, starttls or none [tls]:", "starttls")
        answer(terminal, "Port [587]:", str(smtp.port))
        answer(terminal, f"Sign in as [{user.name}]:")
        answer(terminal, f"Password of {user.name}@example.test:", "canary-77aa")
        terminal.wait_for("Mistyped")
        answer(terminal, f"Password of {user.name}@example.test:")
        answer(terminal, "Try again with other answers? (Y/n):")
        for guess in (f"{user.name}@example.test", "Alice Example", "example", dovecot.host, "tls", port):
            answer(terminal, f"[{guess}]:")
        for guess in (user.name, smtp.host, "starttls", str(smtp.port), user.name):
            answer(terminal, f"[{guess}]:")
        answer(terminal, f"Password of {user.name}@example.test:", "canary-78bb")
        terminal.wait_for(r"(?s)Mistyped.*Mistyped")
        answer(terminal, f"Password of {user.name}@example.test:", user.password)
        answer(terminal, "Command (Enter: mailtui asks at each start):", "echo something else")
        answer(terminal, "Command (Enter: mailtui asks at each start):", f"cat {shell.password}")
        assert terminal.ended() == 0
        assert "is not a mail address" in terminal.text
        assert "prints something other than the password" in terminal.text
        assert b"canary" not in terminal.raw
    (account,) = load(shell.paths.settings).accounts
    assert account.key == "example"
    assert account.password_cmd == ("sh", "-c", f"cat {shell.password}")
    assert user.password not in shell.paths.settings.read_text()


def test_a_slip_at_a_yes_or_no_loses_no_answers_and_a_port_may_come_with_the_host(
    shell: Shell, dovecot: Dovecot, smtp: SmtpServer
) -> None:
    user = dovecot.new_user("add")
    words = ["account", "add", "--address", f"{user.name}@example.test", "--name", "A", "--key", "work"]
    command = [sys.executable, "-m", "mailtui", *words, "--password-cmd", f"echo {user.password}"]
    with Terminal(command, shell.profile.environment(), columns=60, lines=60) as terminal:
        answer(terminal, "IMAP server [", f"{dovecot.host}:{dovecot.imaps}")
        answer(terminal, "none [tls]:")
        answer(terminal, f"Port [{dovecot.imaps}]:")
        answer(terminal, "Sign in as", user.name)
        answer(terminal, "SMTP server", "-")
        terminal.wait_for("--ca-file")
        answer(terminal, "Try again with other answers? (Y/n):", "what?")
        terminal.wait_for("is neither y nor n")
        told = " ".join(terminal.text.split())
        assert "A certificate of your own is named with --ca-file, or when you try again." in told
        answer(terminal, "Try again with other answers? (Y/n):", "y")
        answer(terminal, "Certificates to trust", dovecot.ca_file)
        answer(terminal, f"[{user.name}@example.test]:")
        answer(terminal, "[A]:")
        answer(terminal, "[work]:")
        answer(terminal, f"IMAP server [{dovecot.host}]:")
        answer(terminal, "none [tls]:")
        answer(terminal, f"Port [{dovecot.imaps}]:")
        answer(terminal, f"Sign in as [{user.name}]:")
        answer(terminal, "[-]:")
        assert terminal.ended() == 0
    (account,) = load(shell.paths.settings).accounts
    assert (account.imap.host, account.imap.port) == (dovecot.host, dovecot.imaps)
