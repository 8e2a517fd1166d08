"""A connection to a submission server: TLS as chosen, greeting, EHLO, sign-in. Nothing is said in clear
that TLS was chosen for, and a password is offered once (RFC 5321 §3.1, RFC 3207, RFC 4954)."""

import asyncio
import ssl
from types import TracebackType
from typing import Self

from aiosmtplib import SMTPAuthenticationError, SMTPException, SMTPServerDisconnected
from aiosmtplib.protocol import SMTPProtocol

from mailtui.model.account import Security, Server
from mailtui.model.secret import Secret
from mailtui.model.trouble import Insecure, Refused, SignInRefused, Trouble
from mailtui.smtp.delivery import Budgets
from mailtui.smtp.session import Session
from mailtui.smtp.tls import context_for
from mailtui.smtp.trouble import from_library, mechanism_unknown, sign_in_refusal
from mailtui.smtp.wirelog import WireLog

# An address literal that is the same for everyone: the machine's own name is nobody's business.
_OUR_NAME = "[127.0.0.1]"
_MECHANISMS = ("plain", "login", "cram-md5")


class Connection:
    """Use with `async with`: signed in inside, gone outside. One message at a time."""

    def __init__(self, server: Server, secret: Secret, budgets: Budgets, log: WireLog | None = None) -> None:
        self.host = server.host
        self._server, self._secret, self.budgets = server, secret, budgets
        self._smtp = Session(
            log,
            hostname=server.host,
            port=server.port,
            local_hostname=_OUR_NAME,
            timeout=budgets.command,
            use_tls=server.security is Security.TLS,
            start_tls=False,  # done here, where it is certain what was said before
        )

    async def __aenter__(self) -> Self:
        try:
            async with asyncio.timeout(self.budgets.greeting + 3 * self.budgets.command):
                await self._open()
        except (SMTPException, OSError) as error:
            self.abort()
            trouble = from_library(error, self.host, "signing in")
            self._smtp.note(trouble.what)
            raise trouble from error
        except BaseException:
            self.abort()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.leave()
        else:
            self.abort()

    # what the server offers

    def offers(self, extension: str) -> bool:
        return self._smtp.supports_extension(extension)

    def parameters(self, extension: str) -> str:
        """What the server said behind an extension's name."""
        return self._smtp.esmtp_extensions.get(extension, "").strip()

    @property
    def largest(self) -> int:
        """The largest message it takes, in octets; 0 when it does not say (RFC 1870)."""
        value = self.parameters("size")
        return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else 0

    @property
    def talk(self) -> Session:
        """For the upload, which speaks past the library: what it says is told here."""
        return self._smtp

    @property
    def protocol(self) -> SMTPProtocol:
        if self._smtp.protocol is None:
            raise SMTPServerDisconnected("lost")
        return self._smtp.protocol

    async def command(self, *words: bytes) -> tuple[int, str]:
        """The code and text of the reply. Control characters in `words` are a ValueError."""
        response = await self._smtp.execute_command(*words)
        return response.code, response.message

    # the end

    def leave(self) -> None:
        """Say QUIT and go without waiting: whatever was sent is sent."""
        if self._smtp.is_connected:
            self._smtp.saying(b"QUIT")
            self.protocol.write(b"QUIT\r\n")
        self._smtp.close()

    def abort(self) -> None:
        """Cut the connection. A message whose final dot has not left is not sent."""
        transport = self._smtp.transport
        if isinstance(transport, asyncio.WriteTransport):
            transport.abort()
        self._smtp.close()

    # the beginning

    async def _open(self) -> None:
        if self._server.security is Security.NONE and not self._server.loopback:
            raise Insecure(f"{self.host} was to be used without encryption; nothing was sent.")
        if self._server.security is not Security.NONE:
            self._smtp.tls_context = await asyncio.to_thread(context_for, self._server.ca_file)
        await self._smtp.connect(timeout=self.budgets.greeting)
        await self._smtp.ehlo()
        if self._server.security is Security.STARTTLS:
            await self._start_tls()
        await self._sign_in()

    async def _start_tls(self) -> None:
        if not self.offers("starttls"):
            raise Insecure(
                f"{self.host} does not offer STARTTLS on port {self._server.port}; nothing was sent.",
                'If it is meant to, somebody may be in between. Try security = "tls" with port 465.',
            )
        try:
            await self._smtp.starttls()
        except SMTPException as error:
            trouble = from_library(error, self.host, "STARTTLS")
            if isinstance(trouble, Refused):
                raise Insecure(f"{trouble.what}; nothing was sent.") from error
            raise trouble from error
        await self._smtp.ehlo()

    async def _sign_in(self) -> None:
        user = self._server.user
        offered = {method.lower() for method in self._smtp.server_auth_methods}
        if not user or (not offered and self._server.loopback):
            return
        usable = [name for name in _MECHANISMS if name in offered]
        if not usable:
            listed = ", ".join(sorted(name[:20].upper() for name in offered)[:8]) or "none"
            raise Refused(
                f"{self.host} offers no way to sign in that mailtui knows (offered: {listed}).",
                "Check the port and security in the settings.",
            )
        await self._offer_password(user, usable)

    async def _offer_password(self, user: str, usable: list[str]) -> None:
        """Once: a second attempt with the same wrong password only brings a lock-out nearer. Another
        mechanism is tried only when the server does not know the first."""
        password = self._secret.reveal()
        if "\0" in user + password:
            raise SignInRefused(f"The password of {user} holds a character that no server can take.")
        self._smtp.secret = True
        try:
            await self._try(user, password, usable)
        finally:
            self._smtp.secret = False

    async def _try(self, user: str, password: str, usable: list[str]) -> None:
        trouble: Trouble | None = None
        for mechanism in usable:
            attempt = {
                "plain": self._smtp.auth_plain,
                "login": self._smtp.auth_login,
                "cram-md5": self._smtp.auth_crammd5,
            }[mechanism]
            try:
                await attempt(user, password)
            except SMTPAuthenticationError as error:
                trouble = sign_in_refusal(self.host, user, error.code, error.message)
                if not mechanism_unknown(error.code):
                    break
            else:
                return
        assert trouble is not None
        # not "from" the library's error: its arguments are what was exchanged
        raise trouble from None

    @property
    def encrypted(self) -> bool:
        """Whether TLS is in place."""
        return isinstance(self._smtp.get_transport_info("sslcontext"), ssl.SSLContext)
