"""`mailtui folders`: list the folders of the local copy with their counts."""

from argparse import ArgumentParser, Namespace

from mailtui.cli import printing, status
from mailtui.cli.profile import accounts_meant, reader_for, settings_of
from mailtui.cli.records import fitted, folder_record
from mailtui.config.paths import Paths

_WIDE = 36
_DEEPEST = 8


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("-a", "--account", metavar="NAME", help="only this account")
    parser.add_argument("--json", action="store_true", help="print a list of JSON objects")


def run(options: Namespace, paths: Paths) -> int:
    settings = settings_of(paths)
    accounts = accounts_meant(settings, options.account)
    with reader_for(paths, settings, accounts) as reader:
        folders = [folder for account in accounts for folder in reader.folders(account.key)]
    if options.json:
        printing.as_json(folder_record(folder) for folder in folders)
        return status.OK
    several = len(accounts) > 1
    for folder in folders:
        indent = "  " * min(folder.depth, _DEEPEST)
        name = indent + fitted(folder.name, _WIDE - len(indent))
        counts = f"{folder.unread:>7} {folder.total:>9}" if folder.selectable else ""
        printing.row(*([fitted(folder.account, 12)] if several else []), name, counts)
    return status.OK
