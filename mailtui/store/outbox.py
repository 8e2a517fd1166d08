"""What is being written and what is on its way out. Nothing of it is lost, nothing sent twice.

A message is frozen into bytes when it is queued; every change of stage is on the disk before the
call returns. An item found in SENDING at start becomes UNKNOWN and is never sent again by itself.
"""

import json
import os
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path

from mailtui.model.address import Address
from mailtui.model.draft import Draft, OutboxItem, Stage
from mailtui.model.trouble import Refused
from mailtui.store import contents, correspondents, draft_files, drafts, leaving_later, rows
from mailtui.store.drafts import Drafts
from mailtui.store.indexing import safe
from mailtui.store.writing import Writer

__all__ = ["Outbox"]

INLINE = 64 * 1024  # octets; longer messages are files, so that the write lock is held shortly

_AFTER = 60  # seconds that the copy of a draft waits for the message to have left

_LEFT = frozenset({Stage.SENT_UNFILED, Stage.DONE})

_NEXT: dict[Stage, frozenset[Stage]] = {
    Stage.QUEUED: frozenset({Stage.SENDING, Stage.FAILED, Stage.CANCELLED}),
    Stage.SENDING: frozenset({Stage.QUEUED, Stage.SENT_UNFILED, Stage.DONE, Stage.FAILED, Stage.UNKNOWN}),
    Stage.SENT_UNFILED: frozenset({Stage.DONE}),
    Stage.UNKNOWN: frozenset({Stage.QUEUED, Stage.SENT_UNFILED, Stage.DONE}),
    Stage.FAILED: frozenset({Stage.QUEUED, Stage.CANCELLED}),
    Stage.DONE: frozenset(),
    Stage.CANCELLED: frozenset(),
}


