"""TLS as this house wants it: 1.2 or newer, the certificate and its name checked, nothing else (law 8)."""

import select
import socket
import ssl
from collections.abc import Callable

from mailtui.model.trouble import Insecure, Trouble, Unreachable

_HUNG_UP = (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError)  # which says nothing about trust


def context_for(ca_file: str | None) -> ssl.SSLContext:
    """A verifying context: against `ca_file` alone when given, else against the system's roots."""
    try:
        context = ssl.create_default_context(cafile=ca_file) if ca_file else _system_context()
    except (OSError, ssl.SSLError) as error:
        what = f"The certificate file {ca_file} can't be used: {error}."
        raise Insecure(what, "Check ca_file in the settings.") from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _system_context() -> ssl.SSLContext:
    import truststore

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def handshake(
    plain: socket.socket, host: str, context: ssl.SSLContext, seconds: float, clock: Callable[[], float]
) -> ssl.SSLSocket:
    """Turn a non-blocking socket into a TLS one within `seconds`, however slowly the server drips.

    Raises Insecure when the certificate fails or the server does not speak TLS, else Unreachable.
    """
    end = clock() + seconds
    current = plain
    try:
        current = secure = context.wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)
        while True:
            try:
                secure.do_handshake()
                return secure
            except ssl.SSLWantReadError:
                _wait(secure, select.POLLIN, end - clock(), host)
            except ssl.SSLWantWriteError:
                _wait(secure, select.POLLOUT, end - clock(), host)
    except (OSError, ValueError) as error:
        current.close()
        raise explain(error, host) from error


def _wait(secure: ssl.SSLSocket, event: int, left: float, host: str) -> None:
    poll = select.poll()
    poll.register(secure, event)
    if left <= 0 or not poll.poll(left * 1000):
        secure.close()
        raise Unreachable(f"{host} did not finish the encrypted handshake in time.")


def explain(error: OSError | ValueError, host: str) -> Trouble:
    """The trouble for a failed handshake, saying which check failed."""
    if isinstance(error, ssl.SSLCertVerificationError):
        why = error.verify_message or str(error)
        return Insecure(
            f"The certificate of {host} can't be trusted: {why}.",
            "Nothing was sent. If this is your own server, name its certificate with ca_file.",
        )
    if isinstance(error, ssl.SSLError) and not isinstance(error, _HUNG_UP):
        return Insecure(
            f"{host} does not speak TLS here that can be trusted: {error.reason or error}.",
            "Nothing was sent. Check the port and security in the settings.",
        )
    return Unreachable(f"{host} closed the connection during the encrypted handshake.")
