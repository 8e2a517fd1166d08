"""The service dies at each step of putting a draft on the server: the next one makes it good, once."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from mailtui.model.account import Account
from mailtui.model.draft import Draft
from mailtui.model.event import DraftDiverged
from mailtui.model.intent import SaveDraft
from mailtui.model.operation import OperationKind
from tests.servers.dovecot import Dovecot, User
from tests.service.running import Running, account_of
from tests.service.test_drafts import bodies

STEPS = (
    ("mailtui.store.journal", "Journal.sent"),
    ("mailtui.service.operations.drafts", "store"),
    ("mailtui.store.drafts", "Drafts.copied"),
    ("mailtui.service.operations.drafts", "destroy"),
    ("mailtui.store.drafts", "Drafts.removed"),
    ("mailtui.store.journal", "Journal.done_many"),
)


class Killed(BaseException):
    """Nothing in the service is prepared for this."""


class Fuse:
    """Blows once, before or after a step, when it is armed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, module: str, name: str, *, after: bool) -> None:
        self.armed, self.blown = False, Event()
        owner: Any = import_module(module)
        *outer, last = name.split(".")
        for part in outer:
            owner = getattr(owner, part)
        step: Callable[..., Any] = getattr(owner, last)

        def fused(*arguments: Any, **named: Any) -> Any:
            if not self.armed:
                return step(*arguments, **named)
            self.armed = False
            if after:
                step(*arguments, **named)
            self.blown.set()
            raise Killed

        monkeypatch.setattr(owner, last, fused)


@pytest.fixture
def account(dovecot: Dovecot, user: User, monkeypatch: pytest.MonkeyPatch) -> Account:
    monkeypatch.setattr("mailtui.service.account._BEAT", 0.2)
    return account_of(dovecot, user)


def draft(body: str) -> Draft:
    return Draft("d1", "work", "alice@example.test", subject="Half", body=body)


async def kept(it: Running) -> None:
    def done() -> bool:
        found = it.read(lambda reader: reader.operations())
        return not any(one.kind is OperationKind.DRAFT for one in found)

    await it.until(done, "the server's copies are as they should be")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("module", "name"), STEPS, ids=[name for _, name in STEPS])
async def test_whatever_step_it_died_at_there_is_one_in_the_end(
    dovecot: Dovecot,
    user: User,
    account: Account,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    module: str,
    name: str,
    after: bool,
) -> None:
    fuse = Fuse(monkeypatch, module, name, after=after)
    async with Running(tmp_path, account) as it:
        await it.do(SaveDraft(draft("Old"), settled=True))
        await kept(it)
        fuse.armed = True
        await it.do(SaveDraft(draft("New"), settled=True))
        await it.until(fuse.blown.is_set, "it died")
        with dovecot.other_client(user) as other:
            assert bodies(other), "there is always one"
    async with Running(tmp_path, account) as it:
        await kept(it)
        with dovecot.other_client(user) as other:
            assert bodies(other) == ["New"]
        assert not [event for event in it.events if isinstance(event, DraftDiverged)]
