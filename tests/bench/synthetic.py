"""Local copies with a hundred thousand or a million made-up rows, kept between runs because they take
a while to make."""

import os
import random
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from mailtui.config.paths import Paths
from mailtui.config.writing import add_account
from mailtui.model.account import Account, Security, Server
from mailtui.model.address import Address
from mailtui.model.folder import FolderState, Role, ServerFolder
from mailtui.model.message import Flag, Header, Indexed
from mailtui.store.schema import VERSION
from mailtui.store.writing import Writer
from tests.end_to_end.profile import Profile

FIRST_SUBJECT = "The very newest of all"
_NOW = 1_795_516_200
_OWN = Address("Robin Bench", "robin@bench.example")
_PEOPLE = (
    ("Ana Müller", "ana@bench.example"),
    ("Kim", "kim@bench.example"),
    ("Olaf Åkesson", "olaf@bench.example"),
    ("張偉", "wei@bench.example"),
    ("build-bot", "bot@ci.bench.example"),
    ("Олена Шевченко", "olena@bench.example"),
)
_WORDS = (
    *("budget", "release", "notes", "second", "draft", "invoice", "会議", "資料", "meeting", "moved"),
    *("photos", "from", "the", "harbour", "weekly", "backup", "finished", "question", "about", "cables"),
)


def profile(messages: int) -> Profile:
    """A profile whose inbox has so many messages, and whose server does not answer."""
    place = Path(tempfile.gettempdir()) / f"mailtui-bench-{os.getuid()}-{VERSION}-{messages}"
    if not (place / "ready").exists():
        shutil.rmtree(place, ignore_errors=True)
        paths = Profile(place).paths
        add_account(paths.settings, account())
        _fill(paths, messages)
        (place / "ready").touch()
    return Profile(place)


def account() -> Account:
    """Of a server at a port where nobody listens: what is shown comes from the local copy."""
    server = Server("127.0.0.1", 9, Security.NONE, "bench")
    return Account("bench", _OWN, server, server, password_cmd=("echo", "none"))


def indexed(count: int, *, first: int = 1) -> Iterator[Indexed]:
    """`count` messages with UIDs from `first` on, three minutes apart up to a fixed moment."""
    chance = random.Random(count)
    for uid in range(first, first + count):
        name, address = chance.choice(_PEOPLE)
        last = uid == first + count - 1
        yield Indexed(
            uid=uid,
            flags=Flag.SEEN if chance.random() < 0.9 and not last else Flag.NONE,
            keywords=(),
            received=_NOW - 180 * (first + count - 1 - uid),
            size=chance.randrange(1_000, 90_000),
            header=Header(
                subject=FIRST_SUBJECT if last else " ".join(chance.choices(_WORDS, k=5)),
                senders=(Address(name, address),),
                to=(_OWN,),
                sent=_NOW,
                message_id=f"<{uid}@bench.example>",
            ),
            attachments=chance.random() < 0.1,
        )


def _fill(paths: Paths, messages: int) -> None:
    began = time.perf_counter()
    writer = Writer(paths.store)
    writer.put_account(account())
    roles = {"INBOX": Role.INBOX, "Sent": Role.SENT, "Trash": Role.TRASH, "Archive": Role.ARCHIVE}
    writer.put_folders(
        "bench", [ServerFolder(path, path.encode(), "/", role) for path, role in roles.items()]
    )
    folder = writer.folder_named("bench", "INBOX")
    other = writer.folder_named("bench", "Archive")
    assert folder is not None
    assert other is not None
    writer.index(folder, indexed(messages))
    writer.index(other, indexed(1_000))
    for each, count in ((folder, messages), (other, 1_000)):
        state = FolderState(uidvalidity=1, uidnext=count + 1, exists=count, low_uid=1, complete=True)
        writer.put_folder_state(each, state)
    writer.close()
    print(f"(made {messages:,} messages in {time.perf_counter() - began:.0f} s: {paths.store})")
