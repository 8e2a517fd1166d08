"""FETCH responses → rows for the index: numbers in range, flags as bits, header and structure raw."""

import re
from functools import lru_cache
from typing import Final

from mailtui.imap import dates, scanner
from mailtui.imap.types import NUMBER_LIMIT, UID_LIMIT, FetchedFlags, FetchedHeader
from mailtui.model.message import Flag

_SYSTEM: Final = {
    b"\\seen": Flag.SEEN,
    b"\\answered": Flag.ANSWERED,
    b"\\flagged": Flag.FLAGGED,
    b"\\deleted": Flag.DELETED,
    b"\\draft": Flag.DRAFT,
}
_ROW: Final = frozenset({b"RFC822.SIZE", b"INTERNALDATE", b"BODYSTRUCTURE", b"BODY[HEADER.FIELDS"})
_KEYWORDS: Final = 100  # of one message that are kept
_KEYWORD_LENGTH: Final = 200
_FILES: Final = re.compile(
    rb'\("attachment"|\("(?:application" "(?!pgp-signature|pgp-encrypted|pkcs7-signature|x-pkcs7-signature)'
    rb'|audio"|video"|model"|font"|message" "rfc822"|text" "calendar")',
    re.IGNORECASE,
)
_IMAGE: Final = re.compile(rb'\("image"', re.IGNORECASE)
_RELATED: Final = re.compile(rb'\) "related"', re.IGNORECASE)


def read(response: bytes) -> FetchedHeader | FetchedFlags | None:
    """What a FETCH response tells: a row for the index, or only flags. None when it has no UID and so
    belongs to nobody, or tells nothing. A row's `trouble` says what was missing or malformed."""
    items, sound = scanner.items(response)
    uid = _number(items.get(b"UID"), UID_LIMIT)
    if not uid:
        return None
    listed = items.get(b"FLAGS")
    bits, keywords = flag_list(listed or b"()")
    modseq = _modseq(items.get(b"MODSEQ"))
    if _ROW.isdisjoint(items):
        return FetchedFlags(uid, bits, keywords, modseq) if listed is not None else None
    structure = items.get(b"BODYSTRUCTURE") or b""
    block = items.get(b"BODY[HEADER.FIELDS")
    trouble = ""
    if block is None:
        trouble = "The server did not send the header of this message."
    elif not sound and not structure.startswith(b"("):
        trouble = "The server described this message in a way that can't be read."
    return FetchedHeader(
        uid,
        bits,
        keywords,
        _number(items.get(b"RFC822.SIZE"), NUMBER_LIMIT),
        dates.parse(items.get(b"INTERNALDATE") or b""),
        modseq,
        structure,
        block or b"",
        has_attachments(structure),
        trouble,
    )


@lru_cache(maxsize=4096)
def flag_list(listed: bytes) -> tuple[Flag, tuple[str, ...]]:
    """`(\\Seen $Forwarded)` → bits and keywords. \\Recent and unknown system flags are left out. A
    folder has few different lists, so the last ones are kept."""
    bits = Flag.NONE
    keywords: dict[str, None] = {}
    for word in listed.strip(b"()").split():
        bit = _SYSTEM.get(word.lower())
        if bit is not None:
            bits |= bit
        elif not word.startswith(b"\\") and len(keywords) < _KEYWORDS:
            keywords[word[:_KEYWORD_LENGTH].decode("utf-8", "replace")] = None
    return bits, tuple(keywords)


def has_attachments(structure: bytes) -> bool:
    """A guess from the raw BODYSTRUCTURE, as a reader would call it: pictures inside HTML and
    signatures don't count. The parsed structure knows better once the message is opened."""
    if _FILES.search(structure):
        return True
    return bool(_IMAGE.search(structure)) and not _RELATED.search(structure)


def _number(value: bytes | None, limit: int) -> int:
    """A number within 0..limit; 0 for anything else. Some servers write 9.37e+06."""
    if value is None:
        return 0
    try:
        number = int(value) if value.isdigit() and len(value) < 20 else int(float(value))
    except (ValueError, OverflowError):
        return 0
    return number if 0 <= number <= limit else 0


def _modseq(value: bytes | None) -> int:
    """`(123)` → 123; 0 for what is none (Zoho says -1)."""
    return _number(value.strip(b"() "), NUMBER_LIMIT) if value else 0
