"""`python -m tests.bench.store [--quick]`: the local copy alone, with 100,000 and 1,000,000 messages:
how fast it takes them in, gives windows, finds words, and writes down what the user wants."""

import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from mailtui.model.account import Account, Security, Server
from mailtui.model.address import Address
from mailtui.model.folder import FolderState, Role, ServerFolder
from mailtui.model.intent import ChangeFlags, Intent, MoveMessages, Undo
from mailtui.model.message import Flag, Header, Indexed
from mailtui.model.query import All, Field, Node, Query, Term
from mailtui.store.journal import Journal
from mailtui.store.reading import Reader
from mailtui.store.writing import Writer
from tests.bench.measuring import Measured, quantile, quick, tell

_BEGIN = 1_500_000_000
_LETTERS = "etaoinshrdlucmfwypvbgk"
_OWN = Address("Robin Bench", "robin@bench.example")
_STRUCTURE = b'("TEXT" "PLAIN" ("CHARSET" "utf-8") NIL NIL "QUOTED-PRINTABLE" 2345 61 NIL NIL NIL NIL)'


class World:
    """Words and people that messages are made of: few that are everywhere, many that are rare."""

    def __init__(self) -> None:
        self.chance = random.Random(20_261_124)
        self.words = [self._word() for _ in range(60_000)]
        self.people = [
            Address(
                f"{self._any().title()} {self._any().title()}",
                f"{self._any()}.{number}@{self._any()}.example",
            )
            for number in range(100_000)
        ]

    def messages(self, count: int) -> Iterator[Indexed]:
        """Newest first, as the index of a folder walks back."""
        for uid in range(count, 0, -1):
            yield self._message(uid)

    def _message(self, uid: int) -> Indexed:
        sender, first, second = (self._person() for _ in range(3))
        subject = " ".join(self._any() for _ in range(6))
        return Indexed(
            uid=uid,
            flags=Flag.SEEN if self.chance.random() < 0.9 else Flag.NONE,
            keywords=(),
            received=_BEGIN + uid * 180,
            size=self.chance.randrange(1_000, 90_000),
            header=Header(
                subject=f"Re: {subject}" if uid % 2 else f"{subject} 会議の資料",
                senders=(sender,),
                to=(_OWN, first),
                cc=(second,) if uid % 3 == 0 else (),
                sent=_BEGIN + uid * 180,
                message_id=f"<{uid}.{self.chance.getrandbits(64):x}@bench.example>",
                references=(f"<{uid - 1}@bench.example>",),
            ),
            structure=_STRUCTURE * 3,
            attachments=uid % 7 == 0,
            modseq=uid,
        )

    def _word(self) -> str:
        return "".join(self.chance.choice(_LETTERS) for _ in range(self.chance.randint(3, 10)))

    def _any(self) -> str:
        return self.words[int(self.chance.random() ** 4 * len(self.words))]

    def _person(self) -> Address:
        return self.people[int(self.chance.random() ** 3 * len(self.people))]


def build(path: Path, world: World, count: int) -> tuple[Writer, int]:
    """Index `count` messages in batches of 500, and say how fast that went."""
    writer = Writer(path)
    server = Server("127.0.0.1", 9, Security.NONE, "bench")
    writer.put_account(Account("bench", _OWN, server, server))
    roles = {"INBOX": Role.INBOX, "Archive": Role.ARCHIVE}
    writer.put_folders(
        "bench", [ServerFolder(name, name.encode(), "/", role) for name, role in roles.items()]
    )
    folder = writer.folder_named("bench", "INBOX")
    assert folder is not None
    batches: list[float] = []
    batch: list[Indexed] = []
    for message in world.messages(count):
        batch.append(message)
        if len(batch) == 500:
            batches.append(timed(lambda: writer.index(folder, batch)))
            batch.clear()
    writer.put_folder_state(folder, FolderState(uidvalidity=1, uidnext=count + 1, complete=True))
    rate = 500 * len(batches) / sum(batches)
    tell(Measured("index and full text", rate, "/s", 10_000, at_least=True))
    tell(Measured("transaction of 500, p50", quantile(batches, 0.5) * 1000, "ms", 50))
    tell(Measured("transaction of 500, p99", quantile(batches, 0.99) * 1000, "ms"))
    tell(Measured("the file, for each message", path.stat().st_size / count, "octets"))
    return writer, folder


