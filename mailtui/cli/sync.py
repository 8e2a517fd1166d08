"""`mailtui sync`: bring everything up to date, then end."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from dataclasses import dataclass, field

from mailtui.cli import printing, status
from mailtui.cli.front import Front, complete, front
from mailtui.cli.passwords import answer, no_password
from mailtui.cli.profile import accounts_meant, settings_of
from mailtui.config.paths import Paths
from mailtui.config.settings import Settings
from mailtui.model.account import ConnectionState
from mailtui.model.event import (
    ConnectionChanged,
    Event,
    KeptChanged,
    LinkLost,
    PasswordWanted,
    QueueChanged,
    ServerSpoke,
    SyncEnded,
    SyncProgressed,
)
from mailtui.model.intent import Synchronise
from mailtui.model.trouble import ServerBusy, SignInRefused, Trouble, Unreachable

_QUIET = 1.0  # seconds without an event before the store is looked at again
_PATIENCE = 120  # such looks in a row without anything new
_ASKED = 3  # times that a password is asked for
_AWAY = 20  # such looks in a row while there is no connection


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("-a", "--account", metavar="NAME", help="only this account")
    parser.add_argument("-q", "--quiet", action="store_true", help="say nothing unless something fails")


def run(options: Namespace, paths: Paths) -> int:
    settings = settings_of(paths)
    accounts = accounts_meant(settings, options.account)
    keys = [account.key for account in accounts]
    talk = not options.quiet and sys.stderr.isatty()

    async def work() -> dict[str, Trouble | None]:
        async with front(paths) as link:
            return await _Sync(link, paths, keys, settings, talk=talk).run(whole=True)

    worst = status.OK
    for key, trouble in complete(work).items():
        if trouble is not None:
            printing.complain(f"{key}: {trouble}")
            worst = worst or status.status_of(trouble)
    return worst


def bring_in(paths: Paths, settings: Settings, keys: Sequence[str]) -> dict[str, Trouble]:
    """Let the newest messages of every folder come into the local copy. What went wrong, by account."""

    async def work() -> dict[str, Trouble | None]:
        async with front(paths) as link:
            return await _Sync(link, paths, keys, settings, talk=sys.stderr.isatty()).run(whole=False)

    return {key: trouble for key, trouble in complete(work).items() if trouble is not None}


@dataclass(slots=True)
class _Account:
    state: ConnectionState = ConnectionState.OFFLINE
    reason: str = ""
    waiting: int = 0
    asked: int = 0
    away: int = 0


@dataclass(slots=True)
class _Sync:
    """One run over some accounts. `run` gives for each what went wrong, None when nothing did."""

    front: Front
    paths: Paths
    keys: Sequence[str]
    settings: Settings
    talk: bool
    accounts: dict[str, _Account] = field(default_factory=dict)
    ended: dict[str, Trouble | None] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)  # accounts of which all is here that is to be kept here

    async def run(self, *, whole: bool) -> dict[str, Trouble | None]:
        """`whole`: also wait for the oldest messages, for what is to be kept here of texts and attachments,
        and until nothing of ours waits to be done."""
        self.accounts = {key: _Account() for key in self.keys}
        for key in self.keys:
            await self.front.submit(Synchronise(key))
        while len(self.ended) < len(self.keys):
            event = await self.front.event(_QUIET)
            await self._heed(event)
            if event is None:
                self._count_the_offline()
        if whole:
            await self._until_complete()
        self._progress("")
        return {key: self.ended[key] for key in self.keys}

    async def _heed(self, event: Event | None) -> None:
        account = self.accounts.get(getattr(event, "account", ""))
        match event:
            case LinkLost():
                for key in self.keys:
                    if key not in self.ended:
                        await self.front.submit(Synchronise(key))
            case ServerSpoke(key, text) if account:
                printing.complain(f"{key}: the server says: {text}")
            case PasswordWanted() as wanted if account:
                await self._password(wanted, account)
            case ConnectionChanged(_, state, reason) if account:
                account.state, account.reason = state, reason
            case QueueChanged(_, waiting, _) if account:
                account.waiting = waiting
            case SyncProgressed(key, _, done, total) if account:
                self._progress(f"{key}: {done:,} of {total:,} messages")
            case KeptChanged(key, complete=True) if account:
                self.kept.add(key)
            case SyncEnded(key, trouble) if account and key not in self.ended:
                self.kept.discard(key)  # it is told anew after each round
                self.ended[key] = _trouble(trouble, account) if trouble else None
            case _:
                pass

    def _count_the_offline(self) -> None:
        """A service that goes on trying is no reason to wait for ever."""
        for key, account in self.accounts.items():
            away = account.state is ConnectionState.OFFLINE and account.reason
            account.away = account.away + 1 if away else 0
            if account.away >= _AWAY and key not in self.ended:
                self.ended[key] = Unreachable(account.reason)

    async def _password(self, wanted: PasswordWanted, account: _Account) -> None:
        account.asked += 1
        if account.asked <= _ASKED and await answer(self.front, wanted, self.settings):
            self.ended.pop(wanted.account, None)
            await self.front.submit(Synchronise(wanted.account))
        else:
            self.ended[wanted.account] = no_password(wanted)

    async def _until_complete(self) -> None:
        """Events tell that something came; whether anything is lacking, only the store tells."""
        looks = 0
        while looks < _PATIENCE:
            open_keys = [key for key in self.keys if self.ended[key] is None and not self._complete(key)]
            if not open_keys:
                return
            event = await self.front.event(_QUIET)
            looks = looks + 1 if event is None else 0
            await self._heed(event)
            for key in open_keys:
                account = self.accounts[key]
                if account.state in (ConnectionState.OFFLINE, ConnectionState.WAITING) and account.reason:
                    self.ended[key] = _trouble(account.reason, account)
        for key in self.keys:
            self.ended[key] = self.ended[key] or ServerBusy(
                "Not everything came in time.", "Try again later."
            )

    def _complete(self, key: str) -> bool:
        from mailtui.store.reading import Reader

        if self.accounts[key].waiting or key not in self.kept:
            return False
        with Reader(self.paths.store) as reader:
            return all(folder.complete or not folder.selectable for folder in reader.folders(key))

    def _progress(self, text: str) -> None:
        if self.talk:
            print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


def _trouble(text: str, account: _Account) -> Trouble:
    """The service tells a sentence; which kind it is shows in what the connection does next."""
    if account.state is ConnectionState.WAITING:
        return SignInRefused(text)
    return Unreachable(text)
