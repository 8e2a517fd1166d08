"""What an account's service is doing at a moment, as a front shows it. Times are seconds since the epoch,
so that a report differs from the one before only when something happened."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ConnectionSeen:
    """`lane` is what it is for (interactive, background, bulk), `protection` the version of TLS ("" in
    clear), `job` the title of what it is busy with, "" while it rests; `folder` the one it is in."""

    lane: str
    server: str
    since: int
    protection: str = ""
    compressed: bool = False
    folder: int | None = None
    job: str = ""


@dataclass(frozen=True, slots=True)
class JobSeen:
    """`number` is what StopJob takes; `title` says what it does, of the `folder` or `message` if it is
    about one. `done` of `total` is in messages of a folder or octets of a message; total 0: not known."""

    number: int
    title: str
    lane: str
    running: bool
    folder: int | None = None
    message: int | None = None
    done: int = 0
    total: int = 0
    stoppable: bool = False


@dataclass(frozen=True, slots=True)
class TroubleSeen:
    """What went wrong last and what to do about it, safe to show. `times`: how often since it began."""

    when: int
    what: str
    advice: str = ""
    times: int = 1
