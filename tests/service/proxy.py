"""A line between client and server that can be cut, at moments chosen by what is said on it."""

import contextlib
import socket
import threading
from types import TracebackType
from typing import Self


class Proxy:
    """Forwards loopback connections to a port. `lose_answer(b"MOVE")`: the next command with that in
    it reaches the server, whose answer is swallowed while the connection is cut; `lose_command`: it
    does not even get there. `down()` and `up()` are a network that goes and comes."""

    host = "127.0.0.1"

    def __init__(self, port: int) -> None:
        self._target = port
        self._listener = socket.create_server((self.host, 0))
        self.port: int = self._listener.getsockname()[1]
        self._pairs: set[tuple[socket.socket, socket.socket]] = set()
        self._lock = threading.Lock()
        self._lost_answer = self._lost_command = b""
        self._down = False
        self.cuts = 0
        self.accepted = 0

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listener.close()
        self.cut()

    def lose_answer(self, word: bytes) -> None:
        self._lost_answer = word

    def lose_command(self, word: bytes) -> None:
        self._lost_command = word

    def down(self) -> None:
        self._down = True
        self.cut()

    def up(self) -> None:
        self._down = False

    def cut(self) -> None:
        """Every connection of the moment."""
        with self._lock:
            pairs, self._pairs = self._pairs, set()
        for pair in pairs:
            _close(*pair)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if self._down:
                client.close()
                continue
            self.accepted += 1
            server = socket.create_connection((self.host, self._target))
            for end in (client, server):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self._pairs.add((client, server))
            swallow = threading.Event()
            threading.Thread(target=self._forward, args=(client, server, swallow), daemon=True).start()
            threading.Thread(target=self._back, args=(client, server, swallow), daemon=True).start()

    def _forward(self, client: socket.socket, server: socket.socket, swallow: threading.Event) -> None:
        with contextlib.suppress(OSError):
            while data := client.recv(65536):
                if self._lost_command and self._lost_command in data:
                    self._lost_command = b""
                    break
                if self._lost_answer and self._lost_answer in data:
                    self._lost_answer = b""
                    swallow.set()
                server.sendall(data)
        if not swallow.is_set():
            self._gone(client, server)

    def _back(self, client: socket.socket, server: socket.socket, swallow: threading.Event) -> None:
        with contextlib.suppress(OSError):
            while data := server.recv(65536):
                if swallow.is_set():
                    break
                client.sendall(data)
        self._gone(client, server)

    def _gone(self, client: socket.socket, server: socket.socket) -> None:
        with self._lock:
            self.cuts += (client, server) in self._pairs
            self._pairs.discard((client, server))
        _close(client, server)


def _close(*sockets: socket.socket) -> None:
    for one in sockets:
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()
