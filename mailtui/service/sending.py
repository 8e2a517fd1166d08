"""Hands outbox items to the submission server, one at a time per account. What is written down before
and after decides everything: an item is sent by itself only while it is certain that it was not."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from mailtui.model.account import Account, Server
from mailtui.model.draft import OutboxItem, Stage
from mailtui.model.secret import Secret
from mailtui.model.trouble import Insecure, NoSecret, Refused, SignInRefused, Trouble
from mailtui.service.secrets import Secrets, why
from mailtui.smtp.delivery import CantHold, Delivery, OutcomeUnknown, RecipientsRefused
from mailtui.smtp.wirelog import WireLog
from mailtui.store.outbox import Outbox
from mailtui.text.sanitize import line

_log = logging.getLogger(__name__)

PAUSES = (30, 120, 600, 1800, 3600, 7200, 21_600)  # seconds after each attempt that may be repeated


class Send(Protocol):
    """smtp/sending.py."""

    def __call__(
        self,
        server: Server,
        secret: Secret,
        sender: str,
        recipients: Sequence[str],
        source: bytes,
        *,
        hold_until: int = 0,
        log: WireLog | None = None,
    ) -> Awaitable[Delivery]: ...


@dataclass(slots=True)
class Post:
    """What sending needs from elsewhere. `staged` hears, on the loop, of every step of an item;
    `asks` that the user must give a password; `accepted` runs in a thread before an accepted item
    leaves its draft behind; `wire` gives who writes down what is said."""

    outbox: Outbox
    send: Send
    clock: Callable[[], float]
    staged: Callable[[OutboxItem], None]
    asks: Callable[[str], None]
    accepted: Callable[[OutboxItem], None]
    wire: Callable[[Server, Secret], WireLog | None]


class Sending:
    """Of one account; lives on the event loop. `kick` when something may be sent."""

    def __init__(self, account: Account, secrets: Secrets, post: Post) -> None:
        self._account = account
        self._secrets = secrets
        self._post = post
        self._kicked = asyncio.Event()
        self._stuck = False  # until there is a password
        self._task: asyncio.Task[None] | None = None
        self.wanted = True  # the user wants to be online
        self.sending = False

    @property
    def stuck(self) -> bool:
        """Whether nothing can leave until the user gives a password."""
        return self._stuck

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    def kick(self, *, unstick: bool = False) -> None:
        self._stuck = self._stuck and not unstick
        self._kicked.set()

    async def stop(self, patience: float) -> None:
        """What is being handed over may be finished. After that its outcome is not known."""
        self.wanted = False
        self._kicked.set()
        if self._task is not None:
            await asyncio.wait([self._task], timeout=patience if self.sending else 0)
            self._task.cancel()
            await asyncio.wait([self._task], timeout=1)

    async def _run(self) -> None:
        while True:
            self._kicked.clear()
            item = None
            if self.wanted and not self._stuck:
                item = await asyncio.to_thread(
                    self._post.outbox.next, int(self._post.clock()), self._account.key
                )
            if item is None:
                await self._wait()
                continue
            self.sending = True
            try:
                await self._send(item)
            except Trouble as trouble:  # the item was taken back in the last moment, or the disk is full
                _log.warning("Item %d was not sent: %s", item.id, line(trouble.what))
                await asyncio.sleep(1)
            except Exception:  # noqa: BLE001 - a fault with one message must not keep the others
                _log.exception("Item %d could not be sent.", item.id)
                await self._give_up(item)
            finally:
                self.sending = False

    async def _give_up(self, item: OutboxItem) -> None:
        """After a fault of ours: the user decides. If it was being sent, it may have been."""
        now = await asyncio.to_thread(self._post.outbox.item, item.id)
        if now is not None and now.stage in (Stage.QUEUED, Stage.SENDING):
            stage = Stage.FAILED if now.stage is Stage.QUEUED else Stage.UNKNOWN
            await self._stage(now, stage, trouble="mailtui failed on this message; its log says how.")

    async def _wait(self) -> None:
        due = await asyncio.to_thread(self._post.outbox.due, self._account.key)
        rest = None if due is None else max(due - self._post.clock(), 0.05)
        try:
            await asyncio.wait_for(self._kicked.wait(), rest if self.wanted and not self._stuck else None)
        except TimeoutError:
            return

    async def _send(self, item: OutboxItem) -> None:
        server = self._account.smtp
        if server is None:
            what = "No server for sending is set up for this account."
            await self._stage(item, Stage.FAILED, trouble=f"{what} Add an smtp table to the settings.")
            return
        try:
            secret = await asyncio.to_thread(self._secrets.get)
        except NoSecret as trouble:
            self._ask(trouble)
            return
        try:
            source = await asyncio.to_thread(self._post.outbox.source, item.id)
        except OSError as error:
            what = f"The message can't be read any more: {error.strerror}. Write it again."
            await self._stage(item, Stage.FAILED, trouble=line(what))
            return
        sender = await asyncio.to_thread(self._post.outbox.sender, item.id)
        await self._stage(item, Stage.SENDING)
        try:
            delivery = await self._hand_over(server, secret, sender, item, source)
        except OutcomeUnknown as trouble:
            await self._stage(item, Stage.UNKNOWN, trouble=line(str(trouble)))
        except CantHold:
            await self._stage(item, Stage.QUEUED, hand_over=0)  # then it waits here
        except (SignInRefused, NoSecret) as trouble:
            await self._stage(item, Stage.QUEUED, trouble=line(str(trouble)))
            self._ask(trouble)
        except RecipientsRefused as trouble:
            await self._stage(item, Stage.FAILED, trouble=line(str(trouble)), refused=list(trouble.refused))
        except (Refused, Insecure) as trouble:
            await self._stage(item, Stage.FAILED, trouble=line(str(trouble)))
        except Trouble as trouble:
            await self._later(item, trouble)
        else:
            await self._accepted(item, delivery)

    async def _hand_over(
        self, server: Server, secret: Secret, sender: str, item: OutboxItem, source: bytes
    ) -> Delivery:
        try:
            return await self._send_with(server, secret, sender, item, source)
        except SignInRefused:
            fresh = await asyncio.to_thread(self._secrets.renew, secret)
            if fresh is None:
                raise
            return await self._send_with(server, fresh, sender, item, source)

    async def _send_with(
        self, server: Server, secret: Secret, sender: str, item: OutboxItem, source: bytes
    ) -> Delivery:
        hold, log = item.later if self._early(item) else 0, self._post.wire(server, secret)
        return await self._post.send(
            server, secret, sender, item.recipients, source, hold_until=hold, log=log
        )

    def _early(self, item: OutboxItem) -> bool:
        """Whether it is handed over before its time, to be held by the server."""
        return item.later > self._post.clock()

    async def _accepted(self, item: OutboxItem, delivery: Delivery) -> None:
        rejected = {**delivery.refused, **delivery.deferred}
        trouble = "; ".join(f"{address}: {said}" for address, said in rejected.items())
        await asyncio.to_thread(self._post.accepted, item)
        await self._stage(
            item,
            Stage.SENT_UNFILED,
            trouble=line(trouble),
            refused=[line(address) for address in delivery.refused],
            deferred=list(delivery.deferred),
            not_before=int(self._post.clock()) + self._pause(item),
            held=item.later if self._early(item) else None,
        )

    async def _later(self, item: OutboxItem, trouble: Trouble) -> None:
        when = int(self._post.clock()) + self._pause(item)
        if self._early(item):
            await self._stage(item, Stage.QUEUED, trouble=line(str(trouble)), hand_over=when)
        else:
            await self._stage(item, Stage.QUEUED, trouble=line(str(trouble)), not_before=when)

    def _pause(self, item: OutboxItem) -> int:
        return PAUSES[min(item.attempts, len(PAUSES) - 1)]

    async def _stage(
        self,
        item: OutboxItem,
        stage: Stage,
        *,
        trouble: str = "",
        not_before: int | None = None,
        hand_over: int | None = None,
        held: int | None = None,
        refused: Sequence[str] | None = None,
        deferred: Sequence[str] = (),
    ) -> None:
        """On the disk before anything else happens, and not to be interrupted half-way."""

        def write() -> OutboxItem:
            return self._post.outbox.stage(
                item.id,
                stage,
                trouble=trouble,
                not_before=not_before,
                hand_over=hand_over,
                held=held,
                refused=refused,
                deferred=deferred,
            )

        self._post.staged(await asyncio.shield(asyncio.to_thread(write)))

    def _ask(self, trouble: Trouble) -> None:
        self._stuck = True
        self._post.asks(why(trouble))
