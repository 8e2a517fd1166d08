"""A time to come, as people type it: `tomorrow 8:00`, `in 2h`, `Monday`, `2026-12-01 09:30`.

English words; times and dates in the ways that are written in Europe and America. All times are the
wall clock's, without a zone.
"""

import re
from datetime import date, datetime, time, timedelta

from mailtui.model.trouble import Refused

_MORNING = time(8)
_TIMES = {
    "morning": _MORNING,
    "noon": time(12),
    "midday": time(12),
    "afternoon": time(14),
    "evening": time(19),
    "tonight": time(20),
    "night": time(20),
    "midnight": time(0),
}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_UNITS = {"mi": 60, "h": 3600, "d": 86_400, "w": 604_800}
_FILLERS = frozenset({"at", "on", "this", "the", "o'clock", "next"})
_SPAN = re.compile(r"(\d{1,4}|an?)\s*(mi?n?s?|minutes?|h|hrs?|hours?|d|days?|w|weeks?)(?![a-z])\s*")
_CLOCK = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?\s*(am|pm|a\.m\.|p\.m\.|h)?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_POINTS = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})?")
_NUMBER = re.compile(r"(\d{1,2})(?:st|nd|rd|th|\.)?")
_ADVICE = "Try “tomorrow 8:00”, “in 2h”, “Monday” or “2026-12-01 09:30”."
_LONGEST = timedelta(days=5 * 366)


def moment(typed: str, now: datetime) -> datetime:
    """What is meant, after `now`. A day without a time means its morning; a time without a day the
    next one there is. Raises Refused, in words for the user, for what can't be read or has passed."""
    text = " ".join(typed.lower().replace(",", " ").split())[:100]
    found = _span(text, now) or _named(text, now)
    if found is None:
        raise Refused("That is no time that can be read.", _ADVICE)
    if found <= now:
        raise Refused("That time has passed.", _ADVICE)
    if found - now > _LONGEST:
        raise Refused("That is more than five years away.", _ADVICE)
    return found


def _span(text: str, now: datetime) -> datetime | None:
    """`in 2h`, `1h 30min`, `3 days`."""
    rest = text.removeprefix("in ").replace(" and ", " ")
    seconds, at = 0, 0
    while match := _SPAN.match(rest, at):
        number = 1 if match[1].startswith("a") else int(match[1])
        unit = match[2][:2] if match[2].startswith("m") else match[2][0]
        seconds += number * _UNITS.get(unit, 60)
        at = match.end()
    return now + timedelta(seconds=seconds) if at and at == len(rest) else None


def _named(text: str, now: datetime) -> datetime | None:
    """A day, a time, or both."""
    rest, day = _day(text, now.date())
    clock = _time(rest)
    if rest and clock is None:
        return None
    if day is None:
        if clock is None:
            return None
        found = datetime.combine(now.date(), clock)
        return found if found > now else found + timedelta(days=1)
    if clock is None and text.startswith("tonight"):
        clock = _TIMES["tonight"]
    return datetime.combine(day, clock or _MORNING)


def _day(text: str, today: date) -> tuple[str, date | None]:
    """What is left of the text, and the day that was named in it."""
    for pattern, order in ((_ISO, (1, 2, 3)), (_POINTS, (3, 2, 1))):
        match = pattern.search(text)
        if match:
            year, month, day = (match[group] for group in order)
            return _without(text, match), _date(year, int(month), int(day), today)
    words = [word for word in text.split() if word not in _FILLERS]
    for at, word in enumerate(words):
        if word in ("today", "tonight", "tomorrow", "tmr", "tmrw"):
            ahead = 0 if word.startswith("tod") or word == "tonight" else 1
            return " ".join(words[:at] + words[at + 1 :]), today + timedelta(days=ahead)
        if len(word) >= 3 and (weekday := _begins(_DAYS, word)) is not None:
            ahead = (weekday - today.weekday() - 1) % 7 + 1  # today's own name means the next one
            return " ".join(words[:at] + words[at + 1 :]), today + timedelta(days=ahead)
    return _month(words, today)


def _month(words: list[str], today: date) -> tuple[str, date | None]:
    """`1 Dec`, `Dec 1`, `1st December 2026`."""
    for at, word in enumerate(words):
        month = _begins(_MONTHS, word[:3]) if len(word) >= 3 and word.isalpha() else None
        if month is None:
            continue
        for beside in (at - 1, at + 1):
            number = _NUMBER.fullmatch(words[beside]) if 0 <= beside < len(words) else None
            if number is None:
                continue
            last = max(at, beside)
            following = words[last + 1] if last + 1 < len(words) else ""
            year = following if re.fullmatch(r"\d{4}", following) else None
            rest = words[: min(at, beside)] + words[last + (2 if year else 1) :]
            return " ".join(rest), _date(year, month + 1, int(number[1]), today)
    return " ".join(words), None


def _date(year: str | None, month: int, day: int, today: date) -> date | None:
    """Without a year: the next one of these. Raises Refused if there is no such day."""
    try:
        if year is None:
            found = date(today.year, month, day)
            return found if found >= today else date(today.year + 1, month, day)
        return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    except ValueError as error:
        raise Refused("There is no such day.", _ADVICE) from error


def _time(text: str) -> time | None:
    """Raises Refused if there is no such time."""
    words = [word for word in text.removeprefix("t").split() if word not in _FILLERS]
    text = " ".join(words)
    if text in _TIMES:
        return _TIMES[text]
    match = _CLOCK.fullmatch(text)
    if match is None:
        return None
    hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "").replace(".", "")
    if half in ("am", "pm"):
        if not 1 <= hour <= 12:
            raise Refused("There is no such time.", _ADVICE)
        hour = hour % 12 + (12 if half == "pm" else 0)
    try:
        return time(hour, minute)
    except ValueError as error:
        raise Refused("There is no such time.", _ADVICE) from error


def _begins(names: tuple[str, ...], word: str) -> int | None:
    return next((at for at, name in enumerate(names) if name.startswith(word)), None)


def _without(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}".strip()
