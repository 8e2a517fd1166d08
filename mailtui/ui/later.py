"""Messages that leave later: asking when, and what to say about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mailtui.model.draft import STAYS, OutboxItem, Stage
from mailtui.model.trouble import Refused
from mailtui.ui.saying import Say
from mailtui.ui.shell import Shell
from mailtui.ui.wording import count, moment

_HINT = "tomorrow 8:00   in 2h   Monday   2026-12-01 09:30      ⏎ done   Esc never mind"


@dataclass(frozen=True, slots=True)
class Warned:
    """A question, and what to know before answering it."""

    what: str
    advice: str


async def ask_when(here: Shell, typed: str = "") -> int | None:
    """When it is to leave, in seconds since the epoch; asked again until it can be read. None if the
    user thought better of it. What is `typed` already is not asked for."""
    from mailtui.text.moments import moment as read

    while True:
        if not typed:
            typed = await here.ask("Send it when?", hint=_HINT) or ""
        if not typed.strip():
            return None
        try:
            return int(read(typed, datetime.fromtimestamp(here.clock())).timestamp())  # noqa: DTZ006 - wall clock
        except Refused as refusal:
            here.trouble(refusal.what, refusal.advice)
            typed = await here.ask("Send it when?", value=typed, hint=_HINT) or ""


def leaves(when: int, now: float) -> str:
    return f"leaves {moment(when, now)}"


def warning(items: Sequence[OutboxItem], now: float) -> Warned | None:
    """What to know before quitting: these leave only while something runs that can send them."""
    waiting = [one for one in items if one.stage is Stage.QUEUED and one.later > now + STAYS]
    if not waiting:
        return None
    first = min(one.later for one in waiting)
    return Warned(
        f"{count(len(waiting), 'message')} {'is' if len(waiting) == 1 else 'are'} to leave later,"
        f" the first {moment(first, now)}. Quit?",
        "Only a server that holds messages sends them while mailtui is closed or the machine sleeps;"
        " else they leave when mailtui is started next.",
    )


def told(here: Shell, subjects: Sequence[str], due: int) -> None:
    """At start: what should have left meanwhile."""
    what = f"“{subjects[0]}”" if len(subjects) == 1 else count(len(subjects), "message")
    was = "was" if len(subjects) == 1 else "were"
    here.say(
        f"{what} {was} to leave {moment(due, here.clock())}, when mailtui was not running; sending now.",
        Say.TROUBLE,
    )
