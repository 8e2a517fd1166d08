"""A message for later is given only to a server that says it holds it for so long."""

import time

import pytest

from mailtui.model.secret import Secret
from mailtui.smtp.delivery import CantHold
from mailtui.smtp.sending import send
from tests.smtp.scripted import EHLO, Script, Scripted

HOUR = 3600
MESSAGE = b"From: a@example.test\r\nSubject: x\r\n\r\nbody\r\n"


async def hold(offer: bytes | None, seconds: int) -> list[bytes]:
    """What the server was told after MAIL."""
    ehlo = EHLO if offer is None else (*EHLO, offer)
    async with Scripted(Script(ehlo=ehlo)) as server:
        try:
            await send(
                server.server(),
                Secret("alice-pass"),
                "a@example.test",
                ["b@example.test"],
                MESSAGE,
                hold_until=int(time.time()) + seconds,
            )
        finally:
            said = [line for line in server.dialogues[0].lines if line.startswith(b"MAIL")]
        return said


@pytest.mark.parametrize(
    "offer",
    [
        b"FUTURERELEASE 7200 2100-01-01T00:00:00Z",
        b"futurerelease 7200",
        b"FUTURERELEASE",
        b"FUTURERELEASE x y",
    ],
)
async def test_it_is_told_until_when(offer: bytes) -> None:
    (said,) = await hold(offer, HOUR)
    assert b" HOLDUNTIL=" in said
    assert said.endswith(b"Z")


@pytest.mark.parametrize("offer", [None, b"FUTURERELEASE 1800", b"FUTURERELEASE 999999 2001-01-01T00:00:00Z"])
async def test_nothing_is_sent_when_it_would_leave_at_once(offer: bytes | None) -> None:
    with pytest.raises(CantHold):
        await hold(offer, HOUR)
