"""A message reaches a real server as it was written, and every refusal is told apart."""

import pytest

from mailtui.model.account import Security
from mailtui.model.secret import Secret
from mailtui.model.trouble import Insecure, Refused, ServerBusy, SignInRefused, Unreachable
from mailtui.smtp.delivery import RecipientsRefused
from mailtui.smtp.sending import check, send
from tests.servers.certificates import Certificates
from tests.servers.smtp import SmtpServer, smtp_server

MESSAGE = (
    b"From: alice@example.org\r\nTo: bob@example.org\r\nSubject: Dots\r\nMessage-ID: <1@example.org>\r\n\r\n"
    b".\r\n..two\r\n.one\r\nFrom the start\r\nlast line without its end"
)
SENDER = "alice@example.org"


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
async def test_a_message_arrives_byte_for_byte_over_tls(
    security: Security, certificates: Certificates, password: Secret
) -> None:
    with smtp_server(security, certificates.good) as server:
        delivery = await send(
            server.server(ca_file=str(certificates.ca)), password, SENDER, ["bob@example.org"], MESSAGE
        )
    (got,) = server.received
    assert got.source == MESSAGE + b"\r\n"
    assert (got.sender, got.recipients, got.user, got.encrypted) == (
        SENDER,
        ("bob@example.org",),
        "alice",
        True,
    )
    assert delivery.accepted == ("bob@example.org",)
    assert "queued as 1" in delivery.reply


async def test_loopback_may_be_in_clear_and_the_machine_is_not_named(password: Secret) -> None:
    with smtp_server() as server:
        await send(server.server(), password, SENDER, ["bob@example.org"], MESSAGE)
    assert server.received[0].greeted_as == "[127.0.0.1]"


async def test_a_server_on_loopback_without_sign_in_is_used_as_it_is() -> None:
    with SmtpServer(sign_in=False) as server:
        await send(server.server(), Secret(""), SENDER, ["bob@example.org"], MESSAGE)
    assert server.received[0].user == ""


@pytest.mark.parametrize("leaf", ["wrong_name", "expired", "self_signed"])
@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
async def test_a_certificate_that_fails_stops_before_the_password(
    leaf: str, security: Security, certificates: Certificates, password: Secret
) -> None:
    with (
        smtp_server(security, getattr(certificates, leaf)) as server,
        pytest.raises(Insecure, match="certificate"),
    ):
        await send(server.server(ca_file=str(certificates.ca)), password, SENDER, ["bob@x.example"], MESSAGE)
    assert not server.received


async def test_a_private_authority_is_not_trusted_by_default(
    certificates: Certificates, password: Secret
) -> None:
    with smtp_server(Security.TLS, certificates.good) as server, pytest.raises(Insecure):
        await check(server.server(), password)


async def test_tls_towards_a_server_without_it_is_insecure(password: Secret) -> None:
    with smtp_server() as server:
        plain = server.server()
        wanted = type(plain)(plain.host, plain.port, Security.TLS, plain.user)
        with pytest.raises(Insecure):
            await check(wanted, password)


async def test_a_wrong_password_is_offered_once(certificates: Certificates) -> None:
    with smtp_server(Security.TLS, certificates.good) as server, pytest.raises(SignInRefused) as raised:
        await check(server.server(ca_file=str(certificates.ca)), Secret("canary-7f3a"))
    assert server.failed_sign_ins == ["PLAIN"]
    assert "canary" not in repr(raised.value) + str(raised.value)


async def test_partial_refusals_are_told_and_the_others_get_the_message(password: Secret) -> None:
    refuse = {"gone@example.org": "550 5.1.1 No such user", "slow@example.org": "451 4.7.1 Greylisted"}
    with SmtpServer(refuse=refuse) as server:
        delivery = await send(
            server.server(),
            password,
            SENDER,
            ["bob@example.org", "gone@example.org", "slow@example.org"],
            MESSAGE,
        )
    assert server.received[0].recipients == ("bob@example.org",)
    assert delivery.accepted == ("bob@example.org",)
    assert delivery.refused == {"gone@example.org": "550 5.1.1 No such user"}
    assert delivery.deferred == {"slow@example.org": "451 4.7.1 Greylisted"}


async def test_no_recipient_left_is_an_error_for_good_or_for_now(password: Secret) -> None:
    with SmtpServer(refuse={"a@b.c": "550 no", "d@e.f": "451 later"}) as server:
        with pytest.raises(RecipientsRefused, match="550 no"):
            await send(server.server(), password, SENDER, ["a@b.c"], MESSAGE)
        with pytest.raises(ServerBusy, match="451 later"):
            await send(server.server(), password, SENDER, ["a@b.c", "d@e.f"], MESSAGE)
    assert not server.received


async def test_a_message_over_the_limit_is_refused_before_the_upload(password: Secret) -> None:
    with SmtpServer(limit=1000) as server, pytest.raises(Refused, match=r"0\.0 MB"):
        await send(server.server(), password, SENDER, ["bob@example.org"], MESSAGE + b"x" * 2000)
    assert not server.received


async def test_eight_bit_text_is_declared_and_kept(password: Secret) -> None:
    source = MESSAGE + "\r\nGrüße\r\n".encode()
    with smtp_server() as server:
        await send(server.server(), password, SENDER, ["bob@example.org"], source)
    assert server.received[0].source == source
    assert "BODY=8BITMIME" in server.received[0].options


async def test_addresses_beyond_ascii_use_smtputf8_and_domains_become_ascii(password: Secret) -> None:
    with smtp_server() as server:
        await send(server.server(), password, SENDER, ["jörg@example.org", "eva@bücher.example"], MESSAGE)
    assert server.received[0].recipients == ("jörg@example.org", "eva@xn--bcher-kva.example")
    assert "SMTPUTF8" in server.received[0].options


@pytest.mark.parametrize("address", ["", "nobody", "a@b\r\nRSET", "a@b>\r\nDATA", "a b@c.d", "a@b\0c", "@c"])
async def test_what_is_no_address_never_reaches_the_server(address: str, password: Secret) -> None:
    with smtp_server() as server:
        for sender, recipients in ((SENDER, ["bob@example.org", address]), (address, ["bob@example.org"])):
            with pytest.raises(Refused):
                await send(server.server(), password, sender, recipients, MESSAGE)
    assert not server.received


async def test_progress_grows_to_the_whole(password: Secret) -> None:
    seen: list[tuple[int, int]] = []
    source = MESSAGE + b"\r\n" + (b"x" * 70 + b"\r\n") * 20_000
    with smtp_server() as server:
        await send(
            server.server(),
            password,
            SENDER,
            ["bob@example.org"],
            source,
            progress=lambda done, total: seen.append((done, total)),
        )
    assert server.received[0].source == source
    assert seen == sorted(seen)
    assert len(seen) > 10
    assert seen[-1] == (len(source), len(source))


async def test_nobody_listening_is_unreachable(password: Secret) -> None:
    with smtp_server() as server:
        address = server.server()
    with pytest.raises(Unreachable, match=r"127\.0\.0\.1"):
        await check(address, password)
