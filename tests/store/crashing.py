"""A process that acts on a store without end, saying what was acknowledged, until it is killed.

Run as `python -m tests.store.crashing FILE SEED`. Every intent is on the same messages, so that an
intent that is only half there shows.
"""

import random
import sys
from pathlib import Path

from mailtui.model.draft import Draft
from mailtui.model.intent import ChangeFlags, Intent, MoveMessages, Undo
from mailtui.model.message import Flag
from mailtui.store.journal import Journal
from mailtui.store.outbox import Outbox
from mailtui.store.reading import Reader
from mailtui.store.writing import Writer
from tests.store.making import indexed

MESSAGES = 1300  # three transactions each


def main(path: Path, seed: int) -> None:
    chance = random.Random(seed)
    writer = Writer(path)
    journal, outbox, reader = Journal(writer), Outbox(writer), Reader(path)
    folders = [folder.id for folder in reader.folders() if folder.path in ("INBOX", "Archive", "Projects")]
    messages = tuple(message for folder in folders for message in reader.ids(folder))
    last = ""
    print("ready", flush=True)
    for number in range(1_000_000):
        intent: Intent = MoveMessages(messages, chance.choice(folders))
        if chance.random() < 0.4:
            flags = chance.choice((Flag.SEEN, Flag.FLAGGED))
            intent = chance.choice((ChangeFlags(messages, add=flags), ChangeFlags(messages, remove=flags)))
        elif last and chance.random() < 0.4:
            intent = Undo(last)
        last = f"{seed}.{number}"
        journal.record(last, intent)
        print(last, flush=True)
        outbox.drafts.save(Draft("draft", "work", "alice@example.org", body=last))
        print(f"draft {last}", flush=True)
        writer.index(reader.folders()[2].id, [indexed(10_000 + number)])


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
