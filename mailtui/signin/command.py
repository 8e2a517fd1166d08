"""A password from the user's own command (`password_cmd`): its first line of output, nothing else of it
kept, and a clear word when it fails. The secret is in no exception and on no command line."""

import os
import re
import signal
import subprocess
from collections.abc import Sequence
from typing import Final

from mailtui.model.secret import Secret
from mailtui.model.trouble import NoSecret

LIMIT: Final = 30.0  # seconds; a command that asks for a PIN needs some
_NOT_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffd]+")
_MAX_SHOWN = 200  # characters of what the command complained


def secret_of(command: Sequence[str], limit: float = LIMIT) -> Secret:
    """Run the command with nothing to read and return its first line. Raises NoSecret when it can't
    be run, fails, says nothing, or takes longer than `limit` seconds."""
    try:
        process = subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # so that it can be ended with all that it started
        )
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else "") or "it is no command"
        raise NoSecret(f"password_cmd can't be run ({command[0]}): {reason}.", _ADVICE) from None
    try:
        output, complaint = process.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        _end(process)
        # not "from" the timeout: it carries the output
        raise NoSecret(f"password_cmd gave no password within {limit:.0f} seconds.", _ADVICE) from None
    if process.returncode != 0:
        raise NoSecret(f"password_cmd failed: {_why(process.returncode, complaint)}.", _ADVICE)
    return _first_line(output)


_ADVICE: Final = "Try the command in a terminal, or give the password when mailtui asks."


def _first_line(output: bytes) -> Secret:
    first = output.split(b"\n", 1)[0].rstrip(b"\r")
    if not first:
        raise NoSecret("password_cmd printed nothing.", _ADVICE)
    try:
        return Secret(first.decode("utf-8"))
    except UnicodeDecodeError:
        raise NoSecret("password_cmd printed something that is not UTF-8 text.", _ADVICE) from None


def _why(status: int, complaint: bytes) -> str:
    ending = f"signal {-status}" if status < 0 else f"exit status {status}"
    lines = complaint.decode("utf-8", "replace").strip().splitlines()
    said = _NOT_TEXT.sub(" ", lines[0]).strip()[:_MAX_SHOWN].rstrip(".") if lines else ""
    return f"{ending}, {said}" if said else ending


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        process.kill()  # it has ended meanwhile; this only makes sure
    process.communicate()
