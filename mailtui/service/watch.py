"""Hears what changes elsewhere while a connection has nothing to do: IDLE, or looking now and then."""

from collections.abc import Callable
from time import monotonic

from mailtui.imap.types import Alert, Push
from mailtui.imap.watching import idle, noop
from mailtui.service.jobs import Jobs
from mailtui.service.session import Session

_POLL = 30.0  # seconds between two looks where IDLE tells nothing
_DOUBTFUL = 120.0  # seconds of IDLE until it has proved that it tells something
_RENEWED = 540.0  # seconds of IDLE that servers and routers bear (RFC 2177 says less than 30 minutes)
_SILENCE = 300.0  # seconds without an octet after which the connection is probed


def rest(
    session: Session,
    jobs: Jobs,
    enter: Callable[[], object],
    disturbed: Callable[[Session, int | None], bool],
) -> None:
    """Watch the folder that `enter` selects, until a job waits or `disturbed`. Raises a Trouble."""
    enter()
    watched = session.folder
    connection = session.connection
    if connection.offers("IDLE") and not session.deaf:
        _idle(session, lambda: disturbed(session, watched) or jobs.waits(session.lanes()))
    elif not jobs.wait(session.lanes(), _POLL, lambda: disturbed(session, watched)):
        session.heard(session, noop(connection))


def _idle(session: Session, wanted_elsewhere: Callable[[], bool]) -> None:
    session.connection.transport.unring()  # for what was done meanwhile
    if wanted_elsewhere():
        return
    seconds = _RENEWED if session.trusted else _DOUBTFUL
    begun = monotonic()
    for pushes in idle(session.connection, seconds=seconds, silence=_SILENCE):
        session.trusted |= _news(pushes)
        session.heard(session, pushes)
        if wanted_elsewhere():
            session.connection.wake()
    if session.trusted or monotonic() - begun < min(seconds, _SILENCE):
        return
    missed = noop(session.connection)
    if _news(missed):
        session.deaf = True  # it is advertised, but says nothing
    session.heard(session, missed)


def _news(pushes: list[Push]) -> bool:
    return any(not isinstance(push, Alert) for push in pushes)
