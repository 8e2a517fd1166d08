"""A mailbox of sample messages in a real store, and a stand-in for the service that serves it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

from mailtui.config.settings import Settings
from mailtui.link.ack import Ack
from mailtui.model.account import Account, ConnectionState, Security, Server
from mailtui.model.address import Address
from mailtui.model.event import (
    ActivityReported,
    BodyArrived,
    ConnectionChanged,
    DraftsChanged,
    Event,
    KeepChanged,
    OutboxChanged,
    PartArrived,
    PartFailed,
    PartProgressed,
    QueueChanged,
    SyncEnded,
)
from mailtui.model.folder import Role, ServerFolder
from mailtui.model.intent import (
    DURABLE,
    CancelSend,
    DiscardDraft,
    DiscardOperations,
    FetchBody,
    FetchPart,
    Intent,
    KeepHere,
    MarkSent,
    RescheduleSend,
    RetryOperations,
    RetrySend,
    SaveDraft,
    SendDraft,
    Synchronise,
    WatchActivity,
)
from mailtui.model.message import Flag, Header, Indexed
from mailtui.model.part import Body, Link, Part
from mailtui.model.trouble import Refused
from mailtui.store.journal import Journal
from mailtui.store.outbox import Outbox
from mailtui.store.reading import Reader
from mailtui.store.writing import Writer
from mailtui.ui.app import MailtuiApp

NOW = 1_795_514_520  # Tue 24 Nov 2026, 10:02 UTC
HOUR, DAY = 3600, 86_400

ME = Address("Kim Example", "kim@example.org")
ACCOUNTS = (
    Account("work", ME, Server("imap.example.org", 993, Security.TLS, "kim@example.org")),
    Account(
        "home",
        Address("Kim", "kim@home.example"),
        Server("imap.home.example", 993, Security.TLS, "kim@home.example"),
    ),
)
FOLDERS: dict[str, tuple[tuple[str, Role | None], ...]] = {
    "work": (
        ("INBOX", Role.INBOX),
        ("Drafts", Role.DRAFTS),
        ("Sent", Role.SENT),
        ("Archive", Role.ARCHIVE),
        ("Junk", Role.JUNK),
        ("Trash", Role.TRASH),
        ("Lists", None),
        ("Lists/python-dev", None),
        ("Lists/textual", None),
        ("Receipts", None),
        ("Größere Projekte", None),
    ),
    "home": (
        ("INBOX", Role.INBOX),
        ("Sent", Role.SENT),
        ("Trash", Role.TRASH),
        ("Family", None),
    ),
}
SEEN, FLAGGED, ANSWERED = Flag.SEEN, Flag.FLAGGED, Flag.ANSWERED

# sender, address, subject, seconds ago, flags, attachment
INBOX: tuple[tuple[str, str, str, int, Flag, bool], ...] = (
    ("Kim Larsson", "larsson@example.net", "Release notes, second draft", 22 * 60, Flag.NONE, True),
    ("Ana Müller", "ana@example.com", "Re: Budget for Q3", 2 * HOUR, Flag.NONE, False),
    ("Olaf Åkesson", "olaf@example.se", "Invoice 4242", 3 * HOUR, SEEN | ANSWERED, True),
    ("build-bot", "ci@example.org", "[ci] main is green again after 14 tries", 5 * HOUR, SEEN, False),
    ("張偉", "wei@example.cn", "會議資料與議程", 9 * HOUR, SEEN | FLAGGED, True),
    ("The Weekly Stitch", "news@stitch.example", "47 patterns for cold evenings", DAY, Flag.NONE, False),
    ("Priya Raman", "priya@example.in", "Lunch on Thursday?", DAY + 3 * HOUR, SEEN, False),
    ("Mail Delivery System", "mailer-daemon@example.org", "Undelivered Mail", 2 * DAY, SEEN, False),
    ("דנה לוי", "dana@example.co.il", "שלום מתל אביב", 2 * DAY + HOUR, SEEN, False),
    ("Chloé Dubois", "chloe@example.fr", "🎉 We did it", 3 * DAY, SEEN | FLAGGED, True),
    ("Sam Okafor", "sam@example.ng", "Re: Re: Fwd: the parking garage, again", 4 * DAY, SEEN, False),
    ("Conference", "cfp@conf.example", "Call for papers closes soon", 5 * DAY, Flag.NONE, False),
    ("", "no-reply@shop.example", "Your parcel is on its way", 6 * DAY, SEEN, False),
    ("Ana Müller", "ana@example.com", "Budget for Q3", 9 * DAY, SEEN, True),
    ("Jun Watanabe", "jun@example.jp", "お見積もりの件", 12 * DAY, SEEN, False),
    ("Old Friend", "old@example.org", "Do you still have that record?", 400 * DAY, SEEN, False),
)
TEXT = """Hi all,

