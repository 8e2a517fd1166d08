"""What goes on, as rows: for each account its connections, jobs, what is to be carried out and sent, and
what went wrong; with each row the wishes that can be had about it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from mailtui.model.account import ConnectionState
from mailtui.model.activity import ConnectionSeen, JobSeen, TroubleSeen
from mailtui.model.draft import OutboxItem, Stage
from mailtui.model.event import ActivityReported
from mailtui.model.intent import (
    CancelSend,
    DiscardOperations,
    Intent,
    MarkSent,
    RetryOperations,
    RetrySend,
    StopJob,
    Synchronise,
)
from mailtui.model.operation import Operation, OperationState
from mailtui.store.reading import Reader
from mailtui.ui.activity_words import FLAWED, LANES, STAGES, done_to, needs_user, place_of
from mailtui.ui.connections import Connection
from mailtui.ui.folderbook import Folderbook, shown_path
from mailtui.ui.wording import count, size, when

MOST = 200  # rows of one group


class Group(Enum):
    """The groups of an account, in their order, by what stands beside them."""

    CONNECTIONS = "connections"
    JOBS = "under way"
    OPERATIONS = "to carry out"
    ITEMS = "to send"
    TROUBLES = "went wrong"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that goes on. `ident` tells it from others of its group; `when` is since when, in
    words; `whole` says everything there is to say; it stands for `number` of its kind. A wish that is
    None can't be had."""

    account: str
    group: Group
    ident: object
    what: str
    where: str = ""
    when: str = ""
    state: str = ""
    whole: str = ""
    number: int = 1
    busy: bool = False
    trouble: bool = False
    done: int = 0
    total: int = 0
    retry: Intent | None = None
    stop: Intent | None = None
    drop: Intent | None = None
    arrived: Intent | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    """Stands over an account's entries. `recording`: where its protocol log is written, if it is."""

    account: str
    state: ConnectionState | None
    server: str
    recording: str


@dataclass(frozen=True, slots=True)
class Stored:
    """What of it is in the local copy: `subjects` are those of messages that somebody works at."""

    operations: tuple[Operation, ...] = ()
    items: tuple[OutboxItem, ...] = ()
    subjects: Mapping[int, str] = field(default_factory=dict)


def stored(reader: Reader, reports: Iterable[ActivityReported]) -> Stored:
    """What waits, and the subjects of what is named. Takes its time."""
    operations = tuple(reader.operations())
    items = tuple(item for item in reader.outbox() if item.stage in STAGES or needs_user(item))
    jobs = (job.message for report in reports for job in report.jobs)
    named = {ident for ident in (*jobs, *(one.message for one in operations)) if ident is not None}
    subjects = {one.id: one.subject or "(no subject)" for one in reader.summaries(sorted(named))}
    return Stored(operations, items, subjects)


@dataclass(frozen=True, slots=True)
class Known:
    """What rows are made from. `servers` has the accounts in their order with their IMAP server."""

    servers: Mapping[str, str]
    connections: Callable[[str], Connection]
    reports: Mapping[str, ActivityReported]
    stored: Stored
    folders: Folderbook
    now: float


Line = Heading | Entry


def lines(known: Known) -> list[Line]:
    """All rows, account by account."""
    return [line for account in known.servers for line in _Lines(known, account).all()]


def counts(rows: Sequence[Line]) -> str:
    """`2 connections · 1 job · 4 waiting`: what stands in the border."""
    of = {
        group: sum(row.number for row in rows if isinstance(row, Entry) and row.group is group)
        for group in Group
    }
    connected = sum(isinstance(row, Entry) and isinstance(row.ident, ConnectionSeen) for row in rows)
    waiting = of[Group.OPERATIONS] + of[Group.ITEMS]
    words = [count(connected, "connection"), count(of[Group.JOBS], "job") if of[Group.JOBS] else ""]
    words += [f"{waiting} waiting" if waiting else ""]
    words += [count(of[Group.TROUBLES], "trouble") if of[Group.TROUBLES] else ""]
    return " · ".join(word for word in words if word)


