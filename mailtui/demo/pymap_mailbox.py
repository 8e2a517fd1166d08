"""Folders for pymap: special uses, keywords, and no change that an idle client fails to hear of."""

from collections.abc import AsyncIterable, Iterable, Sequence
from datetime import UTC, datetime

from pymap.backend.dict import Session
from pymap.backend.dict.mailbox import MailboxData, MailboxSet
from pymap.concurrent import Event
from pymap.flags import FlagOp
from pymap.interfaces.message import CachedMessage
from pymap.parsing.message import AppendMessage
from pymap.parsing.specials import ObjectId
from pymap.parsing.specials.flag import Flag, Wildcard
from pymap.selected import SelectedMailbox

from mailtui.demo.pymap_message import Content, Message


class Mailbox(MailboxData):
    """A folder in memory. Everything happens between two awaits, so it needs none of the locks."""

    _messages: dict[int, Message]  # type: ignore[assignment]  # nothing else is ever put in

    @property
    def permanent_flags(self) -> frozenset[Flag]:
        """pymap keeps keywords only where the folder says that it takes any."""
        return super().permanent_flags | {Wildcard}

    def add(self, source: bytes, flags: Iterable[Flag], when: datetime, *, recent: bool) -> Message:
        message = Message(self._max_uid + 1, when, flags, recent=recent)
        message.content = Content(source)
        return self._put(message)

    async def append(self, append_msg: AppendMessage, *, recent: bool = False) -> Message:
        when = append_msg.when or datetime.now(UTC)
        return self.add(append_msg.literal, append_msg.flag_set, when, recent=recent)

    async def copy(self, uid: int, destination: MailboxData, *, recent: bool = False) -> int | None:
        assert isinstance(destination, Mailbox)
        message = self._messages.get(uid)
        if message is None:
            return None
        return destination._put(message.copied(destination._max_uid + 1, recent=recent)).uid

    async def move(self, uid: int, destination: MailboxData, *, recent: bool = False) -> int | None:
        new = await self.copy(uid, destination, recent=recent)
        if new is not None:
            await self.delete([uid])
        return new

    async def get(self, uid: int, cached_msg: CachedMessage) -> Message:
        assert isinstance(cached_msg, Message)
        return self._messages.get(uid) or cached_msg.copied(uid, expunged=True)

    async def update(
        self, uid: int, cached_msg: CachedMessage, flag_set: frozenset[Flag], mode: FlagOp
    ) -> Message:
        message = await self.get(uid, cached_msg)
        if not message.expunged:  # pymap would forget that it is gone
            message.permanent_flags = mode.apply(message.permanent_flags, flag_set)
            self._mod_sequences.update([uid])
            self._updated.set()
        return message

    async def delete(self, uids: Iterable[int]) -> None:
        gone = [uid for uid in uids if self._messages.pop(uid, None) is not None]
        self._mod_sequences.expunge(gone)
        self._updated.set()

    async def messages(self) -> AsyncIterable[Message]:
        for message in list(self._messages.values()):
            yield message

    async def update_selected(
        self, selected: SelectedMailbox, *, wait_on: Event | None = None
    ) -> SelectedMailbox:
        """pymap waits for the next change even if the client has not yet heard of the last one."""
        if wait_on is not None and selected.mod_sequence != self._mod_sequences.highest:
            wait_on = None
        return await super().update_selected(selected, wait_on=wait_on)

    def _put(self, message: Message) -> Message:
        self._max_uid = message.uid
        self._messages[message.uid] = message
        self._mod_sequences.update([message.uid])
        self._updated.set()
        return message


class Mailboxes(MailboxSet):
    """The folders of one user. `roles` maps some of them to a special use (RFC 6154)."""

    _set: dict[str, MailboxData]

    def __init__(self, folders: Iterable[str], roles: dict[str, str]) -> None:
        super().__init__()
        self.roles = dict(roles)
        self._inbox = Mailbox(self._content_cache, self._thread_cache)
        for name in folders:
            self.box(name)

    def box(self, name: str) -> Mailbox:
        """The folder of that name, made if it is missing."""
        if name.upper() == "INBOX":
            found = self._inbox
        else:
            found = self._set.get(name) or self._set.setdefault(
                name, Mailbox(self._content_cache, self._thread_cache)
            )
            self._subscribed.setdefault(name, True)
        assert isinstance(found, Mailbox)
        return found

    async def add_mailbox(self, name: str) -> ObjectId:
        if name in self._set:
            raise ValueError(name)
        return self.box(name).mailbox_id

    async def rename_mailbox(self, before: str, after: str) -> None:
        await super().rename_mailbox(before, after)
        if not isinstance(self._inbox, Mailbox):  # INBOX was renamed, so pymap made a new one
            self._inbox = Mailbox(self._content_cache, self._thread_cache)


class DemoSession(Session):
    """Adds the special uses to what LIST says."""

    async def list_mailboxes(
        self,
        ref_name: str,
        filter_: str,
        subscribed: bool = False,
        selected: SelectedMailbox | None = None,
    ) -> tuple[Iterable[tuple[str, str | None, Sequence[bytes]]], SelectedMailbox | None]:
        rows, selected = await super().list_mailboxes(ref_name, filter_, subscribed, selected)
        boxes = self.mailbox_set
        assert isinstance(boxes, Mailboxes)
        roles = boxes.roles
        listed = [
            (name, delimiter, [*attributes, roles[name].encode()] if name in roles else attributes)
            for name, delimiter, attributes in rows
        ]
        return listed, selected
