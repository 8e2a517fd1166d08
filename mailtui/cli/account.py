"""`mailtui account add`: set an account up by a few questions, sign in to both servers, write the
settings. `mailtui account list`: show the accounts."""

from argparse import ArgumentParser, Namespace

from mailtui.cli import printing, status
from mailtui.cli.profile import settings_of
from mailtui.cli.records import fitted
from mailtui.config.paths import Paths
from mailtui.model.account import Account, Security, Server


def arguments(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="add|list", required=True)
    add = actions.add_parser("add", help="set an account up", description="What is not given is asked.")
    add.add_argument("--address", metavar="ADDRESS", help="the mail address")
    add.add_argument("--name", metavar="NAME", help="your name as others see it")
    add.add_argument("--key", metavar="KEY", help="what the account is called here, such as work")
    for protocol in ("imap", "smtp"):
        add.add_argument(f"--{protocol}-host", metavar="HOST", help=f"the {protocol.upper()} server")
        add.add_argument(f"--{protocol}-port", metavar="PORT", help="its port")
        add.add_argument(f"--{protocol}-security", choices=[kind.value for kind in Security])
        add.add_argument(f"--{protocol}-user", metavar="USER", help="the sign-in name, if not the address")
    add.add_argument("--ca-file", metavar="FILE", help="certificates to trust instead of the system's")
    add.add_argument(
        "--password-cmd", metavar="COMMAND", help="a command that prints the password, for the shell"
    )
    show = actions.add_parser("list", help="show the accounts")
    show.add_argument("--json", action="store_true", help="print a list of JSON objects")


def run(options: Namespace, paths: Paths) -> int:
    if options.action == "add":
        from mailtui.cli.account_add import add

        return add(options, paths)
    accounts = settings_of(paths).accounts
    if options.json:
        printing.as_json(_record(account) for account in accounts)
        return status.OK
    for account in accounts:
        smtp = _place(account.smtp) if account.smtp else "cannot send"
        printing.row(
            fitted(account.key, 14), fitted(str(account.address), 40), f"{_place(account.imap)}, {smtp}"
        )
    return status.OK


def _place(server: Server) -> str:
    return f"{server.host}:{server.port} ({server.security.value})"


def _record(account: Account) -> dict[str, object]:
    return {
        "key": account.key,
        "name": account.address.name,
        "address": account.address.address,
        "aliases": [alias.address for alias in account.aliases],
        "imap": _server_record(account.imap),
        "smtp": _server_record(account.smtp) if account.smtp else None,
    }


def _server_record(server: Server) -> dict[str, object]:
    return {
        "host": server.host,
        "port": server.port,
        "security": server.security.value,
        "user": server.user,
    }
