"""Lists, folders and search come from the local copy, also while the server can't be reached."""

import re

import pytest

from tests.cli.shell import Shell, as_list
from tests.servers.dovecot import Dovecot, User
from tests.servers.smtp import SmtpServer

CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def subjects(found: list[dict[str, object]]) -> list[object]:
    return [one["subject"] for one in found]


def test_the_inbox_newest_first(synced: Shell) -> None:
    found = as_list(synced.run("list", "--json"))
    assert [one["from"]["name"] for one in found] == ["Mallory", "Jörg", "Carol", "Bob"]
    bob = found[-1]
    assert bob["subject"] == "The budget"
    assert bob["from"] == {"name": "Bob", "address": "bob@example.test"}
    assert (bob["account"], bob["folder"]) == ("work", "INBOX")
    assert (bob["unread"], bob["flags"]) == (False, ["seen"])
    assert (found[1]["unread"], found[1]["flags"]) == (True, ["flagged"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", bob["date"])
    assert isinstance(bob["id"], int)


@pytest.mark.parametrize("name", ["Projects/Petrel", "projects/petrel", "petrel"])
def test_a_folder_by_its_path_or_name(synced: Shell, name: str) -> None:
    assert subjects(as_list(synced.run("list", name, "--json"))) == ["Budget of Petrel"]


def test_a_folder_by_its_role(synced: Shell) -> None:
    assert subjects(as_list(synced.run("list", "SENT", "--json"))) == ["Re: Lunch?"]
    assert len(as_list(synced.run("list", "Inbox", "--json"))) == 4


def test_a_limit(synced: Shell) -> None:
    assert len(as_list(synced.run("list", "--limit", "2", "--json"))) == 2


def test_a_folder_that_is_not_there_is_a_usage_error(synced: Shell) -> None:
    done = synced.run("list", "nowhere")
    assert (done.returncode, done.stdout) == (64, "")
    assert "mailtui folders" in done.stderr


def test_people_get_columns_without_anything_a_terminal_obeys(synced: Shell) -> None:
    done = synced.run("list")
    assert done.returncode == 0
    assert [line.count("  ") > 0 for line in done.stdout.splitlines()] == [True] * 4
    assert "Grüße" in done.stdout
    assert "owned" in done.stdout
    assert not CONTROLS.search(done.stdout.replace("\n", ""))


def test_output_in_a_poor_encoding_is_no_failure(synced: Shell) -> None:
    done = synced.run("list", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Gr??e" in done.stdout


def test_folders_with_their_counts(synced: Shell) -> None:
    found = {one["path"]: one for one in as_list(synced.run("folders", "--json"))}
    assert found["INBOX"] == {
        "account": "work",
        "path": "INBOX",
        "name": "Inbox",
        "delimiter": "/",
        "role": "inbox",
        "selectable": True,
        "total": 4,
        "unread": 3,
        "complete": True,
        "size": found["INBOX"]["size"],
        "texts": 4,
        "kept": found["INBOX"]["kept"],
    }
    assert found["INBOX"]["size"] > 0
    assert found["INBOX"]["kept"] > 0
    assert found["Sent"]["role"] == "sent"
    assert next(iter(found)) == "INBOX"
    text = synced.run("folders").stdout
    assert re.search(r"^Inbox +3 +4$", text, re.MULTILINE)
    assert re.search(r"^  Petrel +1 +1$", text, re.MULTILINE)


def test_search_in_the_language_of_the_screen(synced: Shell) -> None:
    assert set(subjects(as_list(synced.run("search", "budget", "--json")))) == {
        "The budget",
        "Budget of Petrel",
    }
    assert subjects(as_list(synced.run("search", "budget in:petrel", "--json"))) == ["Budget of Petrel"]
    assert subjects(as_list(synced.run("search", "budget", "--folder", "inbox", "--json"))) == ["The budget"]
    assert subjects(as_list(synced.run("search", "from:joerg", "is:flagged", "--json"))) == ["Grüße"]
    assert as_list(synced.run("search", "from:nobody", "--json")) == []


@pytest.mark.parametrize("query", ["((a", "a OR", "*", "'; DROP TABLE message", "NEAR(a b)"])
def test_no_query_is_a_failure(synced: Shell, query: str) -> None:
    as_list(synced.run("search", "--json", "--", query))


def test_a_first_list_brings_the_mail_in_by_itself(
    shell: Shell, dovecot: Dovecot, smtp: SmtpServer, mailbox: User
) -> None:
    shell.sign_up(dovecot, smtp, mailbox)
    assert len(as_list(shell.run("list", "--json"))) == 4


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("from:(", "“from:” needs a word"),
        ("larger:abc", "“abc” is no size"),
        ("(((", "no word"),
        ('"', "no word"),
        ("form:x", "from:"),
    ],
)
def test_a_query_that_makes_no_sense_is_a_usage_error_and_lists_nothing(
    synced: Shell, query: str, sentence: str
) -> None:
    done = synced.run("search", "--json", query)
    assert (done.returncode, done.stdout) == (64, "")
    assert sentence in done.stderr
