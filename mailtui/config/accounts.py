"""One `[accounts.NAME]` table as an Account, with what is left out filled in: ports by protocol and
security, the user by the address."""

import re
import shlex
from pathlib import Path

from mailtui.config.checking import Table, shown
from mailtui.config.keeping import read_keep
from mailtui.model.account import Account, Security, Server, is_loopback
from mailtui.model.address import Address

PORTS = {
    ("imap", Security.TLS): 993,
    ("imap", Security.STARTTLS): 143,
    ("imap", Security.NONE): 143,
    ("smtp", Security.TLS): 465,
    ("smtp", Security.STARTTLS): 587,
    ("smtp", Security.NONE): 25,
}
_STARTTLS_PORTS = (143, 587)
_NAME = re.compile(r"[\w][\w .@+-]{0,63}")
_HOST = re.compile(r"[\w](?:[\w.-]{0,252}[\w.])?|(?=[^:]*:[^:]*:)[0-9A-Fa-f:.]{2,45}")
_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"\\]+@[^\s@<>()\[\],;:\"\\]+")
_ALIAS = re.compile(r"\s*(?:\"?(?P<name>[^\"<>]*?)\"?\s*<(?P<inside>[^<>]*)>|(?P<bare>[^<>]*))\s*")
_NO_PASSWORD = (
    "A password does not belong in this file.",
    "Remove the line and use password_cmd, the keyring (mailtui account add), or let mailtui ask.",
)


def read_account(name: str, table: Table) -> Account | None:
    """The account, or None when it is too wrong to make one (the table's findings say why)."""
    if wrong_name(name):
        table.wrong("", f"{shown(name)} {wrong_name(name)}")
    for key in ("password", "pass", "passwd"):
        if key in table:
            table.raw(key)
            table.wrong(key, *_NO_PASSWORD)
    address = table.required("address", wrong_address)
    imap = _server(table, "imap", address, required=True)
    smtp = _server(table, "smtp", imap.user if imap else address, required=False)
    shown_name = table.text("name")
    aliases = _aliases(table, shown_name)
    command = _command(table)
    signature = _signature(table)
    files_sent = table.flag("files_sent")
    keep, keep_folders = read_keep(table)
    table.unknown()
    if not address or imap is None:
        return None
    return Account(
        key=name,
        address=Address(shown_name, address),
        imap=imap,
        smtp=smtp,
        aliases=aliases,
        password_cmd=command,
        signature=signature,
        files_sent=files_sent,
        keep=keep,
        keep_folders=keep_folders,
    )


def wrong_name(name: str) -> str:
    """The sentence that says what is wrong with an account's name, "" when it can be one."""
    return "" if _NAME.fullmatch(name) else "is no name of letters, digits, spaces and . - _ only."


def wrong_address(address: str) -> str:
    """The sentence that says what is wrong with a mail address, "" when it is one."""
    return "" if _ADDRESS.fullmatch(address) else "is not a mail address such as you@example.org."


def wrong_host(host: str) -> str:
    """The same for a host name or an IP address."""
    return "" if _HOST.fullmatch(host) else "is not a host name such as imap.example.org."


def _server(account: Table, protocol: str, user: str, *, required: bool) -> Server | None:
    table = account.table(protocol)
    if table is None:
        if required and protocol not in account:
            account.wrong(protocol, "is missing: a table with the host of the server.")
        return None
    host = table.required("host", wrong_host)
    port = table.number("port", 0, 1, 65535)
    usual = Security.STARTTLS if port in _STARTTLS_PORTS else Security.TLS
    security = Security(table.choice("security", [kind.value for kind in Security], usual.value))
    if security is Security.NONE and host and not is_loopback(host):
        table.wrong(
            "security",
            '"none" is allowed to this machine itself only: mail and password would be open to everyone.',
            'Use "tls" or "starttls".',
        )
    login = table.text("user", user)
    ca_file = _ca_file(table)
    table.unknown()
    return Server(host, port or PORTS[protocol, security], security, login, ca_file) if host else None


def _ca_file(table: Table) -> str | None:
    value = table.text("ca_file")
    if not value:
        return None
    try:
        path = Path(value).expanduser()
    except RuntimeError:
        path = Path(value)
    if not path.is_absolute():
        table.wrong("ca_file", "must be an absolute path, or begin with ~/.")
    elif not path.is_file():
        table.wrong("ca_file", "names a file that does not exist.")
    return str(path)


def _aliases(table: Table, name: str) -> tuple[Address, ...]:
    found = []
    for text in table.texts("aliases"):
        match = _ALIAS.fullmatch(text)
        address = (match["inside"] or match["bare"] or "").strip() if match else text
        wrong = wrong_address(address)
        if wrong or match is None:
            table.wrong("aliases", f'"{address[:60]}" {wrong}')
        else:
            found.append(Address((match["name"] or name).strip(), address))
    return tuple(found)


def _command(table: Table) -> tuple[str, ...]:
    """A list as it is; a text is what a shell would run. Its value is never shown: people put
    secrets into commands."""
    value = table.raw("password_cmd")
    if value is None:
        return ()
    if isinstance(value, str) and value.strip():
        return ("sh", "-c", value)
    if isinstance(value, list) and value and all(isinstance(word, str) for word in value) and value[0]:
        return tuple(value)
    example = shlex.split("pass show mail/work")
    table.wrong("password_cmd", f"must be a list of texts such as {example}, or one text for the shell.")
    return ()


def _signature(table: Table) -> str:
    value = table.raw("signature")
    if value is None or isinstance(value, str):
        return value or ""
    table.wrong("signature", "must be text in quotes.")
    return ""
