"""Text from outside and text from the user at the protocol's borders: nothing becomes a command of its own,
and nothing that the service publishes can harm a terminal."""

import re
from pathlib import Path

import pytest

from mailtui.model.event import ServerSpoke
from mailtui.model.folder import Role
from mailtui.model.intent import (
    ArchiveMessages,
    ChangeFlags,
    CreateFolder,
    Intent,
    RenameFolder,
    SearchServer,
)
from mailtui.model.message import Flag
from mailtui.model.trouble import Trouble
from tests.servers.box import Box
from tests.servers.lies import EVIL
from tests.servers.scripted import Answer, Command, Scripted, Talk
from tests.service.running import Running, message
from tests.service.test_lying_servers import HARMFUL, published
from tests.service.toy import Toy, mailboxes

INJECTED = "x\r\nZ9 DELETE INBOX\r\n"
_VERB = re.compile(rb"M(\d+) (?:UID )?[A-Z]+( |$)")
TEXTS = (
    INJECTED,
    "a\nb",
    "nul\0",
    '") Z9 DELETE INBOX',
    "\\",
    '"',
    "{5}",
    "{5+}\r\nZ9 NOOP",
    "ünïcödé",
    "\x1b]0;x\x07",
    "%",
    "*",
    "(",
    "]",
)


def commands_are_ours(server: Scripted) -> None:
    """Every line that is no part of a literal has the next tag of its connection."""
    last: dict[int, int] = {}
    inside: dict[int, bool] = {}  # a literal was announced: what follows it belongs to the command
    for heard in server.heard:
        continued = inside.get(heard.connection, False)
        inside[heard.connection] = heard.line.endswith(b"}")
        if continued or heard.line == b"DONE":
            continue
        found = _VERB.match(heard.line)
        assert found is not None, heard.line
        assert int(found[1]) == last.get(heard.connection, -1) + 1, heard.line
        last[heard.connection] = int(found[1])
    assert not any(b"Z9" in heard.line.split(b" ", 1)[0] for heard in server.heard)


async def _try(it: Running, intent: Intent) -> None:
    """It may be refused, in words that can be shown."""
    said = ""
    try:
        await it.do(intent)
    except Trouble as trouble:
        said = str(trouble)
    assert not HARMFUL.search(said)


@pytest.mark.parametrize("text", TEXTS)
async def test_what_the_user_types_stays_an_argument(text: str, tmp_path: Path) -> None:
    boxes = mailboxes(2)
    toy = Toy(tmp_path, boxes)
    async with toy as it:
        one = it.named("Number 1").id
        await _try(it, CreateFolder("work", text))
        await _try(it, RenameFolder(it.role(Role.DRAFTS).id, text))
        await _try(it, ChangeFlags((one,), add_keywords=(text,)))
        for words in (f'"{text}"', f"subject:{text}", f'from:"{text}"', text):
            await _try(it, SearchServer("s", words))
        await it.until(lambda: it.waiting()[0] == 0, "nothing waits")
        await it.synchronise()
    commands_are_ours(toy.server)
    assert b"INBOX" in boxes.boxes
    assert len(boxes.boxes[b"INBOX"].mail) == 2


@pytest.mark.parametrize(
    "message_id",
    [
        b"<a\x00b@x>",
        b'<a") Z9 NOOP@x>',
        b"<{5}@x>",
        b"<a\\@x>",
        b"<\xff\xfe@x>",
        b"<a\x1b[2J@x>",
        b"<" + b"a" * 5000 + b">",
    ],
)
async def test_a_message_id_is_only_looked_for(message_id: bytes, tmp_path: Path) -> None:
    """A move whose answer was lost looks for the message by what its sender wrote."""
    boxes = mailboxes(1)
    evil = message(5).replace(b"<m5@example.test>", message_id)
    boxes.boxes[b"INBOX"].add(evil)
    toy = Toy(tmp_path, boxes)

    def lose(talk: Talk, command: Command) -> None:
        del boxes.bent["UID MOVE"]
        boxes.reply(talk, command)
        talk.drop()

    async with toy as it:
        boxes.bent["UID MOVE"] = lose
        await it.do(ArchiveMessages((it.named("Number 5").id,)))
        await it.until(lambda: it.waiting()[0] == 0, "nothing waits")
        assert [mail.source for mail in boxes.boxes[b"Archive"].mail] == [evil]
    commands_are_ours(toy.server)


