"""Adding an account changes nothing else in the file, and nobody else can read it."""

from pathlib import Path

import pytest

from mailtui.config.settings import load
from mailtui.config.writing import add_account, put_keep
from mailtui.model.account import Account, Security, Server
from mailtui.model.address import Address
from mailtui.model.keeping import EVERYTHING, HEADERS, USUAL, Keep
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


def test_what_is_kept_is_written_into_the_account(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    before = (
        "# mine\n[accounts.work] # the office\naddress = 'a@b.c'\n# quick\nimap.host = 'x'\n\n"
        "[accounts.home]\naddress = 'd@e.f'\nimap.host = 'y'\n"
    )
    path.write_text(before)
    put_keep(path, "work", "", Keep(30))
    put_keep(path, "work", "Archive/2019", HEADERS)
    put_keep(path, "work", 'Lists "x"', EVERYTHING)
    put_keep(path, "work", "Archive/2019", Keep(1))
    work, home = load(path).accounts
    assert work.keep == Keep(30)
    assert dict(work.keep_folders) == {"Archive/2019": Keep(1), 'Lists "x"': EVERYTHING}
    assert (home.keep, home.keep_folders) == (USUAL, ())
    for folder in ("Archive/2019", 'Lists "x"', "", "Never there"):
        put_keep(path, "work", folder, None)
    assert path.read_text() == before


def test_what_is_kept_can_be_written_into_an_inline_table(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("[accounts]\nwork = { address = 'a@b.c', imap = { host = 'x' } } # short\n")
    put_keep(path, "work", "", EVERYTHING)
    put_keep(path, "work", "Inbox", Keep(7))
    assert load(path).accounts[0].keep_folders == (("Inbox", Keep(7)),)
    assert load(path).accounts[0].keep == EVERYTHING


def test_a_file_that_would_break_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    before = "accounts.work.address = 'a@b.c'\naccounts.work.imap.host = 'x'\n"
    path.write_text(before)
    with pytest.raises(Trouble, match="without breaking it"):
        put_keep(path, "work", "Inbox", Keep(7))
    with pytest.raises(Trouble, match="no account"):
        put_keep(path, "elsewhere", "", Keep(7))
    assert path.read_text() == before
    assert list(tmp_path.iterdir()) == [path]
