"""Of several addresses the first that answers is taken."""

import socket
import time

import pytest

from mailtui.imap import network
from mailtui.model.trouble import Unreachable


def test_an_address_that_refuses_gives_way_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        both = [
            (socket.AF_INET6, socket.SOCK_STREAM, 0, "", ("::1", port, 0, 0)),
            (socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", port)),
        ]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: both)
        with network.connect("two.example.test", port, 5, time.monotonic) as found:
            assert found.getpeername()[0] == "127.0.0.1"
            assert found.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_when_none_answers_the_reason_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    with pytest.raises(Unreachable, match="refused"):
        network.connect("127.0.0.1", port, 5, time.monotonic)


@pytest.mark.parametrize(
    ("host", "local"),
    [("127.0.0.1", True), ("localhost", True), ("192.0.2.1", False), ("nowhere.invalid", False)],
)
def test_this_machine_is_known(host: str, local: bool) -> None:
    assert network.is_loopback(host) is local
