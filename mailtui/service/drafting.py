"""Drafts and finished messages frozen into the bytes that will be sent."""

import base64
import binascii
import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from mailtui.model.account import Account
from mailtui.model.draft import Draft, OutboxItem
from mailtui.model.intent import SendDraft, SendRaw
from mailtui.model.trouble import Refused
from mailtui.store.outbox import Outbox
from mailtui.text.addresses import typed_addresses
from mailtui.text.writing import build, message_id, raw_message, redated


class Drafting:
    """`clock` gives seconds since the epoch; `token` something that nobody can guess."""

    def __init__(
        self, outbox: Outbox, clock: Callable[[], float], token: Callable[[], str] = lambda: uuid.uuid4().hex
    ) -> None:
        self._outbox = outbox
        self._clock = clock
        self._token = token

    def queue_draft(self, intent_id: str, intent: SendDraft, account: Account) -> OutboxItem:
        """Freeze and queue; a repeat changes nothing. Raises a Trouble when the draft can't be sent."""
        known = self._outbox.of_intent(intent_id)
        if known is not None:
            return known
        draft = intent.draft
        when = intent.at or int(self._clock()) + max(intent.delay, 0)
        date = _moment(intent.at) if intent.at else self._now()
        ident = message_id(account.address.address, self._token())
        written = build(draft, account=account, message_id=ident, date=date, boundary=self._token())
        senders = typed_addresses(draft.sender)
        return self._outbox.queue(
            intent_id,
            account=account.key,
            source=written.source,
            sender=senders[0].address if senders else account.address.address,
            recipients=written.recipients,
            subject=draft.subject,
            message_id=ident,
            not_before=when,
            later=bool(intent.at),
            draft=draft,
        )

    def reschedule(self, item: int, at: int) -> OutboxItem:
        """Another time for a message that waits, which is its Date too; `at` 0: now. Raises Refused."""
        when = at or int(self._clock())
        if self._outbox.item(item) is None:
            raise Refused("That message is no longer in the outbox.")
        dated = redated(self._outbox.source(item), _moment(when))
        return self._outbox.reschedule(item, when, dated, later=bool(at))

    def queue_raw(self, intent_id: str, intent: SendRaw, account: Account) -> OutboxItem:
        """The same for a finished message."""
        known = self._outbox.of_intent(intent_id)
        if known is not None:
            return known
        try:
            source = base64.b64decode(intent.source, validate=True)
        except (binascii.Error, ValueError) as error:
            raise Refused("The message did not arrive as it was given.") from error
        ident = message_id(account.address.address, self._token())
        raw = raw_message(source, message_id=ident, date=self._now())
        recipients = intent.recipients or raw.recipients
        if not recipients:
            raise Refused("The message has no recipient.", "Give one, or add a To field.")
        return self._outbox.queue(
            intent_id,
            account=account.key,
            source=raw.source,
            sender=account.address.address,
            recipients=recipients,
            subject=raw.subject,
            message_id=raw.message_id,
            not_before=int(self._clock()),
        )

    def _now(self) -> datetime:
        return _moment(self._clock())


def octets(draft: Draft) -> int:
    """Of its attachments, as far as they can be read."""
    total = 0
    for attachment in draft.attachments:
        with suppress(OSError):  # it is said when the message is to be sent
            total += Path(attachment.path).stat().st_size
    return total


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).astimezone()
