"""Times of the sample mail, told the way people tell them: "12m", "3h", "6d 09:12"."""

import re
from datetime import datetime, timedelta

_TIME = re.compile(r"(?:(\d+)d (\d\d):(\d\d))|(?:(\d+)h)?(?:(\d+)m)?")
_DAY = re.compile(r"\{day([+-]\d+)\}")


def moment(words: str, now: datetime) -> datetime:
    """So many minutes or hours before `now`, or so many days before at a time of day (in the zone of
    `now`). Never later than a minute before `now`. ValueError for anything else."""
    found = _TIME.fullmatch(words.strip())
    if not found or not words.strip():
        raise ValueError(f"not a time: {words!r}")
    days, hour, minute, hours, minutes = (int(group or 0) for group in found.groups())
    if found[1] is None:
        return now - timedelta(hours=hours, minutes=minutes)
    then = (now - timedelta(days=days)).replace(hour=hour, minute=minute, second=17, microsecond=0)
    return min(then, now - timedelta(minutes=1))


def date_words(then: datetime) -> str:
    """A date as it stands in prose: Friday 27 November."""
    return f"{then:%A} {then.day} {then:%B}"


def with_dates(text: str, now: datetime) -> str:
    """{day+3} becomes the date three days after `now`."""
    return _DAY.sub(lambda found: date_words(now + timedelta(days=int(found[1]))), text)
