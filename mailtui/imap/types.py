"""What the room takes and gives: budgets, what SELECT and FETCH told, and what the server pushed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from mailtui.model.message import Flag

WireLog = Callable[[str], None]
UID_LIMIT: Final = 2**32 - 1  # nz-number of RFC 9051 §9
NUMBER_LIMIT: Final = 2**63 - 1  # number64; also what the store holds


@dataclass(frozen=True, slots=True)
class Budgets:
    """How long (seconds) and how much (octets, lines) a server may take before it is hung up on."""

    connect: float = 15
    tls: float = 15
    greeting: float = 30
    login: float = 45
    silence: float = 30  # without a byte while an answer is due
    command: float = 60  # the whole answer to a small command
    long: float = 120  # SEARCH, COPY, MOVE, APPEND
    done: float = 15  # the end of an IDLE
    logout: float = 2
    octets: int = 8 * 2**20  # of an answer that is not mail
    responses: int = 100_000  # in the answer to one command
    line: int = 32 * 2**20  # a SEARCH answer names millions of messages in one line
    literal: int = 4 * 2**20  # held in memory; larger ones are passed over
    pace: float = 2000  # octets per second that keep a long answer from being cut off


@dataclass(frozen=True, slots=True)
class Selected:
    """A selected folder. 0 stands for what the server did not say."""

    raw: bytes
    exists: int
    uidvalidity: int
    uidnext: int = 0
    highestmodseq: int = 0
    keywords: frozenset[str] = frozenset()  # that may be stored (PERMANENTFLAGS)
    any_keyword: bool = False  # new ones may be made up
    readonly: bool = False


@dataclass(frozen=True, slots=True)
class FetchedFlags:
    uid: int
    flags: Flag
    keywords: tuple[str, ...]
    modseq: int = 0


@dataclass(frozen=True, slots=True)
class Since:
    """What is known of a folder already (RFC 7162 §3.2.5): all that happened up to `modseq` to the UIDs
    from `first` to `last`. None of them is 0."""

    uidvalidity: int
    modseq: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Difference:
    """What happened since then. `vanished` are inclusive ranges, ascending, that may name many UIDs that
    never were; `changed` is in ascending order of MODSEQ. `trouble` says why it can't be believed."""

    vanished: tuple[tuple[int, int], ...] = ()
    changed: tuple[FetchedFlags, ...] = ()
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Resumed:
    """A selected folder and what happened in it; None when the server was not asked that."""

    selected: Selected
    difference: Difference | None = None


@dataclass(frozen=True, slots=True)
class FetchedHeader:
    """A message as the index needs it. `received` is seconds since the epoch; `structure` and
    `header` are as on the wire; `trouble` says what was wrong with the server's answer, if anything."""

    uid: int
    flags: Flag
    keywords: tuple[str, ...]
    size: int
    received: int
    modseq: int
    structure: bytes
    header: bytes
    attachments: bool
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A part that was streamed: how many octets, still in its transfer encoding."""

    octets: int


@dataclass(frozen=True, slots=True)
class Copied:
    """`mapping` is old UID → new UID (COPYUID, RFC 4315), None when the server did not tell."""

    uidvalidity: int
    mapping: dict[int, int] | None


@dataclass(frozen=True, slots=True)
class Moved:
    """Like Copied; `left` means that the originals could only be marked \\Deleted."""

    uidvalidity: int
    mapping: dict[int, int] | None
    left: bool = False


@dataclass(frozen=True, slots=True)
class Appended:
    """APPENDUID (RFC 4315): `uid` is None when the server did not tell."""

    uid: int | None
    uidvalidity: int


@dataclass(frozen=True, slots=True)
class Counters:
    """What STATUS said of a folder; None for what it did not say."""

    messages: int | None = None
    unseen: int | None = None
    uidnext: int | None = None
    uidvalidity: int | None = None
    highestmodseq: int | None = None


@dataclass(frozen=True, slots=True)
class Exists:
    """The folder has `number` messages now."""

    number: int


@dataclass(frozen=True, slots=True)
class Expunged:
    """The message with this sequence number is gone. Numbers are not mapped to UIDs here: compare
    `searching.all_uids` with what is known."""

    sequence: int


@dataclass(frozen=True, slots=True)
class Vanished:
    """These UIDs are gone (RFC 7162 §3.2.10), as inclusive ranges that may name many that never were.
    `earlier`: since before the folder was selected, so that its count of messages is without them."""

    ranges: tuple[tuple[int, int], ...]
    earlier: bool = False


@dataclass(frozen=True, slots=True)
class FlagsPushed:
    """Another client changed the flags of a message."""

    uid: int
    flags: Flag
    keywords: tuple[str, ...]
    modseq: int = 0


@dataclass(frozen=True, slots=True)
class Dirty:
    """Something changed that can't be told to belong to a message: look at the whole folder. After a
    verb, `watching.noop` may still find out, if it is asked before the pushes are taken."""


@dataclass(frozen=True, slots=True)
class Alert:
    """Text that the user must see (RFC 9051 §7.1). Not yet safe to show."""

    text: str


Push = Exists | Expunged | Vanished | FlagsPushed | Dirty | Alert
