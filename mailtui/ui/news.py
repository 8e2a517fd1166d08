"""What the application does about events: counters, downloads, troubles, passwords."""

from typing import TYPE_CHECKING

from mailtui.model.account import ConnectionState
from mailtui.model.draft import Stage
from mailtui.model.event import (
    ConnectionChanged,
    DraftDiverged,
    Event,
    FolderChanged,
    FoldersChanged,
    KeepChanged,
    LateSending,
    LinkLost,
    NewMail,
    OperationFailed,
    OutboxChanged,
    PartArrived,
    PartFailed,
    PasswordWanted,
    ServerSpoke,
    SyncEnded,
)
from mailtui.model.folder import Folder
from mailtui.model.intent import GivePassword
from mailtui.model.keeping import Keep
from mailtui.store.reading import Reader
from mailtui.ui import later
from mailtui.ui.latest import run_latest
from mailtui.ui.saying import Say
from mailtui.ui.shell import shell
from mailtui.ui.wording import count

if TYPE_CHECKING:
    from mailtui.ui.app import MailtuiApp

PAUSE = 0.05  # seconds in which changes of counters are gathered


class News:
    """Hears every event first; widgets hear it after."""

    def __init__(self, app: "MailtuiApp") -> None:
        self._app = app
        self._stale: set[int] = set()
        self._asking: set[str] = set()
        self._stopped: dict[str, str] = {}  # account → why it waits for the user, once told

    def hear(self, event: Event) -> None:
        app = self._app
        if app.connections.hear(event):
            app.refresh_status()
        self._downloaded(event)
        match event:
            case FolderChanged(folder):
                self._counters(folder)
            case FoldersChanged():
                run_latest(app, "folders", self.read_folders)
            case PasswordWanted(account):
                self._password(account, event)
            case LinkLost():
                self._link_lost(event)
            case KeepChanged(account, folder, keep) if account in app.accounts:
                app.accounts[account] = app.accounts[account].with_keep(folder, Keep.parse(keep))
            case _:
                self._tell(event)
        app.happened.publish(event)

    def _tell(self, event: Event) -> None:
        """The line that an event deserves, if any."""
        app = self._app
        match event:
            case NewMail(folder=folder, messages=messages):
                name = app.folders.get(folder)
                where = f" in {name.name}" if name else ""
                app.say(f"{count(len(messages), 'new message')}{where}", Say.HINT)
            case ConnectionChanged(account, state, reason):
                self._stops(account, state, reason)
            case ServerSpoke(account, text):
                app.trouble(f"{account}: {text}")
            case OperationFailed(_, _, intent, what, advice):
                app.acts.drop(intent)
                app.trouble(what, advice)
            case OutboxChanged(stage=Stage.FAILED, trouble=trouble):
                app.trouble(f"A message was not sent: {trouble}", f"{app.key_of('go-outbox')} shows it.")
            case OutboxChanged(stage=Stage.UNKNOWN):
                app.trouble("Nobody knows whether a message arrived.", f"{app.key_of('go-outbox')} shows it.")
            case OutboxChanged(stage=Stage.DONE, item=item):
                self._sent(item)
            case LateSending(subjects, due):
                later.told(shell(app), subjects, due)
            case DraftDiverged(subject=subject):
                app.trouble(
                    f"The draft “{subject or '(no subject)'}” was changed or removed by another program.",
                    "Your version is kept beside theirs.",
                )
            case SyncEnded(account, trouble) if app.synchronising:
                app.synchronising.discard(account)
                if trouble:
                    app.trouble(f"{account}: {trouble}")
                elif not app.synchronising:
                    app.say("Everything is up to date.")
            case _:
                pass

    def _stops(self, account: str, state: ConnectionState, reason: str) -> None:
        """Say once why an account waits for the user; a password is asked for in words of its own."""
        if state is ConnectionState.ONLINE:
            self._stopped.pop(account, None)
        elif (
            state is ConnectionState.WAITING
            and reason != self._stopped.get(account)
            and account not in self._asking
        ):
            self._stopped[account] = reason
            self._app.trouble(f"{account}: {reason}")

    def _sent(self, ident: int) -> None:
        app, reader = self._app, self._app.readers.here
        found = [one for one in reader.outbox() if one.id == ident] if reader is not None else []
        item = found[0] if found else None
        if item is not None and item.held > app.clock():
            app.say(f"The server has it and holds it; it {later.leaves(item.held, app.clock())}.")
        elif item is not None and item.refused:
            app.trouble(
                f"Sent, but not to {', '.join(item.refused)}.", f"{app.key_of('go-outbox')} shows why."
            )
        else:
            app.say("Sent.")

    # folders

    def _counters(self, folder: int) -> None:
        if not self._stale:
            self._app.set_timer(PAUSE, self._recount)
        self._stale.add(folder)

    def _recount(self) -> None:
        reader, stale = self._app.readers.here, self._stale
        self._stale = set()
        if reader is None:
            return
        changed = False
        for ident in stale:
            folder = reader.folder(ident)
            changed = (folder is not None and self._app.folders.patch(folder)) or changed
        if changed:
            self._app.folders_changed()

    async def read_folders(self) -> None:
        self._replace(await self._app.readers.run(_folders))

    def read_folders_now(self) -> None:
        """Before the first frame there is nobody to wait."""
        reader = self._app.readers.here
        if reader is not None:
            self._app.folders.replace(reader.folders())

    def _replace(self, folders: list[Folder]) -> None:
        self._app.folders.replace(folders)
        self._app.folders_changed()

    # the rest

    def _downloaded(self, event: Event) -> None:
        app = self._app
        ended = app.downloads.hear(event)
        if ended is None:
            return
        if isinstance(event, PartArrived):
            for download in ended:
                app.run_soon(download.then(event.path))
        elif isinstance(event, PartFailed):
            app.trouble(event.what, event.advice)
        app.refresh_status()

    def _password(self, account: str, wanted: PasswordWanted) -> None:
        if account not in self._asking:
            self._asking.add(account)
            self._app.run_worker(self._ask_password(account, wanted))

    async def _ask_password(self, account: str, wanted: PasswordWanted) -> None:
        from mailtui.ui.screens.prompts import PasswordScreen

        app, known = self._app, self._app.accounts.get(account)
        address, server = (known.imap.user, known.imap.host) if known else (account, "")
        screen = PasswordScreen(account, address, server, wanted.reason, keepable=wanted.keepable)
        try:
            given = await app.push_screen_wait(screen)
        finally:
            self._asking.discard(account)
        if given is not None:
            app.wish(GivePassword(account, given.password, given.remember))
        else:
            app.say(f"{account} stays offline without its password.", Say.HINT)

    def _link_lost(self, event: LinkLost) -> None:
        app = self._app
        if not event.restarted:
            app.connections.lost()
            app.refresh_status()
            app.trouble(
                event.what or "The account service stopped.", f"{app.key_of('synchronise')} tries again."
            )
        run_latest(app, "folders", self.read_folders)


def _folders(reader: Reader) -> list[Folder]:
    return reader.folders()
