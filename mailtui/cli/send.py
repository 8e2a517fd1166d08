"""`mailtui send < message.eml`: queue a finished message and wait until it has left."""

import re
import sys
import uuid
from argparse import ArgumentParser, Namespace
from base64 import b64encode
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mailtui.cli import printing, status
from mailtui.cli.front import Front, complete, front
from mailtui.cli.passwords import answer, no_password
from mailtui.cli.profile import accounts_meant, settings_of
from mailtui.config.paths import Paths
from mailtui.model.draft import OutboxItem, Stage
from mailtui.model.event import PasswordWanted
from mailtui.model.intent import SendRaw
from mailtui.model.trouble import Refused

if TYPE_CHECKING:
    from mailtui.config.settings import Settings
    from mailtui.model.account import Account
    from mailtui.model.message import Header

_MOST = 45_000_000  # octets: what the link carries in one piece
_LOOK = 1.0  # seconds between looks at the outbox when no event comes
_LEFT = (Stage.DONE, Stage.SENT_UNFILED)
_END_OF_HEADER = re.compile(rb"\r?\n\r?\n")


class BadMessage(Exception):
    """What came on stdin can't be sent. The text says why."""


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "recipients", metavar="ADDRESS", nargs="*", help="send it to these, not to those of To, Cc and Bcc"
    )
    parser.add_argument("-a", "--account", metavar="NAME", help="by this account, not by that of From")
    parser.add_argument("--queue", action="store_true", help="do not wait until it has left")


def run(options: Namespace, paths: Paths) -> int:
    settings = settings_of(paths)
    if sys.stdin.isatty():
        printing.complain("reading a message from the terminal; Ctrl-D ends it.")
    try:
        source, header = _message(sys.stdin.buffer.read(_MOST + 1))
        account = _account(settings, options.account, header)
        if not (options.recipients or header.to or header.cc or _has_bcc(source)):
            raise BadMessage("The message has no recipient: no To, Cc or Bcc.")
    except BadMessage as error:
        printing.complain(str(error))
        return status.BAD_DATA
    intent = SendRaw(account.key, b64encode(source).decode("ascii"), tuple(options.recipients))

    async def work() -> int:
        async with front(paths) as link:
            before = {item.id for item in _outbox(paths)}
            await link.submit(intent)
            if options.queue:
                return status.OK
            return await _until_left(link, paths, settings, header.message_id, before)

    return complete(work)


async def _until_left(
    link: Front, paths: Paths, settings: "Settings", message_id: str, before: set[int]
) -> int:
    """Follow the item through the outbox. Its last word is on stderr."""
    while True:
        event = await link.event(_LOOK)
        ours = [one for one in _outbox(paths) if one.id not in before and one.message_id == message_id]
        item = next((one for one in ours if not one.rest), None)
        if item is None:
            raise Refused("The message was queued, but it is not in the outbox.", "Look into Sent.")
        if item.stage in _LEFT:
            return _partly(item, [one for one in ours if one.rest])
        if item.stage in (Stage.FAILED, Stage.CANCELLED):
            raise Refused(item.trouble or "The message was not sent.", "It is kept in the outbox.")
        if item.stage is Stage.UNKNOWN:
            printing.complain(item.trouble or "It is not known whether the message was sent.")
            return status.TRY_LATER
        if isinstance(event, PasswordWanted) and event.account == item.account:
            if not await answer(link, event, settings):
                printing.complain("The message waits in the outbox.")
                raise no_password(event)
            continue
        if item.attempts and item.stage is Stage.QUEUED and item.trouble:
            printing.complain(f"{item.trouble} It waits in the outbox and will be tried again.")
            return status.TRY_LATER


def _partly(item: OutboxItem, rests: list[OutboxItem]) -> int:
    for recipient in item.refused:
        printing.complain(f"Refused: {recipient}")
    for rest in rests:
        for recipient in rest.recipients:
            printing.complain(f"Put off: {recipient}. It waits in the outbox and will be tried again.")
    if item.refused:
        return status.REFUSED
    return status.TRY_LATER if rests else status.OK


def _outbox(paths: Paths) -> list[OutboxItem]:
    from mailtui.store.reading import Reader
    from mailtui.store.schema import NoStore

    try:
        with Reader(paths.store) as reader:
            return reader.outbox()
    except NoStore:
        return []


def _message(source: bytes) -> "tuple[bytes, Header]":
    """The message with the Date and Message-ID that every message has (RFC 5322 §3.6), and its
    decoded header. Raises BadMessage."""
    from mailtui.text.headers import decode

    if len(source) > _MOST:
        raise BadMessage("The message is larger than 45 MB.")
    if not source.strip():
        raise BadMessage("There is no message on stdin.")
    header = decode(_head(source))
    if not header.senders:
        raise BadMessage("This is no message: it has no From field.")
    added = b""
    newline = b"\r\n" if b"\r\n" in source[:1000] else b"\n"
    if not re.search(rb"(?mi)^date[ \t]*:", _head(source)):
        added += datetime.now(UTC).strftime("Date: %a, %d %b %Y %H:%M:%S +0000").encode() + newline
    if not header.message_id:
        domain = header.senders[0].address.rpartition("@")[2]
        place = domain if re.fullmatch(r"[A-Za-z0-9.-]+", domain) else "mailtui.invalid"
        added += f"Message-ID: <{uuid.uuid4()}@{place}>".encode() + newline
    source = added + source
    return source, decode(_head(source))


def _head(source: bytes) -> bytes:
    end = _END_OF_HEADER.search(source)
    return source[: end.start()] if end else source


def _has_bcc(source: bytes) -> bool:
    return re.search(rb"(?mi)^(?:resent-)?bcc[ \t]*:[ \t]*\S", _head(source)) is not None


def _account(settings: "Settings", name: str | None, header: "Header") -> "Account":
    if name is not None:
        return accounts_meant(settings, name)[0]
    senders = {address.address.lower() for address in header.senders}
    for account in settings.accounts:
        if senders & account.own:
            return account
    if len(settings.accounts) == 1:
        return settings.accounts[0]
    raise BadMessage("No account has the address of From. Name one with --account.")
