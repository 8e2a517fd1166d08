"""What holds for every command: help, usage errors, settings that are missing or wrong, terminals."""

import pytest

from mailtui import __version__
from tests.cli.shell import Shell

COMMANDS = ("account", "activity", "folders", "list", "search", "send", "sync", "view")


def test_the_version_and_the_help_are_said_on_stdout(shell: Shell) -> None:
    version, help_ = shell.run("--version"), shell.run("--help")
    assert (version.stdout, version.returncode) == (f"mailtui {__version__}\n", 0)
    assert (help_.returncode, help_.stderr) == (0, "")
    assert all(f"\n  {command}" in help_.stdout for command in COMMANDS)
    assert str(shell.paths.settings) in help_.stdout
    assert max(map(len, help_.stdout.splitlines())) <= 80 or str(shell.paths.settings) in help_.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(shell: Shell, command: str) -> None:
    done = shell.run(command, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"mailtui {command}" in done.stdout


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["lsit"], 'Did you mean "list"?'),
        (["--foo"], "--foo"),
        (["list", "--limit", "none"], "--limit"),
        (["list", "a", "b"], "b"),
        (["account"], "add|list"),
        (["search"], "QUERY"),
        (["view"], "FILE"),
    ],
)
def test_what_makes_no_sense_is_one_sentence_and_64(shell: Shell, words: list[str], expected: str) -> None:
    done = shell.run(*words)
    assert done.returncode == 64
    assert done.stdout == ""
    assert expected in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("words", [[], ["mailto:bob@example.test"]])
def test_without_settings_the_first_steps_are_named(shell: Shell, words: list[str]) -> None:
    done = shell.run(*words)
    assert done.returncode == 78
    assert "mailtui account add" in done.stderr
    assert "mailtui --demo" in done.stderr
    assert done.stderr.count("\n") == 3


@pytest.mark.parametrize("words", [["list"], ["folders"], ["search", "x"], ["sync"], ["send"]])
def test_commands_on_mail_want_settings(shell: Shell, words: list[str]) -> None:
    done = shell.run(*words)
    assert done.returncode == 78
    assert "mailtui account add" in done.stderr


@pytest.mark.parametrize("words", [[], ["list"], ["sync"], ["account", "list"], ["account", "add"]])
def test_wrong_settings_are_all_told_by_every_command(shell: Shell, words: list[str]) -> None:
    shell.paths.settings.parent.mkdir(parents=True, exist_ok=True)
    shell.paths.settings.write_text(
        "thme = 'x'\n[accounts.a]\naddress = 'b'\n[accounts.a.imap]\nhost = 'c'\n"
    )
    done = shell.run(*words)
    assert done.returncode == 78
    assert f'{shell.paths.settings}:1: thme: is not a setting. Did you mean "theme"?' in done.stderr
    assert f"{shell.paths.settings}:3: accounts.a.address" in done.stderr


@pytest.mark.parametrize("term", ["dumb", "xterm-256color"])
def test_the_screen_wants_a_terminal(synced: Shell, term: str) -> None:
    for words in ([], ["--demo"]):
        done = synced.run(*words, TERM=term)
        assert done.returncode == 64
        assert "terminal" in done.stderr
        assert "\x1b" not in done.stderr


def test_an_account_that_is_not_there_is_a_usage_error(synced: Shell) -> None:
    for command in ("list", "folders", "sync"):
        done = synced.run(command, "--account", "nobody")
        assert (done.returncode, "there is: work" in done.stderr) == (64, True)


def test_a_reader_that_has_seen_enough_is_no_failure(synced: Shell) -> None:
    import subprocess
    import sys

    command = f"{sys.executable} -m mailtui folders --json | head -n 1"
    done = subprocess.run(
        ["sh", "-c", command],
        env=synced.profile.environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stderr == ""
