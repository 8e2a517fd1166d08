"""The questions for an account's settings, each with a guess: an option answers its question beforehand,
and a second round has the answers of the first as guesses."""

import os
import pwd
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from mailtui.cli.asking import NoAnswer, ask, can_ask
from mailtui.cli.usage import Usage
from mailtui.config.accounts import PORTS, wrong_address, wrong_host, wrong_name
from mailtui.model.account import Account, Security, Server, is_loopback
from mailtui.model.address import Address
from mailtui.model.trouble import Insecure, Trouble

_NO_SERVER = "-"
_Wrong = Callable[[str], str]


class Answers:
    """What the user said so far."""

    def __init__(self, options: Namespace, taken: set[str]) -> None:
        self._given = {name: str(value) for name, value in vars(options).items() if value is not None}
        self._said: dict[str, str] = {}
        self._taken = taken
        self.may_ask = can_ask()
        # a script that gives the options has only the password to say, if that
        self._guess_only = not self.may_ask and "address" in self._given

    def account(self) -> Account:
        """Ask for everything that is not known. Raises Usage when an option's value is wrong, NoAnswer
        when there is nobody to ask and nothing to guess."""
        address = self._ask("address", "Mail address", "", wrong_address)
        name = self._ask("name", "Your name", _own_name())
        domain = address.rpartition("@")[2]
        key = self._ask("key", "Name of the account here", self._free_key(domain), self._wrong_key)
        imap = self._server("imap", "Incoming mail: IMAP server", domain, address)
        if imap is None:
            raise Usage("Without an IMAP server there is no mail to show.")
        smtp = self._server("smtp", "Outgoing mail: SMTP server (- for none)", domain, imap.user)
        command = self._given.get("password_cmd", "")
        password_cmd = ("sh", "-c", command) if command else ()
        return Account(key, Address(name, address), imap, smtp, password_cmd=password_cmd)

    def again(self, trouble: Trouble) -> None:
        """Ask everything anew, with what was said as the guesses."""
        self._said = {**self._said, **self._given}
        self._given = {name: self._given[name] for name in ("password_cmd", "ca_file") if name in self._given}
        if isinstance(trouble, Insecure):
            self._given["ca_file"] = ask(
                "Certificates to trust, a file (Enter: the system's)", "", _wrong_file
            )

    def _server(self, protocol: str, question: str, domain: str, usual_user: str) -> Server | None:
        guess = f"{protocol}.{domain}"
        wrong = _optional(lambda answer: wrong_host(_apart(answer)[0]), protocol == "smtp")
        host, typed_port = _apart(self._ask(f"{protocol}_host", question, guess, wrong))
        self._said[f"{protocol}_host"] = host
        if host == _NO_SERVER:
            return None
        chosen = self._ask(
            f"{protocol}_security", "  Security: tls, starttls or none", "tls", _security(host)
        )
        security = Security(chosen)
        if typed_port:
            self._said[f"{protocol}_port"] = typed_port
        port = self._ask(f"{protocol}_port", "  Port", str(PORTS[protocol, security]), _wrong_port)
        user = self._ask(f"{protocol}_user", "  Sign in as", usual_user)
        ca_file = self._given.get("ca_file") or None
        if ca_file is not None and _wrong_file(ca_file):
            raise Usage(f"--ca-file: {ca_file} {_wrong_file(ca_file)}")
        path = str(Path(ca_file).expanduser().absolute()) if ca_file else None
        return Server(host, int(port), security, user, path)

    def _ask(self, name: str, question: str, guess: str, wrong: _Wrong | None = None) -> str:
        if name in self._given:
            complaint = wrong(self._given[name]) if wrong is not None else ""
            if complaint:
                raise Usage(f'--{name.replace("_", "-")}: "{self._given[name]}" {complaint}')
            return self._given[name]
        guess = self._said.get(name, guess)
        fine = bool(guess) and not (wrong is not None and wrong(guess))
        try:
            answer = guess if self._guess_only and fine else ask(question, guess, wrong)
        except NoAnswer:
            if not fine:
                raise
            answer = guess
        self._said[name] = answer
        return answer

    def _free_key(self, domain: str) -> str:
        base = domain.split(".", 1)[0] or "mail"
        names = [base, *(f"{base}{number}" for number in range(2, len(self._taken) + 3))]
        return next(name for name in names if name not in self._taken)

    def _wrong_key(self, key: str) -> str:
        return "is taken by another account." if key in self._taken else wrong_name(key)


def _apart(answer: str) -> tuple[str, str]:
    """The host of `host:port`, and the port; an IPv6 address has more colons than one."""
    host, _, port = answer.partition(":")
    return (host, port) if host and port and not _wrong_port(port) else (answer, "")


def _security(host: str) -> _Wrong:
    def wrong(value: str) -> str:
        if value not in [kind.value for kind in Security]:
            return "is neither tls, starttls nor none."
        if value == Security.NONE and not is_loopback(host):
            return "is allowed to this machine itself only: everyone could read the password."
        return ""

    return wrong


def _optional(wrong: _Wrong, optional: bool) -> _Wrong:
    return lambda value: "" if optional and value == _NO_SERVER else wrong(value)


def _wrong_port(value: str) -> str:
    fine = value.isascii() and value.isdigit() and 1 <= int(value[:6]) <= 65535
    return "" if fine else "is not a port between 1 and 65535."


def _wrong_file(value: str) -> str:
    return "" if not value or Path(value).expanduser().is_file() else "is no file."


def _own_name() -> str:
    """The name that the system knows the user by."""
    try:
        name = pwd.getpwuid(os.getuid()).pw_gecos.split(",")[0].strip()
    except KeyError:
        return ""
    return "" if name == "root" else name
