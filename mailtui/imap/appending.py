"""APPEND: a finished message into a folder (RFC 9051 §6.3.12; its UID by RFC 4315)."""

from collections.abc import Callable, Sequence

from mailtui.imap import dates, names
from mailtui.imap.arguments import Argument, Literal, astring, flag_list
from mailtui.imap.connection import Connection
from mailtui.imap.trouble import CommandRefused
from mailtui.imap.types import UID_LIMIT, Appended
from mailtui.model.message import Flag
from mailtui.model.trouble import Refused


def append(
    conn: Connection,
    raw: bytes,
    source: bytes,
    *,
    flags: Flag = Flag.NONE,
    keywords: Sequence[str] = (),
    when: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Appended:
    """Store `source` (CR LF line ends) in the folder. `when` is the received date in seconds since the
    epoch (None: now); `progress` is called with octets sent and to send.

    Raises CommandRefused (TRYCREATE, OVERQUOTA, TOOBIG, …). After Unreachable it may or may not be
    there: look for its Message-ID before repeating.
    """
    if b"\0" in source:
        raise Refused("The message has a NUL in it, which can't be sent to the server.")
    limit = next((name[12:] for name in conn.capabilities if name.startswith("APPENDLIMIT=")), "")
    if limit.isdigit() and len(source) > int(limit):
        raise CommandRefused(f"The message is larger than {conn.server.host} takes.", code="TOOBIG")
    words: list[Argument] = [astring(raw)]
    if flags or keywords:
        words.append(flag_list(flags, keywords))
    if when is not None:
        words.append(dates.date_time(when))
    exchange = conn.post(
        b"APPEND",
        *words,
        Literal(source),
        doing=f"store a message in {names.decode(raw)}",
        allowance=conn.dialogue.large(conn.dialogue.budgets.octets, seconds=conn.dialogue.budgets.long),
        progress=progress,
    )
    for _ in conn.collect(exchange):
        pass
    conn.dialogue.finish(exchange)
    told = (exchange.code("APPENDUID") or b"").split()
    if len(told) != 2 or not all(word.isdigit() and 0 < int(word[:11]) <= UID_LIMIT for word in told):
        return Appended(None, 0)
    return Appended(int(told[1]), int(told[0]))
