"""The states of an IMAP connection and which commands each allows (RFC 9051 §3)."""

from enum import Enum
from typing import Final

from mailtui.imap.trouble import WrongState


class State(Enum):
    NOT_AUTHENTICATED = "not authenticated"
    AUTHENTICATED = "authenticated"
    SELECTED = "selected"
    LOGOUT = "logout"


_ALWAYS: Final = frozenset({b"CAPABILITY", b"NOOP", b"LOGOUT", b"ID"})
_BEFORE: Final = frozenset({b"STARTTLS", b"AUTHENTICATE", b"LOGIN"})
_AFTER: Final = frozenset(
    b"ENABLE SELECT EXAMINE CREATE DELETE RENAME SUBSCRIBE UNSUBSCRIBE LIST XLIST NAMESPACE STATUS APPEND "
    b"IDLE".split()
)
_INSIDE: Final = frozenset({b"FETCH", b"UNSELECT"}) | frozenset(
    b"UID " + word for word in (b"FETCH", b"STORE", b"SEARCH", b"COPY", b"MOVE", b"EXPUNGE")
)
_ALLOWED: Final = {
    State.NOT_AUTHENTICATED: _ALWAYS | _BEFORE,
    State.AUTHENTICATED: _ALWAYS | _AFTER,
    State.SELECTED: _ALWAYS | _AFTER | _INSIDE,
    State.LOGOUT: frozenset[bytes](),
}


def check(state: State, verb: bytes) -> None:
    """Raise WrongState unless `verb` may be used in `state`. There is no EXPUNGE and no CLOSE in the
    table: both destroy messages that nobody named (law 4)."""
    if verb not in _ALLOWED[state]:
        raise WrongState(f"{verb.decode()} is not allowed when {state.value}")
