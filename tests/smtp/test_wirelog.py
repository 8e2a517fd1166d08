"""The wire log of sending shows the talk, not the secrets and not the mail."""

import pytest

from mailtui.model.account import Security
from mailtui.model.secret import Secret
from mailtui.model.trouble import SignInRefused
from mailtui.smtp import wirelog
from mailtui.smtp.sending import send
from tests.servers.certificates import Certificates
from tests.servers.smtp import SmtpServer

SOURCE = b"Subject: canary\r\n\r\ncanary\r\n"


@pytest.mark.parametrize("security", [Security.NONE, Security.STARTTLS, Security.TLS])
async def test_all_of_a_delivery_is_told_but_the_password_and_the_message(
    security: Security, certificates: Certificates
) -> None:
    lines: list[str] = []
    leaf = None if security is Security.NONE else certificates.good
    with SmtpServer(security, leaf) as server:
        where = server.server(ca_file=None if leaf is None else str(certificates.ca))
        await send(where, Secret("alice-pass"), "a@x.test", ["b@y.test"], SOURCE, log=lines.append)
        assert len(server.received) == 1
    said = "\n".join(lines)
    assert lines[0].startswith("S: 220 ")
    for shown in ("C: EHLO ", "C: AUTH PLAIN (not shown)", "S: 235 ", "C: MAIL FROM:<a@x.test>", "C: DATA"):
        assert shown in said, shown
    assert f"-- the message, {len(SOURCE)} octets" in said
    assert lines[-1] == "C: QUIT"
    assert ("C: STARTTLS" in lines) == (security is Security.STARTTLS)
    for private in ("canary", "alice-pass", "AGFsaWNl"):
        assert private not in said


async def test_a_refused_password_is_not_told() -> None:
    lines: list[str] = []
    with SmtpServer() as server, pytest.raises(SignInRefused):
        await send(server.server(), Secret("wrong"), "a@x.test", ["b@y.test"], SOURCE, log=lines.append)
    assert any(line.startswith("S: 535") for line in lines)
    assert "wrong" not in "\n".join(lines)


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        (b"AUTH PLAIN AGEAYg==", "C: AUTH PLAIN (not shown)"),
        (b"auth login YQ==", "C: auth login (not shown)"),
        (b"AUTH", "C: (not shown)"),
        (b"c2VjcmV0", "C: (not shown)"),
    ],
)
def test_what_is_said_while_signing_in_is_not_shown(command: bytes, shown: str) -> None:
    assert wirelog.client(command, secret=True) == shown
    if command.upper().startswith(b"AUTH"):
        assert wirelog.client(command, secret=False) == shown


def test_a_challenge_is_not_shown() -> None:
    assert wirelog.server(334, "Y2FuYXJ5", secret=True) == ["S: 334 (not shown)"]


def test_controls_and_length_are_made_harmless() -> None:
    lines = wirelog.server(250, "\x1b]0;x\x07" + "x" * 5000 + "\n" * 100, secret=False)
    assert all(line.isprintable() and len(line) <= 300 for line in lines if "…" not in line)
    assert len(lines) == 41
