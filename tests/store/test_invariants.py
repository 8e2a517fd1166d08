"""Whatever the user wants and whatever the server says, in whatever order: what is shown is the
server's state with the pending operations laid over it, and the counters count it.

A small IMAP server in memory (folders of UID → message) is acted on by the journal's operations and
by another client, and told of in pieces, late and in any order. At the end everything has settled,
and the store shows exactly what the server has.
"""

import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from mailtui.model.intent import (
    ArchiveMessages,
    ChangeFlags,
    CopyMessages,
    DestroyMessages,
    Intent,
    MoveMessages,
    TrashMessages,
    Undo,
)
from mailtui.model.message import Flag, Indexed
from mailtui.model.operation import Operation, OperationKind, OperationState
from mailtui.model.part import Body
from mailtui.model.trouble import Refused
from mailtui.store.journal import Journal
from mailtui.store.keeping import Shelf
from tests.store import checking
from tests.store.making import Store, again, indexed

PATHS = ("INBOX", "Archive", "Trash", "Projects")
PICKS = st.lists(st.integers(0, 30), min_size=1, max_size=4)
BITS = (Flag.SEEN, Flag.FLAGGED, Flag.ANSWERED)


@dataclass
class Mailbox:
    """A folder of the server. `told` is what the store was told of: uid → flags."""

    messages: dict[int, Indexed] = field(default_factory=dict)
    uidnext: int = 1
    told: set[int] = field(default_factory=set)

    def append(self, message: Indexed) -> int:
        uid = self.uidnext
        self.uidnext += 1
        self.messages[uid] = again(message, uid)
        return uid


