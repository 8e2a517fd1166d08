"""How much of the mail is kept on this machine, in the words of the settings."""

import re
from dataclasses import dataclass
from typing import Self

_DAYS = re.compile(r"\s*(\d{1,5})\s*(?:days?|d)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Keep:
    """`days`: texts of messages not older than that many days; 0: headers only; None: everything,
    attachments too. Headers of all messages are always here."""

    days: int | None

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """`headers`, `30 days` or `everything`; None if it is none of them."""
        word = text.strip().lower()
        if word in ("headers", "everything"):
            return cls(0 if word == "headers" else None)
        days = _DAYS.fullmatch(word)
        return cls(int(days[1])) if days and int(days[1]) else None

    def __str__(self) -> str:
        if not self.days:
            return "everything" if self.days is None else "headers"
        return f"{self.days} day{'s' if self.days != 1 else ''}"

    @property
    def texts(self) -> bool:
        """Whether texts are fetched ahead of time at all."""
        return self.days != 0

    @property
    def attachments(self) -> bool:
        return self.days is None

    def since(self, now: int) -> int:
        """Texts of messages received from then on are kept; both in seconds since the epoch."""
        if self.days is None:
            return 0
        return max(now - self.days * 86_400, 0)


HEADERS, EVERYTHING = Keep(0), Keep(None)
USUAL = Keep(14)
"""Unless the user says otherwise: a fortnight without a connection, and a few dozen megabytes at most
even for somebody with thirty newsletters a day."""

USUAL_SIZE = 2_000_000_000  # octets of all texts and parts of all accounts
