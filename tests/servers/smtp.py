"""A real SMTP server for tests (aiosmtpd in a thread): TLS, STARTTLS or neither, sign-in, and a list of
what it took. As with Dovecot, any user signs in with the password `<name>-pass`."""

import asyncio
import contextlib
import ssl
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from mailtui.model.account import Security, Server
from tests.servers.certificates import Leaf


@dataclass(frozen=True, slots=True)
class Received:
    """A message the server took, with CR LF line ends and without stuffed dots."""

    sender: str
    recipients: tuple[str, ...]
    source: bytes
    options: tuple[str, ...]
    user: str
    encrypted: bool
    greeted_as: str


class SmtpServer:
    """`refuse` maps a recipient to the reply it gets. `limit` is SIZE in octets."""

    host = "127.0.0.1"

    def __init__(
        self,
        security: Security = Security.NONE,
        leaf: Leaf | None = None,
        *,
        refuse: Mapping[str, str] | None = None,
        limit: int = 33_554_432,
        sign_in: bool = True,
    ) -> None:
        assert (security is Security.NONE) == (leaf is None)
        self.security = security
        self.received: list[Received] = []
        self.failed_sign_ins: list[str] = []
        self.port = 0
        self.refuse = dict(refuse or {})
        self._limit, self._sign_in = limit, sign_in
        self._context: ssl.SSLContext | None = None
        if leaf is not None:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(leaf.certificate, leaf.key)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._server: asyncio.Server | None = None

    def server(self, user: str = "alice", ca_file: str | None = None) -> Server:
        """How a client is told of this server."""
        return Server(self.host, self.port, self.security, user, ca_file)

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(10)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    # aiosmtpd's hooks

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._sign_in and not session.authenticated:
            return "530 5.7.0 Authentication required"
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.received.append(
            Received(
                sender=envelope.mail_from or "",
                recipients=tuple(envelope.rcpt_tos),
                source=bytes(envelope.original_content or b""),
                options=tuple(envelope.mail_options),
                user=str(session.auth_data or ""),
                encrypted=_encrypted(server),
                greeted_as=session.host_name or "",
            )
        )
        return f"250 2.0.0 queued as {len(self.received)}"

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        user, password = data.login.decode(), data.password.decode()
        if password == f"{user}-pass":
            return AuthResult(success=True, auth_data=user)
        self.failed_sign_ins.append(mechanism)
        return AuthResult(success=False, handled=False)

    # life

    async def _start(self) -> None:
        implicit = self._context if self.security is Security.TLS else None
        self._server = await self._loop.create_server(self._protocol, self.host, 0, ssl=implicit)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _stop(self) -> None:
        assert self._server is not None
        self._server.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*tasks, return_exceptions=True)

    def _protocol(self) -> SMTP:
        start_tls = self.security is Security.STARTTLS
        return SMTP(
            self,
            hostname="mail.example.test",
            data_size_limit=self._limit,
            enable_SMTPUTF8=True,
            tls_context=self._context if start_tls else None,
            require_starttls=start_tls,
            authenticator=self._authenticate if self._sign_in else None,
            auth_require_tls=start_tls or not self._sign_in,
            loop=self._loop,
        )


def _encrypted(server: SMTP) -> bool:
    return server.transport is not None and server.transport.get_extra_info("sslcontext") is not None


@contextlib.contextmanager
def smtp_server(security: Security = Security.NONE, leaf: Leaf | None = None) -> Iterator[SmtpServer]:
    """The plain case: takes everything from everyone who signs in."""
    with SmtpServer(security, leaf) as server:
        yield server