class Mail(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.directory = tempfile.TemporaryDirectory()
        self.store = Store.make(Path(self.directory.name) / "mail.db")
        self.folders = {self.store.folder(path): Mailbox() for path in PATHS}
        self.under_way: list[Operation] = []
        self.carried_out: dict[int, int | None] = {}
        self.born = 0
        self.acts: list[str] = []

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.everything_settles()
            self.store.close()
            self.directory.cleanup()

    # another client, and deliveries

    @rule(which=st.integers(0, 3), flags=st.sampled_from(BITS), twice=st.booleans())
    def deliver(self, which: int, flags: Flag, twice: bool) -> None:
        self.born += 1
        message = indexed(self.born, flags=flags)
        mailbox = self._box(which)
        mailbox.append(message)
        if twice:
            mailbox.append(message)

    @rule(which=st.integers(0, 3), pick=st.integers(0, 9), flags=st.sampled_from(BITS))
    def other_client_flags(self, which: int, pick: int, flags: Flag) -> None:
        mailbox = self._box(which)
        if mailbox.messages:
            uid = sorted(mailbox.messages)[pick % len(mailbox.messages)]
            message = mailbox.messages[uid]
            mailbox.messages[uid] = again(message, uid, flags=message.flags ^ flags)

    @rule(which=st.integers(0, 3), goal=st.integers(0, 3), pick=st.integers(0, 9))
    def other_client_moves(self, which: int, goal: int, pick: int) -> None:
        mailbox = self._box(which)
        if mailbox.messages and which != goal:
            uid = sorted(mailbox.messages)[pick % len(mailbox.messages)]
            self._box(goal).append(mailbox.messages.pop(uid))

    @rule(which=st.integers(0, 3), pick=st.integers(0, 9))
    def other_client_deletes(self, which: int, pick: int) -> None:
        mailbox = self._box(which)
        if mailbox.messages:
            del mailbox.messages[sorted(mailbox.messages)[pick % len(mailbox.messages)]]

    # the server tells

    @rule(which=st.integers(0, 3))
    def tell_new(self, which: int) -> None:
        folder, mailbox = self._pair(which)
        here = set(self.store.writer.uids(folder))
        self.store.writer.index(folder, [m for uid, m in mailbox.messages.items() if uid not in here])

    @rule(which=st.integers(0, 3))
    def tell_gone(self, which: int) -> None:
        folder, mailbox = self._pair(which)
        here = self.store.writer.uids(folder)
        self.store.writer.vanish(folder, [uid for uid in here if uid not in mailbox.messages])

    @rule(which=st.integers(0, 3))
    def tell_flags(self, which: int) -> None:
        folder, mailbox = self._pair(which)
        self.store.writer.update_flags(
            folder, [(uid, m.flags, m.keywords, 0) for uid, m in mailbox.messages.items()]
        )

    @rule(which=st.integers(0, 3))
    def uidvalidity_changes(self, which: int) -> None:
        folder, mailbox = self._pair(which)
        if any(folder in (one.source, one.target) for one in self.store.waiting() if one.state == "sent"):
            return
        old = list(mailbox.messages.values())
        mailbox.messages.clear()
        state = self.store.writer.folder_state(folder)
        for message in old:
            mailbox.append(message)
        self.store.writer.reset_folder(folder, state.uidvalidity + 1)

    # the user

    @rule(
        picks=PICKS,
        bits=st.sampled_from(BITS),
        add=st.booleans(),
    )
    def flag(self, picks: list[int], bits: Flag, add: bool) -> None:
        if chosen := self._choose(picks):
            self._act(ChangeFlags(chosen, add=bits) if add else ChangeFlags(chosen, remove=bits))

    @rule(picks=PICKS, goal=st.integers(0, 3))
    def move(self, picks: list[int], goal: int) -> None:
        if chosen := self._choose(picks):
            self._act(MoveMessages(chosen, self._pair(goal)[0]))

    @rule(picks=PICKS, goal=st.integers(0, 3))
    def copy(self, picks: list[int], goal: int) -> None:
        if chosen := self._choose(picks):
            self._act(CopyMessages(chosen, self._pair(goal)[0]))

    @rule(picks=PICKS, kind=st.integers(0, 2))
    def put_away(self, picks: list[int], kind: int) -> None:
        if chosen := self._choose(picks):
            self._act((ArchiveMessages, TrashMessages, DestroyMessages)[kind](chosen))

    @precondition(lambda self: self.acts)
    @rule(pick=st.integers(0, 5))
    def undo(self, pick: int) -> None:
        self._act(Undo(self.acts[-1 - pick % len(self.acts)]))

    # the service

    @rule()
    def send(self) -> None:
        operations = self.store.next()
        fresh = [one for one in operations if one.state is OperationState.QUEUED]
        self.under_way.extend(self.store.journal.sent(fresh))
        known = {one.id for one in self.under_way}
        self.under_way.extend(
            one for one in operations if one.state is OperationState.SENT and one.id not in known
        )

    @precondition(lambda self: self.under_way)
    @rule(pick=st.integers(0, 9), told=st.booleans(), how=st.integers(0, 5))
    def answer(self, pick: int, told: bool, how: int) -> None:
        operation = self.under_way.pop(pick % len(self.under_way))
        if how > 2 or operation.id in self.carried_out:
            uid = self._carry_out(operation)
            self.store.journal.done(operation, uid if told else None)
        elif how == 0:
            self.store.journal.retry(operation, 0)
        elif how == 1:
            self.store.journal.fail(operation, Refused("No."))
        else:
            self.store.journal.park(operation, Refused("Not now."))

    @precondition(lambda self: self.under_way)
    @rule(pick=st.integers(0, 9))
    def server_is_quicker_than_its_answer(self, pick: int) -> None:
        self._carry_out(self.under_way[pick % len(self.under_way)])

    @rule(everything=st.booleans())
    def crash(self, everything: bool) -> None:
        if everything:
            self.store.journal = Journal(self.store.writer)
        else:
            self.store.journal.unsure(self.under_way)
        self.under_way.clear()

    @rule(picks=PICKS, html=st.booleans(), part=st.booleans())
    def texts_come(self, picks: list[int], html: bool, part: bool) -> None:
        writer = self.store.writer
        for message in self._choose(picks):
            writer.put_body(message, Body(f"text of {message}"), html=html)
            if part:
                descriptor, path = writer.create_part_file(message, "2")
                os.close(descriptor)
                writer.put_part_path(message, "2", path, 100 + message % 7)

    @rule(count=st.integers(1, 5))
    def what_was_not_used_goes(self, count: int) -> None:
        shelf = Shelf(self.store.writer)
        shelf.drop(shelf.least_used(())[:count])

    @rule()
    def give_up_or_try_again(self) -> None:
        parked = self.store.reader.operations(states=[OperationState.PARKED])
        self.store.journal.revive([one.id for one in parked[::2]])
        self.store.journal.discard([one.id for one in parked[1::2]])

    # what must hold

    @invariant()
    def shown_is_server_plus_pending(self) -> None:
        if hasattr(self, "store"):
            checking.check(self.store.path)

    def everything_settles(self) -> None:
        for _ in range(30):
            while self.under_way:
                operation = self.under_way.pop()
                self.store.journal.done(operation, self._carry_out(operation))
            self.give_up_or_try_again()
            for which in range(len(PATHS)):
                self.tell_new(which)
                self.tell_gone(which)
            for which in range(len(PATHS)):
                self.tell_new(which)
                self.tell_flags(which)
            self.store.clock.pass_by(10)
            self.store.writer.purge_missing("work")
            self.send()
            if not self.under_way and not self.store.waiting():
                break
        checking.check(self.store.path)
        checking.whole(self.store.path)
        assert self.store.waiting() == []
        for path in PATHS:
            folder = self.store.folder(path)
            shown = sorted((one.subject, int(one.flags)) for one in self.store.shown(path))
            has = sorted((m.header.subject, int(m.flags)) for m in self.folders[folder].messages.values())
            assert shown == has, path

    def _carry_out(self, operation: Operation) -> int | None:
        """What the server does, once, however often it is asked (the service probes)."""
        if operation.id not in self.carried_out:
            self.carried_out[operation.id] = self._do(operation)
        return self.carried_out[operation.id]

    def _do(self, operation: Operation) -> int | None:
        assert operation.source is not None
        assert operation.uid is not None
        mailbox = self.folders[operation.source]
        message = mailbox.messages.get(operation.uid)
        if message is None:
            return None
        if operation.kind is OperationKind.FLAGS:
            flags = (message.flags | operation.add) & ~operation.remove
            mailbox.messages[operation.uid] = again(message, operation.uid, flags=flags)
            return None
        if operation.kind in (OperationKind.MOVE, OperationKind.DESTROY):
            del mailbox.messages[operation.uid]
        if operation.target is None:
            return None
        return self.folders[operation.target].append(message)

    def _act(self, intent: Intent) -> None:
        self.store.acts += 1
        name = f"act {self.store.acts}"
        recorded = self.store.journal.record(name, intent)
        repeated = self.store.journal.record(name, intent)
        assert not repeated.changes
        if recorded.refusal is None:
            self.acts.append(name)

    def _choose(self, picks: list[int]) -> tuple[int, ...]:
        everything = [one.id for path in PATHS for one in self.store.shown(path)]
        return tuple({everything[pick % len(everything)] for pick in picks}) if everything else ()

    def _box(self, which: int) -> Mailbox:
        return self._pair(which)[1]

    def _pair(self, which: int) -> tuple[int, Mailbox]:
        return list(self.folders.items())[which]


Mail.TestCase.settings = settings(
    max_examples=60,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestMail = Mail.TestCase
