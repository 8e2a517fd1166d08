"""`mailtui list [FOLDER]`: list messages of the local copy, the newest first."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterable
from typing import TYPE_CHECKING

from mailtui.cli import printing, status
from mailtui.cli.profile import accounts_meant, folders_meant, reader_for, settings_of
from mailtui.cli.records import fitted, summary_cells, summary_record
from mailtui.cli.usage import positive
from mailtui.config.paths import Paths

if TYPE_CHECKING:
    from mailtui.model.message import Summary
    from mailtui.store.reading import Reader

_MOST = 100
_WINDOW = 1000


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("folder", metavar="FOLDER", nargs="?", help="path, name or role; else the inbox")
    add_listing(parser, _MOST)


def add_listing(parser: ArgumentParser, most: int) -> None:
    """The options that every list of messages takes."""
    parser.add_argument("-a", "--account", metavar="NAME", help="only this account")
    parser.add_argument(
        "-n", "--limit", metavar="N", type=positive, default=most, help=f"at most N messages (else {most})"
    )
    parser.add_argument("--json", action="store_true", help="print a list of JSON objects")


def run(options: Namespace, paths: Paths) -> int:
    settings = settings_of(paths)
    accounts = accounts_meant(settings, options.account)
    with reader_for(paths, settings, accounts) as reader:
        found: list[Summary] = []
        for folder in folders_meant(reader, accounts, options.folder):
            found += _newest(reader, folder.id, options.limit)
        found.sort(key=lambda summary: (-summary.received, -summary.id))
        show(reader, found[: options.limit], several=len(accounts) > 1, json=options.json)
    return status.OK


def show(reader: "Reader", summaries: "Iterable[Summary]", *, several: bool, json: bool) -> None:
    """Print messages in the given order. `several`: with the account in front."""
    if json:
        folders = {folder.id: folder for folder in reader.folders()}
        printing.as_json(summary_record(summary, folders) for summary in summaries)
        return
    for summary in summaries:
        account = [fitted(summary.account, 12)] if several else []
        printing.row(*account, *summary_cells(summary))


def _newest(reader: "Reader", folder: int, limit: int) -> "list[Summary]":
    found: list[Summary] = []
    while len(found) < limit:
        last = (found[-1].received, found[-1].id) if found else None
        window = reader.window(folder, min(_WINDOW, limit - len(found)), last)
        if not window:
            break
        found += window
    return found
