"""Attachments of drafts that are parts of other messages: kept under a name of their own, so that they
outlive the message they were taken from."""

import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path

from mailtui.model.draft import Attachment, Draft
from mailtui.store import contents


def secured(parts: Path, draft: Draft) -> Draft:
    """The draft with its attachments where nobody else tidies up. `parts` is the store's directory of
    downloaded parts; files elsewhere are the user's own and stay where they are."""
    return replace(draft, attachments=tuple(_secured(parts, draft.id, one) for one in draft.attachments))


def forget(parts: Path, draft: str) -> None:
    """The draft was sent or thrown away."""
    contents.delete_files(map(str, _place(parts).glob(f"{_name(draft)}-*")))


def ours(parts: Path, attachments: Iterable[Attachment]) -> bool:
    """Whether one of these files lies among the store's own, outside of the drafts'."""
    return any(_is_part(parts, Path(one.path)) for one in attachments)


def _secured(parts: Path, draft: str, attachment: Attachment) -> Attachment:
    source = Path(attachment.path)
    if not _is_part(parts, source):
        return attachment
    target = _place(parts) / f"{_name(draft)}-{_name(attachment.path)}"
    with suppress(OSError):  # then it stays where it is, which is as good until that message goes
        if not target.exists():
            _link(source, target)
        return replace(attachment, path=str(target))
    return attachment


def _link(source: Path, target: Path) -> None:
    """The same file under a second name, where the disk can do that."""
    contents.make_private_directory(target.parent)
    try:
        os.link(source, target)
    except OSError:
        half = target.with_suffix(".part")
        with source.open("rb") as file, os.fdopen(contents.create_private(half), "wb") as copy:
            shutil.copyfileobj(file, copy)
        half.replace(target)


def _place(parts: Path) -> Path:
    return parts / "drafts"


def _is_part(parts: Path, path: Path) -> bool:
    return path.is_relative_to(parts) and not path.is_relative_to(_place(parts))


def _name(text: str) -> str:
    return blake2b(text.encode("utf-8", "replace"), digest_size=12).hexdigest()
