"""TLS for sending: 1.2 or newer, certificate and name checked, and a sentence for each way it fails
(law 8)."""

import ssl

from mailtui.model.trouble import Insecure, Trouble, Unreachable

_HUNG_UP = (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError)  # which says nothing about trust


def context_for(ca_file: str | None) -> ssl.SSLContext:
    """A verifying context: against `ca_file` alone when given, else against the system's roots. Reads
    files, so it is called in a thread."""
    try:
        context = ssl.create_default_context(cafile=ca_file) if ca_file else _system_context()
    except OSError as error:
        what = f"The certificate file {ca_file} can't be used: {error.strerror or error}."
        raise Insecure(what, "Check ca_file in the settings.") from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _system_context() -> ssl.SSLContext:
    import truststore

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def explain(error: ssl.SSLError, host: str) -> Trouble:
    """The trouble for a failed handshake, saying which check failed."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return Insecure(
            f"The certificate of {host} can't be trusted: {error.verify_message or error}.",
            "Nothing was sent. If this is your own server, name its certificate with ca_file.",
        )
    if isinstance(error, _HUNG_UP):
        return Unreachable(f"{host} closed the connection during the encrypted handshake.")
    return Insecure(
        f"{host} does not speak TLS here that can be trusted: {error.reason or error}.",
        "Nothing was sent. Check the port and security in the settings.",
    )
