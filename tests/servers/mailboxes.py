"""A small honest mail store for the scripted server, of which a test can bend any answer."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from threading import RLock

from tests.servers.box import Box, ends, fetched
from tests.servers.scripted import Answer, Command, Scripted, Talk

CAPABILITY = (
    b"IMAP4rev1 SASL-IR AUTH=PLAIN LITERAL+ UIDPLUS MOVE IDLE ESEARCH UNSELECT SPECIAL-USE LIST-STATUS"
)
_ROLES = {name: f"\\{name.decode()}".encode() for name in (b"Archive", b"Drafts", b"Junk", b"Sent", b"Trash")}
_LITERAL = re.compile(rb"\{(\d+)\+?\}\r\n")
_STRING = re.compile(rb'"((?:[^"\\]|\\.)*)"')
_FLAG_KEYS = {b"SEEN", b"FLAGGED", b"ANSWERED", b"DELETED", b"DRAFT"}
_TALK = {
    "ID": b'* ID ("name" "mailboxes")\r\n{tag} OK done\r\n',
    "LOGOUT": b"* BYE bye\r\n{tag} OK done\r\n",
}
_OK = b"OK done"
_NONE = b"NO [NONEXISTENT] none"
_NO_TARGET = b"NO [TRYCREATE] none"

Said = tuple[bytes, bytes]


@dataclass(frozen=True, slots=True)
class Frozen:
    """A store at one moment."""

    boxes: dict[bytes, Box]
    done: Counter[str]


class Mailboxes:
    """Give `server()` to a test's client. Honest answers are made by `reply`; `bent` replaces the answers
    to some verbs for as long as they are in it. `done` counts what was carried out: "append", "copy",
    "move" and "expunge" by message, the rest by command. `about_to` and `has_done` hear of each command
    before and after it had its effect."""

    def __init__(self, folders: Mapping[bytes, Iterable[bytes]]) -> None:
        self.boxes: dict[bytes, Box] = {}
        self.bent: dict[str, Answer] = {}
        self.about_to: Callable[[str], None] = lambda verb: None
        self.has_done: Callable[[str], None] = lambda verb: None
        self.done: Counter[str] = Counter()
        self._usual: dict[str, bytes] = {}
        self._views: dict[int, tuple[bytes, list[int]]] = {}  # connection → folder and UIDs it knows of
        self._lock = RLock()
        for name, sources in folders.items():
            self.boxes[name] = Box()
            for source in sources:
                self.boxes[name].add(source)

    def server(self, bent: Mapping[str, Answer] | None = None, *, capability: bytes = CAPABILITY) -> Scripted:
        """`bent` replaces the answers to some verbs."""
        signed_in = b"{tag} OK [CAPABILITY " + capability + b"] signed in\r\n"
        usual = {"CAPABILITY": b"* CAPABILITY " + capability + b"\r\n{tag} OK done\r\n"}
        self._usual = {"LOGIN": signed_in, "AUTHENTICATE": signed_in, **_TALK, **usual}
        greeting = b"* OK [CAPABILITY " + capability + b"] ready\r\n"
        return Scripted(dict.fromkeys({*self._usual, *_VERBS}, self._answer), greeting=greeting)

    def _answer(self, talk: Talk, command: Command) -> None:
        bent = self.bent.get(command.verb)
        if bent is None:
            self.say(talk, command)
        elif isinstance(bent, bytes):
            talk.send(bent.replace(b"{tag}", command.tag))
        else:
            bent(talk, command)

    def say(self, talk: Talk, command: Command) -> None:
        """The honest answer."""
        if command.verb in self._usual:
            talk.send(self._usual[command.verb].replace(b"{tag}", command.tag))
            return
        if command.verb == "IDLE":
            talk.send(b"+ idling\r\n")
            while talk.line() != b"DONE":
                pass
        talk.send(self.reply(talk, command))

    def reply(self, talk: Talk, command: Command) -> bytes:
        """Carry a command out; the whole answer."""
        with self._lock:
            self.about_to(command.verb)
            lines, status = _VERBS[command.verb](self, talk, command.words)
            pushed = b"" if command.verb == "FETCH" else self._news(talk)
            self.has_done(command.verb)
        return lines + pushed + command.tag + b" " + status + b"\r\n"

    def there(self) -> dict[str, list[str]]:
        """Message-IDs by folder."""
        with self._lock:
            return {
                name.decode(): sorted(mail.message_id for mail in box.mail)
                for name, box in self.boxes.items()
            }

    def frozen(self) -> Frozen:
        """A copy of what there is and what was done."""
        with self._lock:
            return Frozen(deepcopy(self.boxes), Counter(self.done))

    @classmethod
    def thawed(cls, frozen: Frozen) -> "Mailboxes":
        boxes = cls({})
        boxes.boxes, boxes.done = deepcopy(frozen.boxes), Counter(frozen.done)
        return boxes

    # verbs: untagged lines, and what follows the tag

    def _nothing(self, talk: Talk, words: bytes) -> Said:
        del talk, words
        return b"", _OK

    def _list(self, talk: Talk, words: bytes) -> Said:
        del talk
        lines = [b'* LIST (%s) "/" %s\r\n' % (_ROLES.get(name, b""), quoted(name)) for name in self.boxes]
        if b"STATUS" in words:
            lines += [self._counted(name) for name in self.boxes]
        return b"".join(lines), _OK

    def _status(self, talk: Talk, words: bytes) -> Said:
        del talk
        name, _ = _named(words)
        return (self._counted(name), _OK) if name in self.boxes else (b"", _NONE)

    def _counted(self, name: bytes) -> bytes:
        box = self.boxes[name]
        unseen = sum(b"\\Seen" not in mail.flags for mail in box.mail)
        told = (quoted(name), len(box.mail), unseen, box.uidnext, box.validity)
        return b"* STATUS %s (MESSAGES %d UNSEEN %d UIDNEXT %d UIDVALIDITY %d)\r\n" % told

    def _select(self, talk: Talk, words: bytes) -> Said:
        name, _ = _named(words)
        self._views.pop(talk.number, None)
        if name not in self.boxes:
            return b"", _NONE
        box = self.boxes[name]
        self._views[talk.number] = (name, [mail.uid for mail in box.mail])
        lines = (
            b"* %d EXISTS\r\n* OK [UIDVALIDITY %d] ok\r\n* OK [UIDNEXT %d] ok\r\n"
            b"* OK [PERMANENTFLAGS (\\Seen \\Deleted \\*)] ok\r\n"
        ) % (len(box.mail), box.validity, box.uidnext)
        return lines, b"OK [READ-WRITE] done"

    def _unselect(self, talk: Talk, words: bytes) -> Said:
        del words
        self._views.pop(talk.number, None)
        return b"", _OK

    def _fetch(self, talk: Talk, words: bytes) -> Said:
        numbers, _, items = words.partition(b" ")
        mail = self._box(talk).mail
        low, high = ends(numbers, len(mail))
        told = [fetched(n, one, items) for n, one in enumerate(mail, 1) if low <= n <= high]
        return b"".join(told), _OK

    def _uid_fetch(self, talk: Talk, words: bytes) -> Said:
        numbers, _, items = words.partition(b" ")
        box = self._box(talk)
        told = [fetched(box.mail.index(one) + 1, one, items) for one in box.chosen(numbers)]
        return b"".join(told), _OK

    def _search(self, talk: Talk, words: bytes) -> Said:
        words = words.removeprefix(b"RETURN (ALL) ")
        box = self._box(talk)
        found = box.mail
        if words.startswith(b"UID "):
            numbers, _, words = words[4:].partition(b" ")
            found = box.chosen(numbers)
        if words.startswith(b"HEADER MESSAGE-ID "):
            found = [mail for mail in found if mail.message_id.encode() in words]
        elif words in _FLAG_KEYS:
            found = [mail for mail in found if b"\\" + words.capitalize() in mail.flags]
        return b"* SEARCH" + b"".join(b" %d" % mail.uid for mail in found) + b"\r\n", _OK

    def _store(self, talk: Talk, words: bytes) -> Said:
        numbers, item, listed = words.split(b" ", 2)
        flags = set(listed.strip(b"()").split())
        for mail in self._box(talk).chosen(numbers):
            mail.flags = mail.flags | flags if item.startswith(b"+") else mail.flags - flags
        self.done["store"] += 1
        return b"", _OK

    def _copy(self, talk: Talk, words: bytes) -> Said:
        code = self._transfer(talk, words, "copy")
        return b"", b"OK %s copied" % code if code is not None else _NO_TARGET

    def _move(self, talk: Talk, words: bytes) -> Said:
        code = self._transfer(talk, words, "move")
        return (b"* OK %s moved\r\n" % code, _OK) if code is not None else (b"", _NO_TARGET)

    def _transfer(self, talk: Talk, words: bytes, what: str) -> bytes | None:
        """COPYUID; None when there is no such target."""
        numbers, _, rest = words.partition(b" ")
        target = self.boxes.get(_named(rest)[0])
        if target is None:
            return None
        box = self._box(talk)
        taken = box.chosen(numbers)
        made = [target.add(mail.source, mail.flags) for mail in taken]
        self.done[what] += len(taken)
        if what == "move":
            box.mail = [mail for mail in box.mail if mail not in taken]
        uids = b",".join(b"%d" % mail.uid for mail in taken)
        news = b",".join(b"%d" % uid for uid in made)
        return b"[COPYUID %d %s %s]" % (target.validity, uids, news) if taken else b""

    def _expunge(self, talk: Talk, words: bytes) -> Said:
        box = self._box(talk)
        gone = [mail for mail in box.chosen(words) if b"\\Deleted" in mail.flags]
        box.mail = [mail for mail in box.mail if mail not in gone]
        self.done["expunge"] += len(gone)
        return b"", _OK

    def _append(self, talk: Talk, words: bytes) -> Said:
        del talk
        box = self.boxes.get(_named(words)[0])
        if box is None:
            return b"", _NO_TARGET
        about, _, source = words.partition(b"}\r\n")
        flags = re.search(rb"\(([^)]*)\)", about)
        self.done["append"] += 1
        uid = box.add(source, flags[1].split() if flags else ())
        return b"", b"OK [APPENDUID %d %d] stored" % (box.validity, uid)

    def _create(self, talk: Talk, words: bytes) -> Said:
        del talk
        name, _ = _named(words)
        if name in self.boxes:
            return b"", b"NO [ALREADYEXISTS] there"
        self.boxes[name] = Box(validity=8)
        self.done["create"] += 1
        return b"", _OK

    def _rename(self, talk: Talk, words: bytes) -> Said:
        del talk
        old, rest = _named(words)
        if old not in self.boxes:
            return b"", _NONE
        self.boxes[_named(rest)[0]] = self.boxes.pop(old)
        self.done["rename"] += 1
        return b"", _OK

    def _delete(self, talk: Talk, words: bytes) -> Said:
        del talk
        self.done["delete"] += 1
        return b"", _OK if self.boxes.pop(_named(words)[0], None) else _NONE

    # what a connection knows

    def _box(self, talk: Talk) -> Box:
        return self.boxes[self._views[talk.number][0]]

    def _news(self, talk: Talk) -> bytes:
        """EXPUNGE, highest number first, and EXISTS for what this connection does not know of."""
        name, known = self._views.get(talk.number, (b"", []))
        if name not in self.boxes:
            return b""
        now = [mail.uid for mail in self.boxes[name].mail]
        gone = [b"* %d EXPUNGE\r\n" % n for n, uid in enumerate(known, 1) if uid not in now]
        more = [b"* %d EXISTS\r\n" % len(now)] if set(now) - set(known) else []
        self._views[talk.number] = (name, now)
        return b"".join([*reversed(gone), *more])


def quoted(name: bytes) -> bytes:
    return b'"' + name.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


def _named(words: bytes) -> tuple[bytes, bytes]:
    """The first word (atom, quoted string or literal) and what follows it."""
    if literal := _LITERAL.match(words):
        end = literal.end() + int(literal[1])
        return words[literal.end() : end], words[end:].lstrip()
    if string := _STRING.match(words):
        return re.sub(rb"\\(.)", rb"\1", string[1]), words[string.end() :].lstrip()
    name, _, rest = words.partition(b" ")
    return name, rest


_VERBS: dict[str, Callable[[Mailboxes, Talk, bytes], Said]] = {
    "LIST": Mailboxes._list,
    "STATUS": Mailboxes._status,
    "SELECT": Mailboxes._select,
    "EXAMINE": Mailboxes._select,
    "UNSELECT": Mailboxes._unselect,
    "FETCH": Mailboxes._fetch,
    "UID FETCH": Mailboxes._uid_fetch,
    "UID SEARCH": Mailboxes._search,
    "UID STORE": Mailboxes._store,
    "UID COPY": Mailboxes._copy,
    "UID MOVE": Mailboxes._move,
    "UID EXPUNGE": Mailboxes._expunge,
    "APPEND": Mailboxes._append,
    "CREATE": Mailboxes._create,
    "RENAME": Mailboxes._rename,
    "DELETE": Mailboxes._delete,
    "SUBSCRIBE": Mailboxes._nothing,
    "UNSUBSCRIBE": Mailboxes._nothing,
    "NOOP": Mailboxes._nothing,
    "IDLE": Mailboxes._nothing,
}
