"""Folder names: modified UTF-7 on the wire (RFC 3501 §5.1.3), text for people, and where a new one goes."""

from collections.abc import Sequence

from imapclient import imap_utf7

from mailtui.model.folder import ServerFolder
from mailtui.model.trouble import Refused


def encode(path: str) -> bytes:
    """Text → wire. Raises Refused for what no server could store."""
    if not path.strip() or any(0xD800 <= ord(character) <= 0xDFFF for character in path):
        raise Refused("That can't be the name of a folder.", "Give it another name.")
    encoded: bytes = imap_utf7.encode(path)
    return encoded


def decode(raw: bytes) -> str:
    """Wire → text; never raises. Names that are not UTF-7 are read as UTF-8 (a UTF8=ACCEPT server),
    and shown as they stand when they are neither. Only `raw` is ever sent back."""
    if not raw.isascii():
        return raw.decode("utf-8", "replace")
    try:
        text: str = imap_utf7.decode(raw)
        text.encode("utf-8")  # refuses lone surrogates, which neither store nor screen can hold
    except (UnicodeError, ValueError):
        return raw.decode("ascii")
    return text


def same(one: bytes, other: bytes) -> bool:
    """Whether two wire names mean the same folder: INBOX is spelled in any case (RFC 9051 §5.1)."""
    return one == other or (len(one) == 5 and one.upper() == other.upper() == b"INBOX")


def place(path: str, folders: Sequence[ServerFolder]) -> str:
    """Where a folder that the user calls `path` belongs. Some servers (Courier) take new folders only
    below the inbox; it shows in that every other folder is there."""
    below = next((f"{folder.path}{folder.delimiter}" for folder in folders if _is_inbox(folder)), "")
    others = [folder.path for folder in folders if not _is_inbox(folder)]
    if not below or below == "INBOX" or not others or path.startswith(below):
        return path
    return below + path if all(other.startswith(below) for other in others) else path


def _is_inbox(folder: ServerFolder) -> bool:
    return folder.path.upper() == "INBOX"
