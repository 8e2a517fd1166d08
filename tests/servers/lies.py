"""What a mail store in memory can be made to say that no real server says."""

import re
from collections.abc import Callable, Mapping

from tests.servers.mailboxes import Mailboxes
from tests.servers.scripted import Answer, Command, Talk

EVIL = b"\x1b]0;owned\x07\x1b[2J\x1b[6n\xc2\x9b31m [link=http://evil]login NOW[/] \xe2\x80\xaegpj.exe"
_ROWS = re.compile(rb"(?=\* \d+ FETCH \()")
_FETCHES = ("UID FETCH", "FETCH")

Lie = Callable[[Mailboxes], Mapping[str, Answer]]


def changed(change: Callable[[bytes], bytes], *verbs: str) -> Lie:
    """The honest answer, changed."""

    def lie(boxes: Mailboxes) -> Mapping[str, Answer]:
        def say(talk: Talk, command: Command) -> None:
            talk.send(change(boxes.reply(talk, command)))

        return dict.fromkeys(verbs, say)

    return lie


def fetches(change: Callable[[bytes], bytes]) -> Lie:
    return changed(change, *_FETCHES)


def swapped(old: bytes, new: bytes, *verbs: str) -> Lie:
    """The honest answer with every match of a pattern replaced."""
    return changed(lambda data: re.sub(old, lambda _: new, data), *(verbs or _FETCHES))


def before(more: bytes, *verbs: str) -> Lie:
    """Something said before the honest answer."""
    return changed(lambda data: more + data, *(verbs or _FETCHES))


def instead(answer: Answer, *verbs: str) -> Lie:
    return lambda boxes: dict.fromkeys(verbs or _FETCHES, answer)


def reversed_rows(data: bytes) -> bytes:
    *rows, last = _ROWS.split(data)
    row, end, tagged = last.rpartition(b")\r\n")
    return b"".join(reversed([*rows, row + end])) + tagged


def between_rows(more: bytes) -> Callable[[bytes], bytes]:
    return lambda data: _ROWS.sub(lambda _: more, data, count=2)


def sized(by: int) -> Callable[[bytes], bytes]:
    """Literals said to be longer or shorter than they are."""
    return lambda data: re.sub(rb"\{(\d+)\}", lambda found: b"{%d}" % (int(found[1]) + by), data)


def endless(line: bytes) -> Answer:
    def say(talk: Talk, command: Command) -> None:
        del command
        while not talk.server.ended.is_set():
            talk.send(line * 500)

    return say


