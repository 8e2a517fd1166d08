"""INTERNALDATE and SEARCH dates (RFC 9051 date-time, date) ⇄ seconds since the epoch."""

from calendar import timegm
from functools import lru_cache
from time import gmtime
from typing import Final

_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NUMBERS: Final = {name.lower().encode(): number for number, name in enumerate(_MONTHS, 1)}


def parse(value: bytes) -> int:
    """`24-Nov-2026 03:31:52 +0100` → seconds; 0 when it is none or before 1970."""
    value = value.strip().rjust(26)  # a day of one digit comes with a space or without
    try:
        clock, zone = value[12:20], value[21:26]
        hour, minute, second = int(clock[:2]), int(clock[3:5]), int(clock[6:8])
        offset = int(zone[1:3]) * 3600 + int(zone[3:5]) * 60
        seconds = _midnight(value[:11]) + hour * 3600 + minute * 60 + second
    except ValueError:
        return 0
    return max(0, seconds + offset if zone[:1] == b"-" else seconds - offset)


@lru_cache(maxsize=4096)
def _midnight(day: bytes) -> int:
    """` 4-Nov-2026` → seconds. Mail of one day comes in one piece, so the last days are kept."""
    number, month, year = day.strip().split(b"-")
    if not 0 < int(number) <= 31:
        raise ValueError("not a day of a month")
    try:
        return timegm((int(year), _NUMBERS[month.lower()], int(number), 0, 0, 0))
    except (KeyError, OverflowError) as error:
        raise ValueError("not a date") from error


def date_time(seconds: int) -> bytes:
    """Seconds → `"24-Nov-2026 03:31:52 +0000"`, quoted, for APPEND."""
    year, month, day, hour, minute, second, *_ = gmtime(seconds)
    moment = f"{hour:02d}:{minute:02d}:{second:02d}"
    return f'"{day:02d}-{_MONTHS[month - 1]}-{year:04d} {moment} +0000"'.encode()


def date(seconds: int) -> bytes:
    """Seconds → `24-Nov-2026`, for SEARCH."""
    year, month, day, *_ = gmtime(seconds)
    return f"{day}-{_MONTHS[month - 1]}-{year:04d}".encode()
