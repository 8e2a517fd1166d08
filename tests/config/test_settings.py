"""A settings file is read as it is meant, or every mistake in it is pointed at."""

from pathlib import Path

import pytest

from mailtui.config.settings import NoSettings, Settings, SettingsTrouble, load
from mailtui.model.account import Security, Server
from mailtui.model.keeping import EVERYTHING, HEADERS, USUAL, Keep

WHOLE = """
theme = "nord"
keymap = "mutt"
undo_send = 20
editor = "vim"

[keys]
archive = "e"
go-inbox = "g i"

[accounts.work]
name = "Alice Example"
address = "alice@example.org"
aliases = ["Sales <sales@example.org>", "info@example.org"]
password_cmd = ["pass", "show", "mail/work"]
signature = '''
Alice
Example Ltd'''
files_sent = true

[accounts.work.imap]
host = "imap.example.org"
port = 993
security = "tls"
user = "alice"

[accounts.work.smtp]
host = "smtp.example.org"
port = 465
security = "tls"

[accounts.home]
address = "alice@home.example"
imap = { host = "127.0.0.1", port = 1143, security = "none" }
"""


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(text, "utf-8")
    return path


def problems(tmp_path: Path, text: str) -> list[str]:
    """Each problem as "line key what hint"."""
    with pytest.raises(SettingsTrouble) as raised:
        load(write(tmp_path, text))
    return [
        f"{problem.line} {problem.key} {problem.what} {problem.hint}".strip()
        for problem in raised.value.problems
    ]


def account(rest: str = "", imap: str = 'host = "imap.example.org"') -> str:
    return f'[accounts.work]\naddress = "a@example.org"\n{rest}\n[accounts.work.imap]\n{imap}\n'


def test_a_whole_file_is_read(tmp_path: Path) -> None:
    settings = load(write(tmp_path, WHOLE))
    work, home = settings.accounts
    assert (settings.theme, settings.keymap, settings.undo_send_seconds, settings.editor) == (
        "nord",
        "mutt",
        20,
        "vim",
    )
    assert dict(settings.keys) == {"archive": "e", "go-inbox": "g i"}
    assert str(work.address) == "Alice Example <alice@example.org>"
    assert work.own == {"alice@example.org", "sales@example.org", "info@example.org"}
    assert [alias.name for alias in work.aliases] == ["Sales", "Alice Example"]
    assert work.password_cmd == ("pass", "show", "mail/work")
    assert work.signature == "Alice\nExample Ltd"
    assert work.files_sent is True
    assert work.imap == Server("imap.example.org", 993, Security.TLS, "alice")
    assert work.smtp == Server("smtp.example.org", 465, Security.TLS, "alice")
    assert home.imap == Server("127.0.0.1", 1143, Security.NONE, "alice@home.example")
    assert home.smtp is None


def test_an_empty_file_is_settings_without_accounts(tmp_path: Path) -> None:
    assert load(write(tmp_path, "")) == Settings()


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoSettings, match="mailtui account add"):
        load(tmp_path / "config.toml")


@pytest.mark.parametrize(
    ("protocol", "given", "port", "security"),
    [
        ("imap", "", 993, Security.TLS),
        ("imap", "port = 143", 143, Security.STARTTLS),
        ("imap", 'security = "starttls"', 143, Security.STARTTLS),
        ("smtp", "", 465, Security.TLS),
        ("smtp", "port = 587", 587, Security.STARTTLS),
        ("smtp", 'security = "starttls"', 587, Security.STARTTLS),
    ],
)
def test_port_and_security_follow_from_each_other(
    tmp_path: Path, protocol: str, given: str, port: int, security: Security
) -> None:
    text = account() + '[accounts.work.smtp]\nhost = "smtp.example.org"\n'
    text = text.replace(f'host = "{protocol}.example.org"', f'host = "{protocol}.example.org"\n{given}')
    found = load(write(tmp_path, text)).accounts[0]
    server = found.imap if protocol == "imap" else found.smtp
    assert server is not None
    assert (server.port, server.security) == (port, security)


def test_a_command_in_one_text_is_for_the_shell(tmp_path: Path) -> None:
    found = load(write(tmp_path, account('password_cmd = "pass show x | head -1"'))).accounts[0]
    assert found.password_cmd == ("sh", "-c", "pass show x | head -1")


def test_the_ca_file_may_begin_with_the_home_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "ca.pem").write_text("")
    text = account(imap='host = "127.0.0.1"\nca_file = "~/ca.pem"')
    assert load(write(tmp_path, text)).accounts[0].imap.ca_file == str(tmp_path / "ca.pem")


