"""What people answer when Robin writes to them: in their own voice, quoting what was said."""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses, parsedate_to_datetime
from functools import cache
from pathlib import Path

from mailtui.demo.composing import Letter
from mailtui.demo.correspondents import BY_ADDRESS, LISTS_BY_ADDRESS, PEOPLE, Person
from mailtui.demo.story import wrapped
from mailtui.demo.telling import quoted, reply_subject

_FILE = Path(__file__).parent / "threads" / "answers.txt"
_THANKS = re.compile(r"\b(thank(s| you)|danke|merci|gracias|дякую|ありがとう)", re.IGNORECASE)
_ON_LISTS = ("ben", "hana", "edda", "gil", "nkechi", "cedric")


@dataclass(frozen=True, slots=True)
class Written:
    """What Robin wrote, as far as an answer needs it."""

    sender: Person
    subject: str
    text: str
    date: datetime
    message_id: str
    references: tuple[str, ...]
    files: tuple[str, ...]
    names: dict[str, str]  # address → the name given with it


def read(source: bytes, now: datetime) -> Written:
    """Take a sent message apart. Anything missing is made up; nothing raises."""
    message = message_from_bytes(source, policy=policy.default)
    assert isinstance(message, EmailMessage)
    names = _addresses(message, "to", "cc")
    sender = next(iter(_addresses(message, "from").items()), ("", ""))
    body = message.get_body(("plain", "html"))
    text = str(body.get_content()) if body is not None else ""
    files = [part.get_filename() or "a file" for part in message.iter_attachments()]
    return Written(
        sender=BY_ADDRESS.get(sender[0].lower(), Person("unknown", sender[1] or sender[0], sender[0])),
        subject=str(message.get("subject", "")),
        text=text.replace("\r\n", "\n").strip("\n"),
        date=_date(message, now),
        message_id=str(message.get("message-id", "")).strip(),
        references=tuple(str(message.get("references", "")).split()),
        files=tuple(files),
        names=names,
    )


def answer(written: Written, address: str, now: datetime, chance: random.Random) -> Letter:
    """The answer of whoever has `address` (for a list: of somebody there)."""
    mailing_list = LISTS_BY_ADDRESS.get(address)
    if mailing_list:
        author = PEOPLE[chance.choice(_ON_LISTS)]
        text = chance.choice(_lines("list", "."))
    else:
        author = BY_ADDRESS.get(address) or _stranger(address, written)
        text = _line(author, written, chance)
    file = written.files[0] if written.files else ""
    text = wrapped(text.replace("{file}", file).replace("{address}", address))
    asked = Letter(written.sender, [author], written.subject, written.date, written.message_id, written.text)
    return Letter(
        sender=author,
        to=[mailing_list or written.sender],
        cc=[written.sender] if mailing_list else [],
        subject=reply_subject(written.subject),
        date=now.astimezone(author.zone),
        message_id=f"<answer-{chance.getrandbits(48):012x}@{author.domain or 'demo.example'}>",
        text=f"{text}\n\n{author.first}\n\n{quoted(asked, author.zone)}",
        references=[*written.references[-8:], written.message_id] if written.message_id else [],
        headers=mailing_list.headers if mailing_list else (),
    )


def _line(author: Person, written: Written, chance: random.Random) -> str:
    own = "\n".join(line for line in written.text.split("\n") if not line.startswith(">"))
    kinds = ["@"] if written.files else []
    kinds += ["?"] if "?" in own or "？" in own else []
    kinds += ["!"] if _THANKS.search(own) else []
    for key in (author.key, "anyone"):
        for kind in [*kinds, "."]:
            if lines := _lines(key, kind):
                return chance.choice(lines)
    raise LookupError("nobody knows what to say")


@cache
def _voices() -> dict[str, list[str]]:
    chunks = re.split(r"^=== ", _FILE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return {lines[0].strip(): lines[1:] for lines in (chunk.strip().split("\n") for chunk in chunks)}


def _lines(key: str, kind: str) -> Sequence[str]:
    return [line[2:] for line in _voices().get(key, []) if line.startswith(kind + " ")]


def _stranger(address: str, written: Written) -> Person:
    name = written.names.get(address) or address.partition("@")[0].replace(".", " ").title()
    return Person("stranger", name, address)


def _addresses(message: EmailMessage, *fields: str) -> dict[str, str]:
    values = [str(value) for field in fields for value in message.get_all(field, [])]
    return {address.lower(): name for name, address in getaddresses(values) if address}


def _date(message: EmailMessage, now: datetime) -> datetime:
    try:
        return parsedate_to_datetime(str(message.get("date", ""))).astimezone()
    except (TypeError, ValueError):
        return now
