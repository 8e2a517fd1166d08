"""A whole delivery, cut after every octet of the server's side and of ours: sent, certainly not sent, or
unknown, and never the wrong one of these."""

import pytest

from mailtui.model.trouble import Trouble
from mailtui.smtp.delivery import Delivery, OutcomeUnknown
from tests.smtp.scripted import Script, Scripted
from tests.smtp.test_faults import deliver

_SOURCE = b"From: a@example.org\r\nSubject: cut\r\n\r\none\r\n.two\r\n" + b"x" * 200 + b"\r\n"
_ENOUGH = 1 << 20


async def _outcome(script: Script) -> tuple[Delivery | Trouble, Scripted]:
    async with Scripted(script) as server:
        try:
            return await deliver(server.server(), _SOURCE), server
        except Trouble as trouble:
            return trouble, server


@pytest.mark.parametrize("step", [3, pytest.param(1, marks=pytest.mark.slow)])
async def test_the_server_falls_silent_after_any_octet(step: int) -> None:
    delivered, server = await _outcome(Script())
    assert isinstance(delivered, Delivery)
    answered_at = server.dialogues[0].answered_at
    for octets in range(0, answered_at + len(b"221 bye\r\n"), step):
        outcome, cut = await _outcome(Script(cut_after=octets))
        if cut.accepted:
            assert isinstance(outcome, Delivery if octets >= answered_at else OutcomeUnknown), octets
        else:
            assert not isinstance(outcome, Delivery | OutcomeUnknown), octets


@pytest.mark.parametrize("step", [3, pytest.param(1, marks=pytest.mark.slow)])
async def test_the_server_stops_listening_after_any_octet(step: int) -> None:
    _, server = await _outcome(Script(deaf_after=_ENOUGH))
    assert server.accepted
    lines = server.dialogues[0].lines
    for octets in range(0, server.heard, step):
        outcome, cut = await _outcome(Script(deaf_after=octets))
        assert all(message == server.accepted[0] for message in cut.accepted), octets
        if cut.accepted:
            assert isinstance(outcome, Delivery | OutcomeUnknown), octets
        else:
            assert not isinstance(outcome, Delivery), octets
            uploading = octets >= sum(len(line) + 2 for line in lines[: lines.index(b"DATA") + 1])
            assert uploading or not isinstance(outcome, OutcomeUnknown), octets