def read(path: Path, folder: int, count: int) -> None:
    tell(Measured("open, first window of 200", timed(lambda: first_window(path, folder)) * 1000, "ms", 30))
    with Reader(path) as reader:
        chance = random.Random(1)
        times = []
        for _ in range(300):
            before = (_BEGIN + chance.randrange(count) * 180, 1 << 60)
            times.append(timed(partial(reader.window, folder, 100, before)))
        tell(Measured("a window of 100 anywhere, p50", quantile(times, 0.5) * 1000, "ms", 1))
        tell(Measured("a window of 100 anywhere, p99", quantile(times, 0.99) * 1000, "ms"))
        tell(
            Measured("ids of the whole folder (in a thread)", timed(lambda: reader.ids(folder)) * 1000, "ms")
        )


def first_window(path: Path, folder: int) -> None:
    with Reader(path) as reader:
        reader.window(folder, 200)


def find(path: Path, folder: int, world: World) -> None:
    common, other, rare = world.words[0], world.words[1], world.words[50_000]
    queries: dict[str, Node] = {
        "a word in nearly half of them": Term(Field.TEXT, "re"),
        "a common word": Term(Field.TEXT, common),
        "a rare word": Term(Field.TEXT, rare),
        "two common words": All((Term(Field.TEXT, common), Term(Field.TEXT, other))),
        "a phrase": Term(Field.TEXT, f"{common} {other}"),
        "three letters of a word": Term(Field.SUBJECT, "tea"),
        "a sender": Term(Field.FROM, world.people[10].address),
        "a word in Japanese": Term(Field.SUBJECT, "資料"),
        "a word since a date": All((Term(Field.TEXT, "re"), Term(Field.BEFORE, "", _BEGIN + 1_800_000))),
        "a word, unread": All((Term(Field.TEXT, common), Term(Field.IS, "unread"))),
        "unread": Term(Field.IS, "unread"),
        "with a file, large": All((Term(Field.HAS, "attachment"), Term(Field.LARGER, "", 80_000))),
    }
    with Reader(path) as reader:
        for what, root in queries.items():
            times = [timed(partial(reader.search, Query(root))) for _ in range(5)]
            tell(Measured(f"search: {what}", quantile(times, 0.5) * 1000, "ms", 100))
        filtered = timed(lambda: reader.matching(folder, Query(Term(Field.TEXT, common))))
        tell(Measured("filter of the folder by a common word (in a thread)", filtered * 1000, "ms"))
        prefixes = ("r", "ro", "tea", world.people[5].address, "zzz", "a b")
        times = [timed(partial(reader.correspondents, prefix)) for prefix in prefixes for _ in range(20)]
        tell(Measured("completion of an address, p99", quantile(times, 0.99) * 1000, "ms", 5))


def wish(writer: Writer, path: Path, folder: int) -> None:
    journal = Journal(writer)
    archive = writer.folder_named("bench", "Archive")
    assert archive is not None
    with Reader(path) as reader:
        ids = reader.ids(folder)
    flags = [
        timed(partial(act, journal, f"flag {number}", ChangeFlags((ids[number],), add=Flag.FLAGGED)))
        for number in range(500)
    ]
    tell(Measured("flag written down and shown, p50", quantile(flags, 0.5) * 1000, "ms", 16))
    tell(Measured("flag written down and shown, p99", quantile(flags, 0.99) * 1000, "ms", 50))
    many = tuple(ids[1000:1500])
    tell(
        Measured(
            "move of 500", timed(lambda: act(journal, "500", MoveMessages(many, archive))) * 1000, "ms", 50
        )
    )
    most = tuple(ids[2000:12_000])
    tell(
        Measured(
            "move of 10,000", timed(lambda: act(journal, "10k", MoveMessages(most, archive))) * 1000, "ms"
        )
    )
    tell(Measured("its undo", timed(lambda: act(journal, "undo", Undo("10k"))) * 1000, "ms"))
    ready = timed(lambda: journal.next("bench", writer.now()))
    tell(Measured("the next operations to be sent", ready * 1000, "ms"))
    echo = [(uid, Flag.SEEN, (), uid + 2_000_000) for uid in range(1, 10_001)]
    tell(
        Measured(
            "10,000 flags told by the server", timed(lambda: writer.update_flags(folder, echo)) * 1000, "ms"
        )
    )


def act(journal: Journal, name: str, intent: Intent) -> None:
    recorded = journal.record(name, intent)
    assert recorded.refusal is None


def timed(work: Callable[[], object]) -> float:
    """Seconds that it takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main() -> int:
    sizes: Sequence[int] = (100_000,) if quick() else (100_000, 1_000_000)
    for count in sizes:
        print(f"store, {count:,} messages")
        with tempfile.TemporaryDirectory(prefix="mailtui-bench-store-") as directory:
            path = Path(directory) / "mail.db"
            world = World()
            writer, folder = build(path, world, count)
            read(path, folder, count)
            find(path, folder, world)
            wish(writer, path, folder)
            writer.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
