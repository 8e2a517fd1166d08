"""`python -m mailtui.demo`: ready, alive, gone."""

import signal
import time
from collections.abc import Iterator

import pytest
from imapclient import IMAPClient

from tests.demo.running import Demo, demo_servers

NOW = 1795516200


@pytest.fixture
def demo() -> Iterator[Demo]:
    with demo_servers("--now", str(NOW)) as started:
        yield started


def test_it_says_where_it_is_once_its_mail_is_there(demo: Demo) -> None:
    accounts = demo.told["accounts"]
    assert [each["key"] for each in accounts] == ["work", "home"]
    for index, account in enumerate(accounts):
        assert account["imap"]["security"] == account["smtp"]["security"] == "none"
        with demo.client(index) as client:
            assert client.select_folder("INBOX")[b"EXISTS"] >= 10
            assert client.select_folder("Sent")[b"EXISTS"] >= 5


def test_the_big_picture_follows(demo: Demo) -> None:
    with demo.client() as client:
        client.select_folder("INBOX")
        end = time.monotonic() + 10
        while not client.search(["LARGER", 3_000_000]) and time.monotonic() < end:
            client.noop()
            time.sleep(0.05)
        assert len(client.search(["LARGER", 3_000_000])) == 1


def test_every_password_is_new() -> None:
    passwords = set()
    for _ in range(2):
        with demo_servers() as demo:
            passwords.add(demo.told["password"])
    assert len(passwords) == 2


def test_it_ends_when_its_input_ends_and_says_bye(demo: Demo) -> None:
    client = demo.client()
    assert demo.process.stdin
    demo.process.stdin.close()
    demo.process.stdin = None
    assert demo.ended() == (0, b"")
    with pytest.raises((OSError, IMAPClient.AbortError)):
        client.noop()
    client.shutdown()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_on_a_signal(demo: Demo, number: signal.Signals) -> None:
    demo.process.send_signal(number)
    assert demo.ended() == (0, b"")
