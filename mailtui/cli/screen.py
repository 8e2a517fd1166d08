"""`mailtui`: open the screen. The only place of this room from which Textual is imported, and only after
it is certain that there is something to show and a terminal to show it on."""

import gc
import os
import shutil
import sys
import time
from argparse import ArgumentParser, Namespace
from dataclasses import replace
from typing import TYPE_CHECKING

from mailtui.cli import crash, status
from mailtui.cli.commands import COMMANDS
from mailtui.cli.printing import say
from mailtui.cli.profile import accounts_meant, settings_of
from mailtui.cli.usage import Usage
from mailtui.config.checking import did_you_mean
from mailtui.config.paths import Paths, ensure
from mailtui.config.settings import NoSettings, Settings

if TYPE_CHECKING:
    from mailtui.link.client import Client

_FIRST_STEPS = """\
There is no mail account yet.
  mailtui account add   sets yours up
  mailtui --demo        shows you around with sample mail"""


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("mailto", metavar="mailto:ADDRESS", nargs="?")
    parser.add_argument("-a", "--account", metavar="NAME")
    parser.add_argument("--demo", action="store_true")


def run(options: Namespace, paths: Paths) -> int:
    if options.mailto is not None and not options.mailto.lower().startswith("mailto:"):
        hint = did_you_mean(options.mailto, [name for name, command in COMMANDS.items() if command.shown])
        raise Usage(f'There is no command "{options.mailto}". {hint or "See: mailtui --help"}')
    if options.demo:
        from mailtui.cli.demo import run_demo

        check_terminal()
        return run_demo(mailto=options.mailto, account=options.account)
    try:
        settings = settings_of(paths)
    except NoSettings as error:
        raise NoSettings(_FIRST_STEPS) from error
    check_terminal()
    return open_screen(begin_with(settings, options.account), paths, mailto=options.mailto)


def begin_with(settings: Settings, account: str | None) -> Settings:
    """The settings with that account first, which is where the screen begins."""
    first = accounts_meant(settings, account)
    rest = [one for one in settings.accounts if one not in first]
    return replace(settings, accounts=(*first, *rest))


def check_terminal() -> None:
    """Raises Usage where a screen can't be shown: Textual draws on stderr and reads keys from stdin."""
    if os.environ.get("TERM", "dumb") in ("dumb", "unknown", ""):
        raise Usage('This terminal can\'t show a screen (TERM is "dumb"); "mailtui list" works here.')
    if not (sys.stderr.isatty() and sys.stdin.isatty()):
        raise Usage('The screen needs a terminal for its keys and its picture; "mailtui list" needs none.')


def open_screen(settings: Settings, paths: Paths, *, mailto: str | None = None, goes_on: bool = True) -> int:
    """Run the screen on a profile until it is closed. Returns the exit status. `goes_on`: the service
    may outlive the screen, which then says what is still to be done."""
    crash.install(paths)
    ensure(paths)
    from mailtui.ui import splash

    gc.disable()  # until the first frame, when the screen enables it: much comes to stay, nothing goes
    keys, size = [account.key for account in settings.accounts], shutil.get_terminal_size()
    painted = splash.paint(paths.store, keys, (size.columns, size.lines), time.time, sys.stderr)
    try:
        from mailtui.ui.app import MailtuiApp
        from mailtui.ui.connections import farewell
    except BaseException:
        if painted:
            splash.wipe(sys.stderr)
        raise

    async def connect() -> "Client":
        from mailtui.link.client import connect as connect_link
        from mailtui.link.starting import service_command, starter

        command = service_command(paths.config, paths.data, paths.state, paths.runtime)
        return await connect_link(paths.socket, starter(command))

    app = MailtuiApp(settings, paths.store, connect, mailto=mailto, painted=painted)
    app.run()
    # Textual keeps the error that ended it to itself; the screen has told the user, this is the file.
    error = app._exception
    if error is not None:
        crash.report(error, paths)
        return status.SOFTWARE
    if goes_on and (waits := farewell(app.connections)):
        say(waits)
    return app.return_code or status.OK
