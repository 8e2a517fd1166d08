"""The demo's SMTP server: aiosmtpd that wants AUTH and hands everything to one callback."""

import asyncio
import logging
import secrets
import warnings
from collections.abc import Iterable

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword
from aiosmtpd.smtp import Session as SmtpSession

from mailtui.demo.interface import Accepted, OnAccept

_LARGEST = 64 * 2**20
_UNKNOWN = "nobody@"  # so that a refused recipient can be seen, too


class SmtpServer:
    """SMTP in clear on 127.0.0.1 for signed-in users. Nothing ever leaves this machine."""

    def __init__(self, users: Iterable[str], password: str, on_accept: OnAccept) -> None:
        self._users = frozenset(user.encode() for user in users)
        self._password = password.encode()
        self._on_accept = on_accept
        self._server: asyncio.Server | None = None
        self._connections: list[SMTP] = []

    @property
    def port(self) -> int:
        assert self._server is not None, "not started"
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def start(self) -> None:
        logging.getLogger("mail.log").setLevel(logging.ERROR)
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._connection, "127.0.0.1", 0)

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        for connection in self._connections:
            if connection.transport is not None:
                connection.transport.close()

    def _connection(self) -> SMTP:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of AUTH without TLS; this is loopback
            connection = SMTP(
                self,
                hostname="demo.example",
                ident="mailtui demo",
                enable_SMTPUTF8=True,
                decode_data=False,
                data_size_limit=_LARGEST,
                authenticator=self._authenticate,
                auth_required=True,
                auth_require_tls=False,
                loop=asyncio.get_running_loop(),
            )
        self._connections = [old for old in self._connections if old.transport is not None]
        self._connections.append(connection)
        return connection

    def _authenticate(
        self, _server: SMTP, _session: SmtpSession, _envelope: Envelope, _mechanism: str, answer: object
    ) -> AuthResult:
        right = (
            isinstance(answer, LoginPassword)
            and answer.login in self._users
            and secrets.compare_digest(answer.password, self._password)
        )
        return AuthResult(success=right, handled=right)

    # aiosmtpd calls these by name

    async def handle_RCPT(  # noqa: N802  # the library's name for it
        self, _server: SMTP, _session: SmtpSession, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address.lower().startswith(_UNKNOWN):
            return "550 5.1.1 No such person here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802  # the library's name for it
        self, _server: SMTP, _session: SmtpSession, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        accepted = Accepted(envelope.mail_from or "", tuple(envelope.rcpt_tos), envelope.content)
        await self._on_accept(accepted)
        return "250 2.0.0 Taken for delivery"
