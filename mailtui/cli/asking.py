"""Asking the user on the terminal: only where there is one, and passwords without showing them."""

import getpass
import sys
from collections.abc import Callable

from mailtui.cli.printing import complain
from mailtui.cli.usage import Usage
from mailtui.model.secret import Secret


class NoAnswer(Usage):
    """There is nobody, or nothing left, to answer a question."""


def can_ask() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask(question: str, default: str = "", wrong: Callable[[str], str] | None = None) -> str:
    """Ask until the answer is right. `wrong` gives the sentence that says what isn't, "" when it is;
    Enter takes the default."""
    shown = f" [{default}]" if default else ""
    while True:
        print(f"{question}{shown}: ", end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        if not line:
            raise NoAnswer("The answers on stdin ended before the questions did.")
        answer = line.strip() or default
        complaint = wrong(answer) if wrong is not None else ""
        if not complaint:
            return answer
        complain(f'"{answer}" {complaint}')


def confirm(question: str, *, default: bool = True) -> bool:
    """A yes or no; Enter takes the default. Anything else is asked about again: it may be the answer to
    a question that was expected."""
    answer = ask(f"{question} ({'Y/n' if default else 'y/N'})", wrong=_neither).lower()
    return default if not answer else answer.startswith("y")


def _neither(answer: str) -> str:
    return "" if answer.lower() in ("", "y", "yes", "n", "no") else "is neither y nor n."


def ask_password(whose: str) -> Secret:
    """A password, not shown while it is typed. Where stdin is no terminal its next line is it."""
    if sys.stdin.isatty():
        return Secret(getpass.getpass(f"Password of {whose}: "))
    line = sys.stdin.readline()
    if not line.strip("\r\n"):
        raise NoAnswer(f"The password of {whose} is needed: type it, or give --password-cmd.")
    return Secret(line.rstrip("\r\n"))
