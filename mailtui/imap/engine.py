"""Our transport beneath IMAPClient: connecting, reading and writing go through it, and IMAPClient's
rarer verbs (quota, ACL, …) still work on the same connection."""

import imaplib
import re
from typing import Any

from imapclient import IMAPClient

from mailtui.imap.transport import Transport


class Engine(imaplib.IMAP4):
    """imaplib's half of IMAPClient, reading and writing by a Transport that is already connected.
    The greeting and the capabilities are left to Connection, which reads them in order."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport
        super().__init__(transport.host)

    def open(self, host: str = "", port: int = 143, timeout: float | None = None) -> None:
        self.host, self.port = host, port
        self.sock = self.transport.sock

    def _connect(self) -> None:
        tag: Any = b"M"
        pattern: Any = re.compile(rb"(?P<tag>M\d+) (?P<type>[A-Z]+) (?P<data>.*)", re.ASCII | re.DOTALL)
        self.tagpre, self.tagre = tag, pattern  # bytes, though typeshed has them as str
        self.capabilities: tuple[str, ...] = ()
        self.PROTOCOL_VERSION = "IMAP4REV1"
        self._cmd_log: dict[int, Any] = {}
        self._cmd_log_idx = 0
        self._cmd_log_len = 10

    def next_tag(self) -> bytes:
        """Tags are M0, M1, … over everything that is sent."""
        tag: bytes = self._new_tag()
        del self.tagged_commands[tag]
        return tag

    def readline(self) -> bytes:
        return self.transport.line() + b"\r\n"

    def read(self, size: int) -> bytes:
        return self.transport.exactly(size)

    def send(self, data: Any) -> None:
        self.transport.send(bytes(data))

    def shutdown(self) -> None:
        self.transport.close()


class Client(IMAPClient):  # type: ignore[misc]  # imapclient is not typed
    """An IMAPClient on top of our transport."""

    def __init__(self, transport: Transport, *, encrypted: bool) -> None:
        self._transport = transport
        super().__init__(transport.host, ssl=encrypted)
        self._imap.debug = 0  # else every line, bodies too, is made into a log record

    def _create_IMAP4(self) -> Engine:  # noqa: N802  # IMAPClient's name for it
        return Engine(self._transport)

    def _set_read_timeout(self) -> None:
        """Time-outs are the transport's."""
