"""The two things this room does: send one message, and find out whether a sign-in works."""

import asyncio
from collections.abc import Sequence

from aiosmtplib import SMTPException

from mailtui.model.account import Server
from mailtui.model.secret import Secret
from mailtui.model.trouble import Refused, ServerBusy
from mailtui.smtp.connection import Connection
from mailtui.smtp.delivery import Budgets, Delivery, RecipientsRefused
from mailtui.smtp.encoding import Needs, envelope_address, needs_of, seven_bit
from mailtui.smtp.holding import hold_option
from mailtui.smtp.trouble import from_library, is_temporary, refusal, said
from mailtui.smtp.upload import Progress, Upload, wire_size
from mailtui.smtp.wirelog import WireLog

_ACCEPTED = (250, 251)


async def send(
    server: Server,
    secret: Secret,
    sender: str,
    recipients: Sequence[str],
    source: bytes,
    *,
    hold_until: int = 0,
    progress: Progress | None = None,
    budgets: Budgets | None = None,
    log: WireLog | None = None,
) -> Delivery:
    """Hand `source` (a finished message, without Bcc) to the server for `recipients`. `hold_until`
    (seconds since the epoch, 0: not at all): it is to leave the server then; raises CantHold.

    `progress` hears (octets done, octets in all) on the event loop, `log` what is said. Raises
    Unreachable, Insecure, SignInRefused, ServerBusy, Refused (RecipientsRefused when it was about them)
    or Garbled while the message is certainly not sent, and OutcomeUnknown when only the server knows.
    """
    everyone = list(dict.fromkeys(recipients))
    if not everyone:
        raise Refused("The message has no recipient.", "Add one.")
    envelope = {address: envelope_address(address) for address in everyone}
    sender = envelope_address(sender)
    needs = await asyncio.to_thread(needs_of, source)
    async with Connection(server, secret, budgets or Budgets(), log) as connection:
        options = _options(connection, needs, [sender, *envelope.values()])
        if hold_until:
            options.append(hold_option(connection, hold_until))
        if needs.body and not connection.offers("8bitmime"):
            source = await asyncio.to_thread(seven_bit, source)
        size = await asyncio.to_thread(wire_size, source)
        _check_size(connection, size)
        try:
            await _mail_from(connection, sender, size, options)
            delivery = await _recipients(connection, envelope)
        except (SMTPException, OSError) as error:
            raise from_library(error, connection.host, "naming the recipients") from error
        upload = Upload(connection.host, connection.protocol, connection.budgets, connection.talk, progress)
        reply = await upload.send(source, size)
        return Delivery(delivery.accepted, delivery.refused, delivery.deferred, said(250, reply))


async def check(server: Server, secret: Secret, *, budgets: Budgets | None = None) -> None:
    """Connect and sign in, then leave. Raises what `send` raises before it sends."""
    async with Connection(server, secret, budgets or Budgets()):
        pass


def _options(connection: Connection, needs: Needs, addresses: list[str]) -> list[bytes]:
    """MAIL's parameters beside SIZE. Raises Refused for what this server can't carry."""
    options = []
    if needs.body and connection.offers("8bitmime"):
        options.append(b"BODY=8BITMIME")
    foreign = [address for address in addresses if not address.isascii()]
    if foreign or needs.header:
        if not connection.offers("smtputf8"):
            subject = f'The address "{foreign[0][:80]}" has' if foreign else "The message's header has"
            raise Refused(
                f"{subject} letters beyond ASCII, and {connection.host} does not take them.",
                "Use another address for that person." if foreign else "Write it with encoded words.",
            )
        options.append(b"SMTPUTF8")
    return options


def _check_size(connection: Connection, size: int) -> None:
    if 0 < connection.largest < size:
        limit = f"{connection.host} takes {connection.largest / 1e6:.1f} MB"
        raise Refused(
            f"The message has {size / 1e6:.1f} MB; {limit}.",
            "Send fewer or smaller attachments.",
        )


async def _mail_from(connection: Connection, sender: str, size: int, options: list[bytes]) -> None:
    if connection.offers("size"):
        options = [b"SIZE=%d" % size, *options]
    code, message = await connection.command(b"MAIL", b"FROM:<%s>" % sender.encode(), *options)
    if code != 250:
        raise refusal(connection.host, f"the sender {sender}", code, message)


async def _recipients(connection: Connection, envelope: dict[str, str]) -> Delivery:
    """Name the recipients. Goes on when some are refused, raises when all are."""
    accepted: list[str] = []
    refused: dict[str, str] = {}
    deferred: dict[str, str] = {}
    for address, wire in envelope.items():
        code, message = await connection.command(b"RCPT", b"TO:<%s>" % wire.encode())
        if code in _ACCEPTED:
            accepted.append(address)
        elif code == 421 or not 400 <= code < 600:
            raise refusal(connection.host, f"the recipient {address}", code, message)
        elif is_temporary(code):
            deferred[address] = said(code, message)
        else:
            refused[address] = said(code, message)
    if not accepted and deferred:
        address, reason = next(iter(deferred.items()))
        raise ServerBusy(f"{connection.host} does not take mail for {address} now: {reason}")
    if not accepted:
        raise RecipientsRefused(refused)
    return Delivery(tuple(accepted), refused, deferred)
