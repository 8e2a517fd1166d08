"""What a server does wrong ends in the right trouble: sent, certainly not sent, or unknown."""

import asyncio
import time
from collections.abc import Mapping

import pytest

from mailtui.model.account import Security, Server
from mailtui.model.secret import Secret
from mailtui.model.trouble import (
    Garbled,
    Insecure,
    Refused,
    ServerBusy,
    SignInRefused,
    Trouble,
    Unreachable,
)
from mailtui.smtp.delivery import Budgets, Delivery, OutcomeUnknown
from mailtui.smtp.sending import check, send
from tests.servers.certificates import Certificates
from tests.smtp.conftest import server_context
from tests.smtp.scripted import EHLO, Script, Scripted

MESSAGE = b"From: a@example.org\r\nSubject: x\r\n\r\nbody\r\n"
SHORT = Budgets(greeting=0.5, command=0.3, slice=0.5, answer=0.3)


async def deliver(server: Server, source: bytes = MESSAGE) -> Delivery:
    secret = Secret("alice-pass")
    return await send(server, secret, "a@example.org", ["b@example.org"], source, budgets=SHORT)


async def outcome(replies: Mapping[str, bytes | None], source: bytes = MESSAGE) -> Trouble:
    """The trouble of a delivery to a server with these replies; the server took nothing."""
    async with Scripted(Script(dict(replies))) as server:
        with pytest.raises(Trouble) as raised:
            await deliver(server.server(), source)
    assert not server.accepted or isinstance(raised.value, OutcomeUnknown)
    return raised.value


PHASES = ("greet", "EHLO", "MAIL", "RCPT", "DATA", "dot")


@pytest.mark.parametrize("phase", [*PHASES, "AUTH"])
async def test_a_temporary_refusal_is_to_be_tried_again(phase: str) -> None:
    assert type(await outcome({phase: b"451 4.3.0 try later"})) is ServerBusy


@pytest.mark.parametrize("phase", PHASES)
async def test_a_permanent_refusal_is_final_and_quotes_the_server(phase: str) -> None:
    trouble = await outcome({phase: b"554 5.7.1 we do not like you"})
    assert isinstance(trouble, Refused)
    assert "554 5.7.1 we do not like you" in trouble.what


@pytest.mark.parametrize("phase", [*PHASES[:-1], "AUTH"])
@pytest.mark.parametrize("fault", [b"", None])
async def test_silence_or_a_drop_before_the_dot_means_not_sent(phase: str, fault: bytes | None) -> None:
    assert type(await outcome({phase: fault})) is Unreachable


@pytest.mark.parametrize("fault", [b"", None, b"what?", b"354 again", b"250-never ending"])
async def test_after_the_dot_only_a_clear_answer_counts(fault: bytes | None) -> None:
    assert type(await outcome({"dot": fault})) is OutcomeUnknown


async def test_a_drop_in_the_middle_of_the_upload_means_not_sent() -> None:
    async with Scripted(Script(drop_in_data=100_000)) as server:
        with pytest.raises(Unreachable):
            await deliver(server.server(), MESSAGE + (b"y" * 70 + b"\r\n") * 10_000)
    assert not server.accepted


async def test_an_early_yes_is_not_believed() -> None:
    async with Scripted(Script(early=b"250 sure")) as server:
        with pytest.raises(Garbled):
            await deliver(server.server(), MESSAGE + (b"y" * 70 + b"\r\n") * 50_000)
    assert not server.accepted


async def test_an_early_no_ends_the_upload() -> None:
    async with Scripted(Script(early=b"552 5.3.4 too big after all")) as server:
        with pytest.raises(Refused, match="too big"):
            await deliver(server.server(), MESSAGE + (b"y" * 70 + b"\r\n") * 50_000)
    assert not server.accepted


@pytest.mark.parametrize("fault", [b"", None, b"500 what"])
async def test_quit_never_delays_or_spoils_what_was_sent(fault: bytes | None) -> None:
    long = Budgets(command=60)
    async with Scripted(Script({"QUIT": fault})) as server:
        begin = time.monotonic()
        await send(server.server(), Secret("p"), "a@b.c", ["d@e.f"], MESSAGE, budgets=long)
        assert time.monotonic() - begin < 30  # not the 60 seconds of a command
    assert server.accepted == [MESSAGE]


async def test_a_stripped_starttls_sends_neither_password_nor_mail() -> None:
    async with Scripted() as server:
        with pytest.raises(Insecure, match="STARTTLS"):
            await deliver(server.server(Security.STARTTLS))
    assert not any(server.dialogues[0].said(word) for word in (b"AUTH", b"MAIL", b"STARTTLS"))


@pytest.mark.parametrize("reply", [b"454 not now", b"502 never", b"what", None, b""])
async def test_a_starttls_that_fails_sends_neither_password_nor_mail(
    reply: bytes | None, certificates: Certificates
) -> None:
    script = Script({"STARTTLS": reply}, tls=server_context(certificates.good))
    async with Scripted(script) as server:
        with pytest.raises(Trouble):
            await deliver(server.server(Security.STARTTLS, str(certificates.ca)))
    assert not any(server.dialogues[0].said(word) for word in (b"AUTH", b"MAIL"))