here is the second draft of the release notes. The section on migration is new; please read it
with fresh eyes and tell me where you get stuck: https://example.net/notes/draft-2

> Could we have the list of known problems
> before Thursday?

Yes, it is at the end now.

--\x20
Kim Larsson
"""


@dataclass
class Mailbox:
    """Where the store is, and ids by name: `folders["work/INBOX"]`, `messages["Invoice 4242"]`."""

    store: Path
    writer: Writer
    accounts: tuple[Account, ...] = ACCOUNTS
    folders: dict[str, int] = field(default_factory=dict)
    messages: dict[str, int] = field(default_factory=dict)
    next_uid: int = 1

    def add(
        self,
        folder: str,
        subject: str,
        *,
        sender: Address = Address("Somebody", "somebody@example.org"),  # noqa: B008 - a frozen value
        ago: int = 0,
        flags: Flag = Flag.NONE,
        attachments: bool = False,
    ) -> tuple[int, tuple[Event, ...]]:
        """A message that the server has; its id and the events that its arrival makes."""
        uid = self.next_uid
        self.next_uid += 1
        header = Header(
            subject=subject,
            senders=(sender,),
            to=(ME, Address("", "team@example.org")),
            sent=NOW - ago,
            message_id=f"<{uid}@example.org>",
        )
        one = Indexed(uid, flags, (), NOW - ago, 4000 + uid * 37, header, b"", attachments)
        changes = self.writer.index(self.folders[folder], [one])
        ident = self.writer.by_uid(self.folders[folder], [uid])[uid]
        self.messages.setdefault(subject, ident)
        return ident, changes.events


def fill(path: Path) -> Mailbox:
    """Two accounts, fifteen folders, about sixty messages in a real store at `path`."""
    mailbox = Mailbox(path, Writer(path, lambda: NOW))
    for account in ACCOUNTS:
        mailbox.writer.put_account(account)
        listed = [ServerFolder(name, name.encode(), "/", role) for name, role in FOLDERS[account.key]]
        mailbox.writer.put_folders(account.key, listed)
        for name, _ in FOLDERS[account.key]:
            ident = mailbox.writer.folder_named(account.key, name)
            assert ident is not None
            mailbox.folders[f"{account.key}/{name}"] = ident
    for name, address, subject, ago, flags, attached in INBOX:
        mailbox.add(
            "work/INBOX", subject, sender=Address(name, address), ago=ago, flags=flags, attachments=attached
        )
    for number in range(24):
        flags = Flag.NONE if number < 5 else SEEN
        mailbox.add("work/INBOX", f"Minutes of week {40 - number}", ago=(14 + number) * DAY, flags=SEEN)
        subject = f"[Python-Dev] PEP {700 + number}"
        mailbox.add("work/Lists/python-dev", subject, ago=number * DAY, flags=flags)
    mailbox.add("work/Lists/textual", "Textual 8.2.8 is out", ago=DAY)
    mailbox.add("work/Trash", "Old newsletter", ago=30 * DAY, flags=SEEN)
    mailbox.add("work/Junk", "You have won", ago=2 * DAY)
    mailbox.add("work/Drafts", "Half a thought", sender=ME, ago=DAY, flags=SEEN | Flag.DRAFT)
    mailbox.add("work/Sent", "Re: Invoice 4242", sender=ME, ago=2 * HOUR, flags=SEEN)
    mailbox.add("home/INBOX", "Dinner on Sunday", ago=4 * HOUR)
    mailbox.add("home/INBOX", "Photos", ago=5 * DAY, flags=SEEN, attachments=True)
    return mailbox


STRUCTURE = Part(
    "",
    "multipart/mixed",
    children=(
        Part("1", "text/plain", 600, "utf-8", "quoted-printable"),
        Part("2", "application/pdf", 2_900_000, "", "base64", "attachment", "notes.pdf"),
        Part("3", "image/jpeg", 480_000, "", "base64", "attachment", "whiteboard.jpg"),
    ),
)


class Recorder:
    """In the place of the service: durable intents go through the real journal, the others are
    answered with canned events; all are kept in `intents`."""

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox
        self.intents: list[Intent] = []
        self.ids: list[str] = []
        self.journal, self.outbox = Journal(mailbox.writer), Outbox(mailbox.writer)
        self.parts: dict[str, bytes] = {"": b"Subject: x\r\n\r\nbody\r\n", "HEADER": b"Subject: x\r\n\r\n"}
        self.failing: dict[str, PartFailed] = {}
        self.activity: dict[str, ActivityReported] = {}
        self._subscribers: list[Callable[[Event], None]] = []

    def subscribe(self, callback: Callable[[Event], None]) -> Callable[[], None]:
        self._subscribers.append(callback)
        for account in self.mailbox.accounts:
            callback(ConnectionChanged(account.key, ConnectionState.ONLINE))
            callback(QueueChanged(account.key, 0, 0))
        return lambda: self._subscribers.remove(callback)

    def tell(self, *events: Event) -> None:
        """Publish events as the service does."""
        for event in events:
            for callback in list(self._subscribers):
                callback(event)

    async def handle(self, intent_id: str, intent: Intent) -> Ack:
        self.intents.append(intent)
        self.ids.append(intent_id)
        try:
            if self._letters(intent_id, intent):
                return Ack(intent_id)
        except Refused as refusal:
            return Ack(intent_id, refusal)
        if isinstance(intent, DURABLE):
            recorded = self.journal.record(intent_id, intent)
            self.tell(*recorded.changes.events)
            for account in recorded.accounts:
                self.tell(QueueChanged(account, *self._waiting(account)))
            return Ack(intent_id, recorded.refusal)
        match intent:
            case FetchBody(message):
                self._fetch_body(message)
            case FetchPart(message, section):
                self._fetch_part(message, section)
            case WatchActivity():
                self.tell(*self.activity.values())
            case KeepHere(account, folder, keep):
                self.tell(KeepChanged(account, folder, keep))
            case Synchronise():
                self.tell(*(SyncEnded(account.key) for account in self.mailbox.accounts))
            case _:
                pass
        return Ack(intent_id)

    def _letters(self, intent_id: str, intent: Intent) -> bool:
        """Drafts and the outbox; whether the intent was about those."""
        match intent:
            case SaveDraft(draft, settled):
                self.outbox.drafts.save(draft, settled=settled)
                self.tell(DraftsChanged(draft.id))
            case DiscardDraft(draft=ident):
                self.outbox.drafts.discard(ident)
                self.tell(DraftsChanged(ident))
            case SendDraft(draft, delay):
                item = self.outbox.queue(
                    intent_id,
                    account=draft.account,
                    source=draft.body.encode(),
                    sender=draft.sender,
                    recipients=[one.strip() for one in draft.to.split(",") if one.strip()],
                    subject=draft.subject,
                    message_id=f"<{intent_id}@example.org>",
                    not_before=intent.at or NOW + delay,
                    draft=draft,
                    later=bool(intent.at),
                )
                self.tell(OutboxChanged(item.account, item.id, item.stage))
            case RescheduleSend(number, at):
                source = self.outbox.source(number)
                done = self.outbox.reschedule(number, at or NOW, source, later=bool(at))
                self.tell(OutboxChanged(done.account, done.id, done.stage))
            case DiscardOperations(operations):
                self.tell(*self.journal.discard(operations).events, *self._queues())
            case RetryOperations(operations):
                self.tell(*self.journal.revive(operations).events, *self._queues())
            case CancelSend(item=number) | RetrySend(item=number) | MarkSent(item=number):
                ways = {CancelSend: self.outbox.cancel, RetrySend: self.outbox.retry}
                done = ways.get(type(intent), self.outbox.mark_sent)(number)
                self.tell(OutboxChanged(done.account, done.id, done.stage))
            case _:
                return False
        return True

    def _queues(self) -> list[QueueChanged]:
        return [QueueChanged(one.key, *self._waiting(one.key)) for one in self.mailbox.accounts]

    def _waiting(self, account: str) -> tuple[int, int]:
        with Reader(self.mailbox.store) as reader:
            return reader.waiting(account)

    def _fetch_body(self, message: int) -> None:
        self.mailbox.writer.put_structure(message, STRUCTURE)
        body = Body(TEXT, (Link("https://example.net/notes/draft-2", "https://example.net/notes/draft-2"),))
        self.mailbox.writer.put_body(message, body)
        self.tell(BodyArrived(message))

    def _fetch_part(self, message: int, section: str) -> None:
        if section in self.failing:
            self.tell(self.failing[section])
            return
        data = self.parts.get(section, b"x" * 1000)
        handle, path = self.mailbox.writer.create_part_file(message, section)
        with open(handle, "wb") as file:
            file.write(data)
        self.tell(PartProgressed(message, section, len(data) // 2, len(data)))
        place = self.mailbox.writer.put_part_path(message, section, path, len(data))
        self.tell(PartArrived(message, section, str(place)))

    def of(self, kind: type[Intent]) -> list[Intent]:
        """The intents of one kind, in order."""
        return [intent for intent in self.intents if isinstance(intent, kind)]


def application(recorder: Recorder, **options: object) -> MailtuiApp:
    """The application on the recorder's mailbox, at the time of the mailbox."""
    from mailtui.link.client import Client, memory_link

    async def connect() -> Client:
        return await memory_link(recorder)

    settings = replace(Settings(accounts=recorder.mailbox.accounts), **options)  # type: ignore[arg-type] # its fields
    numbers = count(1)
    return MailtuiApp(
        settings,
        recorder.mailbox.store,
        connect,
        clock=lambda: float(NOW),
        new_id=lambda: f"intent-{next(numbers)}",
        environment={"COLORTERM": "truecolor", "TERM": "xterm-256color"},
    )
