"""A small scripted mailbox whose server can be told to mislead, and a local copy that visits it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from mailtui.imap.types import Push
from mailtui.imap.uids import joined, parse_set, spelled_out, uid_set
from mailtui.model.event import Event
from mailtui.model.folder import FolderState
from mailtui.model.message import Flag
from mailtui.service.books import Books
from mailtui.service.hearing import write_down
from mailtui.service.jobs import Lane
from mailtui.service.looking import Looker
from mailtui.service.session import Session
from mailtui.store.changes import Changes
from mailtui.store.outbox import Outbox
from tests.imap.opening import open_scripted
from tests.servers.scripted import CAPABILITY, Answer, Command, Scripted, Talk
from tests.store.making import Store, account, indexed

RICH = CAPABILITY + b" ENABLE CONDSTORE QRESYNC"
VALIDITY = 7  # what the usual folders of the store's tests have


@dataclass
class Mailbox:
    """uid → (flags as on the wire, MODSEQ). The fields after `messages` replace what would be true."""

    messages: dict[int, tuple[bytes, int]]
    uidnext: int
    modseq: int
    exists: int | None = None
    vanished: bytes | None = None
    codes: bytes | None = None  # HIGHESTMODSEQ
    changed: bytes = b""
    found: bytes | None = None  # by SEARCH
    offers: bytes = RICH
    enabled: bytes = b"* ENABLED QRESYNC\r\n"
    validity: int = VALIDITY
    nameless: bool = False  # flags are told without the UID
    refusing: bool = False  # to FETCH anything
    others: bytes = b""  # LIST and STATUS of other folders
    gone: dict[int, int] = field(default_factory=dict)  # uid → MODSEQ of its end

    def flag(self, uid: int, flags: bytes) -> None:
        self.modseq += 1
        self.messages[uid] = flags, self.modseq

    def remove(self, uid: int) -> None:
        self.modseq += 1
        del self.messages[uid]
        self.gone[uid] = self.modseq

    def add(self, uid: int) -> None:
        self.modseq += 1
        self.messages[uid] = b"", self.modseq
        self.uidnext = max(self.uidnext, uid + 1)

    def answers(self) -> dict[str, Answer]:
        signed_in = b"{tag} OK [CAPABILITY " + self.offers + b"] signed in\r\n"
        return {
            "AUTHENTICATE": signed_in,
            "ENABLE": lambda talk, command: talk.send(self.enabled + command.tag + b" OK\r\n"),
            "SELECT": self._select,
            "LIST": self._list,
            "FETCH": self._fetch,
            "UID FETCH": self._fetch,
            "UID SEARCH": self._search,
        }

    def _list(self, talk: Talk, command: Command) -> None:
        counts = (len(self.messages), self.uidnext, self.validity, self.modseq)
        said = b'* LIST () "/" INBOX\r\n* STATUS INBOX (MESSAGES %d UIDNEXT %d' % counts[:2]
        said += b" UIDVALIDITY %d HIGHESTMODSEQ %d UNSEEN 0)\r\n" % counts[2:]
        talk.send(said + self.others + command.tag + b" OK done\r\n")

    def _select(self, talk: Talk, command: Command) -> None:
        exists = len(self.messages) if self.exists is None else self.exists
        codes = b"HIGHESTMODSEQ %d" % self.modseq if self.codes is None else self.codes
        said = b"* %d EXISTS\r\n* OK [UIDVALIDITY %d]\r\n" % (exists, self.validity)
        said += b"* OK [UIDNEXT %d]\r\n* OK [%s]\r\n* OK [CLOSED]\r\n" % (self.uidnext, codes)
        asked = re.search(rb"QRESYNC \(\d+ (\d+)", command.words)
        if asked is not None:
            since = int(asked[1])
            ended = uid_set(uid for uid, end in self.gone.items() if end > since).encode()
            named = ended if self.vanished is None else self.vanished
            said += b"* VANISHED (EARLIER) " + named + b"\r\n" if named else b""
            said += self.changed or b"".join(self._flags(uid) for uid in self._since(since))
        talk.send(said + command.tag + b" OK [READ-WRITE] done\r\n")

    def _since(self, modseq: int) -> list[int]:
        return [uid for uid, (_, changed) in sorted(self.messages.items()) if changed > modseq]

    def _flags(self, uid: int) -> bytes:
        flags, modseq = self.messages[uid]
        number = sorted(self.messages).index(uid) + 1
        if self.nameless:
            return b"* %d FETCH (FLAGS (%s))\r\n" % (number, flags)
        return b"* %d FETCH (UID %d FLAGS (%s) MODSEQ (%d))\r\n" % (number, uid, flags, modseq)

    def _fetch(self, talk: Talk, command: Command) -> None:
        if self.refusing:
            talk.send(command.tag + b" NO not now\r\n")
            return
        wanted = self._wanted(command)
        since = re.search(rb"CHANGEDSINCE (\d+)", command.words)
        if since is not None:
            said = self.changed or b"".join(
                self._flags(uid) for uid in self._since(int(since[1])) if uid in wanted
            )
        elif b"BODY" in command.words:
            said = b"".join(self._header(uid) for uid in wanted)
        else:
            said = b"".join(self._flags(uid) for uid in wanted)
        talk.send(said + command.tag + b" OK done\r\n")

    def _wanted(self, command: Command) -> list[int]:
        there = sorted(self.messages)
        most = there[-1] if command.verb == "UID FETCH" and there else len(there)
        ranges = joined(parse_set(command.words.split()[0].replace(b"*", b"%d" % most)))
        if command.verb == "FETCH":
            return [uid for number, uid in enumerate(there, 1) if any(a <= number <= b for a, b in ranges)]
        return [uid for uid in there if any(a <= uid <= b for a, b in ranges)]

    def _header(self, uid: int) -> bytes:
        subject = b"Message %d" % uid
        header = b"Subject: %s\r\nMessage-ID: <%d.@example.net>\r\n\r\n" % (subject, uid)
        flags, modseq = self.messages[uid]
        number = sorted(self.messages).index(uid) + 1
        said = b"* %d FETCH (UID %d FLAGS (%s) MODSEQ (%d)" % (number, uid, flags, modseq)
        said += b' RFC822.SIZE %d INTERNALDATE "01-Jan-2026 00:00:00 +0000"' % (1000 + uid)
        said += b' BODYSTRUCTURE ("text" "plain" NIL NIL NIL "7bit" 1 1)'
        return said + b" BODY[HEADER.FIELDS (SUBJECT)] {%d}\r\n%s)\r\n" % (len(header), header)

    def _search(self, talk: Talk, command: Command) -> None:
        key = command.words.split()[-1]
        if key == b"ALL":
            found = uid_set(self.messages).encode() if self.found is None else self.found
        else:
            mark = b"\\" + key.capitalize()
            found = uid_set(uid for uid, (flags, _) in self.messages.items() if mark in flags).encode()
        if b"RETURN" in command.words:
            named = b" ALL " + found if found else b""
            said = b'* ESEARCH (TAG "' + command.tag + b'") UID' + named + b"\r\n"
        else:
            said = b"* SEARCH " + b" ".join(b"%d" % uid for uid in spelled_out(parse_set(found))) + b"\r\n"
        talk.send(said + command.tag + b" OK done\r\n")


def box(count: int = 10) -> Mailbox:
    """UIDs 1 to `count`, the even ones \\Seen, of MODSEQ 101 and up."""
    messages = {uid: (b"\\Seen" if uid % 2 == 0 else b"", 100 + uid) for uid in range(1, count + 1)}
    return Mailbox(messages, uidnext=count + 1, modseq=100 + count)


@dataclass
class Visitor:
    """A local copy of the mailbox as it was, and the looks that bring it up to date."""

    store: Store
    books: Books
    looker: Looker
    session: Session
    server: Scripted
    folder: int
    events: list[Event]

    def look(self, *, deep: bool = False) -> Changes:
        return self.looker.look(self.session, self.folder, deep=deep)

    def uids(self) -> list[int]:
        return list(self.books.writer.uids(self.folder))

    def with_flag(self, flag: Flag) -> list[int]:
        return list(self.books.writer.uids_with(self.folder, flag))

    @property
    def state(self) -> FolderState:
        return self.books.writer.folder_state(self.folder)

    def said(self, mark: int = 0) -> list[bytes]:
        """What was sent since `mark` lines, without tags; what is sent on arrival left out."""
        words = [line.split(b" ", 1)[1] for line in self.server.lines[mark:] if b" " in line]
        return [line for line in words if not line.startswith((b"ENABLE", b"ID "))]

    def mark(self) -> int:
        return len(self.server.lines)


@contextmanager
def visiting(root: Path, mailbox: Mailbox) -> Iterator[Visitor]:
    """The local copy knows what is in the mailbox now."""
    store = Store.make(root / "mail.db")
    folder = store.folder("INBOX")
    flags = {b"": Flag.NONE, b"\\Seen": Flag.SEEN}
    known = [indexed(uid, flags=flags[said], modseq=at) for uid, (said, at) in mailbox.messages.items()]
    store.index("INBOX", *known)
    state = FolderState(VALIDITY, mailbox.uidnext, mailbox.modseq, len(known), low_uid=1, complete=True)
    store.writer.put_folder_state(folder, state)
    events: list[Event] = []
    books = Books(account(), store.writer, store.journal, Outbox(store.writer), events.extend, store.clock)

    def heard(session: Session, pushes: list[Push]) -> None:
        write_down(books, session, pushes)

    with Scripted(mailbox.answers()) as server:
        conn = open_scripted(server)
        session = Session(conn, lambda: frozenset({Lane.BACKGROUND}), heard)
        yield Visitor(store, books, Looker(books), session, server, folder, events)
        conn.logout()
    store.close()
