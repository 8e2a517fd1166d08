"""`mailtui search QUERY`: list the messages of the local copy that match, the newest first."""

from argparse import ArgumentParser, Namespace
from datetime import datetime

from mailtui.cli import status
from mailtui.cli.listing import add_listing, show
from mailtui.cli.profile import accounts_meant, folders_meant, reader_for, settings_of
from mailtui.cli.usage import Usage
from mailtui.config.paths import Paths
from mailtui.model.query import All

_MOST = 1000


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "query",
        metavar="QUERY",
        nargs="+",
        help="words and from: to: subject: body: before: after: larger: is: has: in: …, as on the screen",
    )
    parser.add_argument("-f", "--folder", metavar="FOLDER", help="only in this folder")
    add_listing(parser, _MOST)


def run(options: Namespace, paths: Paths) -> int:
    from mailtui.text.search import parse

    settings = settings_of(paths)
    accounts = accounts_meant(settings, options.account)
    query = parse(" ".join(options.query), datetime.now().astimezone().date())
    if query.troubles:  # a program would take what the rest of it finds for what it asked for
        raise Usage(" ".join(query.troubles))
    if query.root == All(()) and not query.places:
        raise Usage('There is no word to search for; "mailtui list" shows everything.')
    with reader_for(paths, settings, accounts) as reader:
        scopes: list[tuple[str | None, int | None]] = [(options.account and accounts[0].key, None)]
        if options.folder:
            scopes = [
                (folder.account, folder.id) for folder in folders_meant(reader, accounts, options.folder)
            ]
        found = [ident for scope in scopes for ident in reader.search(query, *scope, limit=options.limit)]
        summaries = reader.summaries(found)
        summaries.sort(key=lambda summary: (-summary.received, -summary.id))
        show(reader, summaries[: options.limit], several=len(accounts) > 1, json=options.json)
    return status.OK
