"""Connections for tests, and mail to fill folders with."""

from collections.abc import Iterator

from mailtui.imap.connection import Connection
from mailtui.imap.types import Budgets, WireLog
from mailtui.model.account import Security, Server
from mailtui.model.secret import Secret
from tests.servers.dovecot import Dovecot, User
from tests.servers.scripted import Scripted

QUICK = Budgets(
    connect=2,
    tls=1,
    greeting=0.6,
    login=0.6,
    silence=0.4,
    command=1,
    long=0.6,
    done=0.5,
    logout=0.3,
    octets=262_144,
    responses=3_000,
    line=65_536,
    literal=65_536,
    pace=1_000_000,
)


def open_dovecot(server: Dovecot, user: User, *, log: WireLog | None = None) -> Connection:
    """Signed in, in clear over loopback."""
    return Connection.open(
        Server(server.host, server.imap, Security.NONE, user.name), Secret(user.password), log=log
    )


def open_scripted(
    server: Scripted,
    *,
    security: Security = Security.NONE,
    ca_file: str | None = None,
    password: str = "secret",
    user: str = "alice",
    host: str = "localhost",
    budgets: Budgets = QUICK,
    log: WireLog | None = None,
) -> Connection:
    where = Server(host, server.port, security, user, ca_file)
    return Connection.open(where, Secret(password), budgets=budgets, log=log)


def message(number: int, *, subject: str = "", body: str = "") -> bytes:
    """A small message; LF line ends, as seeding wants them."""
    return (
        f"From: Ana <ana{number}@example.test>\nTo: bob@example.test\n"
        f"Subject: {subject or f'number {number}'}\nMessage-ID: <{number}@example.test>\n"
        f"Date: Mon, 5 Oct 2026 10:00:00 +0200\n\n{body or f'Body {number}'}\n"
    ).encode()


def messages(count: int) -> Iterator[tuple[bytes, list[str]]]:
    """`count` messages; every second one is \\Seen."""
    for number in range(1, count + 1):
        yield message(number), ["\\Seen"] if number % 2 == 0 else []


def crlf(source: bytes) -> bytes:
    return source.replace(b"\n", b"\r\n")