class _Lines:
    """The rows of one account."""

    def __init__(self, known: Known, account: str) -> None:
        self._known = known
        self._account = account
        self._line = known.connections(account)
        self._report = known.reports.get(account) or ActivityReported(account)

    def all(self) -> Iterator[Line]:
        server = self._known.servers[self._account]
        yield Heading(self._account, self._line.state, server, self._report.recording)
        yield from self._connections()
        yield from map(self._job, self._report.jobs[:MOST])
        if self._report.more:
            more = self._report.more
            yield self._entry(Group.JOBS, "more", f"and {more:,} more", state="wait", number=more)
        yield from self._operations()
        items = [item for item in self._known.stored.items if item.account == self._account]
        yield from map(self._item, items[:MOST])
        yield from map(self._trouble, self._report.troubles)

    def _entry(
        self,
        group: Group,
        ident: object,
        what: str,
        *more: str,
        where: str = "",
        since: int = 0,
        state: str = "",
        **rest: object,
    ) -> Entry:
        """`more` is said only where there is room for everything."""
        moment = when(since, self._known.now) if since else ""
        said = (what, where, f"since {moment}" if moment else "", state, *more)
        whole = " · ".join(part for part in said if part)
        return Entry(self._account, group, ident, what, where, moment, state, whole, **rest)  # type: ignore[arg-type] # its fields

    # connections and jobs

    def _connections(self) -> Iterator[Entry]:
        if self._report.connections:
            yield from map(self._connection, self._report.connections)
            return
        state, reason = self._line.state, self._line.reason
        again = self._report.next_try
        if state is ConnectionState.WAITING:
            word = "waits for you"
        elif state is ConnectionState.CONNECTING:
            word = "is being made"
        else:
            word = f"tried again {self._at(again)}" if again else ""
        retry = None if state in (ConnectionState.CONNECTING, None) else Synchronise(self._account)
        yield self._entry(
            Group.CONNECTIONS, "none", "no connection", reason, state=word, trouble=bool(reason), retry=retry
        )

    def _connection(self, one: ConnectionSeen) -> Entry:
        safe = one.protection.replace("TLSv", "TLS ") or "in clear"
        safe += ", compressed" if one.compressed else ""
        return self._entry(
            Group.CONNECTIONS,
            one,
            LANES.get(one.lane, one.lane),
            one.server,
            where=self._folder(one.folder),
            since=one.since,
            state=f"{one.job or 'rests'} · {safe}",
            busy=bool(one.job),
        )

    def _job(self, one: JobSeen) -> Entry:
        subject = self._known.stored.subjects.get(one.message or 0, "")
        shown = size if one.message is not None else "{:,}".format
        if one.total:
            state = f"{shown(one.done)} of {shown(one.total)}"
        else:
            state = "under way" if one.running else "waits"
        return self._entry(
            Group.JOBS,
            one.number,
            one.title,
            LANES.get(one.lane, one.lane),
            where=subject or self._folder(one.folder),
            state=state,
            busy=one.running,
            done=one.done,
            total=one.total,
            stop=StopJob(self._account, one.number) if one.stoppable else None,
        )

    # what waits

    def _operations(self) -> Iterator[Entry]:
        """One row for operations that differ only in their message."""
        alike: dict[tuple[object, ...], list[Operation]] = {}
        for one in self._known.stored.operations:
            if one.account == self._account:
                same = (
                    one.kind,
                    one.state,
                    one.source,
                    one.target,
                    one.add,
                    one.remove,
                    one.path,
                    one.trouble,
                )
                alike.setdefault((*same, one.add_keywords, one.remove_keywords), []).append(one)
        for group in list(alike.values())[:MOST]:
            yield self._operation(group)

    def _operation(self, alike: Sequence[Operation]) -> Entry:
        first = alike[0]
        subject = self._known.stored.subjects.get(first.message or 0, "")
        many = count(len(alike), "message")
        what = done_to(first, subject if len(alike) == 1 and subject else many)
        numbers = tuple(one.id for one in alike)
        parked = first.state is OperationState.PARKED
        return self._entry(
            Group.OPERATIONS,
            numbers[0],
            what,
            first.trouble,
            where=place_of(first, self._folder),
            since=min(one.created for one in alike),
            state=self._waits_for(alike),
            number=len(alike),
            busy=first.state is OperationState.SENT,
            trouble=parked,
            retry=RetryOperations(numbers),
            drop=DiscardOperations(numbers),
        )

    def _waits_for(self, alike: Sequence[Operation]) -> str:
        first, attempts = alike[0], max(one.attempts for one in alike)
        again = min(one.next_try for one in alike)
        if first.state is OperationState.PARKED:
            return "refused for now"
        if not self._connected:
            return "waits for a connection"
        if first.state is OperationState.SENT:
            return "the server is at it"
        if again > self._known.now:
            return f"tried {_times(attempts)}, again {self._at(again)}"
        return f"tried {_times(attempts)}, waits" if attempts and first.trouble else "waits"

    def _item(self, item: OutboxItem) -> Entry:
        more = f" and {len(item.recipients) - 1} more" if len(item.recipients) > 1 else ""
        state, flawed = STAGES.get(item.stage, "sent, but not to all"), needs_user(item)
        if item.stage is Stage.QUEUED:
            if item.not_before > self._known.now:
                tried = f"tried {_times(item.attempts)}, again" if item.trouble else "leaves"
                state = f"{tried} {self._at(item.not_before)}"
            elif not self._connected:
                state = "waits for a connection"
        return self._entry(
            Group.ITEMS,
            item.id,
            item.subject or "(no subject)",
            item.trouble,
            where=f"to {item.recipients[0]}{more}" if item.recipients else "",
            since=item.created,
            state=state,
            busy=item.stage is Stage.SENDING,
            trouble=flawed,
            retry=RetrySend(item.id) if flawed else None,
            drop=CancelSend(item.id) if item.stage in (Stage.QUEUED, *FLAWED) else None,
            arrived=MarkSent(item.id) if item.stage is Stage.UNKNOWN else None,
        )

    # what went wrong

    def _trouble(self, one: TroubleSeen) -> Entry:
        repeated = f"{_times(one.times)} · " if one.times > 1 else ""
        return self._entry(
            Group.TROUBLES,
            one.what,
            one.what,
            since=one.when,
            state=repeated + one.advice,
            trouble=True,
            retry=Synchronise(self._account),
        )

    # words

    @property
    def _connected(self) -> bool:
        return self._line.state in (ConnectionState.ONLINE, ConnectionState.SYNCING)

    def _at(self, moment: int) -> str:
        return f"at {when(moment, self._known.now)}"

    def _folder(self, ident: int | None) -> str:
        folder = self._known.folders.get(ident)
        return shown_path(folder) if folder is not None else ""


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number:,} times")