HOSTILE = (
    b"../../etc/passwd",
    b"/etc/passwd",
    b"a/../b",
    b".",
    b"..",
    b"~/.ssh",
    b"C:\\Windows",
    b"CON",
    b"\x1b]0;owned\x07",
    b"[@click=app.quit]x[/]",
    b"&",
    b"&AAAA-",
    b"&2D3-",
    b"&-&-&",
    b"&!!!-",
    b"&ABs-c",
    b"&IC4-gpj.exe",
    b"raw \xff\xfe",
    "råw".encode(),
    b'quo"te',
    b"'; DROP TABLE folder; --",
    b"%",
    b"*",
    b"42",
    b"NIL",
    b"Sent Items",
    b"x" * 3000,
    b"/".join([b"d"] * 400),
    "👩\u200d👩\u200d👧\u200d👦".encode() * 12,
)


async def test_hostile_folders_are_folders(tmp_path: Path) -> None:
    """All the others are there; what can be opened is opened by the name that it came with."""
    boxes = mailboxes(2)
    for number, name in enumerate(HOSTILE, 100):
        boxes.boxes[name] = Box()
        boxes.boxes[name].add(message(number))
    toy = Toy(tmp_path, boxes, settle=False)
    async with toy as it:
        await it.synchronise()
        folders = it.read(lambda reader: reader.folders("work"))
        assert {"INBOX", "Archive", "Trash", "Sent", "Drafts"} <= {folder.path for folder in folders}
        assert len(folders) >= len(HOSTILE)
        for folder in folders:
            if folder.total:
                assert all(row.folder == folder.id for row in it.rows(folder))
        lost = [(f.path, f.total) for f in folders if not f.total]
        assert sum(folder.total for folder in folders) >= len(HOSTILE), lost
        assert not any(HARMFUL.search(text) for text in published(it.events))
    commands_are_ours(toy.server)
    assert sorted(path.name for path in (tmp_path / "data").iterdir() if path.suffix != ".db-wal") == sorted(
        path.name for path in (tmp_path / "data").iterdir() if path.name.startswith(("mail.db", "parts"))
    )


def _said(text: bytes) -> dict[str, dict[str, Answer]]:
    no = b"{tag} NO " + text + b"\r\n"
    return {
        "an alert": {"UID STORE": b"* OK [ALERT] " + text + b"\r\n{tag} OK done\r\n"},
        "a refused list": {"LIST": no},
        "a refused folder": {"SELECT": no},
        "a refused change": {"UID STORE": no.replace(b"NO ", b"NO [NOPERM] ")},
        "a refused move": {"UID MOVE": no.replace(b"NO ", b"NO [OVERQUOTA] ")},
        "a refused folder to be": {"CREATE": no.replace(b"NO ", b"NO [CANNOT] ")},
        "a refused part": {"UID FETCH": no},
        "a referral": {"SELECT": no.replace(b"NO ", b"NO [REFERRAL imap://attacker.example/] ")},
        "a goodbye": {"SELECT": b"* BYE " + text + b"\r\n"},
    }


@pytest.mark.parametrize("kind", _said(b""))
async def test_what_a_server_says_is_safe_to_show(kind: str, tmp_path: Path) -> None:
    boxes = mailboxes(2)
    toy = Toy(tmp_path, boxes)
    async with toy as it:
        one, two = it.named("Number 1").id, it.named("Number 2").id
        boxes.bent |= _said(EVIL + b"y" * 100_000)[kind]
        await _try(it, ChangeFlags((one,), add=Flag.SEEN))
        await _try(it, ArchiveMessages((two,)))
        await _try(it, CreateFolder("work", "New"))
        await it.synchronise()
        await it.synchronise()
        if kind == "an alert":
            await it.heard(ServerSpoke)
        texts = published(it.events)
        assert [text for text in texts if HARMFUL.search(text)] == []
        assert max(len(text) for text in texts) < 2000
        operations = it.read(lambda reader: reader.operations("work"))
        assert not any(HARMFUL.search(one.trouble) for one in operations)
        boxes.bent.clear()
        await it.synchronise()
