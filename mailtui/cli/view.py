"""`mailtui view FILE…`: print message files as safe, readable text or as JSON. Needs no settings."""

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from mailtui.cli import printing, status
from mailtui.cli.records import address_record, moment
from mailtui.config.paths import Paths

if TYPE_CHECKING:
    from mailtui.model.part import Body
    from mailtui.text.source import Source

_MOST = 200_000_000  # octets; a larger file is no message


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("files", metavar="FILE", nargs="+", help="a file with one message; - is stdin")
    parser.add_argument("--html", action="store_true", help="prefer the HTML version where there are two")
    parser.add_argument("--json", action="store_true", help="print a list of JSON objects")


def run(options: Namespace, paths: Paths) -> int:
    """One message that can't be read never stops another (law 5)."""
    from mailtui.text.headers import is_message

    worst, records, first = status.OK, [], True
    for name in options.files:
        octets = _octets(name)
        if octets is None:
            worst = status.NO_INPUT
            continue
        if not is_message(octets):
            printing.complain(f"{name} is no mail message: it has none of the headers of one.")
            worst = max(worst, status.BAD_DATA)
            continue
        source, body = _read(octets, html=options.html)
        if options.json:
            records.append(_record(name, source, body))
        else:
            if not first:
                print("\n" + "-" * 72 + "\n")
            _print(source, body)
        first = False
    if options.json:
        printing.as_json(records)
    return worst


def _octets(name: str) -> bytes | None:
    try:
        if name == "-":
            return sys.stdin.buffer.read(_MOST)
        with Path(name).open("rb") as file:
            return file.read(_MOST)
    except OSError as error:
        printing.complain(f"{name} can't be read: {error.strerror}.")
        return None


def _read(octets: bytes, *, html: bool) -> "tuple[Source, Body]":
    from mailtui.text.render import absent, body, readable_parts
    from mailtui.text.source import parse

    source = parse(octets)
    parts = readable_parts(source.root, html=html)
    found = body((part, source.body(part)) for part in parts)
    if not parts:
        from dataclasses import replace

        found = replace(found, trouble=absent(source.root))
    return source, found


def _print(source: "Source", body: "Body") -> None:
    from mailtui.model.part import attachments
    from mailtui.ui.wording import size

    header = source.header
    for name, addresses in (
        ("From", header.senders),
        ("To", header.to),
        ("Cc", header.cc),
        ("Reply-To", header.reply_to),
    ):
        if addresses:
            printing.row(f"{name + ':':<10}{', '.join(str(address) for address in addresses)}")
    if header.sent:
        printing.row(f"{'Date:':<10}{moment(header.sent)}")
    printing.row(f"{'Subject:':<10}{header.subject}")
    print()
    printing.say(body.text if body.text or not body.trouble else f"({body.trouble})")
    if body.links:
        print()
        for number, link in enumerate(body.links, 1):
            printing.row(f"[{number}] {link.url}")
    found = attachments(source.root)
    if found:
        print()
        for part in found:
            printing.row(f"Attachment: {part.name or 'unnamed'} ({part.type}, {size(part.octets)})")


def _record(name: str, source: "Source", body: "Body") -> dict[str, object]:
    from mailtui.model.part import attachments

    header = source.header
    return {
        "file": name,
        "subject": header.subject,
        "from": [address_record(address) for address in header.senders],
        "to": [address_record(address) for address in header.to],
        "cc": [address_record(address) for address in header.cc],
        "reply_to": [address_record(address) for address in header.reply_to],
        "date": moment(header.sent) if header.sent else None,
        "message_id": header.message_id,
        "in_reply_to": header.in_reply_to,
        "references": list(header.references),
        "list_id": header.list_id,
        "text": body.text,
        "from_html": body.from_html,
        "links": [{"text": link.text, "url": link.url} for link in body.links],
        "blocked": body.blocked,
        "trackers": body.trackers,
        "trouble": body.trouble,
        "attachments": [
            {"section": part.section, "name": part.name, "type": part.type, "size": part.size}
            for part in attachments(source.root)
        ],
    }
