"""What is being written and what is on its way out. Nothing of it is lost, nothing sent twice.

A message is frozen into bytes when it is queued; every change of stage is on the disk before the
call returns. An item found in SENDING at start becomes UNKNOWN and is never sent again by itself.
"""

import json
import os
import sqlite3
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path

from mailtui.model.address import Address
from mailtui.model.draft import Draft, OutboxItem, Stage
from mailtui.model.trouble import Refused
from mailtui.store import contents, correspondents, rows
from mailtui.store.indexing import safe
from mailtui.store.writing import Writer

__all__ = ["Outbox"]

INLINE = 64 * 1024  # octets; longer messages are files, so that the write lock is held shortly

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

    # drafts

    def save_draft(self, draft: Draft) -> None:
        """Keep what is typed. Of a draft that is on its way out nothing is changed any more."""
        with self._writer.transaction(durable=True) as db:
            if not self._leaving(db, draft.id):
                self._put_draft(db, draft)

    def discard_draft(self, draft: str) -> None:
        """Throw a draft away, unless it is on its way out."""
        with self._writer.transaction(durable=True) as db:
            if not self._leaving(db, draft):
                db.execute("DELETE FROM draft WHERE id = ?", (draft,))

    def _leaving(self, db: sqlite3.Connection, draft: str) -> bool:
        """Sent or being sent: text that arrives late must not bring the draft back."""
        return (
            db.execute(
                """SELECT 1 FROM outbox WHERE draft = ? AND draft <> ''
                   AND stage NOT IN ('cancelled', 'failed')""",
                (draft,),
            ).fetchone()
            is not None
        )

    def _put_draft(self, db: sqlite3.Connection, draft: Draft) -> None:
        db.execute(
            """INSERT INTO draft (id, account, saved, content) VALUES (?1, ?2, ?3, ?4)
               ON CONFLICT (id) DO UPDATE SET account = ?2, saved = ?3, content = ?4""",
            (draft.id, draft.account, self._writer.now(), safe(rows.pack_draft(draft))),
        )

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
    ) -> OutboxItem:
        """Queue a finished message (`source`: its bytes, frozen from here on). `not_before` in
        seconds since the epoch. The draft is kept until the message has left. A repeat with the
        same intent id queues nothing and returns the item as it is by now."""
        known = self.of_intent(intent_id)
        if known is not None:
            return known
        path = ""
        if len(source) > INLINE:
            path = self._write_file(intent_id, source)
        with self._writer.transaction(durable=True) as db:
            if draft is not None:
                self._put_draft(db, draft)
            db.execute(
                """INSERT INTO outbox (account, stage, subject, sender, recipients, message_id, not_before,
                       created, draft, intent, source, path)
                   VALUES (?, 'queued', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (intent) DO NOTHING""",
                (
                    account,
                    safe(subject),
                    sender,
                    json.dumps(list(recipients)),
                    message_id,
                    not_before,
                    self._writer.now(),
                    draft.id if draft else "",
                    intent_id,
                    None if path else source,
                    path,
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
        """The item that may leave now and waits longest."""
        return self._item(
            "stage = 'queued' AND not_before <= ? AND (account = ? OR ? IS NULL) ORDER BY not_before, id",
            now,
            account,
            account,
        )

    def due(self) -> int | None:
        """When the next item may leave, in seconds since the epoch."""
        with self._writer.reading() as db:
            found = db.execute("SELECT min(not_before) FROM outbox WHERE stage = 'queued'").fetchone()
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
        recipients: Sequence[str] | None = None,
        refused: Sequence[str] | None = None,
    ) -> OutboxItem:
        """Go to another stage; on the disk when it returns. `recipients`: those still to be served,
        `refused`: those refused though others were accepted. Raises Refused when there is no way
        from the stage the item is in."""
        with self._writer.transaction(durable=True) as db:
            found = self.item(item)
            if found is None:
                raise Refused("That message is no longer in the outbox.")
            if stage not in _NEXT[found.stage]:
                raise Refused(_no_way(found.stage))
            db.execute(
                """UPDATE outbox SET stage = ?, trouble = ?, attempts = attempts + ?, not_before = ?,
                       recipients = ?, refused = ?, finished = ? WHERE id = ?""",
                (
                    stage.value,
                    safe(trouble),
                    stage is Stage.SENDING,
                    found.not_before if not_before is None else not_before,
                    json.dumps(list(found.recipients if recipients is None else recipients)),
                    json.dumps(list(found.refused if refused is None else refused)),
                    self._writer.now() if not _NEXT[stage] else 0,
                    item,
                ),
            )
            if stage in (Stage.SENT_UNFILED, Stage.DONE):
                db.execute("DELETE FROM draft WHERE id = ? AND id <> ''", (found.draft,))
                if found.stage is not Stage.SENT_UNFILED:
                    known = [Address("", address) for address in found.recipients]
                    correspondents.written_to(db, known, self._writer.now())
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
        """The user decided to send a FAILED or UNKNOWN item again. Raises Refused for others."""
        found = self.item(item)
        if found is not None and found.stage is Stage.QUEUED:
            return found
        if found is not None and found.stage is Stage.SENDING:
            raise Refused("This message is being sent just now.")
        return self.stage(item, Stage.QUEUED, not_before=self._writer.now())

    def mark_sent(self, item: int) -> OutboxItem:
        """The user decided that an UNKNOWN item has arrived; its copy is still to be filed."""
        found = self.item(item)
        if found is not None and found.stage in (Stage.SENT_UNFILED, Stage.DONE):
            return found
        if found is not None and found.stage is not Stage.UNKNOWN:
            raise Refused(_no_way(found.stage))
        return self.stage(item, Stage.SENT_UNFILED)

    def prune(self, before: int) -> None:
        """Forget items that were done or cancelled before this time (seconds since the epoch)."""
        with self._writer.transaction() as db:
            where = "stage IN ('done', 'cancelled') AND finished < ?"
            paths = [
                row[0]
                for row in db.execute(f"SELECT path FROM outbox WHERE path <> '' AND {where}", (before,))
            ]
            db.execute(f"DELETE FROM outbox WHERE {where}", (before,))
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
