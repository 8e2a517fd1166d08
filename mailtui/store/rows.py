"""Rows of the tables as values of the model, and back."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from mailtui.model.account import Account
from mailtui.model.address import Address
from mailtui.model.draft import Attachment, Draft, OutboxItem, Stage
from mailtui.model.folder import Folder, Role
from mailtui.model.message import Flag, Header, Summary
from mailtui.model.operation import Operation, OperationKind, OperationState
from mailtui.model.part import Body, Link, Part

Row = tuple[Any, ...]

SHORT = 200  # characters of recipients that a list row keeps

SUMMARY = """m.id, a.key, m.folder, m.flags, m.keywords, m.received, m.sender_name, m.sender_address,
    m.recipients, m.subject, m.size, m.attachments, m.pending"""


def summary(row: Row) -> Summary:
    """From the columns SUMMARY of message m joined with account a."""
    return Summary(
        id=row[0],
        account=row[1],
        folder=row[2] or 0,
        flags=Flag(row[3]),
        keywords=keywords(row[4]),
        received=row[5],
        sender=Address(row[6], row[7]),
        recipients=row[8],
        subject=row[9],
        size=row[10],
        attachments=bool(row[11]),
        pending=bool(row[12]),
    )


FOLDER = """f.id, a.key, f.path, f.delimiter, f.role, f.selectable, f.total, f.unread + f.beyond,
    f.exists_n, f.complete, f.octets, f.texts, f.text_octets, f.part_octets"""


def folder(row: Row) -> Folder:
    """From the columns FOLDER of folder f joined with account a."""
    return Folder(
        id=row[0],
        account=row[1],
        path=row[2],
        delimiter=row[3],
        role=Role(row[4]) if row[4] else None,
        selectable=bool(row[5]),
        total=row[6],
        unread=row[7],
        server_total=max(row[8], 0),
        complete=bool(row[9]),
        octets=row[10],
        texts=row[11],
        text_octets=row[12],
        part_octets=row[13],
    )


def keywords(packed: str) -> tuple[str, ...]:
    """From " one two ", or "" for none."""
    return tuple(packed.split()) if packed else ()


def pack(words: Iterable[str]) -> str:
    """Keywords as one sorted text with a space round each, so that equal sets are equal texts."""
    wanted = sorted({word for word in words if word})
    return f" {' '.join(wanted)} " if wanted else ""


def _people(people: Iterable[Address]) -> list[list[str]]:
    return [[person.name, person.address] for person in people]


def _addresses(pairs: Iterable[list[str]]) -> tuple[Address, ...]:
    return tuple(Address(name, address) for name, address in pairs)


def pack_header(header: Header) -> str:
    """Everything of a header but its subject, as JSON."""
    return json.dumps(
        [
            _people(header.senders),
            _people(header.to),
            _people(header.cc),
            _people(header.reply_to),
            header.sent,
            header.message_id,
            header.in_reply_to,
            header.references,
            [header.list_id, header.list_post, header.list_unsubscribe],
        ],
        ensure_ascii=False,
        separators=(",", ":"),
    )


def header(subject: str, packed: str) -> Header:
    senders, to, cc, reply_to, sent, message_id, in_reply_to, references, lists = json.loads(packed)
    return Header(
        subject=subject,
        senders=_addresses(senders),
        to=_addresses(to),
        cc=_addresses(cc),
        reply_to=_addresses(reply_to),
        sent=sent,
        message_id=message_id,
        in_reply_to=in_reply_to,
        references=tuple(references),
        list_id=lists[0],
        list_post=lists[1],
        list_unsubscribe=lists[2],
    )


def short_recipients(header: Header) -> str:
    """To and Cc as a list row shows them."""
    return ", ".join(person.short for person in (*header.to, *header.cc))[:SHORT]


_PART = tuple(field.name for field in fields(Part) if field.name != "children")


def pack_part(root: Part) -> str:
    """A MIME tree as JSON: the names of the values, then the parts in order, each with how many
    children follow it."""
    flat = [[*(getattr(part, name) for name in _PART), len(part.children)] for part in root.walk()]
    return json.dumps([_PART, *flat], ensure_ascii=False, separators=(",", ":"))


def part(packed: str) -> Part:
    """The tree again, from its last part to its first: no recursion, nesting is hostile."""
    names, *flat = json.loads(packed)
    done: list[Part] = []
    for *values, count in reversed(flat):
        known = {name: value for name, value in zip(names, values, strict=True) if name in _PART}
        children = tuple(done.pop() for _ in range(count))
        done.append(Part(**known, children=children))
    return done[-1]


def pack_body(body: Body) -> str:
    """Everything of a body but its text, as JSON."""
    links = [[link.text, link.url] for link in body.links]
    return json.dumps(
        [links, body.from_html, body.blocked, body.trackers, body.missing, body.trouble], ensure_ascii=False
    )


def body(text: str, packed: str) -> Body:
    links, from_html, blocked, trackers, missing, trouble = json.loads(packed)
    return Body(
        text=text,
        links=tuple(Link(shown, url) for shown, url in links),
        from_html=from_html,
        blocked=blocked,
        trackers=trackers,
        missing=missing,
        trouble=trouble,
    )


# An unsent operation's place on the server is where the message is now; later it is what was sent.
_UNSENT = "o.message IS NOT NULL AND o.state IN ('queued', 'parked')"
OPERATION = f"""o.id, a.key, o.kind, o.intent, o.state, o.message,
    CASE WHEN {_UNSENT} THEN m.sfolder ELSE o.source END, o.target,
    CASE WHEN {_UNSENT} THEN m.uid ELSE o.uid END,
    CASE WHEN {_UNSENT} THEN coalesce(s.uidvalidity, 0) ELSE o.uidvalidity END,
    o.adds, o.removes, o.add_keywords, o.remove_keywords, o.path, o.probe, o.attempts, o.next_try,
    o.trouble, o.created, o.draft"""
OPERATIONS = """operation o JOIN account a ON a.id = o.account
    LEFT JOIN message m ON m.id = o.message LEFT JOIN folder s ON s.id = m.sfolder"""


def operation(row: Row) -> Operation:
    """From the columns OPERATION of the join OPERATIONS."""
    return Operation(
        id=row[0],
        account=row[1],
        kind=OperationKind(row[2]),
        intent=row[3],
        state=OperationState(row[4]),
        message=row[5],
        source=row[6],
        target=row[7],
        uid=row[8],
        uidvalidity=row[9],
        add=Flag(row[10]),
        remove=Flag(row[11]),
        add_keywords=keywords(row[12]),
        remove_keywords=keywords(row[13]),
        path=row[14],
        probe=row[15],
        attempts=row[16],
        next_try=row[17],
        trouble=row[18],
        created=row[19],
        draft=row[20],
    )


def pack_draft(draft: Draft) -> str:
    """A draft but its id, account and time, as JSON."""
    files = [[file.path, file.name, file.type] for file in draft.attachments]
    return json.dumps(
        {
            "sender": draft.sender,
            "to": draft.to,
            "cc": draft.cc,
            "bcc": draft.bcc,
            "subject": draft.subject,
            "body": draft.body,
            "attachments": files,
            "in_reply_to": draft.in_reply_to,
            "references": draft.references,
            "answers": draft.answers,
            "forwards": draft.forwards,
            "replaces": draft.replaces,
        },
        ensure_ascii=False,
    )


DRAFT = "id, account, saved, content"


def draft(row: Row) -> Draft:
    """From the columns DRAFT."""
    content = json.loads(row[3])
    files = tuple(Attachment(*file) for file in content.pop("attachments"))
    references = tuple(content.pop("references"))
    return Draft(id=row[0], account=row[1], saved=row[2], attachments=files, references=references, **content)


OUTBOX = """id, account, stage, subject, recipients, message_id, not_before, created, attempts, trouble,
    draft, refused, later, held, rest"""


def outbox_item(row: Row) -> OutboxItem:
    """From the columns OUTBOX."""
    return OutboxItem(
        id=row[0],
        account=row[1],
        stage=Stage(row[2]),
        subject=row[3],
        recipients=tuple(json.loads(row[4])),
        message_id=row[5],
        not_before=row[6],
        created=row[7],
        attempts=row[8],
        trouble=row[9],
        draft=row[10],
        refused=tuple(json.loads(row[11])),
        later=row[12],
        held=row[13],
        rest=bool(row[14]),
    )


def own_addresses(account: Account) -> str:
    return json.dumps(sorted(account.own))


def account_key(db: sqlite3.Connection, account: int) -> str:
    """The name of an account by its number. The account must exist."""
    return str(db.execute("SELECT key FROM account WHERE id = ?", (account,)).fetchone()[0])
