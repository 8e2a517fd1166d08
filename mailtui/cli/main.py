"""From the words of the command line to a command and its exit status. Loads only what `--version` and
`--help` need; a command's own imports are its own business."""

import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING

from mailtui import __version__
from mailtui.cli import status
from mailtui.cli.commands import COMMANDS, SCREEN, Command
from mailtui.cli.usage import Parser, Usage, top_help
from mailtui.config.paths import Paths
from mailtui.model.trouble import Trouble

if TYPE_CHECKING:
    from mailtui.cli.commands import Runnable


def run(arguments: Sequence[str]) -> int:
    """Do what `arguments` (without the program's name) ask for; return the exit status."""
    try:
        return _run(arguments)
    finally:
        _flush()


def _run(arguments: Sequence[str]) -> int:
    paths = Paths.from_environment(os.environ)
    command = COMMANDS.get(arguments[0], SCREEN) if arguments else SCREEN
    words = arguments if command is SCREEN else arguments[1:]
    if command is SCREEN and _asks(words, "--version"):
        print(f"mailtui {__version__}")
        return status.OK
    if command is SCREEN and _asks(words, "--help", "-h"):
        print(top_help(str(paths.settings)), end="")
        return status.OK
    return _guarded(command, words, paths)


def _guarded(command: Command, words: Sequence[str], paths: Paths) -> int:
    """Run the command; what is expected to go wrong becomes a sentence and a status."""
    from mailtui.cli.crash import report
    from mailtui.cli.printing import complain

    try:
        module = command.load()
        return module.run(_options(command, module, words), paths)
    except Usage as error:
        complain(str(error))
        return status.USAGE
    except Trouble as trouble:
        complain(str(trouble))
        return status.status_of(trouble)
    except BrokenPipeError:
        return status.OK  # whoever read our output has seen enough
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # noqa: BLE001 - the last stop: a crash report instead of a traceback
        report(error, paths)
        return status.SOFTWARE


def _flush() -> None:
    """Say what is left to say. To a reader or a terminal that has gone nothing can be said any more, and
    Python must not try again at its end: that would be the exit status."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _options(command: Command, module: "Runnable", words: Sequence[str]) -> Namespace:
    name = f"mailtui {command.name}".strip()
    parser = Parser(name, f"{command.summary[:1].upper()}{command.summary[1:]}.", add_help=bool(command.name))
    module.arguments(parser)
    return parser.parse_args(list(words))


def _asks(words: Sequence[str], *options: str) -> bool:
    before = words[: words.index("--")] if "--" in words else words
    return any(option in before for option in options)
