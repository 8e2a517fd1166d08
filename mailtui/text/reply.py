"""Drafts begun from a message or a link: answers, forwards, mailto. What is quoted is what was shown."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, tzinfo
from urllib.parse import unquote

from mailtui.model.account import Account
from mailtui.model.address import Address
from mailtui.model.draft import Attachment, Draft
from mailtui.model.message import Header, Message
from mailtui.model.part import Body
from mailtui.model.trouble import Trouble
from mailtui.text.addresses import addresses
from mailtui.text.quote import Kind, blocks
from mailtui.text.sanitize import block, file_name, line

MAX_REFERENCES = 100
MAX_QUOTE = 200_000  # characters; nobody answers more line by line
MAX_TYPED = 100_000  # characters of a mailto body

_COUNT = r"(?:\s?[\[(]\d{1,3}[\])]|\^\d{1,3})?\s?[:：]\s*"
_RE = re.compile(
    rf"\s*(?:re|aw|antw|antwort|sv|vs|odp|ref|rif|ynt|回复|回覆|答复|答覆|返信|ответ){_COUNT}", re.IGNORECASE
)
_FWD = re.compile(rf"\s*(?:fwd?|wg|tr|rv|enc|vb|vl|pd|i|转发|轉寄|転送|пересл){_COUNT}", re.IGNORECASE)
_MARK = re.compile(r" ?\[(\d{1,4})\](?: \(→ [^)]*\))?")
_MAILTO = ("to", "cc", "bcc", "subject", "body", "in-reply-to")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def blank(account: Account, *, draft: str) -> Draft:
    """A new message of the account, with its signature."""
    return Draft(draft, account.key, str(account.address), body=_signed("", account))


def reply(
    message: Message,
    body: Body | None,
    account: Account,
    *,
    draft: str,
    everyone: bool = False,
    zone: tzinfo = UTC,
) -> Draft:
    """An answer to the sender, or with `everyone` to all who had the message; never to oneself. Without
    a body nothing is quoted. `zone` is where the user reads the time of the attribution."""
    header = message.header
    to, cc = _answered(header, account, everyone=everyone)
    quoted = _quoted(body) if body is not None else []
    text = "\n".join([_attribution(message, zone), *quoted]) if quoted else ""
    return Draft(
        draft,
        account.key,
        _sender(header, account),
        to=listed(to),
        cc=listed(cc),
        subject=answered_subject(header.subject),
        body=_signed(f"\n\n{text}\n" if text else "", account),
        in_reply_to=header.message_id,
        references=_references(header),
        answers=message.summary.id,
    )


def forward(
    message: Message, body: Body | None, account: Account, *, draft: str, zone: tzinfo = UTC
) -> Draft:
    """The message's text passed on inside a new one. Its attachments are the front's to add."""
    header = message.header
    said = _forwarded_header(message, zone)
    text = body.text if body is not None else ""
    if body is not None and body.from_html and body.links:
        text += "\n\n" + "\n".join(f"[{at}] {link.url}" for at, link in enumerate(body.links, start=1))
    return Draft(
        draft,
        account.key,
        _sender(header, account),
        subject=forwarded_subject(header.subject),
        body=_signed("", account) + f"\n\n{said}\n\n{text}\n",
        references=_references(header),
        forwards=message.summary.id,
    )


def forward_attached(message: Message, account: Account, *, draft: str, path: str) -> Draft:
    """The message passed on whole, as it came. `path` is a file with its raw octets."""
    header = message.header
    name = file_name(f"{header.subject[:80]}.eml", "message.eml")
    return Draft(
        draft,
        account.key,
        _sender(header, account),
        subject=forwarded_subject(header.subject),
        body=_signed("", account),
        attachments=(Attachment(path, name, "message/rfc822"),),
        references=_references(header),
        forwards=message.summary.id,
    )


def mailto(link: str, account: Account, *, draft: str) -> Draft:
    """A new message from a mailto link (RFC 6068). Only harmless fields are taken, attachments never.
    Raises Trouble for any other link, or one with a NUL in it."""
    scheme, _, rest = link.strip()[: MAX_TYPED * 3].partition(":")
    if scheme.lower() != "mailto" or "%00" in link or "\0" in link:
        raise Trouble("This is not a mail link.", "A mail link looks like mailto:name@example.org.")
    path, _, query = rest.partition("?")
    found: dict[str, list[str]] = {name: [] for name in _MAILTO}
    found["to"].append(unquote(path))
    for piece in query.split("&")[:100]:
        name, _, value = piece.partition("=")
        if name.lower() in found:
            found[name.lower()].append(unquote(value))
    to, cc, bcc = (listed(addresses(", ".join(map(line, found[name])))) for name in ("to", "cc", "bcc"))
    answered = re.fullmatch(r"<?([^<>\s]{1,900})>?", line("".join(found["in-reply-to"])).strip())
    identifier = f"<{answered[1]}>" if answered else ""
    return Draft(
        draft,
        account.key,
        str(account.address),
        to=to,
        cc=cc,
        bcc=bcc,
        subject=line(" ".join(found["subject"])).strip(),
        body=_signed(block("\n".join(found["body"])[:MAX_TYPED]), account),
        in_reply_to=identifier,
        references=(identifier,) if identifier else (),
    )


def listed(people: Iterable[Address]) -> str:
    """Addresses as one would type them; those without an address are left out."""
    return ", ".join(str(person) for person in people if person.address)


def answered_subject(subject: str) -> str:
    """ "Re: …" once, whatever piled up before it in whichever language."""
    return f"Re: {_without(subject, _RE)}".rstrip()


def forwarded_subject(subject: str) -> str:
    return f"Fwd: {_without(subject, _FWD)}".rstrip()


def _without(subject: str, prefix: re.Pattern[str]) -> str:
    subject = line(subject).strip()
    while (match := prefix.match(subject)) and match.end():
        subject = subject[match.end() :]
    return subject


def _answered(header: Header, account: Account, *, everyone: bool) -> tuple[list[Address], list[Address]]:
    """To and Cc of an answer."""
    mine = account.own
    wrote = list(header.senders)
    if wrote and all(person.address.lower() in mine for person in wrote):
        to = list(header.to) or wrote  # following up on what one sent oneself
    elif header.reply_to and (everyone or not _is_list(header.reply_to, header)):
        to = list(header.reply_to)
    else:
        to = wrote or list(header.reply_to)
    seen: set[str] = set()
    to = _fresh(to, seen) or to[:1]
    if not everyone:
        return to, []
    seen |= mine
    by_list = header.reply_to and _is_list(header.reply_to, header)
    rest = _fresh([*(wrote if by_list else ()), *header.to, *header.cc], seen)
    kept = [person for person in to if person.address.lower() not in mine]
    return (kept, rest) if kept else (rest[:1] or to, rest[1:])


def _fresh(people: Iterable[Address], seen: set[str]) -> list[Address]:
    """Those with an address that was not seen yet; they are then."""
    found: list[Address] = []
    for person in people:
        key = person.address.lower()
        if "@" in key and key not in seen:
            seen.add(key)
            found.append(person)
    return found


def _is_list(reply_to: Sequence[Address], header: Header) -> bool:
    """Whether Reply-To only names the mailing list, so that an answer to it would not be private."""
    post = header.list_post.removeprefix("mailto:").partition("?")[0].lower()
    return bool(post) and all(person.address.lower() == unquote(post) for person in reply_to)


def _sender(header: Header, account: Account) -> str:
    """The own address the message was sent to, else the account's first."""
    own = {person.address.lower(): person for person in (account.address, *account.aliases)}
    for person in (*header.to, *header.cc, *header.senders):
        if person.address.lower() in own:
            found = own[person.address.lower()]
            return str(Address(found.name or account.address.name, found.address))
    return str(account.address)


