"""The words of `--help` and the parser whose errors are ours: one sentence, exit status 64."""

import argparse
from typing import NoReturn

from mailtui.cli.commands import COMMANDS

_HELP = """\
mailtui - your mail in the terminal, live from where it lives

  mailtui                  open your mail
  mailtui --demo           try it with sample mail; touches nothing of yours
  mailtui mailto:ADDRESS   open it and write to someone

Commands
{commands}
  mailtui COMMAND --help tells what each one takes.

Options
  -a, --account NAME       begin with this account
      --demo               sample mail on servers of its own, gone on exit
      --version            print the version
  -h, --help               print this

Settings  {settings}
Exit      0 done, 64 usage, 65 bad message, 66 no such file, 69 unreachable,
          75 try later, 77 refused, 78 settings
"""


class Usage(Exception):
    """The command line makes no sense. The text is one sentence."""


class Parser(argparse.ArgumentParser):
    """argparse without abbreviations, and with errors raised rather than printed."""

    def __init__(self, prog: str, description: str = "", *, add_help: bool = True) -> None:
        super().__init__(prog=prog, description=description, allow_abbrev=False, add_help=add_help)

    def error(self, message: str) -> NoReturn:
        raise Usage(f"{message[:1].upper()}{message[1:]}. See: {self.prog} --help")


def positive(text: str) -> int:
    """A number of at least one, for argparse."""
    if not text.isascii() or not text.isdigit() or not 0 < int(text[:12]) <= 1_000_000_000:
        raise argparse.ArgumentTypeError(f'"{text}" is not a number of at least 1')
    return int(text)


def top_help(settings: str) -> str:
    """The text of `mailtui --help`. `settings` is the path of the settings file."""
    shown = [command for command in COMMANDS.values() if command.shown]
    lines = "".join(f"  {command.usage:<23}  {command.summary}\n" for command in shown)
    return _HELP.format(commands=lines, settings=settings)