def test_everything_wrong_is_said_at_once_with_its_line(tmp_path: Path) -> None:
    text = """\
theme = 3
[accounts.work]
address = "alice"
pasword_cmd = "x"
[accounts.work.imap]
hots = "a"
port = 99999
security = "tsl"
[acounts.home]
address = "x"
"""
    assert problems(tmp_path, text) == [
        "1 theme 3 is not text in quotes.",
        '3 accounts.work.address "alice" is not a mail address such as you@example.org.',
        '4 accounts.work.pasword_cmd is not a setting. Did you mean "password_cmd"?',
        "5 accounts.work.imap.host is missing.",
        '6 accounts.work.imap.hots is not a setting. Did you mean "host"?',
        "7 accounts.work.imap.port 99999 is not between 1 and 65535.",
        '8 accounts.work.imap.security "tsl" is not one of "tls", "starttls" or "none". Did you mean "tls"?',
        '9 acounts is not a setting. Did you mean "accounts"?',
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (account('password = "canary"'), "password does not belong"),
        (account(imap='host = "imap.example.org"\nsecurity = "none"'), "this machine itself only"),
        (account(imap='host = "a b"'), "not a host name"),
        (account(imap='host = "127.0.0.1:993"'), "not a host name"),
        (account(imap="port = 1"), "host is missing"),
        (account(imap='host = "x"\nport = true'), "true is not a number"),
        (account(imap='host = "x"\nca_file = "/no/such/file"'), "does not exist"),
        (account("password_cmd = []"), "must be a list of texts"),
        (account("password_cmd = ['canary', 3]"), "must be a list of texts"),
        (account('aliases = ["nobody"]'), "is not a mail address"),
        (account('files_sent = "yes"'), "not true or false"),
        (account('name = "a\\u001bb"'), "control character"),
        ("[accounts]\nwork = 3\n", "3 is not a table"),
        ('[accounts.work]\naddress = "a@b.c"\n', "accounts.work.imap is missing"),
        ("[accounts.work.imap]\nhost = 'x'\n", "accounts.work.address is missing"),
        ("undo_send = -1\n", "not between 0 and 600"),
        ("[keys]\narchive = 3\n", "3 is not a key"),
    ],
)
def test_each_mistake_is_explained(tmp_path: Path, text: str, expected: str) -> None:
    (found,) = problems(tmp_path, text)
    assert expected in found
    assert "canary" not in found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "\n[accounts.work]\nname = Alice\n",
            "3  This is not TOML: Invalid value. A text needs quotes around it.",
        ),
        ("a = 1\na = 2\n", "2  This is not TOML: Cannot overwrite a value."),
        ("a = [1,\n\n", "1  This is not TOML: Invalid value."),
        ("a = '\x1b[31m'\n", "1  This is not TOML: Found invalid character '\\\\x1b'."),
    ],
)
def test_what_is_no_toml_is_pointed_at(tmp_path: Path, text: str, expected: str) -> None:
    assert problems(tmp_path, text) == [expected]


def test_other_encodings_and_other_things_are_no_settings(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b"a = 1\nname = '\xff'\n")
    with pytest.raises(SettingsTrouble, match=r":2: The file is not UTF-8"):
        load(path)
    with pytest.raises(SettingsTrouble, match="can't be read"):
        load(tmp_path)
    path.write_bytes(b"#" * 2_000_000)
    with pytest.raises(SettingsTrouble, match="too large"):
        load(path)


def test_a_value_is_shown_without_what_a_terminal_obeys(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, account(imap='host = "\\u202eevil\\u009b"'))
    assert found.isascii()


def test_what_is_kept_is_said_per_account_and_folder(tmp_path: Path) -> None:
    text = WHOLE.replace("files_sent = true", 'files_sent = true\nkeep = "30 days"').replace(
        "[accounts.home]",
        '[accounts.work.keep_folders]\n"Archive/2019" = "headers"\nInbox = "everything"\n\n[accounts.home]',
    )
    settings = load(write(tmp_path, 'keep_size = "1.5 GB"\n' + text))
    work, home = settings.accounts
    assert work.keep == Keep(30)
    assert work.keep_folders == (("Archive/2019", HEADERS), ("Inbox", EVERYTHING))
    assert home.keep == USUAL
    assert settings.keep_size == 1_500_000_000


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            'keep = "header"',
            'is not "headers", "everything" or a number of days such as "30 days". Did you mean "headers"?',
        ),
        ('keep = "0 days"', "a number of days"),
        ("keep = 30", "accounts.work.keep 30 is not text in quotes."),
        ('keep_folders.Archive = "all"', "accounts.work.keep_folders.Archive"),
        ("keep_folders = true", "is not a table."),
        ('kep = "headers"', 'Did you mean "keep"?'),
    ],
)
def test_a_mistake_in_what_is_kept_is_explained(tmp_path: Path, line: str, expected: str) -> None:
    text = f'[accounts.work]\naddress = "a@b.c"\nimap.host = "x"\n{line}\n'
    (found,) = problems(tmp_path, text)
    assert expected in found
    assert found.startswith("4 ")


@pytest.mark.parametrize(
    ("size", "expected"), [("2 gigs", 'is not a size such as "500 MB"'), ("3 kB", "is too little")]
)
def test_a_size_is_a_number_with_a_unit(tmp_path: Path, size: str, expected: str) -> None:
    (found,) = problems(tmp_path, f'keep_size = "{size}"\n')
    assert expected in found
