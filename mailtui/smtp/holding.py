"""Messages for later that the server itself holds (FUTURERELEASE, RFC 4865), within what it says it
does."""

import time
from datetime import UTC, datetime

from mailtui.smtp.connection import Connection
from mailtui.smtp.delivery import CantHold


def hold_option(connection: Connection, until: int, now: float | None = None) -> bytes:
    """MAIL's parameter for a message that is to leave at `until` (seconds since the epoch). Raises
    CantHold when the server does not do that, or not for so long."""
    if not connection.offers("futurerelease"):
        raise CantHold(f"{connection.host} does not hold messages for later.")
    rest = until - (time.time() if now is None else now)
    longest, latest = _limits(connection.parameters("futurerelease"))
    if (longest is not None and rest > longest) or (latest is not None and until > latest):
        raise CantHold(f"{connection.host} does not hold messages for so long.")
    return f"HOLDUNTIL={datetime.fromtimestamp(until, UTC):%Y-%m-%dT%H:%M:%SZ}".encode()


def _limits(words: str) -> tuple[int | None, float | None]:
    """(seconds from now, seconds since the epoch) at most, RFC 4865 §4.3. None for what is not said, or
    not in a way that can be understood."""
    longest, latest = None, None
    for word in words.split():
        if word.isascii() and word.isdigit() and len(word) <= 9:
            longest = int(word)
        else:
            try:
                latest = datetime.fromisoformat(word).timestamp()
            except (ValueError, OverflowError):
                continue
    return longest, latest