async def test_what_is_glued_behind_starttls_does_not_count(certificates: Certificates) -> None:
    glued = b"250-mail.example.test\r\n250-EVIL\r\n250 AUTH CRAM-MD5\r\n"
    script = Script(tls=server_context(certificates.good), glued=glued)
    async with Scripted(script) as server:
        try:
            await deliver(server.server(Security.STARTTLS, str(certificates.ca)))
        except Trouble:
            assert not server.accepted
    dialogue = server.dialogues[0]
    assert not any(line.upper().startswith((b"AUTH", b"MAIL")) for line in dialogue.clear)
    assert b"AUTH CRAM-MD5" not in dialogue.encrypted


async def test_none_is_never_used_beyond_this_machine() -> None:
    server = Server("mail.example.test", 25, Security.NONE, "alice")
    with pytest.raises(Insecure):
        await check(server, Secret("p"))


async def test_only_a_real_refusal_blames_the_password() -> None:
    assert type(await outcome({"AUTH": b"535 5.7.8 no"})) is SignInRefused
    assert type(await outcome({"AUTH": b"454 4.7.0 backend down"})) is ServerBusy
    assert type(await outcome({"AUTH": b"538 encryption required"})) is Insecure
    assert type(await outcome({"AUTH": b"334 and again"})) is Garbled


async def test_another_mechanism_is_tried_only_when_the_first_is_unknown() -> None:
    async with Scripted(Script({"AUTH": b"504 unknown"})) as server:
        with pytest.raises(Trouble):
            await deliver(server.server())
    assert [line.split()[1] for line in server.dialogues[0].lines if line.startswith(b"AUTH")] == [
        b"PLAIN",
        b"LOGIN",
    ]


async def test_without_eight_bits_the_body_is_encoded_and_means_the_same() -> None:
    from email import message_from_bytes

    text = "Grüße\r\n.und =20 ein Punkt\r\n"
    header = b"From: a@example.org\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
    source = header + b"Content-Transfer-Encoding: 8bit\r\n\r\n" + text.encode()
    async with Scripted(Script(ehlo=(b"old.example.test", b"AUTH PLAIN"))) as server:
        await deliver(server.server(), source)
    (got,) = server.accepted
    assert got.isascii()
    content = message_from_bytes(got.replace(b"\r\n..", b"\r\n.")).get_payload(decode=True)
    assert isinstance(content, bytes)
    assert content.decode() == text


async def test_without_eight_bits_a_signature_is_not_broken() -> None:
    source = (
        b"Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n\r\n"
        + "ü".encode()
        + b"\r\n--b\r\n\r\nsig\r\n--b--\r\n"
    )
    async with Scripted(Script(ehlo=(b"old.example.test", b"AUTH PLAIN"))) as server:
        with pytest.raises(Refused, match="signature"):
            await deliver(server.server(), source)


@pytest.mark.parametrize("source", ["Subject: ü\r\n\r\nx\r\n".encode(), MESSAGE])
async def test_without_smtputf8_foreign_letters_are_refused_clearly(source: bytes) -> None:
    recipient = "b@example.org" if source != MESSAGE else "jörg@example.org"
    offered = tuple(item for item in EHLO if item != b"SMTPUTF8")
    async with Scripted(Script(ehlo=offered)) as server:
        with pytest.raises(Refused, match="beyond ASCII"):
            await send(server.server(), Secret("p"), "a@b.c", [recipient], source, budgets=SHORT)
    assert not server.dialogues[0].said(b"MAIL")


@pytest.mark.parametrize(
    "greeting",
    [b"\xff\xfe\x00\x01", b"HTTP/1.1 200 OK", b"2x0 hm", b"220-" + b"a" * 9000, b"220-a\r\n" * 9000],
)
async def test_garbage_is_not_a_mail_server(greeting: bytes) -> None:
    assert isinstance(await outcome({"greet": greeting}), Garbled | Unreachable)


async def test_a_servers_text_comes_without_controls_and_short() -> None:
    trouble = await outcome({"MAIL": b"550 \x1b]0;evil\x07 a\xc2\x9bb \xff " + b"x" * 2000})
    assert not any(ord(character) < 32 or 127 <= ord(character) < 160 for character in trouble.what)
    assert len(trouble.what) < 400


async def test_cancelling_an_upload_sends_nothing() -> None:
    started = asyncio.Event()
    source = MESSAGE + (b"y" * 70 + b"\r\n") * 300_000
    async with Scripted() as server:
        task = asyncio.create_task(
            send(
                server.server(),
                Secret("p"),
                "a@b.c",
                ["d@e.f"],
                source,
                progress=lambda done, total: started.set(),
            )
        )
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert not server.accepted