def half(end: Callable[[Talk], None]) -> Lie:
    """Half of the honest answer, and then `end`."""

    def lie(boxes: Mailboxes) -> Mapping[str, Answer]:
        def say(talk: Talk, command: Command) -> None:
            whole = boxes.reply(talk, command)
            talk.send(whole[: len(whole) // 2])
            end(talk)

        return dict.fromkeys(_FETCHES, say)

    return lie


def drip(boxes: Mailboxes) -> Mapping[str, Answer]:
    def say(talk: Talk, command: Command) -> None:
        talk.send_in_pieces(boxes.reply(talk, command), 1, 0.05)

    return dict.fromkeys(_FETCHES, say)


def restless(boxes: Mailboxes) -> Mapping[str, Answer]:
    """Another UIDVALIDITY at each SELECT."""

    def say(talk: Talk, command: Command) -> None:
        for box in boxes.boxes.values():
            box.validity += 1
        talk.send(boxes.reply(talk, command))

    return {"SELECT": say}


def every_third_drops(boxes: Mailboxes) -> Mapping[str, Answer]:
    count = 0

    def say(talk: Talk, command: Command) -> None:
        nonlocal count
        count += 1
        if count % 3 == 0:
            talk.drop()
        boxes.say(talk, command)

    return dict.fromkeys(("LIST", "SELECT", "UID FETCH", "FETCH", "UID SEARCH", "NOOP"), say)


def stranger(number: int, uid: int) -> bytes:
    """A row that nobody asked for."""
    header = b"Subject: Number %d\r\nMessage-ID: <m%d@example.test>\r\n\r\n" % (number, number)
    return (
        b"* 3 FETCH (UID %d FLAGS () RFC822.SIZE 99 "
        b'INTERNALDATE "05-Oct-2026 10:00:00 +0000" BODYSTRUCTURE ("TEXT" "PLAIN" NIL NIL NIL "7BIT" 5 1) '
        b"BODY[HEADER.FIELDS (SUBJECT)] {%d}\r\n%s)\r\n" % (uid, len(header), header)
    )


_STRUCTURE = rb"BODYSTRUCTURE \(.*?\d+ \d+\)"
_SHOWN = rb"\* 6 EXISTS"
_NEXT = rb"UIDNEXT 7"

FOLDER_LIES: Mapping[str, Lie] = {
    "EXISTS is huge": swapped(_SHOWN, b"* 4294967295 EXISTS", "SELECT"),
    "EXISTS is too large": swapped(_SHOWN, b"* 9 EXISTS", "SELECT"),
    "EXISTS is too small": swapped(_SHOWN, b"* 2 EXISTS", "SELECT"),
    "EXISTS shrinks without EXPUNGE": before(b"* 2 EXISTS\r\n"),
    "EXISTS is no number": before(b"* 99999999999999999999 EXISTS\r\n"),
    "UIDNEXT goes back": swapped(_NEXT, b"UIDNEXT 1", "SELECT", "LIST"),
    "UIDNEXT is at the end": swapped(_NEXT, b"UIDNEXT 4294967295", "SELECT", "LIST"),
    "UIDNEXT is beyond the end": swapped(_NEXT, b"UIDNEXT 99999999999999999999", "SELECT", "LIST"),
    "UIDVALIDITY changes at each SELECT": restless,
    "UIDVALIDITY is nothing": swapped(rb"\* OK \[UIDVALIDITY \d+\] ok\r\n", b"", "SELECT"),
    "STATUS counts wrongly": swapped(rb"MESSAGES 6", b"MESSAGES 5", "LIST"),
    "SELECT is refused": instead(b"{tag} NO [UNAVAILABLE] later\r\n", "SELECT"),
    "SELECT ends it": instead(b"* BYE " + EVIL + b"\r\n", "SELECT"),
    "LIST is empty": instead(b"{tag} OK done\r\n", "LIST"),
    "an alert is evil": before(b"* OK [ALERT] " + EVIL + b"\r\n", "SELECT", "NOOP"),
    "zero is a number": before(b"* 0 EXPUNGE\r\n* 0 FETCH (FLAGS (\\Deleted))\r\n"),
}

ROW_LIES: Mapping[str, Lie] = {
    "rows come in any order": fetches(reversed_rows),
    "a UID is used twice": swapped(rb"UID 3 ", b"UID 2 "),
    "a row has another's UID": swapped(rb"UID 3 ", b"UID 20 "),
    "two rows change places": fetches(
        lambda data: (
            data.replace(b"UID 2 ", b"UID # ").replace(b"UID 3 ", b"UID 2 ").replace(b"UID # ", b"UID 3 ")
        )
    ),
    "a row has no UID": swapped(rb"UID 3 ", b""),
    "a row was not asked for": before(stranger(77, 3000)),
    "there are no rows": instead(b"{tag} OK done\r\n"),
    "EXPUNGE between rows": fetches(between_rows(b"* 1 EXPUNGE\r\n")),
    "flags are evil": swapped(rb"FLAGS \(\)", b"FLAGS (" + EVIL.replace(b" ", b"") + b' "x {3} \\Seen)'),
    "flags without end": swapped(rb"FLAGS \(\)", b"FLAGS (" + b"k " * 20_000 + b")"),
    "a structure that is deep": swapped(_STRUCTURE, b"BODYSTRUCTURE " + b"(" * 5000 + b")" * 5000),
    "a structure that does not end": swapped(_STRUCTURE, b"BODYSTRUCTURE ((((("),
    "a structure that is none": swapped(_STRUCTURE, b"BODYSTRUCTURE NIL"),
    "NUL in the header": swapped(rb"Subject: Number", b"Subject\0 Number"),
    "literals are too long": fetches(sized(5)),
    "literals are too short": fetches(sized(-3)),
    "a literal is huge": swapped(rb"\{\d+\}", b"{4294967295}"),
    "a literal has no end": swapped(rb"\{\d+\}", b"{99999999999999999999}"),
    "a literal is negative": swapped(rb"\{\d+\}", b"{-1}"),
    "literals of nothing": before(b"* 1 FETCH (" + b"X {0}\r\n " * 20_000 + b")\r\n"),
}

STREAM_LIES: Mapping[str, Lie] = {
    "another tag": swapped(rb"\r\n[A-Z]+\d+ OK", b"\r\nZ99 OK"),
    "a tag of the future": before(b"Z99999 OK done\r\n"),
    "untagged lines without end": instead(endless(b"* OK still there\r\n")),
    "EXISTS without end": instead(endless(b"* 6 EXISTS\r\n")),
    "a line without end": instead(endless(b"* OK" + b"x" * 100)),
    "a drip": drip,
    "silence in the middle": half(lambda talk: talk.stall()),
    "a cut in the middle": half(lambda talk: talk.drop()),
    "a reset in the middle": half(lambda talk: talk.reset()),
    "every third command is cut": every_third_drops,
    "a search finds millions": lambda boxes: {
        **swapped(_SHOWN, b"* 9 EXISTS", "SELECT")(boxes),
        "UID SEARCH": b"* SEARCH" + b" 4000000" * 200_000 + b"\r\n{tag} OK done\r\n",
    },
    "IDLE is flooded": instead(endless(b"* 6 EXISTS\r\n"), "IDLE"),
    "IDLE is cut": instead(lambda talk, command: talk.drop(), "IDLE"),
    "IDLE never begins": instead(lambda talk, command: talk.stall(), "IDLE"),
}
