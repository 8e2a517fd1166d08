"""Our account service and a plain client on one mailbox, a link that fails between ours and the server,
and what each side can be seen to have."""

import asyncio
import contextlib
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from imaplib import IMAP4
from pathlib import Path
from typing import Any, TypeVar

from mailtui.model.account import Account
from mailtui.model.event import OperationFailed
from mailtui.model.folder import Folder
from mailtui.model.intent import DiscardOperations, Intent, SetOnline
from mailtui.model.message import Flag, Summary
from mailtui.model.operation import Operation, OperationState
from mailtui.model.trouble import Trouble
from tests.servers.dovecot import Dovecot, User
from tests.servers.proxy import Proxy
from tests.service.running import Running, account_of

_T = TypeVar("_T")
_LISTED = re.compile(rb'\(([^)]*)\) "/" "?([^"]*)"?$')
_PATIENCE = 40.0  # seconds until both sides must agree

Place = Counter[tuple[str, frozenset[str]]]  # Message-ID and flags of what is in a folder


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as the plain client sees it."""

    folder: str
    uid: int
    mid: str
    flags: frozenset[str]


class Other:
    """The plain client. Everything it does has happened on the server when it returns, or could not
    happen because somebody else was quicker."""

    def __init__(self, connect: Callable[[], IMAP4]) -> None:
        self._connect = connect
        self._client = connect()

    def close(self) -> None:
        with contextlib.suppress(OSError, IMAP4.error):
            self._client.logout()

    def folders(self) -> list[str]:
        lines = self._told(lambda client: client.list()[1])
        found = [_LISTED.search(line) for line in lines if isinstance(line, bytes)]
        return [one[2].decode() for one in found if one is not None and b"\\Noselect" not in one[1].split()]

    def messages(self) -> list[Seen]:
        return [seen for folder in self.folders() for seen in self.inside(folder)]

    def inside(self, folder: str) -> list[Seen]:
        def ask(client: IMAP4) -> list[Any]:
            if client.select(f'"{folder}"', readonly=True)[0] != "OK":
                return []
            return client.uid("FETCH", "1:*", "(UID FLAGS BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])")[1]

        return [_seen(folder, one[0], one[1]) for one in self._told(ask) if isinstance(one, tuple)]

    def deliver(self, folder: str, source: bytes) -> bool:
        return self._told(lambda client: [client.append(f'"{folder}"', "", "", source)[0]]) == ["OK"]

    def flag(self, seen: Seen, flag: str, *, on: bool) -> None:
        self._inside(seen, "STORE", "+FLAGS.SILENT" if on else "-FLAGS.SILENT", f"({flag})")

    def move(self, seen: Seen, folder: str) -> None:
        self._inside(seen, "MOVE", f'"{folder}"')

    def copy(self, seen: Seen, folder: str) -> None:
        self._inside(seen, "COPY", f'"{folder}"')

    def expunge(self, seen: Seen) -> None:
        self._inside(seen, "STORE", "+FLAGS.SILENT", "(\\Deleted)")
        self._inside(seen, "EXPUNGE")

    def create(self, folder: str) -> None:
        self._told(lambda client: list(client.create(f'"{folder}"')))

    def rename(self, folder: str, to: str) -> None:
        self._leave()
        self._told(lambda client: list(client.rename(f'"{folder}"', f'"{to}"')))

    def delete(self, folder: str) -> None:
        self._leave()
        self._told(lambda client: list(client.delete(f'"{folder}"')))

    def _inside(self, seen: Seen, command: str, *words: str) -> None:
        def act(client: IMAP4) -> list[Any]:
            if client.select(f'"{seen.folder}"')[0] != "OK":
                return []
            return list(client.uid(command, str(seen.uid), *words))

        self._told(act)

    def _leave(self) -> None:
        if self._client.state == "SELECTED":
            self._told(lambda client: list(client.unselect()))

    def _told(self, act: Callable[[IMAP4], list[Any]]) -> list[Any]:
        """The server ends a connection whose folder was deleted: make another one and go on."""
        try:
            return act(self._client)
        except IMAP4.abort:
            self._client = self._connect()
            return act(self._client)


def _seen(folder: str, said: bytes, header: bytes) -> Seen:
    uid = re.search(rb"UID (\d+)", said)
    flags = re.search(rb"FLAGS \(([^)]*)\)", said)
    assert uid is not None
    assert flags is not None
    kept = frozenset(flags[1].decode().split()) - {"\\Recent"}
    return Seen(folder, int(uid[1]), header.partition(b":")[2].strip().decode(), kept)


class Ours:
    """The account service behind the link, on a loop in a thread of its own."""

    def __init__(self, root: Path, account: Account) -> None:
        self._root, self._account = root, account
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.failed: list[OperationFailed] = []
        self.running = self._start(settle=True)

    def _start(self, *, settle: bool) -> Running:
        running = Running(self._root, self._account, settle=settle)
        return self._await(running.__aenter__())

    def _await(self, work: Coroutine[Any, Any, _T]) -> _T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(120)

    def stop(self) -> None:
        self._await(self.running.client.close())
        self._await(self.running.service.stop(0.3))
        self._collect()

    def restart(self) -> None:
        self.stop()
        self.running = self._start(settle=False)

    def close(self) -> None:
        self.stop()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def _collect(self) -> None:
        self.failed += [one for one in self.running.events if isinstance(one, OperationFailed)]

    def do(self, intent: Intent) -> str | None:
        """The intent's id; None when it was refused."""
        try:
            return self._await(self.running.do(intent))
        except Trouble:
            return None

    def synchronise(self) -> None:
        self._await(self.running.synchronise())

    def online(self, on: bool) -> None:
        self.do(SetOnline("work", on))

    def folders(self) -> list[Folder]:
        return self.running.read(lambda reader: reader.folders("work"))

    def rows(self) -> list[Summary]:
        """Everything that is shown, folder by folder."""
        return self.running.read(
            lambda reader: [
                row for folder in reader.folders("work") for row in reader.window(folder.id, 10_000)
            ]
        )

    def mid(self, row: int) -> str:
        message = self.running.read(lambda reader: reader.message(row))
        return message.header.message_id if message is not None else ""

    def operations(self) -> list[Operation]:
        """All that are remembered, finished or not."""
        return self.running.read(lambda reader: reader.operations("work", tuple(OperationState)))

    def waiting(self) -> int:
        return self.running.waiting()[0]

    def give_parked_up(self) -> set[str]:
        """Ids of the intents whose operations were parked; those are given up."""
        parked = self.running.read(lambda reader: reader.operations("work", (OperationState.PARKED,)))
        if parked:
            self.do(DiscardOperations(tuple(one.id for one in parked)))
        return {one.intent for one in parked}

    def reported(self) -> set[str]:
        """Ids of the intents that were reported as failed so far."""
        told = [one for one in self.running.events if isinstance(one, OperationFailed)]
        return {one.intent for one in [*self.failed, *told]}


