"""The readable text of messages: only the parts that are text are fetched, and only so much of them."""

import logging
from collections.abc import Sequence
from functools import partial

from mailtui.imap.content import fetch_part, fetch_parts, fetch_structure
from mailtui.imap.structure import parse
from mailtui.imap.trouble import CommandRefused, Gone
from mailtui.model.event import BodyArrived, BodyFailed
from mailtui.model.part import Body, Part
from mailtui.model.trouble import Refused, Trouble, Unreachable
from mailtui.service.books import Books
from mailtui.service.entering import enter
from mailtui.service.indexing import one_by_one
from mailtui.service.jobs import Job, Jobs, Lane, Urgency
from mailtui.service.reader import MailReader
from mailtui.service.session import Session
from mailtui.text.render import readable_parts
from mailtui.text.sanitize import line

_log = logging.getLogger(__name__)

LIMIT = 262_144  # octets of a text that are fetched unasked
_WHOLE = 8 * 2**20  # octets when the user asks for the rest
_RAW = 4 * 2**20  # octets of a message whose structure the server can't tell


class Bodies:
    """Of one account; `fetch` may be called by any thread but not by the event loop."""

    def __init__(self, books: Books, jobs: Jobs, reader: MailReader) -> None:
        self._books = books
        self._jobs = jobs
        self._reader = reader

    def fetch(self, message: int, *, whole: bool = False, html: bool = False) -> None:
        """Have the text here, at once if it is already. Answered by BodyArrived or BodyFailed."""
        if self._has(message, whole=whole, html=html):
            self._books.tell(BodyArrived(message))
            return
        work = partial(self._fetch, message, whole=whole, html=html)
        key = ("body", message, whole, html)
        failed = partial(self._failed, message)
        self._jobs.put(Job(key, Lane.INTERACTIVE, Urgency.CLICK, work, failed, patient=False))

    def _has(self, message: int, *, whole: bool, html: bool) -> bool:
        with self._books.reading() as reader:
            body = reader.body(message, html)
        return body is not None and not body.trouble and not (whole and body.missing)

    def _fetch(self, message: int, job: Job, session: Session, *, whole: bool, html: bool) -> None:
        if self._has(message, whole=whole, html=html):
            self._books.tell(BodyArrived(message))
            return
        uid = locate(self._books, session, message)
        self._read_header_again(session, message, uid)
        try:
            self._fetch_from(session, message, uid, whole=whole, html=html)
        except Gone:
            if session.folder is not None:
                self._books.missing(session.folder, uid)
            raise

    def _read_header_again(self, session: Session, message: int, uid: int) -> None:
        """If it could not be read when the message was listed."""
        with self._books.reading() as reader:
            known = reader.message(message)
        if known is not None and known.trouble and session.folder is not None:
            one_by_one(self._books, session, session.folder, [uid])

    def _fetch_from(self, session: Session, message: int, uid: int, *, whole: bool, html: bool) -> None:
        root = structure(self._books, session, message, uid)
        found: tuple[Part, Body] | None = None
        if root is not None and _has_leaves(root):
            body = self._text(session, uid, readable_parts(root, html=html), _WHOLE if whole else LIMIT)
            found = (root, body) if body is not None else None
        if found is None:
            found = self._from_source(session, uid, html=html)
            self._books.writer.put_structure(message, found[0])
        self._books.writer.put_body(message, found[1], html)
        self._books.tell(BodyArrived(message))

    def _text(self, session: Session, uid: int, leaves: Sequence[Part], limit: int) -> Body | None:
        """From these leaves; None if the server does not know them, so that its description of the
        message must be wrong."""
        if not leaves:
            return Body("")
        try:
            texts = fetch_parts(session.connection, uid, [leaf.section for leaf in leaves], limit=limit)
        except CommandRefused as trouble:
            _log.info("A part was refused, asking for the whole message: %s", line(trouble.what))
            return None
        if not texts and any(leaf.size for leaf in leaves):
            return None
        return self._reader.body([(leaf, texts.get(leaf.section, b"")) for leaf in leaves])

    def _from_source(self, session: Session, uid: int, *, html: bool) -> tuple[Part, Body]:
        source = bytearray()
        fetch_part(session.connection, uid, "", source.extend, offset=0, length=_RAW)
        return self._reader.message(bytes(source), html=html)

    def _failed(self, message: int, trouble: Trouble) -> None:
        what, advice = line(trouble.what), line(trouble.advice)
        if isinstance(trouble, Unreachable):
            what = f"The text of this message is not kept here, and it can't be fetched now: {what}"
            advice = f"{advice} Choose under “What is kept here” what is to be read without a connection."
        self._books.tell(BodyFailed(message, what, advice.strip()))


def locate(books: Books, session: Session, message: int) -> int:
    """Be in the message's folder; its UID there. Raises Refused or Gone."""
    place = books.writer.location(message)
    if place is None:
        raise Refused("The message is on its way to another folder.", "Try again in a moment.")
    enter(books, session, place[0])
    settled = books.writer.location(message)
    if settled is None or settled[0] != place[0]:
        raise Gone("The message is not in this folder any more.", "Synchronise, then look again.")
    return settled[1]


def structure(books: Books, session: Session, message: int, uid: int) -> Part | None:
    """The MIME tree: from the local copy, else from the server, which may not know it either."""
    with books.reading() as reader:
        known = reader.structure(message)
    if known is not None:
        return known
    raw = books.writer.structure_source(message) or fetch_structure(session.connection, uid)
    if not raw:
        return None
    root = parse(raw)
    books.writer.put_structure(message, root)
    return root


def _has_leaves(root: Part) -> bool:
    """Whether a description of a message names anything that may be in it."""
    return any(not part.type.startswith("multipart/") for part in root.walk())
