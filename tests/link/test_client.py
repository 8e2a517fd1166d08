"""A front and the service in one process: the same protocol without a socket."""

import asyncio

import pytest

from mailtui.link.client import Ack, Client, memory_link
from mailtui.link.wire import LONGEST
from mailtui.model.event import BodyArrived, Event, FolderChanged
from mailtui.model.intent import SendRaw, ShowFolder, Synchronise
from mailtui.model.trouble import Refused, Trouble, Unreachable
from tests.link.recorder import STATE, Recorder


async def linked() -> tuple[Recorder, Client, list[Event]]:
    recorder = Recorder()
    client = await memory_link(recorder)
    heard: list[Event] = []
    client.on_event = heard.append
    return recorder, client, heard


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_an_intent_is_acknowledged_and_its_id_kept() -> None:
    recorder, client, _ = await linked()
    assert await client.submit(ShowFolder(7), id="mine") == Ack("mine")
    assert recorder.taken == {"mine": ShowFolder(7)}
    await client.close()


async def test_a_front_hears_the_state_first_and_then_events() -> None:
    recorder, client, heard = await linked()
    await client.submit(ShowFolder(7))
    recorder.publish(BodyArrived(1))
    await settle()
    assert heard == [STATE, BodyArrived(1)]
    await client.close()
    await settle()
    assert not recorder.callbacks


async def test_a_refusal_comes_back_as_a_trouble_with_its_advice() -> None:
    _, client, _ = await linked()
    ack = await client.submit(Synchronise("nobody"))
    assert isinstance(ack.refusal, Refused)
    assert str(ack.refusal) == "There is no account nobody. Look at the settings."
    await client.close()


async def test_a_fault_of_the_service_is_answered_too(caplog: pytest.LogCaptureFixture) -> None:
    recorder, client, _ = await linked()
    assert isinstance((await client.submit(Synchronise("fault"))).refusal, Refused)
    assert "a mistake" in caplog.text
    assert (await client.submit(ShowFolder(1))).refusal is None
    assert len(recorder.taken) == 1
    await client.close()


async def test_intents_are_handled_in_the_order_of_submission() -> None:
    recorder, client, _ = await linked()
    await asyncio.gather(*(client.submit(ShowFolder(n)) for n in range(50)))
    assert list(recorder.taken.values()) == [ShowFolder(n) for n in range(50)]
    await client.close()


async def test_what_is_too_large_is_refused_before_it_is_sent() -> None:
    recorder, client, _ = await linked()
    ack = await client.submit(SendRaw("work", "A" * (LONGEST + 1)))
    assert isinstance(ack.refusal, Trouble)
    assert not recorder.taken
    await client.close()


async def test_tens_of_megabytes_pass() -> None:
    recorder, client, _ = await linked()
    assert (await client.submit(SendRaw("work", "A" * 30_000_000), id="big")).refusal is None
    assert isinstance(recorder.taken["big"], SendRaw)
    await client.close()


async def test_a_front_that_does_not_read_gets_the_sum_later() -> None:
    recorder, client, heard = await linked()
    await client.submit(ShowFolder(1))
    for number in range(100):
        recorder.publish(FolderChanged(1, added=(number,)))
    await settle()
    assert heard == [STATE, FolderChanged(1, added=tuple(range(100)))]
    await client.close()


async def test_closing_answers_what_is_still_open() -> None:
    recorder, client, _ = await linked()
    recorder.pause = asyncio.Event()
    waiting = asyncio.create_task(client.submit(ShowFolder(1)))
    await settle()
    await client.close()
    assert isinstance((await waiting).refusal, Unreachable)


async def test_a_front_that_fails_over_an_event_keeps_its_link(caplog: pytest.LogCaptureFixture) -> None:
    recorder, client, _ = await linked()

    def fail(event: Event) -> None:
        raise ZeroDivisionError

    client.on_event = fail
    recorder.publish(BodyArrived(1))
    await settle()
    assert "ZeroDivisionError" in caplog.text
    assert (await client.submit(ShowFolder(1))).refusal is None
    await client.close()
