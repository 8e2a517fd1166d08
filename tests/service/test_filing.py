"""Whether a provider files what is sent by itself is known from its name, its server or the settings."""

from dataclasses import replace

import pytest

from mailtui.imap.quirks import USUAL, recognise
from mailtui.model.account import Account, Security, Server
from mailtui.model.address import Address
from mailtui.service.filing import files_by_itself


def account(imap: str, smtp: str | None = None) -> Account:
    return Account(
        key="work",
        address=Address("Alice", "alice@example.test"),
        imap=Server(imap, 993, Security.TLS, "alice"),
        smtp=Server(smtp, 465, Security.TLS, "alice") if smtp else None,
    )


@pytest.mark.parametrize(
    ("imap", "smtp", "files"),
    [
        ("imap.gmail.com", "smtp.gmail.com", True),
        ("outlook.office365.com", None, True),
        ("mail.example.test", "smtp.gmail.com", True),
        ("mail.example.test", "mail.example.test", False),
        ("imap.mail.me.com", "smtp.mail.me.com", False),
    ],
)
def test_it_is_known_from_the_hosts(imap: str, smtp: str | None, files: bool) -> None:
    assert files_by_itself(account(imap, smtp)) is files


def test_it_is_known_from_what_the_server_said() -> None:
    bridge = recognise("127.0.0.1", capabilities=frozenset({"IMAP4REV1", "XSTOP"}))
    assert files_by_itself(account("127.0.0.1"), bridge)
    assert not files_by_itself(account("127.0.0.1"), USUAL)


@pytest.mark.parametrize("said", [True, False])
def test_the_settings_know_better(said: bool) -> None:
    assert files_by_itself(replace(account("imap.gmail.com"), files_sent=said)) is said