class Outbox:
    """Drafts and outgoing messages, by the service's one writer."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._files = writer.parts / "outbox"
        self.drafts = Drafts(writer)

    # on the way out

    def queue(
        self,
        intent_id: str,
        *,
        account: str,
        source: bytes,
        sender: str,
        recipients: Sequence[str],
        subject: str,
        message_id: str,
        not_before: int,
        draft: Draft | None = None,
        later: bool = False,
    ) -> OutboxItem:
        """Queue a finished message (`source`: its bytes, frozen from here on). `not_before` in
        seconds since the epoch; `later` says that the user chose that time. The draft is kept until
        the message has left. A repeat with the same intent id queues nothing and returns the item
        as it is by now."""
        known = self.of_intent(intent_id)
        if known is not None:
            return known
        path = ""
        if len(source) > INLINE:
            path = self._write_file(intent_id, source)
        now = self._writer.now()
        with self._writer.transaction(durable=True) as db:
            if draft is not None:
                drafts.put(db, draft, now)
                if later and leaving_later.hand_over(now, not_before):
                    drafts.follow(db, draft.id, draft.account, now, now, insist=True)
                else:
                    drafts.postpone(db, draft.id, not_before + _AFTER)
            db.execute(
                """INSERT INTO outbox (account, stage, subject, sender, recipients, message_id, not_before,
                       created, draft, intent, source, path, later, hand_over)
                   VALUES (?, 'queued', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                   ON CONFLICT (intent) DO NOTHING""",
                (
                    account,
                    safe(subject),
                    sender,
                    json.dumps(list(recipients)),
                    message_id,
                    not_before,
                    now,
                    draft.id if draft else "",
                    intent_id,
                    None if path else source,
                    path,
                    not_before if later else 0,
                    leaving_later.hand_over(now, not_before) if later else 0,
                ),
            )
        queued = self.of_intent(intent_id)
        assert queued is not None
        return queued

    def _write_file(self, intent_id: str, source: bytes) -> str:
        place = self._files / blake2b(intent_id.encode(), digest_size=16).hexdigest()
        descriptor = contents.create_private(place.with_suffix(".part"))
        with os.fdopen(descriptor, "wb") as file:
            file.write(source)
            file.flush()
            os.fsync(file.fileno())
        place.with_suffix(".part").replace(place)
        directory = os.open(place.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
        return str(place)

    def item(self, item: int) -> OutboxItem | None:
        return self._item("id = ?", item)

    def of_intent(self, intent_id: str) -> OutboxItem | None:
        """The item that an intent queued."""
        return self._item("intent = ?", intent_id)

    def next(self, now: int, account: str | None = None) -> OutboxItem | None:
        """The item that may leave now and waits longest; or one that a server may have to hold it."""
        return self._item(
            f"""stage = 'queued' AND {leaving_later.DUE} <= ? AND (account = ? OR ? IS NULL)
                ORDER BY not_before, id""",
            now,
            account,
            account,
        )

    def due(self, account: str | None = None) -> int | None:
        """When there will be a `next` one, in seconds since the epoch."""
        with self._writer.reading() as db:
            found = db.execute(
                f"""SELECT min({leaving_later.DUE}) FROM outbox
                    WHERE stage = 'queued' AND (account = ?1 OR ?1 IS NULL)""",
                (account,),
            ).fetchone()
        return int(found[0]) if found[0] is not None else None

    def in_stage(self, *stages: Stage) -> list[OutboxItem]:
        """Items in these stages, oldest first."""
        marks = ",".join("?" * len(stages))
        with self._writer.reading() as db:
            found = db.execute(
                f"SELECT {rows.OUTBOX} FROM outbox WHERE stage IN ({marks}) ORDER BY id",
                tuple(stage.value for stage in stages),
            )
            return [rows.outbox_item(row) for row in found]

    def _item(self, where: str, *values: object) -> OutboxItem | None:
        with self._writer.reading() as db:
            found = db.execute(f"SELECT {rows.OUTBOX} FROM outbox WHERE {where} LIMIT 1", values).fetchone()
        return rows.outbox_item(found) if found else None

    def sender(self, item: int) -> str:
        """The address that the message leaves from (the envelope's)."""
        with self._writer.reading() as db:
            return str(db.execute("SELECT sender FROM outbox WHERE id = ?", (item,)).fetchone()[0])

    def source(self, item: int) -> bytes:
        """The frozen bytes, the same at every attempt."""
        file = self.source_file(item)
        if file is not None:
            return file.read_bytes()
        with self._writer.reading() as db:
            return bytes(db.execute("SELECT source FROM outbox WHERE id = ?", (item,)).fetchone()[0])

    def source_file(self, item: int) -> Path | None:
        """The file with the frozen bytes of a long message, None for a short one."""
        with self._writer.reading() as db:
            (path,) = db.execute("SELECT path FROM outbox WHERE id = ?", (item,)).fetchone()
        return Path(path) if path else None

    # from stage to stage

    def stage(
        self,
        item: int,
        stage: Stage,
        *,
        trouble: str = "",
        not_before: int | None = None,
        hand_over: int | None = None,
        held: int | None = None,
        refused: Sequence[str] | None = None,
        deferred: Sequence[str] = (),
    ) -> OutboxItem:
        """Go to another stage; on the disk when it returns. `refused`: recipients refused though
        others were accepted; `deferred`: those to whom it is to be sent again at `not_before`, as
        an item of its own. Raises Refused when there is no way from the stage the item is in."""
        with self._writer.transaction(durable=True) as db:
            found = self.item(item)
            if found is None:
                raise Refused("That message is no longer in the outbox.")
            if stage not in _NEXT[found.stage]:
                raise Refused(_no_way(found.stage))
            db.execute(
                """UPDATE outbox SET stage = ?1, trouble = ?2, attempts = attempts + ?3,
                       not_before = coalesce(?4, not_before), hand_over = coalesce(?5, hand_over),
                       held = coalesce(?6, held), refused = ?7, finished = ?8 WHERE id = ?9""",
                (
                    stage.value,
                    safe(trouble),
                    stage is Stage.SENDING,
                    not_before if stage is Stage.QUEUED else None,
                    hand_over,
                    held,
                    json.dumps(list(found.refused if refused is None else refused)),
                    self._writer.now() if not _NEXT[stage] else 0,
                    item,
                ),
            )
            if stage in _LEFT:
                drafts.remove(db, found.draft, self._writer.now())
                if found.stage is not Stage.SENT_UNFILED:
                    known = [Address("", address) for address in found.recipients]
                    correspondents.written_to(db, known, self._writer.now())
            if deferred:
                now = self._writer.now()
                leaving_later.queue_rest(db, item, deferred, not_before or now, now)
        if stage in _LEFT and found.draft:
            draft_files.forget(self._writer.parts, found.draft)
        changed = self.item(item)
        assert changed is not None
        return changed

    def recover(self) -> list[OutboxItem]:
        """At start: nobody knows what became of what was being sent."""
        return [
            self.stage(item.id, Stage.UNKNOWN, trouble="It is not known whether this message was sent.")
            for item in self.in_stage(Stage.SENDING)
        ]

    def cancel(self, item: int) -> OutboxItem:
        """Undo send: the draft is given back. A repeat is harmless. Raises Refused once it leaves."""
        found = self.item(item)
        if found is not None and found.stage is Stage.CANCELLED:
            return found
        return self.stage(item, Stage.CANCELLED)

    def retry(self, item: int) -> OutboxItem:
        """The user decided to send a FAILED or UNKNOWN item again, or a sent one to those who were
        refused. Raises Refused for others."""
        found = self.item(item)
        if found is not None and found.stage is Stage.QUEUED:
            return found
        if found is not None and found.stage is Stage.SENDING:
            raise Refused("This message is being sent just now.")
        now = self._writer.now()
        if found is not None and found.refused and found.stage in _LEFT:
            return self._dismiss(item, again=found.refused)
        later = found.later if found is not None else 0
        return self.stage(item, Stage.QUEUED, not_before=max(now, later), hand_over=now if later > now else 0)

    def mark_sent(self, item: int) -> OutboxItem:
        """The user decided that an UNKNOWN item has arrived; its copy is still to be filed. Or that
        those who were refused need not have it."""
        found = self.item(item)
        if found is not None and found.stage in _LEFT:
            return self._dismiss(item) if found.refused else found
        if found is not None and found.stage is not Stage.UNKNOWN:
            raise Refused(_no_way(found.stage))
        return self.stage(item, Stage.SENT_UNFILED)

    def _dismiss(self, item: int, again: Sequence[str] = ()) -> OutboxItem:
        """Say no more of who was refused; send it `again` to these."""
        now = self._writer.now()
        with self._writer.transaction(durable=True) as db:
            if again:
                leaving_later.queue_rest(db, item, again, now, now)
            db.execute("UPDATE outbox SET refused = '[]', trouble = '' WHERE id = ?", (item,))
        changed = self.item(item)
        assert changed is not None
        return changed

    def reschedule(self, item: int, when: int, source: bytes, *, later: bool) -> OutboxItem:
        """Another time for what waits; `source`: its bytes with that time in them. Raises Refused."""
        found = self.item(item)
        if found is None or found.stage is not Stage.QUEUED:
            raise Refused(_no_way(found.stage) if found else "That message is no longer in the outbox.")
        path = self._write_file(f"{item} {when}", source) if len(source) > INLINE else ""
        old = self.source_file(item)
        with self._writer.transaction(durable=True) as db:
            leaving_later.reschedule(
                db, item, when, self._writer.now(), None if path else source, path, later=later
            )
        if old is not None and str(old) != path:
            contents.delete_files([str(old)])
        changed = self.item(item)
        assert changed is not None
        return changed

    def hasten(self) -> None:
        """Give what is for later to servers that hold it: nobody is there to change their mind."""
        with self._writer.transaction(durable=True) as db:
            leaving_later.hasten(db, self._writer.now())

    def overdue(self) -> list[OutboxItem]:
        """Items whose time passed while nobody was there to send them."""
        with self._writer.reading() as db:
            found = leaving_later.overdue(db, self._writer.now() - _AFTER)
        return [item for ident in found if (item := self.item(ident)) is not None]

    def prune(self, before: int) -> None:
        """Forget items that were done or cancelled before this time (seconds since the epoch)."""
        with self._writer.transaction() as db:
            paths = leaving_later.forget(db, before)
        contents.delete_files(paths)


def _no_way(stage: Stage) -> str:
    return {
        Stage.QUEUED: "This message waits to be sent.",
        Stage.SENDING: "This message is being sent just now.",
        Stage.SENT_UNFILED: "This message was sent.",
        Stage.DONE: "This message was sent.",
        Stage.UNKNOWN: "It is not known whether this message was sent.",
        Stage.FAILED: "This message could not be sent.",
        Stage.CANCELLED: "This message was taken back.",
    }[stage]
