"""What was fetched of messages: MIME trees, readable bodies, downloaded parts."""

import os
import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from mailtui.model.part import Body, Part, attachments
from mailtui.store import rows, words
from mailtui.store.indexing import safe


def put_structure(db: sqlite3.Connection, message: int, root: Part) -> bool:
    """The parsed MIME tree; its file names become searchable. Returns whether it has attachments."""
    words.take(db, message)
    found = _put_tree(db, message, root)
    words.put(db, message)
    return found


def put_body(db: sqlite3.Connection, message: int, body: Body, *, html: bool, used: int) -> None:
    """The readable text; the one that is shown unasked (`html` false) becomes searchable."""
    if not html:
        words.take(db, message)
    _put_text(db, message, body, html=html, used=used)
    if not html:
        words.put(db, message)


def put_both(db: sqlite3.Connection, message: int, root: Part | None, body: Body, *, used: int) -> None:
    """The tree, if it was not here, and the text that is shown unasked; indexed once."""
    words.take(db, message)
    if root is not None:
        _put_tree(db, message, root)
    _put_text(db, message, body, html=False, used=used)
    words.put(db, message)


def _put_tree(db: sqlite3.Connection, message: int, root: Part) -> bool:
    files = attachments(root)
    db.execute(
        "UPDATE detail SET tree = ?, files = ? WHERE message = ?",
        (safe(rows.pack_part(root)), safe(" ".join(part.name for part in files if part.name)), message),
    )
    return bool(files)


def _put_text(db: sqlite3.Connection, message: int, body: Body, *, html: bool, used: int) -> None:
    text, rest = safe(body.text), safe(rows.pack_body(body))
    size = len(text.encode()) + len(rest.encode())
    db.execute(
        """INSERT INTO body (message, html, text, rest, size, used) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
           ON CONFLICT (message, html) DO UPDATE SET text = ?3, rest = ?4, size = ?5, used = max(used, ?6)""",
        (message, html, text, rest, size, used),
    )


def exists(db: sqlite3.Connection, message: int) -> bool:
    return db.execute("SELECT 1 FROM message WHERE id = ?", (message,)).fetchone() is not None


def part_file(root: Path, message: int, section: str) -> Path:
    """Where a part's bytes belong: a name that no sender or server has a say in."""
    name = blake2b(f"{message}\0{section}".encode("utf-8", "replace"), digest_size=16).hexdigest()
    return root / name[:2] / name[2:]


def make_private_directory(path: Path) -> None:
    """Make a directory, and those above that are missing, 0700."""
    if not path.is_dir():
        make_private_directory(path.parent)
        path.mkdir(mode=0o700, exist_ok=True)


def create_private(path: Path) -> int:
    """An open descriptor of a new, empty 0600 file in a 0700 directory. What was there goes; a
    link that somebody put there is not followed."""
    make_private_directory(path.parent)
    path.unlink(missing_ok=True)
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)


def put_part(db: sqlite3.Connection, message: int, section: str, path: str, size: int, now: int) -> None:
    db.execute(
        """INSERT INTO part (message, section, path, size, used) VALUES (?1, ?2, ?3, ?4, ?5)
           ON CONFLICT (message, section) DO UPDATE SET path = ?3, size = ?4, used = ?5""",
        (message, section, path, size, now),
    )


def delete_files(paths: Iterable[str]) -> None:
    """Delete files that nothing in the store speaks of any more."""
    for path in paths:
        with suppress(FileNotFoundError):  # somebody tidied up: that is what was wanted
            Path(path).unlink()


def delete_unfinished(root: Path) -> None:
    """Delete what an earlier writer was writing when it ended."""
    delete_files(str(path) for path in root.glob("*/*.part"))
