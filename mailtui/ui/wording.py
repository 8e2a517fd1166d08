"""Numbers, sizes and dates as they are read on the screen."""

from datetime import datetime, timedelta, tzinfo

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def count(number: int, noun: str, plural: str = "") -> str:
    """`1 message`, `2 messages`, `12,345 messages`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def size(octets: int) -> str:
    """`812 B`, `4.2 kB`, `31 MB`: two significant digits, as people read them."""
    if octets < 1000:
        return f"{octets} B"
    amount = float(octets)
    for unit in ("kB", "MB", "GB"):
        amount /= 1000
        if amount < 999.5 or unit == "GB":
            return f"{amount:.1f} {unit}" if amount < 9.95 else f"{amount:.0f} {unit}"
    raise AssertionError


def _local(seconds: float, zone: tzinfo | None) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, zone).astimezone(zone)
    except (OverflowError, ValueError, OSError):
        # Dates of mail are hostile: far outside of what a calendar can hold.
        return datetime.fromtimestamp(0, zone).astimezone(zone)


def when(received: float, now: float, zone: tzinfo | None = None) -> str:
    """The short date of a row, at most 8 cells: `14:02`, `Mon`, `12 Nov`, `Nov 2019`."""
    then, today = _local(received, zone), _local(now, zone)
    age = today.date() - then.date()
    if age == timedelta(0):
        return f"{then:%H:%M}"
    if timedelta(0) < age < timedelta(days=7):
        return _DAYS[then.weekday()]
    month = _MONTHS[then.month - 1]
    return f"{then.day} {month}" if then.year == today.year else f"{month} {then.year}"


def moment(seconds: float, now: float, zone: tzinfo | None = None) -> str:
    """The long date of an open message: `Mon 23 Nov 2026, 14:02`, the year only if it is another."""
    then, today = _local(seconds, zone), _local(now, zone)
    year = "" if then.year == today.year else f" {then.year}"
    return f"{_DAYS[then.weekday()]} {then.day} {_MONTHS[then.month - 1]}{year}, {then:%H:%M}"


def bounded(number: int) -> str:
    """A counter for a narrow column: `7`, `999`, `12k`, `3M`."""
    if number < 1000:
        return str(number)
    return f"{number // 1000}k" if number < 1_000_000 else f"{number // 1_000_000}M"
