"""What is attached to the sample mail: made when asked for, from a kind and a name."""

import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from mailtui.demo import picture
from mailtui.demo.composing import File
from mailtui.demo.correspondents import PEOPLE, Person
from mailtui.demo.document import pdf
from mailtui.demo.when import date_words

_EVENTS = {
    # key: (title, place, days from now, hour UTC, minutes)
    "ferry": ("Ferry to Skerra, outward", "Pier 3, Northmouth", 4, 7, 95),
    "review": ("Petrel 2.0: go or no go", "Room Gannet, and by video", 1, 14, 45),
    "concert": ("Winter concert, dress rehearsal", "St Brannock's, side door", 9, 18, 150),
}


def make(words: str, now: datetime) -> File:
    """A file by its words: "pdf Name.pdf", "png Name.png", "csv Name.csv", "ics key", "text Name"."""
    kind, _, name = words.partition(" ")
    return _MAKERS[kind](name, now)


def invitation(key: str, organiser: Person, now: datetime) -> File:
    """An iTIP request (RFC 5546), to stand beside the text of the message."""
    return File(
        "invite.ics",
        "text/calendar",
        _calendar(key, organiser, now),
        parameters="charset=utf-8; method=REQUEST",
    )


def _pdf(name: str, now: datetime) -> File:
    title = name.removesuffix(".pdf").replace("-", " ")
    number = zlib.crc32(name.encode()) % 9000 + 1000
    lines = [
        f"Date: {date_words(now)} {now:%Y}",
        f"Reference: {number}",
        "",
        "This document is part of the sample mail of mailtui.",
        "It is a real PDF of one page, so that opening and saving can be tried.",
        "",
        f"Subtotal      {number / 31:9.2f}",
        f"Tax           {number / 155:9.2f}",
        f"Total         {number / 31 + number / 155:9.2f}",
    ]
    return File(name, "application/pdf", pdf(title, lines))


def _png(name: str, _now: datetime) -> File:
    return File(name, "image/png", picture.dusk(240, 160))


def _csv(name: str, now: datetime) -> File:
    start = (now - timedelta(days=1)).astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    seed = zlib.crc32(name.encode())
    rows = ["time,level_m,temperature_c"]
    for step in range(96):
        level = 2.4 + 1.7 * _wave(step * 29 + seed % 360)
        rows.append(
            f"{start + timedelta(minutes=15 * step):%Y-%m-%dT%H:%MZ},{level:.3f},{9.1 + step % 7 / 10:.1f}"
        )
    return File(name, "text/csv", "\r\n".join(rows).encode() + b"\r\n", parameters="charset=utf-8")


def _wave(degrees: int) -> float:
    """A tide good enough for a table: a triangle with rounded ends."""
    place = degrees % 720 / 360 - 1
    return (1 - 2 * abs(place)) * (1.5 - 0.5 * (1 - 2 * abs(place)) ** 2)


def _ics(key: str, now: datetime) -> File:

    return File(
        f"{key}.ics", "text/calendar", _calendar(key, PEOPLE["soren"], now), parameters="charset=utf-8"
    )


def _text(name: str, _now: datetime) -> File:
    return File(
        name, "text/plain", f"{name}\r\n\r\nA small text file.\r\n".encode(), parameters="charset=utf-8"
    )


def _calendar(key: str, organiser: Person, now: datetime) -> bytes:
    title, place, days, hour, minutes = _EVENTS[key]
    start = (now.astimezone(UTC) + timedelta(days=days)).replace(hour=hour, minute=0, second=0, microsecond=0)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//mailtui//demo//EN",
        "METHOD:REQUEST",
        "BEGIN:VEVENT",
        f"UID:{key}@{organiser.domain}",
        f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART:{start:%Y%m%dT%H%M%SZ}",
        f"DTEND:{start + timedelta(minutes=minutes):%Y%m%dT%H%M%SZ}",
        f"SUMMARY:{title.replace(',', chr(92) + ',')}",
        f"LOCATION:{place.replace(',', chr(92) + ',')}",
        f'ORGANIZER;CN="{organiser.name}":mailto:{organiser.address}',
        "STATUS:CONFIRMED",
        "SEQUENCE:0",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return ("\r\n".join(lines) + "\r\n").encode()


_MAKERS: dict[str, Callable[[str, datetime], File]] = {
    "pdf": _pdf,
    "png": _png,
    "csv": _csv,
    "ics": _ics,
    "text": _text,
}
