"""Values of the model as JSON records and as the columns of a list. The names here are an interface:
scripts rely on them."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from mailtui.model.address import Address
from mailtui.model.folder import Folder
from mailtui.model.message import Flag, Summary

_WIDE = 24  # cells of the sender's column
_FLAGS = {
    "seen": Flag.SEEN,
    "answered": Flag.ANSWERED,
    "flagged": Flag.FLAGGED,
    "deleted": Flag.DELETED,
    "draft": Flag.DRAFT,
}


def moment(seconds: int) -> str:
    """A time as RFC 3339 in UTC; the nearest one that a calendar holds."""
    inside = min(max(seconds, 0), 253_402_300_799)
    return datetime.fromtimestamp(inside, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def address_record(address: Address) -> dict[str, object]:
    return {"name": address.name, "address": address.address}


def summary_record(summary: Summary, folders: Mapping[int, Folder]) -> dict[str, object]:
    """`id` is the local copy's and stays when the message moves."""
    folder = folders.get(summary.folder)
    return {
        "id": summary.id,
        "account": summary.account,
        "folder": folder.path if folder else "",
        "date": moment(summary.received),
        "from": address_record(summary.sender),
        "to": summary.recipients,
        "subject": summary.subject,
        "unread": summary.unread,
        "flags": [name for name, flag in _FLAGS.items() if summary.flags & flag],
        "keywords": list(summary.keywords),
        "size": summary.size,
        "attachments": summary.attachments,
        "pending": summary.pending,
    }


def folder_record(folder: Folder) -> dict[str, object]:
    """`complete` tells whether the headers of all messages are in the local copy. Sizes in octets: `size`
    of the messages on the server, `kept` of the texts and attachments that are on this machine."""
    return {
        "account": folder.account,
        "path": folder.path,
        "name": folder.name,
        "delimiter": folder.delimiter,
        "role": folder.role.value if folder.role else None,
        "selectable": folder.selectable,
        "total": folder.total,
        "unread": folder.unread,
        "complete": folder.complete,
        "size": folder.octets,
        "texts": folder.texts,
        "kept": folder.kept,
    }


def summary_cells(summary: Summary) -> Iterable[str]:
    """The columns of a list row: a sign for what is special, local time, sender, subject."""
    sign = "*" if summary.flags & Flag.FLAGGED else " "
    sign = ("N" if summary.unread else " ") + sign + ("@" if summary.attachments else " ")
    when = datetime.fromtimestamp(min(max(summary.received, 0), 253_370_000_000)).astimezone()
    yield f"{sign} {when:%Y-%m-%d %H:%M}"
    yield fitted(summary.sender.short, _WIDE)
    yield summary.subject


def fitted(text: str, width: int) -> str:
    """The text padded or cut to `width` characters, without line breaks."""
    flat = " ".join(text.split())
    return f"{flat:<{width}}" if len(flat) <= width else flat[: width - 1] + "…"
