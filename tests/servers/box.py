"""Messages and folders of a mail store in memory, and how FETCH tells them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

_ITEM = re.compile(rb"BODY\.PEEK\[([^\]]*)\](?:<(\d+)\.(\d+)>)?|[A-Z][A-Z0-9.]*")


@dataclass(slots=True)
class Mail:
    uid: int
    source: bytes
    flags: set[bytes] = field(default_factory=set)

    @property
    def header(self) -> bytes:
        return self.source.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"

    @property
    def message_id(self) -> str:
        found = re.search(rb"(?im)^message-id: *(\S+)", self.header)
        return found[1].decode() if found is not None else ""


@dataclass(slots=True)
class Box:
    """A folder. `validity` may be changed by a test."""

    validity: int = 7
    uidnext: int = 1
    mail: list[Mail] = field(default_factory=list)

    def add(self, source: bytes, flags: Iterable[bytes] = ()) -> int:
        self.mail.append(Mail(self.uidnext, source, set(flags)))
        self.uidnext += 1
        return self.uidnext - 1

    def chosen(self, numbers: bytes) -> list[Mail]:
        """By a set of UIDs; n:* always names the last one."""
        last = self.mail[-1].uid if self.mail else 0
        ranges = [ends(one, last) for one in numbers.split(b",")]
        return [mail for mail in self.mail if any(low <= mail.uid <= high for low, high in ranges)]


def ends(numbers: bytes, last: int) -> tuple[int, int]:
    low, _, high = numbers.partition(b":")
    first = last if low == b"*" else int(low)
    end = first if not high else last if high == b"*" else int(high)
    return min(first, end), max(first, end)


def fetched(number: int, mail: Mail, items: bytes) -> bytes:
    parts = []
    for item in _ITEM.finditer(items):
        if item[1] is None:
            parts.append(_simple(item[0], mail))
        else:
            value = _section(item[1], mail)
            origin = b""
            if item[2] is not None:
                start = int(item[2])
                value, origin = value[start : start + int(item[3])], b"<%d>" % start
            parts.append(b"BODY[%s]%s {%d}\r\n%s" % (item[1], origin, len(value), value))
    return b"* %d FETCH (%s)\r\n" % (number, b" ".join(parts))


def _simple(item: bytes, mail: Mail) -> bytes:
    lines = mail.source.partition(b"\r\n\r\n")[2]
    structure = b'("TEXT" "PLAIN" ("CHARSET" "UTF-8") NIL NIL "7BIT" %d %d)' % (
        len(lines),
        lines.count(b"\n"),
    )
    return {
        b"UID": b"UID %d" % mail.uid,
        b"FLAGS": b"FLAGS (%s)" % b" ".join(sorted(mail.flags)),
        b"RFC822.SIZE": b"RFC822.SIZE %d" % len(mail.source),
        b"INTERNALDATE": b'INTERNALDATE "05-Oct-2026 10:00:%02d +0000"' % (mail.uid % 60),
        b"BODYSTRUCTURE": b"BODYSTRUCTURE " + structure,
    }[item]


def _section(section: bytes, mail: Mail) -> bytes:
    if section.startswith(b"HEADER.FIELDS"):
        wanted = set(section.split(b"(")[1].rstrip(b")").upper().split())
        kept = [line for line in mail.header.split(b"\r\n") if line.partition(b":")[0].upper() in wanted]
        return b"\r\n".join(kept) + b"\r\n\r\n"
    if section == b"HEADER":
        return mail.header
    if section in (b"1", b"TEXT"):
        return mail.source.partition(b"\r\n\r\n")[2]
    return mail.source if not section else b"\r\n"
