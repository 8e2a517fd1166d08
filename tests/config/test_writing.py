"""Adding an account changes nothing else in the file, and nobody else can read it."""

from pathlib import Path

import pytest

from mailtui.config.settings import load
from mailtui.config.writing import add_account
from mailtui.model.account import Account, Security, Server
from mailtui.model.address import Address
from mailtui.model.trouble import Trouble


def account(key: str = "work") -> Account:
    return Account(
        key,
        Address("Alice Example", "alice@example.org"),
        Server("imap.example.org", 993, Security.TLS, "alice"),
        Server("127.0.0.1", 2525, Security.NONE, "alice"),
        password_cmd=("pass", "show", "mail/work"),
    )


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "new" / "config.toml"
    add_account(path, account())
    add_account(path, account("private.two"))
    assert load(path).accounts == (account(), account("private.two"))
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_comments_and_order_stay(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    before = (
        "# mine\ntheme   = 'nord' # dark\n\n[accounts.old] # the first\naddress = 'a@b.c'\nimap.host = 'x'\n"
        "\n[keys]\narchive = 'e'\n"
    )
    path.write_text(before)
    path.chmod(0o644)
    add_account(path, account())
    kept = iter(path.read_text().splitlines())
    assert all(line in kept for line in before.splitlines())
    assert "\n\n[keys]" in path.read_text()
    assert [found.key for found in load(path).accounts] == ["old", "work"]
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    real = tmp_path / "dotfiles.toml"
    real.write_text("theme = 'nord'\n")
    path = tmp_path / "config.toml"
    path.symlink_to(real)
    add_account(path, account())
    assert path.is_symlink()
    assert "accounts" in real.read_text()


def test_an_account_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    add_account(path, account())
    before = path.read_text()
    with pytest.raises(Trouble, match='"work" already'):
        add_account(path, account())
    assert path.read_text() == before


def test_a_broken_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("theme = ")
    with pytest.raises(Trouble, match="not TOML"):
        add_account(path, account())
    assert path.read_text() == "theme = "
    assert list(tmp_path.iterdir()) == [path]
