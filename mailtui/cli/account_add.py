"""The dialogue that sets an account up. Nothing is written before both servers let us in, and the
password is never written at all: it goes to the keyring, or stays where a command finds it."""

from argparse import Namespace
from dataclasses import replace

from mailtui.cli import status
from mailtui.cli.account_questions import Answers
from mailtui.cli.asking import NoAnswer, ask, ask_password, confirm
from mailtui.cli.printing import complain, tell
from mailtui.config.paths import Paths
from mailtui.config.settings import NoSettings, load
from mailtui.config.writing import add_account
from mailtui.model.account import Account
from mailtui.model.secret import Secret
from mailtui.model.trouble import Insecure, NoSecret, SignInRefused, Trouble


def add(options: Namespace, paths: Paths) -> int:
    """Ask, try, write. The exit status is that of the last failure when the user gives up."""
    try:
        taken = {account.key for account in load(paths.settings).accounts}
    except NoSettings:
        taken = set()
    tell(f"This adds an account to {paths.settings}. Nothing is written before the sign-in worked.\n")
    answers = Answers(options, taken)
    account = answers.account()
    secret = _first_secret(account)
    while (trouble := _try(account, secret)) is not None:
        refused = isinstance(trouble, SignInRefused)
        if refused and answers.may_ask and (another := _another_secret(account)) is not None:
            secret = another
            continue
        if not answers.may_ask or not confirm("\nTry again with other answers?"):
            return status.status_of(trouble)
        answers.again(trouble)
        account = answers.account()
        if refused:
            secret = _first_secret(account)
    add_account(paths.settings, replace(account, password_cmd=_keep(account, secret)))
    tell(f"\nWritten to {paths.settings}. To open your mail, run: mailtui")
    return status.OK


def _first_secret(account: Account) -> Secret:
    if account.password_cmd:
        from mailtui.signin.command import secret_of

        return secret_of(account.password_cmd)
    return ask_password(account.address.address)


def _another_secret(account: Account) -> Secret | None:
    """After a refusal: what the user types now; None when the password was not mistyped."""
    if account.password_cmd:
        return None
    tell("\nMistyped? Give it again; or press Enter when something else is wrong.")
    secret = ask_password(account.address.address)
    return secret if secret.reveal() else None


def _try(account: Account, secret: Secret) -> Trouble | None:
    """Sign in to each server and say how it went; the first trouble."""
    from mailtui.service.check import check_sign_in

    tell("")
    first: Trouble | None = None
    for found in check_sign_in(account, secret):
        if found.trouble is None:
            tell(f"  {found.protocol}: {found.what}")
        else:
            complain(f"{found.protocol}: {found.trouble}")
            if isinstance(found.trouble, Insecure):
                tell("A certificate of your own is named with --ca-file, or when you try again.")
            first = first or found.trouble
    return first


def _keep(account: Account, secret: Secret) -> tuple[str, ...]:
    """Find the password a place. Returns the command to write down, empty when there is none."""
    from mailtui.signin.keyrings import Keyring

    if account.password_cmd:
        return account.password_cmd
    keyring = Keyring()
    tell("")
    if keyring.usable() and confirm("Keep the password in the keyring?"):
        try:
            keyring.put(account, secret)
        except NoSecret as trouble:
            complain(str(trouble))
        else:
            return ()
    return _command(secret)


def _command(secret: Secret) -> tuple[str, ...]:
    from mailtui.signin.command import secret_of

    tell('A command that prints the password, such as "pass show mail/work".')
    while True:
        try:
            text = ask("Command (Enter: mailtui asks at each start)")
        except NoAnswer:
            return ()  # no more answers: what was needed is there
        if not text:
            return ()
        command = ("sh", "-c", text)
        try:
            if secret_of(command) == secret:
                return command
            complain("The command prints something other than the password that worked.")
        except NoSecret as trouble:
            complain(trouble.what)
