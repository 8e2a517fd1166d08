"""Adds to the settings file and leaves the rest of it, comments and all, as the user wrote it."""

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from mailtui.config.accounts import PORTS
from mailtui.model.account import Account, Server
from mailtui.model.trouble import Trouble

if TYPE_CHECKING:
    from tomlkit.items import Table


def add_account(path: Path, account: Account) -> None:
    """Append the account as tables of its own. The file, new or not, ends up 0600, and is replaced in
    one step. Raises Trouble when there is such an account already or the file can't be written."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(path.read_text("utf-8") if path.exists() else "")
        accounts = document.setdefault("accounts", tomlkit.table(is_super_table=True))
        if account.key in accounts:
            raise Trouble(f'There is an account "{account.key}" already.', "Choose another name.")
        accounts.append(account.key, _table(account))
        _replace(path, tomlkit.dumps(document).rstrip("\n") + "\n")
    except (OSError, UnicodeError, TOMLKitError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "it is not TOML"
        raise Trouble(f"The settings can't be written to {path}: {reason}.") from error


def _table(account: Account) -> "Table":
    import tomlkit

    table = tomlkit.table()
    if account.address.name:
        table["name"] = account.address.name
    table["address"] = account.address.address
    if account.password_cmd:
        table["password_cmd"] = list(account.password_cmd)
    if account.aliases:
        table["aliases"] = [str(alias) for alias in account.aliases]
    last = table["imap"] = _server("imap", account.imap, account.address.address)
    if account.smtp is not None:
        last = table["smtp"] = _server("smtp", account.smtp, account.imap.user)
    last.add(tomlkit.nl())  # tomlkit puts a new table right against what follows
    return table


def _server(protocol: str, server: Server, usual_user: str) -> "Table":
    import tomlkit

    table = tomlkit.table()
    table["host"] = server.host
    if server.port != PORTS[protocol, server.security]:
        table["port"] = server.port
    table["security"] = server.security.value
    if server.user != usual_user:
        table["user"] = server.user
    if server.ca_file:
        table["ca_file"] = server.ca_file
    return table


def _replace(path: Path, text: str) -> None:
    """Write beside the file and rename over it. A link, as people keep for their dotfiles, stays one."""
    target = path.resolve()
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=".config-", suffix=".toml", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            os.fchmod(descriptor, 0o600)
            file.write(text)
            file.flush()
            os.fsync(descriptor)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
