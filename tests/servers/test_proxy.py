"""The proxy passes everything on until it is told not to."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from tests.servers.proxy import Proxy


@pytest.fixture
def echo() -> Iterator[int]:
    """The port of a server that says back what it hears."""

    def serve() -> None:
        while True:
            try:
                sock, _ = listening.accept()
            except OSError:
                return
            with sock:
                while data := sock.recv(65_536):
                    sock.sendall(data)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def test_it_passes_on_and_counts(echo: int) -> None:
    with Proxy(echo, delay=0.01) as proxy, socket.create_connection((proxy.host, proxy.port), 5) as sock:
        sock.sendall(b"hello")
        assert sock.recv(100) == b"hello"
        assert (proxy.up, proxy.down, proxy.connections) == (5, 5, 1)


def test_it_counts_how_often_an_answer_was_waited_for(echo: int) -> None:
    with Proxy(echo, delay=0.2) as proxy, socket.create_connection((proxy.host, proxy.port), 5) as sock:
        for said in (b"one flight", b"another one"):  # in two pieces each
            sock.sendall(said[:3])
            sock.sendall(said[3:])
            heard = b""
            while len(heard) < len(said):
                heard += sock.recv(100)
        assert proxy.flights == 1  # it began to speak unasked


def test_it_cuts_after_so_many_octets(echo: int) -> None:
    with Proxy(echo, cut_after=3) as proxy, socket.create_connection((proxy.host, proxy.port), 5) as sock:
        sock.sendall(b"hello")
        received = b""
        while data := sock.recv(100):
            received += data
        assert received == b"hel"


def test_it_stalls_resumes_and_cuts(echo: int) -> None:
    with Proxy(echo) as proxy, socket.create_connection((proxy.host, proxy.port), 5) as sock:
        proxy.stall()
        sock.sendall(b"hello")
        sock.settimeout(0.1)
        with pytest.raises(TimeoutError):
            sock.recv(100)
        proxy.resume()
        sock.settimeout(5)
        assert sock.recv(100) == b"hello"
        proxy.cut()
        assert sock.recv(100) == b""


def test_it_is_no_faster_than_its_rate(echo: int) -> None:
    with Proxy(echo) as proxy, socket.create_connection((proxy.host, proxy.port), 5) as sock:
        proxy.rate = 100_000
        began = time.monotonic()
        sock.sendall(b"x" * 20_000)
        received = 0
        while received < 20_000:
            received += len(sock.recv(65_536))
        assert time.monotonic() - began >= 0.2
