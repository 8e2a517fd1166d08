"""How far a resync got is written down as it goes: an interrupted one goes on from there."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from mailtui.model.event import Event
from mailtui.model.intent import ChangeFlags
from mailtui.model.message import Flag
from mailtui.service.looking import Looker
from mailtui.service.operations.destroying import DestroyStep
from mailtui.service.operations.flags import FlagsStep
from mailtui.service.operations.step import Step
from tests.servers.scripted import CAPABILITY
from tests.service.misleading import RICH, box, visiting


class Interrupted(Exception):
    """As if the process had ended here."""


@pytest.mark.parametrize("offers", [RICH, CAPABILITY + b" CONDSTORE"], ids=["QRESYNC", "CONDSTORE"])
def test_an_interrupted_resync_goes_on_where_it_was(tmp_path: Path, offers: bytes) -> None:
    mailbox = box(1200)
    mailbox.offers = offers
    published = 0

    def publish(events: Iterable[Event]) -> None:
        nonlocal published
        published += 1
        if published == 2:
            raise Interrupted

    with visiting(tmp_path, mailbox) as it:
        begun = it.state.highestmodseq
        for uid in range(1200, 0, -1):  # the order of changes is not that of the messages
            mailbox.flag(uid, b"\\Flagged")
        with pytest.raises(Interrupted):
            Looker(replace(it.books, publish=publish)).look(it.session, it.folder)
        reached = it.state.highestmodseq
        assert it.with_flag(Flag.FLAGGED) == list(range(201, 1201))
        assert reached == begun + 1000
        mark = it.mark()
        it.look()
        assert b" %d" % reached in b"".join(it.said(mark))
        assert it.with_flag(Flag.FLAGGED) == list(range(1, 1201))
        assert it.state.highestmodseq == mailbox.modseq


def test_equal_modseqs_are_not_torn_apart(tmp_path: Path) -> None:
    mailbox = box(1200)
    with visiting(tmp_path, mailbox) as it:
        begun = mailbox.modseq
        mailbox.modseq += 1
        mailbox.messages = dict.fromkeys(mailbox.messages, (b"\\Flagged", mailbox.modseq))

        def publish(events: Iterable[Event]) -> None:
            raise Interrupted

        with pytest.raises(Interrupted):
            Looker(replace(it.books, publish=publish)).look(it.session, it.folder)
        assert it.state.highestmodseq == begun
        it.look()
        assert it.with_flag(Flag.FLAGGED) == list(range(1, 1201))


@pytest.mark.parametrize("step", [FlagsStep(), DestroyStep()], ids=["flags", "destroy"])
def test_no_uid_is_used_that_names_another_message_now(tmp_path: Path, step: Step) -> None:
    mailbox = box()
    with visiting(tmp_path, mailbox) as it:
        one = it.store.writer.by_uid(it.folder, [1])[1]
        it.store.act(ChangeFlags((one,), add=Flag.FLAGGED))
        (sent,) = it.store.send()
        mailbox.validity += 1
        findings = step.findings(it.books, it.session, [sent])
        assert (findings.open, findings.lost) == ([], ())
        assert findings.anew == [sent]
        assert it.uids() == []  # until they are found under their new UIDs
        it.store.journal.retry(sent, it.store.writer.now())
        assert it.store.next() == []
        it.look()
        (again,) = it.store.next()
        assert (again.message, again.uid, again.uidvalidity) == (one, 1, mailbox.validity)
        assert not any(b"STORE" in line or b"EXPUNGE" in line for line in it.server.lines)