class Sides:
    """Both clients and the link."""

    def __init__(self, server: Dovecot, user: User, root: Path) -> None:
        self.link = Proxy(server.imap)
        self.link.__enter__()
        account = account_of(server, user)
        self.other = Other(lambda: server.other_client(user))
        self.ours = Ours(root, replace(account, imap=replace(account.imap, port=self.link.port)))

    def close(self) -> None:
        self.up()
        self.ours.close()
        self.other.close()
        self.link.__exit__(None, None, None)

    # the link

    def down(self) -> None:
        """No network: what is open breaks, what is tried anew breaks at once."""
        self.link.cut_after = 0
        self.link.resume()
        self.link.cut()

    def up(self) -> None:
        self.link.cut_after = None
        self.link.resume()

    # agreement

    def agree(self) -> set[str]:
        """Let everything come to rest and both sides be equal. Returns the intents given up on the way.
        Raises AssertionError with the difference."""
        self.up()
        self.ours.online(True)
        given_up: set[str] = set()
        end = time.monotonic() + _PATIENCE
        while True:
            self.ours.synchronise()
            given_up |= self.ours.give_parked_up()
            if not self.ours.waiting():
                difference = self.difference()
                if not difference:
                    return given_up
            else:
                difference = f"these still wait: {self.ours.operations()}"
            if time.monotonic() > end:
                raise AssertionError(difference)

    def difference(self) -> str:
        """How the local copy differs from the server, "" if it does not."""
        there = {folder: self.other.inside(folder) for folder in self.other.folders()}
        here = {folder.path: folder for folder in self.ours.folders() if folder.selectable}
        if there.keys() != here.keys():
            return f"folders: there {sorted(there)}, here {sorted(here)}"
        return "".join(self._unlike(folder, there[folder.path]) for folder in here.values())

    def _unlike(self, folder: Folder, there: list[Seen]) -> str:
        shown = self.ours.running.read(lambda reader: reader.window(folder.id, 10_000))
        here: Place = Counter((self.ours.mid(row.id), words_of(row)) for row in shown)
        wanted: Place = Counter((seen.mid, seen.flags) for seen in there)
        if here != wanted:
            return f"\n{folder.path}: there {dict(wanted - here)}, here {dict(here - wanted)}"
        counted = (folder.total, folder.unread)
        real = (len(there), sum("\\Seen" not in seen.flags for seen in there))
        return "" if counted == real else f"\n{folder.path}: counted {counted}, in truth {real}"


def words_of(row: Summary) -> frozenset[str]:
    """The flags and keywords of a row in the protocol's words."""
    flags = {"\\" + one.name.capitalize() for one in Flag if one in row.flags and one.name}
    return frozenset(flags | set(row.keywords))
