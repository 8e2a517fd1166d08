"""Whether an account's servers let us in: what setting one up tries before anything is written."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from mailtui.model.account import Account
from mailtui.model.secret import Secret
from mailtui.model.trouble import Trouble


@dataclass(frozen=True, slots=True)
class Checked:
    """One server: what was found, or why it does not work."""

    protocol: str
    what: str = ""
    trouble: Trouble | None = None


def check_sign_in(account: Account, secret: Secret) -> Iterator[Checked]:
    """Sign in to each server of the account, one after the other, and leave again. Blocks; nothing is
    changed and nothing sent."""
    yield _checked("IMAP", lambda: _imap(account, secret))
    if account.smtp is not None:
        yield _checked("SMTP", lambda: _smtp(account, secret))


def _checked(protocol: str, work: Callable[[], str]) -> Checked:
    try:
        return Checked(protocol, work())
    except Trouble as trouble:
        return Checked(protocol, trouble=trouble)


def _imap(account: Account, secret: Secret) -> str:
    from mailtui.imap.connection import Connection
    from mailtui.imap.folders import list_folders

    connection = Connection.open(account.imap, secret)
    try:
        count = len(list_folders(connection))
    finally:
        connection.logout()
    return f"{account.imap.host} lets us in, {count} folders."


def _smtp(account: Account, secret: Secret) -> str:
    from mailtui.smtp.sending import check

    assert account.smtp is not None
    asyncio.run(check(account.smtp, secret))
    return f"{account.smtp.host} lets us in."
