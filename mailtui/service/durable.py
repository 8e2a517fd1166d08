"""Durable intents: written down, with their effect on what is shown, before they are acknowledged."""

from collections.abc import Callable, Iterable, Mapping

from mailtui.model.account import Account
from mailtui.model.draft import OutboxItem
from mailtui.model.event import DraftsChanged, Event, OutboxChanged
from mailtui.model.intent import (
    ArchiveMessages,
    CancelSend,
    DestroyMessages,
    DiscardDraft,
    DiscardOperations,
    Intent,
    MarkSent,
    MoveMessages,
    RescheduleSend,
    RetryOperations,
    RetrySend,
    SaveDraft,
    SendDraft,
    SendRaw,
    TrashMessages,
)
from mailtui.model.trouble import Refused, Trouble
from mailtui.service.drafting import Drafting, octets
from mailtui.store.journal import Journal
from mailtui.store.outbox import Outbox

_FILED = (TrashMessages, DestroyMessages, MoveMessages, ArchiveMessages)


class Durable:
    """One thread uses it, so that intents are written in the order they came. `accounts` are those of
    the settings by key; `published` gets events."""

    def __init__(
        self,
        accounts: Mapping[str, Account],
        journal: Journal,
        outbox: Outbox,
        drafting: Drafting,
        publish: Callable[[Iterable[Event]], None],
    ) -> None:
        self._accounts = accounts
        self._journal = journal
        self._outbox = outbox
        self._drafting = drafting
        self._publish = publish

    def write(self, intent_id: str, intent: Intent) -> tuple[Trouble | None, tuple[str, ...]]:
        """The refusal if there is one, and the accounts that have something to do now."""
        try:
            return None, self._write(intent_id, intent)
        except Trouble as refusal:
            return refusal, ()

    def _write(self, intent_id: str, intent: Intent) -> tuple[str, ...]:
        match intent:
            case SaveDraft(draft):
                self._outbox.drafts.save(draft, octets=octets(draft), settled=intent.settled)
                self._publish([DraftsChanged(draft.id)])
                return (draft.account,) if intent.settled else ()
            case DiscardDraft(draft):
                accounts = self._outbox.drafts.discard(draft)
                self._publish([DraftsChanged(draft)])
                return accounts
            case SendDraft(draft):
                item = self._drafting.queue_draft(intent_id, intent, self._account(draft.account))
                self._publish([DraftsChanged(draft.id)])
                return self._went_on(item)
            case SendRaw(account):
                return self._went_on(self._drafting.queue_raw(intent_id, intent, self._account(account)))
            case RescheduleSend(item, at):
                return self._went_on(self._drafting.reschedule(item, at))
            case CancelSend(item):
                return self._went_on(self._outbox.cancel(item))
            case RetrySend(item):
                return self._went_on(self._outbox.retry(item))
            case MarkSent(item):
                return self._went_on(self._outbox.mark_sent(item))
            case DiscardOperations(operations):
                self._publish(self._journal.discard(operations).events)
                return tuple(self._accounts)
            case RetryOperations(operations):
                self._publish(self._journal.revive(operations).events)
                return tuple(self._accounts)
            case _:
                recorded = self._journal.record(intent_id, intent)
                self._publish(recorded.changes.events)
                if recorded.refusal is not None:
                    raise recorded.refusal
                if isinstance(intent, _FILED):
                    self._publish(map(DraftsChanged, self._outbox.drafts.let_go(intent.messages)))
                return recorded.accounts

    def _went_on(self, item: OutboxItem) -> tuple[str, ...]:
        events: list[Event] = [OutboxChanged(item.account, item.id, item.stage, item.trouble)]
        if item.draft:
            events.append(DraftsChanged(item.draft))
        self._publish(events)
        return (item.account,)

    def _account(self, key: str) -> Account:
        account = self._accounts.get(key)
        if account is None:
            raise Refused(f"There is no account {key}.", "Look at the settings.")
        return account
