"""What it costs to be up to date again: octets and round trips of the account service against a real
Dovecot, through a proxy that counts them.

`python -m tests.bench.resync [--quick]`: nothing changed; a hundred changes in a folder of 20,000, by
each way that a server may offer; a first index. A round trip is an answer that was waited for.
"""

import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from imaplib import IMAP4
from pathlib import Path

from mailtui.model.event import SyncEnded
from mailtui.model.folder import Role
from mailtui.model.intent import ShowFolder
from tests.bench.index import message
from tests.bench.measuring import Measured, quick, tell
from tests.servers.dovecot import Dovecot, User
from tests.servers.proxy import Proxy
from tests.service.running import Running, account_of

DELAY = 0.04  # seconds each way
PLAIN = "IMAP4rev1 LITERAL+ SASL-IR AUTH=PLAIN IDLE UIDPLUS MOVE ESEARCH LIST-EXTENDED LIST-STATUS"
WAYS = {
    "QRESYNC": ("", 40_000, 5),
    "CONDSTORE": (PLAIN + " CONDSTORE", 40_000, 7),
    "ESEARCH": (PLAIN, 150_000, 12),  # the other folder is looked at too
}
"""What is offered, and the octets and round trips that 100 changes may cost: 30 of them are new mail, the
headers of which are about 900 octets each."""


@dataclass(slots=True)
class Cost:
    down: int = 0
    up: int = 0
    flights: int = 0
    connections: int = 0
    seconds: float = 0

    @property
    def octets(self) -> int:
        return self.down + self.up


@contextmanager
def counted(proxy: Proxy) -> Iterator[Cost]:
    """The cost of what is done inside."""
    before = (proxy.down, proxy.up, proxy.flights, proxy.connections)
    cost, begun = Cost(), time.perf_counter()
    yield cost
    after = (proxy.down, proxy.up, proxy.flights, proxy.connections)
    cost.down, cost.up, cost.flights, cost.connections = (b - a for a, b in zip(before, after, strict=True))
    cost.seconds = time.perf_counter() - begun


class Bench:
    """A user of a Dovecot behind the proxy, and one local copy."""

    def __init__(self, dovecot: Dovecot, user: User, proxy: Proxy, root: Path) -> None:
        self._dovecot, self._user, self._proxy, self._root = dovecot, user, proxy, root
        account = account_of(dovecot, user)
        self._account = replace(account, imap=replace(account.imap, port=proxy.port))

    async def visit(self, *, show: bool = False) -> Cost:
        """Start, be up to date, watch, and end."""
        with counted(self._proxy) as cost:
            async with Running(self._root, self._account, settle=False) as it:
                begun, mark = time.perf_counter(), len(self._dovecot.rawlog(self._user))
                if show:
                    await it.do(ShowFolder(it.role(Role.ARCHIVE).id))
                ended = await it.synchronise()
                assert isinstance(ended, SyncEnded)
                assert not ended.trouble
                seconds = time.perf_counter() - begun
                await it.until(lambda: self._watching(mark) >= 1 + show, "it watches", 60)
                await asyncio.sleep(4 * DELAY)
                down, up, flights = self._proxy.down, self._proxy.up, self._proxy.flights
        found = (self._proxy.down - down, self._proxy.up - up, self._proxy.flights - flights)
        cost.down, cost.up, cost.flights = cost.down - found[0], cost.up - found[1], cost.flights - found[2]
        cost.seconds = seconds
        return cost

    def _watching(self, mark: int) -> int:
        """How many connections since then have come to rest."""
        return sum(b"+ idling" in one.server for one in self._dovecot.rawlog(self._user)[mark:])


def seed(dovecot: Dovecot, user: User, count: int) -> None:
    dice = random.Random(7)
    dovecot.seed(user, "INBOX", ((message(number, dice), []) for number in range(count)))
    dovecot.seed(user, "Work", ((message(number, dice), []) for number in range(20)))


def change(client: IMAP4, count: int) -> None:
    """40 flags, 30 removals and 30 new messages."""
    dice = random.Random(11)
    client.select("INBOX")
    flagged, gone = dice.sample(range(1, count // 2), 40), dice.sample(range(count // 2, count), 30)
    client.uid("STORE", ",".join(map(str, flagged)), "+FLAGS", "(\\Flagged)")
    client.uid("STORE", ",".join(map(str, gone)), "+FLAGS", "(\\Deleted)")
    client.expunge()
    for number in range(30):
        client.append("INBOX", "", "", message(count + number, dice))
    client.close()


async def nothing_new(dovecot: Dovecot, root: Path) -> None:
    user = dovecot.new_user()
    seed(dovecot, user, 200)
    with Proxy(dovecot.imap, delay=DELAY) as proxy:
        bench = Bench(dovecot, user, proxy, root / "nothing")
        await bench.visit()
        for show, what in ((False, "no change, 7 folders"), (True, "no change, and another folder shown")):
            cost = await bench.visit(show=show)
            tell(Measured(f"{what}: octets for each connection", cost.octets / cost.connections, "B", 2000))
            trips = cost.flights / cost.connections
            tell(Measured(f"{what}: round trips for each connection", trips, "", 4))


async def hundred_changes(way: str, count: int, root: Path) -> None:
    offered, octets, trips = WAYS[way]
    with Dovecot(capability=offered) as dovecot, Proxy(dovecot.imap, delay=DELAY) as proxy:
        user = dovecot.new_user()
        seed(dovecot, user, count)
        bench = Bench(dovecot, user, proxy, root / way)
        cold = await bench.visit()
        if way == "QRESYNC":
            tell(Measured(f"first index of {count:,}: octets a message", cold.octets / count, "B", 1000))
            tell(Measured(f"first index of {count:,}: round trips", cold.flights, "", count / 500 + 8))
            tell(Measured(f"first index of {count:,}, 80 ms away", cold.seconds, "s", None if quick() else 9))
        with dovecot.other_client(user) as client:
            change(client, count)
        cost = await bench.visit()
        what = f"{way}, 100 changes in {count:,}"
        tell(Measured(f"{what}: octets", cost.octets, "B", octets))
        tell(Measured(f"{what}: round trips", cost.flights, "", trips))
        tell(Measured(f"{what}: until all is shown, 80 ms away", cost.seconds * 1000, "ms"))


async def measure(root: Path) -> None:
    with Dovecot() as dovecot:
        await nothing_new(dovecot, root)
    for way in WAYS:
        await hundred_changes(way, 2_000 if quick() else 20_000, root)


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="mailtui-") as root:
        asyncio.run(measure(Path(root)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
