"""`mailtui activity`: what the account service is doing, what waits, and what went wrong last."""

import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING

from mailtui.cli import printing, status
from mailtui.cli.front import Front, complete, front
from mailtui.cli.profile import accounts_meant, settings_of
from mailtui.cli.records import fitted, moment
from mailtui.config.paths import Paths
from mailtui.model.event import ActivityReported
from mailtui.model.intent import WatchActivity
from mailtui.model.trouble import Unreachable
from mailtui.ui.connections import Connections

if TYPE_CHECKING:
    from mailtui.model.account import Account
    from mailtui.model.draft import OutboxItem
    from mailtui.model.folder import Folder
    from mailtui.model.operation import Operation
    from mailtui.ui.activity import Stored

_PATIENCE = 10.0  # seconds for the service to say what it does


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("-a", "--account", metavar="NAME", help="only this account")
    parser.add_argument("--json", action="store_true", help="print a list of JSON objects")


def run(options: Namespace, paths: Paths) -> int:
    settings = settings_of(paths)
    accounts = accounts_meant(settings, options.account)
    connections = Connections(account.key for account in accounts)

    async def work() -> dict[str, ActivityReported]:
        async with front(paths) as link:
            return await _ask(link, {account.key for account in accounts}, connections)

    reports = complete(work)
    if options.json:
        stored, _ = _stored(paths, reports.values())
        printing.as_json(_record(connections, reports[account.key], stored) for account in accounts)
    else:
        _show(paths, accounts, connections, reports)
    return status.OK


async def _ask(link: Front, wanted: set[str], connections: Connections) -> dict[str, ActivityReported]:
    """One report of each account; `connections` hears the rest. Raises Unreachable."""
    reports: dict[str, ActivityReported] = {}
    await link.submit(WatchActivity())
    while wanted - reports.keys():
        event = await link.event(_PATIENCE)
        if event is None:
            raise Unreachable("The account service does not say what it does.", "Try again.")
        connections.hear(event)
        if isinstance(event, ActivityReported) and event.account in wanted:
            reports[event.account] = event
    return reports


def _stored(paths: Paths, reports: Iterable[ActivityReported]) -> "tuple[Stored, list[Folder]]":
    from mailtui.store.reading import Reader
    from mailtui.ui.activity import stored

    with Reader(paths.store) as reader:
        return stored(reader, tuple(reports)), reader.folders()


def _show(
    paths: Paths,
    accounts: "list[Account]",
    connections: Connections,
    reports: dict[str, ActivityReported],
) -> None:
    from mailtui.ui.activity import Heading, Known, lines
    from mailtui.ui.folderbook import Folderbook

    found, folders = _stored(paths, reports.values())
    servers = {account.key: f"{account.imap.host}:{account.imap.port}" for account in accounts}
    known = Known(servers, connections.of, reports, found, Folderbook(folders, servers), time.time())
    for line in lines(known):
        if isinstance(line, Heading):
            printing.row(line.account, line.state.value if line.state else "", line.server)
        else:
            printing.row("", fitted(line.group.value, 12), line.whole)


def _record(connections: Connections, report: ActivityReported, found: "Stored") -> dict[str, object]:
    """An account's activity; the names are an interface."""
    line = connections.of(report.account)
    return {
        "account": report.account,
        "state": line.state.value if line.state else None,
        "reason": line.reason,
        "next_try": _when(report.next_try),
        "connections": [{**asdict(one), "since": _when(one.since)} for one in report.connections],
        "jobs": [asdict(one) for one in report.jobs],
        "more_jobs": report.more,
        "operations": [_operation(one) for one in found.operations if one.account == report.account],
        "outbox": [_item(one) for one in found.items if one.account == report.account],
        "troubles": [{**asdict(one), "when": _when(one.when)} for one in report.troubles],
        "protocol_log": report.recording or None,
    }


def _operation(one: "Operation") -> dict[str, object]:
    return {
        "id": one.id,
        "kind": one.kind.value,
        "state": one.state.value,
        "message": one.message,
        "since": _when(one.created),
        "attempts": one.attempts,
        "next_try": _when(one.next_try),
        "trouble": one.trouble,
    }


def _item(one: "OutboxItem") -> dict[str, object]:
    return {
        "id": one.id,
        "stage": one.stage.value,
        "subject": one.subject,
        "recipients": list(one.recipients),
        "since": _when(one.created),
        "not_before": _when(one.not_before),
        "attempts": one.attempts,
        "trouble": one.trouble,
    }


def _when(seconds: int) -> str | None:
    return moment(seconds) if seconds else None
