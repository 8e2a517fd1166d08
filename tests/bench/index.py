"""How fast the header index comes off the wire: connection and scanner against a real Dovecot.

`python -m tests.bench.index [--quick]` prints messages a second for a first and a warm pass; the budget of
10,000 is for the whole way into the store.
"""

import random
import sys
import time
from collections.abc import Iterator, Sequence

from mailtui.imap import selecting
from mailtui.imap.connection import Connection
from mailtui.imap.index import fetch_index, newest
from mailtui.model.account import Security, Server
from mailtui.model.secret import Secret
from tests.servers.dovecot import Dovecot

BUDGET = 10_000  # messages a second into the store
WINDOW = 500
NAMES = ("Ana Lima", "Bjørn Ås", "Chloé Petit", "Dmitri", "山田 太郎", "Eve", "Frank Müller", "Grace")


def message(number: int, dice: random.Random) -> bytes:
    """A message with the headers that servers add and one of the usual structures."""
    name = dice.choice(NAMES)
    lines = [f"Received: from mx{hop}.example.test by mx.example.test; {hop}" for hop in range(4)]
    lines += [f"DKIM-Signature: v=1; a=rsa-sha256; b={dice.randbytes(120).hex()}"]
    lines += [
        f"From: {name} <{name[:3].encode().hex()}@example.test>",
        "To: Alice Example <alice@example.test>, team@example.test",
        f"Subject: Report {number} about the plans of the week",
        f"Message-ID: <{number}.{dice.randrange(10**9)}@example.test>",
        f"Date: Mon, 5 Oct 2026 10:{number // 60 % 60:02d}:{number % 60:02d} +0200",
        "MIME-Version: 1.0",
    ]
    if dice.random() < 0.45:
        lines += [f"In-Reply-To: <{number - 1}@example.test>"]
        lines += [f"References: {' '.join(f'<{n}@example.test>' for n in range(number % 12))}"]
    if dice.random() < 0.3:
        lines += ["List-Id: <team.example.test>", "List-Post: <mailto:team@example.test>"]
    return ("\n".join(lines) + "\n" + body(dice)).encode()


def body(dice: random.Random) -> str:
    kind = dice.random()
    if kind < 0.3:
        return "Content-Type: text/plain; charset=utf-8\n\nHello\n"
    texts = (
        "--b\nContent-Type: text/plain; charset=utf-8\n\nHello\n"
        "--b\nContent-Type: text/html; charset=utf-8\n\n<p>Hello</p>\n"
    )
    if kind < 0.85:
        return f"Content-Type: multipart/alternative; boundary=b\n\n{texts}--b--\n"
    file = "--b\nContent-Type: application/pdf; name=a.pdf\nContent-Disposition: attachment\n\nJVBERi0=\n"
    return f"Content-Type: multipart/mixed; boundary=b\n\n{texts}{file}--b--\n"


def windows(uids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(len(uids), 0, -WINDOW):
        yield uids[max(0, start - WINDOW) : start]


def main() -> int:
    count = 2_000 if "--quick" in sys.argv else 20_000
    dice = random.Random(7)
    with Dovecot() as server:
        user = server.new_user()
        server.seed(user, "INBOX", ((message(number, dice), []) for number in range(count)))
        where = Server(server.host, server.imap, Security.NONE, user.name)
        conn = Connection.open(where, Secret(user.password))
        selected = selecting.select(conn, b"INBOX")
        for name in ("cold", "warm", "warm"):
            began, cpu = time.perf_counter(), time.process_time()
            rows = sum(map(len, fetch_index(conn, windows(range(1, selected.exists + 1)))))
            took, burnt = time.perf_counter() - began, time.process_time() - cpu
            assert rows == count
            print(
                f"{name}: {rows / took:,.0f} messages/s, {burnt / rows * 1e6:.0f} µs of our CPU each "
                f"(budget, into the store: {BUDGET:,})"
            )
        began = time.perf_counter()
        newest(conn, 100)
        print(f"newest 100: {(time.perf_counter() - began) * 1000:.1f} ms")
        conn.logout()
    return 0


if __name__ == "__main__":
    sys.exit(main())
