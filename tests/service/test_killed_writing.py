"""Killed while a message is written or sent: the draft is there once in the end, nothing is sent twice."""

import asyncio
import os
import random
import signal
from imaplib import IMAP4

import pytest

from mailtui.config.writing import add_account
from mailtui.model.draft import Draft, Stage
from mailtui.model.intent import SaveDraft, SendDraft, StopService
from mailtui.model.operation import OperationKind
from tests.servers.dovecot import Dovecot, User
from tests.service.profile import Profile, until
from tests.service.running import account_of
from tests.smtp.scripted import Script, Scripted

VERSIONS = 60
KILLS = 8


def draft(body: str = "Text\n") -> Draft:
    return Draft("d1", "work", "alice@example.test", to="bob@example.test", subject="Half", body=body)


def bodies(client: IMAP4) -> list[str]:
    client.select("Drafts", readonly=True)
    numbers = client.search(None, "UNDELETED")[1][0].decode().replace(" ", ",")
    found = client.fetch(numbers, "(BODY.PEEK[TEXT])")[1] if numbers else []
    return [part[1].decode().strip() for part in found if isinstance(part, tuple)]


@pytest.mark.slow
@pytest.mark.timeout(120)
async def test_a_draft_is_never_gone_and_there_once_in_the_end(
    dovecot: Dovecot, user: User, profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mailtui.link.client._TOLERATED", {False: 1000, True: 1000})
    dice = random.Random(20261125)
    client, _ = await profile.front()
    with dovecot.other_client(user) as other:

        def done() -> bool:
            with profile.reader() as reader:
                return not any(one.kind is OperationKind.DRAFT for one in reader.operations())

        assert (await client.submit(SaveDraft(draft("Version 0"), settled=True))).refusal is None
        await until(lambda: bodies(other) == ["Version 0"], 60)
        kills = 0
        for number in range(1, VERSIONS + 1):
            ack = await client.submit(SaveDraft(draft(f"Version {number}"), settled=True))
            assert ack.refusal is None
            await asyncio.sleep(dice.uniform(0, 0.1))
            assert bodies(other), "there is always one"
            if client.connected and number % (VERSIONS // KILLS) == 0:
                await asyncio.sleep(dice.uniform(0, 0.05))
                os.kill(profile.pid, signal.SIGKILL)
                kills += 1
                await until(lambda: client.connected)
        assert kills >= KILLS - 1
        await until(done, 60)
        await until(lambda: bodies(other) == [f"Version {VERSIONS}"], 60)
    await client.submit(StopService())
    await client.close()


async def test_killed_while_the_server_thinks_it_over_it_is_not_sent_again(
    dovecot: Dovecot, user: User, profile: Profile
) -> None:
    async with Scripted(Script({"dot": b""})) as server:  # takes the message and never answers
        profile.paths.settings.unlink()
        add_account(profile.paths.settings, account_of(dovecot, user, server.server()))
        client, _ = await profile.front()
        assert (await client.submit(SendDraft(draft(), delay=0))).refusal is None
        await until(lambda: any(dialogue.said(b"DATA") for dialogue in server.dialogues))
        await asyncio.sleep(0.2)
        os.kill(profile.pid, signal.SIGKILL)

        def stage() -> Stage:
            with profile.reader() as reader:
                return reader.outbox()[0].stage

        await until(lambda: stage() is Stage.UNKNOWN)
        await asyncio.sleep(0.5)
        assert sum(dialogue.said(b"DATA") for dialogue in server.dialogues) == 1
        with profile.reader() as reader:
            assert reader.draft("d1") is not None
        await client.submit(StopService())
        await client.close()
