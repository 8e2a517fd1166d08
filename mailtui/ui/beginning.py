"""How each way of writing begins: with what in the fields, and with what still to be fetched."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from pathlib import Path

from mailtui.model.account import Account
from mailtui.model.draft import Attachment, Draft
from mailtui.model.message import Message
from mailtui.model.part import Body, Part, attachments
from mailtui.model.trouble import Refused
from mailtui.store.reading import Reader
from mailtui.text import reply
from mailtui.text.headers import addresses, raw_fields
from mailtui.text.render import whole
from mailtui.text.sanitize import file_name
from mailtui.text.source import parse
from mailtui.ui.compose_request import Compose, Edit, Forward, New, Reply, Resume
from mailtui.ui.shell import Shell

_MOST = 100_000_000  # octets of a draft on the server


@dataclass(frozen=True, slots=True)
class Begun:
    """A draft to go on with. `about` is the message it answers or passes on; `parts` of it are to be
    attached, `whole` means all of it. `unquoted` says that its text isn't here yet. `replaces` is a
    draft on the server that this one takes the place of."""

    draft: Draft
    title: str = "New message"
    about: Message | None = None
    parts: tuple[Part, ...] = field(default=())
    whole: bool = False
    unquoted: bool = False
    replaces: int | None = None
    kept: bool = False  # it was written down before


def begin(request: Compose, here: Shell, new_id: Callable[[], str]) -> Begun:
    """What a request asks for. Raises Trouble if there is no such message or draft, or the link is no
    mail link."""
    match request:
        case New(account=key, mailto=link):
            account = here.accounts.get(key or "") or _first(here)
            if link is None:
                return Begun(reply.blank(account, draft=new_id()))
            return Begun(reply.mailto(link, account, draft=new_id()))
        case Resume(draft=ident):
            return _resumed(_reader(here), here, ident)
        case Reply(message=ident, everybody=everybody):
            return _reply(here, _message(here, ident), new_id(), everybody=everybody)
        case Forward(message=ident, attached=attached):
            return _forward(here, _message(here, ident), new_id(), attached=attached)
        case Edit(message=ident):
            return _edit(here, _message(here, ident), new_id())


def quoted(begun: Begun, here: Shell) -> Draft | None:
    """The draft with the text of the message in it, once that is here."""
    about, body = begun.about, _body(here, begun.about)
    if about is None or body is None:
        return None
    draft, account = begun.draft, _account(here, about)
    if draft.forwards is not None:
        return replace(draft, body=reply.forward(about, body, account, draft=draft.id, zone=_zone(here)).body)
    answer = reply.reply(about, body, account, draft=draft.id, zone=_zone(here))
    return replace(draft, body=answer.body)


def enclosed(about: Message, path: str) -> Attachment:
    """A message as an attachment; `path` is a file with its raw octets."""
    return Attachment(path, file_name(f"{about.header.subject[:80]}.eml", "message.eml"), "message/rfc822")


def from_server(draft: Draft, path: str) -> tuple[Draft, tuple[Part, ...]]:
    """The draft with what only the whole message tells, and the parts attached to it. `path` is a
    file with its raw octets. Blocks: for a thread."""
    with Path(path).open("rb") as file:
        source = parse(file.read(_MOST))
    bcc = ", ".join(value for name, value in raw_fields(source.octets) if name == "bcc")
    found = replace(draft, bcc=reply.listed(addresses(bcc)), body=whole(source).text)
    return found, attachments(source.root)


def _reply(here: Shell, about: Message, ident: str, *, everybody: bool) -> Begun:
    body = _body(here, about)
    draft = reply.reply(about, body, _account(here, about), draft=ident, everyone=everybody, zone=_zone(here))
    return Begun(draft, "Answer to all" if everybody else "Answer", about, unquoted=body is None)


def _forward(here: Shell, about: Message, ident: str, *, attached: bool) -> Begun:
    account, body = _account(here, about), _body(here, about)
    draft = reply.forward(about, None if attached else body, account, draft=ident, zone=_zone(here))
    if attached:
        signed = reply.blank(account, draft=ident).body
        return Begun(replace(draft, body=signed), "Forward", about, whole=True)
    structure = _reader(here).structure(about.summary.id)
    parts = attachments(structure) if structure is not None else ()
    return Begun(draft, "Forward", about, parts, unquoted=body is None)


def _edit(here: Shell, about: Message, ident: str) -> Begun:
    """The fields that the local copy knows; Bcc, text and attachments come with the whole message."""
    header, account = about.header, _account(here, about)
    draft = Draft(
        ident,
        account.key,
        reply.listed(header.senders[:1]) or str(account.address),
        to=reply.listed(header.to),
        cc=reply.listed(header.cc),
        subject=header.subject,
        in_reply_to=header.in_reply_to,
        references=header.references,
    )
    return Begun(draft, "Draft", about, whole=True, replaces=about.summary.id)


def _resumed(reader: Reader, here: Shell, ident: str) -> Begun:
    draft = reader.draft(ident)
    if draft is None:
        raise Refused("That draft is no longer here.", "It was sent or thrown away.")
    if draft.account not in here.accounts:
        draft = replace(draft, account=_first(here).key, sender=str(_first(here).address))
    source = draft.answers if draft.answers is not None else draft.forwards
    about = reader.message(source) if source is not None else None
    return Begun(draft, "Draft", about, kept=True)


def _message(here: Shell, ident: int) -> Message:
    found = _reader(here).message(ident)
    if found is None:
        raise Refused("That message is no longer here.")
    return found


def _body(here: Shell, about: Message | None) -> Body | None:
    return _reader(here).body(about.summary.id) if about is not None else None


def _reader(here: Shell) -> Reader:
    reader = here.readers.here
    if reader is None:
        raise Refused("There is no local copy of your mail yet.")
    return reader


def _account(here: Shell, about: Message) -> Account:
    return here.accounts.get(about.summary.account) or _first(here)


def _first(here: Shell) -> Account:
    account = next(iter(here.accounts.values()), None)
    if account is None:
        raise Refused("There is no account to write from.", "`mailtui account add` makes one.")
    return account


def _zone(here: Shell) -> tzinfo:
    zone = datetime.fromtimestamp(here.clock()).astimezone().tzinfo
    assert zone is not None
    return zone
