"""Where an account's password comes from, in this order: its command, the environment, the keyring, and
at last the user. Blocks for as long as these take: call it in a thread."""

import os
import re
from collections.abc import Callable, Mapping

from mailtui.model.account import Account
from mailtui.model.secret import Secret
from mailtui.model.trouble import NoSecret, NotKept
from mailtui.signin.command import secret_of
from mailtui.signin.keyrings import Keyring, NoKeyring

Ask = Callable[[Account, str], Secret | None]  # the account, and why it has to be asked


def secret_for(
    account: Account,
    *,
    ask: Ask | None = None,
    environment: Mapping[str, str] | None = None,
    keyring: Keyring | None = None,
) -> Secret:
    """The account's password. A command that fails is not passed over: the user meant it, so its
    failure is the reason that `ask` is given. Raises NoSecret when there is none to be had."""
    try:
        return _without_asking(account, os.environ if environment is None else environment, keyring)
    except NoSecret as trouble:
        secret = ask(account, trouble.what) if ask is not None else None
        if secret:
            return secret
        raise


def remember(account: Account, secret: Secret, *, keyring: Keyring | None = None) -> None:
    """Keep the password in the keyring. Raises NoSecret when that can't be done."""
    (keyring or Keyring()).put(account, secret)


def can_remember(*, keyring: Keyring | None = None) -> bool:
    """Whether there is a keyring that a password could be kept in. Blocks as the others do."""
    return (keyring or Keyring()).usable()


def forget(account: Account, *, keyring: Keyring | None = None) -> None:
    """Take the password out of the keyring, where there is one."""
    try:
        (keyring or Keyring()).remove(account)
    except NoKeyring:
        return


def variable(account: Account) -> str:
    """The name of the environment variable that may hold the account's password."""
    return "MAILTUI_PASSWORD_" + re.sub(r"[^A-Z0-9]", "_", account.key.upper())


def _without_asking(account: Account, environment: Mapping[str, str], keyring: Keyring | None) -> Secret:
    if account.password_cmd:
        return secret_of(account.password_cmd)
    value = environment.get(variable(account), "")
    if value:
        return Secret(value)
    try:
        secret = (keyring or Keyring()).get(account)
    except NoKeyring:
        secret = None
    if secret is None:
        raise NotKept(
            f"No password is kept for {account.address.address}.",
            "Give it when mailtui asks, or set password_cmd in the settings.",
        )
    return secret
