"""Drafts and finished messages frozen into the bytes that will be sent."""

import base64
import binascii
import uuid
from collections.abc import Callable
from datetime import UTC, datetime

from mailtui.model.account import Account
from mailtui.model.draft import OutboxItem
from mailtui.model.intent import SendDraft, SendRaw
from mailtui.model.trouble import Refused
from mailtui.store.outbox import Outbox
from mailtui.text.addresses import typed_addresses
from mailtui.text.writing import build, message_id, raw_message


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
        ident = message_id(account.address.address, self._token())
        written = build(draft, account=account, message_id=ident, date=self._now(), boundary=self._token())
        senders = typed_addresses(draft.sender)
        return self._outbox.queue(
            intent_id,
            account=account.key,
            source=written.source,
            sender=senders[0].address if senders else account.address.address,
            recipients=written.recipients,
            subject=draft.subject,
            message_id=ident,
            not_before=int(self._clock()) + max(intent.delay, 0),
            draft=draft,
        )

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
        return datetime.fromtimestamp(self._clock(), UTC).astimezone()