def _references(header: Header) -> tuple[str, ...]:
    before = header.references or ((header.in_reply_to,) if header.in_reply_to else ())
    found = tuple(dict.fromkeys([*before, header.message_id] if header.message_id else before))
    return found if len(found) <= MAX_REFERENCES else (found[0], *found[1 - MAX_REFERENCES :])


def _quoted(body: Body) -> list[str]:
    """What was shown, quoted, without its signature and without link marks that lead nowhere here."""
    text = body.text if len(body.text) <= MAX_QUOTE else body.text[:MAX_QUOTE] + "\n[…]"
    lines = text.split("\n")
    kept = [
        one
        for piece in blocks(lines)
        if piece.kind is not Kind.SIGNATURE
        for one in lines[piece.start : piece.end]
    ]
    while kept and not kept[-1].strip():
        kept.pop()
    if body.from_html:
        kept = [_MARK.sub(lambda match: _unmarked(match, len(body.links)), one) for one in kept]
    return [f">{one}" if one.startswith(">") else f"> {one}" if one else ">" for one in kept]


def _unmarked(match: re.Match[str], links: int) -> str:
    return "" if 1 <= int(match[1]) <= links else match[0]


def _attribution(message: Message, zone: tzinfo) -> str:
    sender = listed(message.header.senders[:1]) or message.summary.sender.short
    return f"On {_moment(message, zone)}, {sender} wrote:"


def _forwarded_header(message: Message, zone: tzinfo) -> str:
    header = message.header
    lines = [
        "---------- Forwarded message ----------",
        f"From: {listed(header.senders)}",
        f"Date: {_moment(message, zone)}",
        f"Subject: {header.subject}",
        f"To: {listed(header.to)}",
    ]
    return "\n".join([*lines, f"Cc: {listed(header.cc)}"] if header.cc else lines)


def _moment(message: Message, zone: tzinfo) -> str:
    """When it was sent: English, because the lines around it are."""
    try:
        when = datetime.fromtimestamp(message.header.sent or message.summary.received, zone)
    except (ValueError, OverflowError, OSError):
        when = datetime.fromtimestamp(0, UTC)
    return f"{_DAYS[when.weekday()]}, {when.day} {_MONTHS[when.month - 1]} {when.year} at {when:%H:%M}"


def _signed(text: str, account: Account) -> str:
    signature = block(account.signature).strip("\n")
    if not signature:
        return text
    return f"{text}\n\n-- \n{signature}\n" if text else f"\n\n-- \n{signature}\n"
