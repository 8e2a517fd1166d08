"""The table of commands: what `mailtui NAME` runs and what the help says about it. A command's module
is imported only when it is used.

A command's module has `arguments(parser)` and `run(options, paths) -> int`.
"""

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from mailtui.config.paths import Paths


class Runnable(Protocol):
    """What a command's module offers."""

    def arguments(self, parser: "ArgumentParser") -> None: ...

    def run(self, options: "Namespace", paths: "Paths") -> int: ...


@dataclass(frozen=True, slots=True)
class Command:
    """A line of the help, and the module of this room behind it. Without `shown` it is not listed."""

    name: str
    module: str
    usage: str
    summary: str
    shown: bool = True

    def load(self) -> Runnable:
        return cast("Runnable", import_module(f"mailtui.cli.{self.module}"))


SCREEN = Command("", "screen", "", "Open the screen.")

COMMANDS = {
    command.name: command
    for command in (
        Command("account", "account", "account add|list", "set an account up, or show which there are"),
        Command("activity", "activity", "activity", "what is being done, what waits, what went wrong"),
        Command("folders", "folders", "folders", "list the folders with their counts"),
        Command("list", "listing", "list [FOLDER]", "list messages, the newest first"),
        Command("search", "search", "search QUERY", "list the messages that match, from the local copy"),
        Command("send", "send", "send < message.eml", "send a finished message"),
        Command("sync", "sync", "sync", "bring everything up to date, then end"),
        Command("view", "view", "view FILE…", "print message files as safe, readable text"),
        Command("service", "service", "service", "the account service (started by itself)", shown=False),
    )
}
