"""What went wrong at the SMTP server, as the one family of troubles: temporary refusals apart from
permanent ones, a busy server apart from a wrong password."""

import re
import ssl

from aiosmtplib import (
    SMTPConnectError,
    SMTPConnectTimeoutError,
    SMTPException,
    SMTPResponseException,
    SMTPTimeoutError,
)

from mailtui.model.trouble import Garbled, Insecure, Refused, ServerBusy, SignInRefused, Trouble, Unreachable
from mailtui.smtp.tls import explain

_TEXT_LIMIT = 300  # characters of a server's text that are kept
_NOT_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\\s]+")
_UNKNOWN_MECHANISM = (500, 502, 504)
_ENCRYPTION_WANTED = (523, 530, 538)
_TEMPORARY = range(400, 500)
_PERMANENT = range(500, 600)


def said(code: int, message: str) -> str:
    """A reply as one short line without control characters. Still a stranger's text."""
    text = _NOT_TEXT.sub(" ", message[: _TEXT_LIMIT * 4]).strip()
    text = f"{code} {text}".strip() if code > 0 else text
    return text if len(text) <= _TEXT_LIMIT else text[: _TEXT_LIMIT - 1] + "…"


def is_temporary(code: int) -> bool:
    return code in _TEMPORARY


def refusal(host: str, doing: str, code: int, message: str) -> Trouble:
    """The trouble for a reply that is not the one hoped for, while `doing` something."""
    what = f"{host} refused {doing}: {said(code, message)}"
    if code in _TEMPORARY:
        return ServerBusy(what, "It will be tried again.")
    if code in _PERMANENT:
        return Refused(what)
    garbage = said(code, message)
    return Garbled(f"{host} did not speak SMTP at {doing}: {garbage}", "The connection was closed.")


def sign_in_refusal(host: str, user: str, code: int, message: str) -> Trouble:
    """The trouble for a refused AUTH (RFC 4954 §6). Only a real refusal of the password is
    SignInRefused, so that nobody is asked for one when the server merely can't check it now."""
    text = said(code, message)
    if code in _TEMPORARY:
        return ServerBusy(f"{host} can't sign anyone in now: {text}", "It will be tried again.")
    if code in _ENCRYPTION_WANTED:
        return Insecure(
            f"{host} wants an encrypted connection: {text}", 'Set security = "tls" for this server.'
        )
    if code in _PERMANENT:
        return SignInRefused(
            f"{host} refused the user name or password of {user}: {text}",
            "Give the password again; some providers want an app password.",
        )
    return refusal(host, "the sign-in", code, message)


def mechanism_unknown(code: int) -> bool:
    """Whether a refused AUTH says that another mechanism is worth trying."""
    return code in _UNKNOWN_MECHANISM


def from_library(error: SMTPException | OSError, host: str, doing: str) -> Trouble:
    """The trouble for what aiosmtplib or the socket raised while `doing` something, before the final
    dot of a message."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return explain(cause, host)
        cause = cause.__cause__
    if isinstance(error, SMTPResponseException):
        return refusal(host, doing, error.code, error.message)
    if isinstance(error, SMTPConnectTimeoutError):
        return Unreachable(f"{host} did not answer in time.")
    if isinstance(error, SMTPConnectError):
        root = error.__cause__
        reason = root.strerror if isinstance(root, OSError) and root.strerror else "no connection"
        return Unreachable(f"{host} can't be reached: {_NOT_TEXT.sub(' ', str(reason))}.")
    if isinstance(error, SMTPTimeoutError | TimeoutError):
        return Unreachable(f"{host} did not answer in time while {doing}.")
    return Unreachable(f"The connection to {host} was lost while {doing}.")
