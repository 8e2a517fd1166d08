"""Killed at any moment, the store is whole: what was acknowledged is there, nothing is there by half."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mailtui.model.intent import MoveMessages
from mailtui.store import tasks
from mailtui.store.journal import Journal
from mailtui.store.reading import Reader
from mailtui.store.wishes import Context
from mailtui.store.writing import Writer
from tests.store import checking
from tests.store.crashing import MESSAGES
from tests.store.making import Store, indexed

ROOT = Path(__file__).parents[2]


def killed_after(path: Path, seed: int, seconds: float) -> list[str]:
    """What a process acknowledged before it was killed."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.store.crashing", str(path), str(seed)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(seconds)
    process.kill()
    said = process.stdout.read().splitlines()
    process.stdout.close()
    process.wait()
    return said


def test_after_a_kill_no_intent_is_half_there_and_none_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "mail.db"
    made = Store.make(path)
    made.index("INBOX", *(indexed(uid) for uid in range(1, MESSAGES + 1)))
    made.close()
    chance = random.Random(5)
    for seed in range(6):
        said = killed_after(path, seed, chance.uniform(0.05, 0.6))
        checking.check(path)
        checking.whole(path)
        writer = Writer(path)
        Journal(writer)
        with Reader(path) as reader:
            folders = [folder for folder in reader.folders() if folder.total and folder.path != "Drafts"]
            old = [reader.message(ident) for folder in folders for ident in reader.ids(folder.id)]
            everywhere = [one.summary for one in old if one is not None and (one.uid or 0) < 10_000]
            assert len(everywhere) == MESSAGES
            assert len({(one.folder, one.flags) for one in everywhere}) == 1
            drafts = [line.removeprefix("draft ") for line in said if line.startswith("draft")]
            if drafts:
                kept = reader.draft("draft")
                assert kept is not None
                assert int(kept.body.split(".")[1]) >= int(drafts[-1].split(".")[1])
            acknowledged = {line for line in said if not line.startswith("draft")}
        with writer.reading() as db:
            complete = {row[0] for row in db.execute("SELECT id FROM intent WHERE complete")}
            assert acknowledged <= complete
            assert not db.execute("SELECT 1 FROM intent WHERE NOT complete").fetchall()
        writer.close()


@pytest.mark.parametrize("step", [2, 3])
def test_an_intent_cut_short_is_finished_at_the_next_start_or_by_its_repetition(
    store: Store, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    messages = store.fill("INBOX", *(indexed(uid) for uid in range(1, 1201)))
    intent = MoveMessages(tuple(messages), store.folder("Archive"))
    performed = tasks.Task.perform
    calls: list[int] = []

    def falter(task: tasks.Task, context: Context) -> None:
        calls.append(len(task.messages))
        if len(calls) == step:
            raise KeyboardInterrupt
        performed(task, context)

    with monkeypatch.context() as patch:
        patch.setattr(tasks.Task, "perform", falter)
        with pytest.raises(KeyboardInterrupt):
            store.journal.record("cut", intent)
    assert store.counted("Archive") == (500 * (step - 1),) * 2
    assert not store.reader.undoable("cut")
    if step == 2:
        Journal(store.writer)
    else:
        assert store.journal.record("cut", intent).changes
    assert store.counted("Archive") == (1200, 1200)
    assert store.reader.undoable("cut")
    assert len(store.waiting()) == 1200
    assert not store.journal.record("cut", intent).changes
