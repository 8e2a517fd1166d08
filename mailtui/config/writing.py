"""Changes the settings file and leaves the rest of it, comments and all, as the user wrote it."""

import os
import tempfile
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from mailtui.config.accounts import PORTS
from mailtui.config.settings import SettingsTrouble, load
from mailtui.model.account import Account, Server
from mailtui.model.keeping import USUAL, Keep
from mailtui.model.trouble import Trouble

if TYPE_CHECKING:
    from tomlkit import TOMLDocument
    from tomlkit.items import Table


def add_account(path: Path, account: Account) -> None:
    """Append the account as tables of its own. The file, new or not, ends up 0600, and is replaced in
    one step. Raises Trouble when there is such an account already or the file can't be written."""
    import tomlkit

    with _changed(path) as document:
        accounts = document.setdefault("accounts", tomlkit.table(is_super_table=True))
        if account.key in accounts:
            raise Trouble(f'There is an account "{account.key}" already.', "Choose another name.")
        accounts.append(account.key, _table(account))


def put_keep(path: Path, account: str, folder: str, keep: Keep | None) -> None:
    """Write down how much of the account is kept here, or of a folder of it (`folder` "": of all);
    None takes the setting away. Raises Trouble as add_account does, and without such an account."""
    import tomlkit
    from tomlkit.items import InlineTable

    with _changed(path) as document:
        table = document.get("accounts", {}).get(account)
        if table is None:
            raise Trouble(f'There is no account "{account}" in the settings.', "Look at the file.")
        if not folder:
            _set(table, "keep", keep)
            return
        folders = table.get("keep_folders")
        if folders is not None:
            _set(folders, folder, keep)
            if not folders:
                del table["keep_folders"]
        elif keep is not None:
            inline = isinstance(table, InlineTable)
            folders = tomlkit.inline_table() if inline else tomlkit.table()
            folders[folder] = str(keep)
            if not inline:
                folders.add(tomlkit.nl())  # tomlkit puts a new table right against what follows
            table["keep_folders"] = folders


def _set(table: MutableMapping[str, object], name: str, keep: Keep | None) -> None:
    if keep is not None:
        table[name] = str(keep)
    else:
        table.pop(name, None)


@contextmanager
def _changed(path: Path) -> Iterator["TOMLDocument"]:
    """The file, empty if there is none, to be changed and then replaced in one step."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(path.read_text("utf-8") if path.exists() else "")
        yield document
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
    if account.keep != USUAL:
        table["keep"] = str(account.keep)
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
    """Write beside the file, read it as settings, and rename over it. A link, as people keep for their
    dotfiles, stays one."""
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
        load(temporary)
        temporary.replace(target)
    except SettingsTrouble as trouble:
        raise Trouble(
            f"{path} can't be changed without breaking it.", "Write it there yourself."
        ) from trouble
    finally:
        temporary.unlink(missing_ok=True)
